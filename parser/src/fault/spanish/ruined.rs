//! Faults that a participle names, with or without a verb: "está tapado", "llanta ponchada".

use super::super::Cursor;
use crate::words;

// Participles of verbs that are read as nouns of faults as well.
word_set!(
    RUINED = "\
    roto rota rotos rotas descompuesto descompuesta descompuestos descompuestas danado danada \
    danados danadas tapado tapada tapados tapadas ponchado ponchada ponchados \
    ponchadas quebrado quebrada quebrados quebradas atorado atorada atorados averiado averiada fundido fundida fundidos fundidas inundado inundada"
);

/// All of them.
pub(super) fn participles() -> impl Iterator<Item = &'static str> {
    RUINED.iter().copied()
}

/// Whether the word says that a thing is broken: "roto", "tapada".
pub(super) fn is_ruined(word: &str) -> bool {
    RUINED.contains(word)
}

word_set!(WHERE = "en del de desde por otra y");

/// "Impresora descompuesta otra vez", "llanta ponchada del camión": a fault without a verb.
pub(super) fn ends_broken(cursor: Cursor<'_>) -> bool {
    if !is_ruined(cursor.word()) || !(1..5).contains(&cursor.at) {
        return false;
    }
    let closes = WHERE.contains(cursor.ahead(1))
        || cursor
            .tokens
            .get(cursor.at + 1)
            .is_none_or(|next| next.word().is_empty());
    let thing = cursor.tokens[..cursor.at].iter().all(|token| {
        !token.word().is_empty()
            && token.verb.is_none_or(|verb| !verb.asks() || !verb.sure())
            && !words::is_subject(token.word())
    });
    let told = cursor
        .tokens
        .iter()
        .any(|token| token.tells.finite || token.tells.past);
    let named =
        !words::is_preposition(cursor.tokens[0].word()) && !words::is_preposition(cursor.back(1));
    named && closes && thing && !told
}
