//! What others want: "la doctora quiere un sello", "the board wants us to add a chart".

use super::Lead;
use crate::{lexicon::Class, token::Token};

// What people want to do themselves.
/// Somebody named in up to four words who wants: how many tokens it takes, and what follows.
pub(super) fn at(tokens: &[Token]) -> Option<(usize, Lead)> {
    let first = tokens.first()?;
    if matches!(
        first.norm.as_str(),
        "anybody" | "anyone" | "who" | "alguien" | "quien"
    ) {
        return None;
    }
    let named = first.is(Class::Determiners)
        || !first.is(Class::Subjects)
            && !matches!(first.norm.as_str(), "no" | "not")
            && first.capital
            && first.verb.is_none_or(|verb| !verb.sure());
    if !named {
        return None;
    }
    let wanting = (1..tokens.len().min(6)).find(|&at| tokens[at].is(Class::WantingVerbs))?;
    let someone = tokens[1..wanting].iter().all(|token| {
        let word = token.word();
        !word.is_empty()
            && !word.contains('\'')
            && (Class::WantingBetween.has(word)
                || !token.tells.finite && !Class::Subjects.has(word))
            && !matches!(word, "no" | "not" | "never" | "nunca" | "that" | "que")
            && (!Class::Prepositions.has(word)
                || matches!(word, "de" | "del" | "of" | "from" | "in"))
    });
    if !someone {
        return None;
    }
    // "Los clientes lo piden mucho": of what was named before.
    if wanting > 1 && matches!(tokens[wanting - 1].word(), "lo" | "la" | "los" | "las") {
        return Some((wanting + 1, Lead::Tells));
    }
    let word = |at: usize| tokens.get(at).map_or("", Token::word);
    let after = wanting + 1;
    match (word(after), word(after + 1)) {
        ("que", _) => Some((after + 1, Lead::Wishes)),
        ("us" | "you" | "me" | "someone" | "somebody", "to") => Some((after + 2, Lead::Asks)),
        ("to", verb) if Class::WantingTheirOwn.has(verb) => None,
        ("to", _) => Some((after + 1, Lead::Asks)),
        ("", _) => None,
        (verb, _) if Class::WantingTheirOwn.has(verb) => None,
        _ => Some((after, Lead::Wants)),
    }
}

#[cfg(test)]
mod tests {
    use super::{Lead, at};
    use crate::token::tokenize;

    #[test]
    fn examples_of_what_others_want() {
        let table = [
            ("la doctora quiere un sello", Some((3, Lead::Wants))),
            ("the board wants a chart", Some((3, Lead::Wants))),
            (
                "el dueño de la casa pide que pinten",
                Some((7, Lead::Wishes)),
            ),
            ("the owner wants us to paint", Some((5, Lead::Asks))),
            ("the owner wants to add a patio", Some((4, Lead::Asks))),
            ("the owners want to move in", None),
            ("el cliente no quiere cambios", None),
            ("the owner doesn't want it", None),
        ];
        for (text, expected) in table {
            assert_eq!(at(&tokenize(text)), expected, "{text}");
        }
    }
}
