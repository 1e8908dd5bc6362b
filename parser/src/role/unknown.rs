//! Commands whose verb is in no list, or has a word before it.

use std::ops::Range;

use super::Words;
use crate::{
    Language, command,
    lexicon::Class,
    token::{Shape, Token},
    verb::{self, Verb},
};

/// "Deep clean the freezer", "double check the list": a word before the verb belongs to it.
pub(super) fn compound_command(words: Words<'_>, body: Range<usize>) -> Option<Verb> {
    let Words { tokens, marks, .. } = words;
    let [first, second, third, ..] = &tokens[body.clone()] else {
        return None;
    };
    let plain = first.shape == Shape::Word
        && first.verb.is_none()
        && !first.is(Class::Determiners)
        && !first.is(Class::Prepositions)
        && !first.is(Class::Subjects)
        && !first.tells.finite;
    let english = second
        .verb
        .is_some_and(|verb| verb.language == Language::En);
    let object = third.is(Class::Determiners);
    let compound = plain && english && object;
    if compound {
        command::read(tokens, body.start + 1, body.end, marks, true)
    } else {
        None
    }
}

/// A command whose verb is in no list.
#[derive(Debug, Clone, Copy)]
pub(super) enum Unknown {
    /// It is a slip of a verb that is.
    Misspelt(Verb),
    /// Only its place shows that it is one.
    Word,
}

impl Unknown {
    /// The verb, if it is known.
    pub(super) fn verb(self) -> Option<Verb> {
        match self {
            Self::Misspelt(verb) => Some(verb),
            Self::Word => None,
        }
    }
}

/// "Caulk the tub": a word that nothing knows, with its object after it.
pub(super) fn unknown_command(tokens: &[Token], body: Range<usize>) -> Option<Unknown> {
    // "pls **oder** more boxes"
    let polite = body.start > 0
        && matches!(
            tokens[body.start - 1].word(),
            "please" | "pls" | "porfa" | "plis"
        );
    let [first, second, third, ..] = &tokens[body] else {
        return None;
    };
    if first.shape != Shape::Word
        || first.verb.is_some()
        || first.tells.finite
        || first.is(Class::IrregularPasts)
        || first.is(Class::Prepositions)
        || first.is(Class::Determiners)
        || first.is(Class::Subjects)
    {
        return None;
    }
    let object =
        matches!(second.norm.as_str(), "the" | "our" | "my" | "all") && third.shape == Shape::Word;
    let wants = second.is(Class::Determiners)
        || polite && (second.norm == "more" || second.number().is_some());
    let meant = if polite {
        verb::look_up_expected(&first.norm)
    } else {
        verb::look_up_misspelt(&first.norm)
    };
    let misspelt = meant.filter(|_| wants);
    if let Some(verb) = misspelt {
        return Some(Unknown::Misspelt(verb));
    }
    let small_talk = first.is(Class::UnknownSmallTalk);
    (object && !small_talk && first.norm.len() > 2).then_some(Unknown::Word)
}
