//! Dictated text has no commas: a command that follows a thing begins a clause of its own.

use crate::{
    command, lead,
    lexicon::Class,
    mark::Marks,
    token::{Shape, Token},
    verb::{Form, Verb},
};

/// "… pintar la sala **limpiar** la cocina": a sure command, its article after it, and the
/// name of a thing before it.
pub(super) fn begins_command(
    tokens: &[Token],
    start: usize,
    at: usize,
    end: usize,
    marks: &Marks,
) -> bool {
    let Some(verb) = tokens[at].verb.filter(|verb| commands(*verb, &tokens[at])) else {
        return false;
    };
    let before = &tokens[at - 1];
    let named = before.shape == Shape::Word
        && !before.is(Class::DictatedBeforeAVerb)
        && !before.is(Class::Determiners)
        && !before.is(Class::Prepositions)
        && !before.is(Class::Subjects)
        && before.verb.is_none_or(|verb| !verb.asks() || !verb.sure())
        || !marks.is_free(at - 1);
    let particle = usize::from(
        tokens[..end]
            .get(at + 1)
            .is_some_and(|next| matches!(next.norm.as_str(), "up" | "out" | "off" | "down")),
    );
    let object = tokens[..end]
        .get(at + 1 + particle)
        .is_some_and(|next| next.is(Class::DictatedArticles));
    let caused = tokens[start..at]
        .iter()
        .take(4)
        .filter_map(|token| {
            token
                .verb
                .map(|verb| verb.lemma)
                .or(Some(token.norm.as_str()))
        })
        .any(|lemma| Class::DictatedCauses.has(lemma));
    let pronoun = verb.object;
    named
        && at - start >= 2
        && (object || pronoun)
        && !caused
        && lead::read(tokens, start, at, marks).end < at
        && command::read(tokens, at, end, marks, true).is_some()
}

/// Forms that hardly ever tell: "paint", "limpiar", "limpien", not "limpia".
fn commands(verb: Verb, token: &Token) -> bool {
    verb.sure()
        && match verb.form {
            Form::Base => true,
            Form::Command => token.norm.ends_with('n') || verb.object,
            _ => false,
        }
}
