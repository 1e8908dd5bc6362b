//! What others want: "la doctora quiere un sello", "the board wants us to add a chart".

use super::Lead;
use crate::{token::Token, words};

word_set!(
    WANTING = "\
    wants want requests requested asking asks asked quiere quieren pide piden pidio pidieron \
    solicita solicitan \
    solicito solicitaron desea desean encargo encargaron"
);
word_set!(
    BETWEEN = "\
    also still really just now tambien ya todavia me nos les le si only solo nomas is are been \
    has have"
);
// What people want to do themselves.
word_set!(
    THEIR_OWN = "\
    move come go visit meet know talk pay buy wait leave sell rent see be stay try hear speak \
    return start say thank sign learn understand eat drink sleep ir venir saber pagar comprar \
    esperar vender rentar ver ser estar hablar probar platicar conocer visitar entrar salir"
);

/// Somebody named in up to four words who wants: how many tokens it takes, and what follows.
pub(super) fn at(tokens: &[Token]) -> Option<(usize, Lead)> {
    let first = tokens.first()?;
    if matches!(
        first.norm.as_str(),
        "anybody" | "anyone" | "who" | "alguien" | "quien"
    ) {
        return None;
    }
    let named = words::is_determiner(&first.norm)
        || !words::is_subject(&first.norm)
            && !matches!(first.norm.as_str(), "no" | "not")
            && first.capital
            && first.verb.is_none_or(|verb| !verb.sure());
    if !named {
        return None;
    }
    let wanting = (1..tokens.len().min(6)).find(|&at| WANTING.contains(tokens[at].word()))?;
    let someone = tokens[1..wanting].iter().all(|token| {
        let word = token.word();
        !word.is_empty()
            && !word.contains('\'')
            && (BETWEEN.contains(word) || !token.tells.finite && !words::is_subject(word))
            && !matches!(word, "no" | "not" | "never" | "nunca" | "that" | "que")
            && (!words::is_preposition(word) || matches!(word, "de" | "del" | "of" | "from" | "in"))
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
        ("to", verb) if THEIR_OWN.contains(verb) => None,
        ("to", _) => Some((after + 1, Lead::Asks)),
        ("", _) => None,
        (verb, _) if THEIR_OWN.contains(verb) => None,
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
