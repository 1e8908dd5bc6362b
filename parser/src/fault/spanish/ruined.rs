//! Faults that a participle names, with or without a verb: "está tapado", "llanta ponchada".

use super::super::Cursor;
use crate::lexicon::Class;

// Participles of verbs that are read as nouns of faults as well.
/// All of them.
pub(super) fn participles() -> impl Iterator<Item = &'static str> {
    Class::FaultSpanishRuined.words()
}

/// Whether the word says that a thing is broken: "roto", "tapada".
pub(super) fn is_ruined(word: &str) -> bool {
    Class::FaultSpanishRuined.has(word)
}

/// "Impresora descompuesta otra vez", "llanta ponchada del camión": a fault without a verb.
pub(super) fn ends_broken(cursor: Cursor<'_>) -> bool {
    if !is_ruined(cursor.word()) || !(1..5).contains(&cursor.at) {
        return false;
    }
    let closes = Class::FaultSpanishWhere.has(cursor.ahead(1))
        || cursor
            .tokens
            .get(cursor.at + 1)
            .is_none_or(|next| next.word().is_empty());
    let thing = cursor.tokens[..cursor.at].iter().all(|token| {
        !token.word().is_empty()
            && token.verb.is_none_or(|verb| !verb.asks() || !verb.sure())
            && !token.is(Class::Subjects)
    });
    let told = cursor
        .tokens
        .iter()
        .any(|token| token.tells.finite || token.tells.past);
    let named =
        !cursor.tokens[0].is(Class::Prepositions) && !Class::Prepositions.has(cursor.back(1));
    named && closes && thing && !told
}
