//! Words that turn a lead-in into another one.

use crate::{Language, lexicon::Class, token::Token, verb::Form};

/// "(it's important) **to** paint the door", "(it's urgent) **that you** paint it": how many tokens
/// come before the verb.
pub(super) fn presses_to(rest: &[Token]) -> Option<usize> {
    let length = match (rest.first()?.word(), rest.get(1).map_or("", Token::word)) {
        ("to", _) => 1,
        ("that", "you" | "we" | "they") => 2,
        _ => return None,
    };
    let verb = rest.get(length)?.verb?;
    (verb.form == Form::Base && verb.language == Language::En).then_some(length)
}

/// "**so** that has to be fixed" is no purpose.
pub(super) fn so_that_has(rest: &[Token]) -> bool {
    let [so, that, has, ..] = rest else {
        return false;
    };
    so.norm == "so" && that.norm == "that" && (has.is(Class::Needing) || has.norm == "is")
}

/// "… y **que me agregues** la salsa" wishes; "que me dijeron" tells.
pub(super) fn wishes_that(rest: &[Token], length: usize) -> bool {
    rest[0].norm == "que"
        && rest.get(length).is_some_and(|next| {
            next.verb.is_some_and(|verb| {
                verb.form == Form::Command && verb.sure() && !verb.is_indicative(&next.norm)
            })
        })
}

/// "**¿Tengo que** instalar algo?" asks whether, not for it.
pub(super) fn wonders(tokens: &[Token], at: usize) -> bool {
    at > 0
        && tokens[at - 1].is_mark('¿')
        && matches!(
            tokens[at].norm.as_str(),
            "tengo" | "tenemos" | "debo" | "debemos"
        )
}
