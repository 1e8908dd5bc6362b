//! Verbs that no list knows, seen by their ending or their place and by the article after
//! them: "graficar los resultados", "and spackle the wall".

use super::{Form, Noun, Verb, spanish};
use crate::{
    Kind, Language,
    lexicon::Class,
    token::{Shape, Token},
    words,
};

// Nouns, adjectives and helping verbs that end like an infinitive.
// Words that stand before an article and are no verbs.
/// Reads as verbs the words that only their surroundings show to be some.
pub(crate) fn mark(tokens: &mut [Token]) {
    for at in 0..tokens.len() {
        if let Some(verb) = in_spanish(tokens, at) {
            tokens[at].verb = Some(verb);
            continue;
        }
        let token = &tokens[at];
        if token.shape != Shape::Word || token.verb.is_some() || token.norm.len() < 4 {
            continue;
        }
        let next = tokens.get(at + 1).map_or("", Token::word);
        let before = at.checked_sub(1).map(|before| &tokens[before]);
        let language = if is_infinitive(token, before, next) {
            if let Some(meant) = super::look_up_misspelt(&token.norm) {
                tokens[at].verb = Some(meant);
                continue;
            }
            Some(Language::Es)
        } else if is_command(token, before, next) {
            Some(Language::En)
        } else {
            None
        };
        if let Some(language) = language {
            tokens[at].verb = Some(Verb {
                lemma: "",
                kind: Kind::Task,
                language,
                form: Form::Base,
                noun: Noun::Never,
                object: false,
                pronoun: false,
            });
        }
    }
}

/// "revise el contrato": a word of both languages is Spanish before a Spanish article.
fn in_spanish(tokens: &[Token], at: usize) -> Option<Verb> {
    let token = &tokens[at];
    let next = tokens.get(at + 1).map_or("", Token::word);
    let english = token
        .verb
        .is_some_and(|verb| verb.language == Language::En && verb.form == Form::Base);
    // "revises las facturas": read as English it would tell.
    let told = token.verb.is_none() && token.norm.ends_with("es");
    if (english || told) && Class::VerbSpanishArticles.has(next) {
        spanish::look_up(&token.norm)
    } else {
        None
    }
}

fn is_infinitive(token: &Token, before: Option<&Token>, next: &str) -> bool {
    let word = token.norm.as_str();
    let ends = ["ar", "er", "ir"].iter().any(|end| word.ends_with(end));
    ends && Class::VerbSpanishArticles.has(next)
        && !Class::VerbNoInfinitives.has(word)
        && !Class::Finite.has(word)
        && before.is_none_or(|before| !before.is(Class::Determiners))
}

/// "spackle the wall" at a start, after a comma, after "and" or "to".
fn is_command(token: &Token, before: Option<&Token>, next: &str) -> bool {
    let word = token.norm.as_str();
    let opens = before.is_none_or(|before| {
        before.shape != Shape::Word
            || words::is_and(before)
            || matches!(before.word(), "to" | "please" | "pls")
    });
    opens
        && Class::VerbEnglishArticles.has(next)
        && !token.capital
        && !Class::VerbNoVerbs.has(word)
        && !word.ends_with("ly")
        && !word.ends_with('s')
        && !word.ends_with("ing")
        && !word.ends_with("ed")
        && !Class::IrregularPasts.has(word)
        && !Class::Finite.has(word)
        && !Class::Prepositions.has(word)
        && !Class::Determiners.has(word)
        && !Class::Subjects.has(word)
        && !Class::Pronouns.has(word)
}
