//! Wishes: "it would be great if you could", "estaría bien tener", "ojalá pudieran". The
//! words vary freely, so that a small grammar reads them.

use super::Lead;
use crate::{
    Language,
    lexicon::Class,
    token::Token,
    verb::{Form, Verb},
};

// The words that one of the rules below begins with.
/// The wish that these words begin with: how many tokens it takes, and what follows it.
pub(super) fn at(tokens: &[Token]) -> Option<(usize, Lead)> {
    let first = tokens.first()?;
    let called = first.capital && word(tokens, 1) == "que";
    if !called && !first.is(Class::WishFirst) {
        return None;
    }
    None.or_else(|| told_whom(tokens))
        .or_else(|| would_be(tokens))
        .or_else(|| seria(tokens))
        .or_else(|| longing(tokens))
        .or_else(|| what_is_needed(tokens))
        .or_else(|| in_order(tokens))
}

fn word(tokens: &[Token], at: usize) -> &str {
    tokens.get(at).map_or("", |token| token.norm.as_str())
}

/// The end of "(very) good" from `at` on.
fn praise(tokens: &[Token], at: usize) -> Option<usize> {
    let adverbs = (at..at + 3)
        .take_while(|&at| Class::WishAdverbs.has(word(tokens, at)))
        .count();
    Class::WishPraise
        .has(word(tokens, at + adverbs))
        .then_some(at + adverbs + 1)
}

/// mind **fixing**, somebody **fix**, Ana **que pinte**: whom it is told to
fn told_whom(tokens: &[Token]) -> Option<(usize, Lead)> {
    let verb = |at: usize| tokens.get(at).and_then(|token| token.verb);
    match word(tokens, 0) {
        "mind" => (verb(1)?.form == Form::Progressive).then_some((1, Lead::Asks)),
        "somebody" | "someone" | "anybody" | "anyone" => {
            let asks = verb(1)?;
            (asks.form == Form::Base && asks.sure() && asks.language == Language::En)
                .then_some((1, Lead::Asks))
        }
        _ if tokens[0].capital && tokens[0].verb.is_none() && word(tokens, 1) == "que" => {
            let asks = verb(2)?;
            let shall = asks.form == Form::Command && !asks.is_indicative(word(tokens, 2));
            shall.then_some((2, Lead::Wishes))
        }
        _ => None,
    }
}

/// it would be great **if you could**, it'd be cool **to**, would be nice **to have**
fn would_be(tokens: &[Token]) -> Option<(usize, Lead)> {
    let be = match (word(tokens, 0), word(tokens, 1), word(tokens, 2)) {
        ("it" | "that" | "this", "would" | "will" | "might", "be") => 3,
        ("it'd" | "that'd" | "would" | "itd" | "might" | "it" | "that", "be", _) => 2,
        _ => return None,
    };
    let end = praise(tokens, be)?;
    let able = |at: usize| {
        matches!(word(tokens, at), "could" | "can" | "would" | "were").then(|| {
            at + 1
                + usize::from(matches!(
                    word(tokens, at + 1),
                    "please" | "also" | "to" | "able"
                ))
        })
    };
    match (
        word(tokens, end),
        word(tokens, end + 1),
        word(tokens, end + 2),
    ) {
        ("to", "have" | "get" | "see", "a" | "an" | "some" | "another" | "the" | "more") => {
            Some((end + 2, Lead::Wants))
        }
        ("to", ..) => Some((end + 1, Lead::Asks)),
        ("if", _, "had" | "have" | "got") | ("if", "there", "was" | "were") => {
            Some((end + 3, Lead::Wants))
        }
        ("if", ..) => (end + 2..end + 4)
            .find_map(able)
            .map(|end| (end, Lead::Asks)),
        _ => None,
    }
}

/// estaría bien **que**, sería bueno **tener**, estaría padre **un**
fn seria(tokens: &[Token]) -> Option<(usize, Lead)> {
    if !matches!(
        word(tokens, 0),
        "seria" | "estaria" | "quedaria" | "vendria" | "fuera" | "caeria"
    ) {
        return None;
    }
    let end = praise(tokens, 1)?;
    Some(match (word(tokens, end), word(tokens, end + 1)) {
        ("que", _) => (end + 1, Lead::Wishes),
        (
            "si",
            "pudieran" | "pudieras" | "pudieramos" | "pudiera" | "pueden" | "puedes" | "podemos",
        ) => (end + 2, Lead::Asks),
        ("si", "hubiera" | "tuvieramos" | "tuviera") => (end + 2, Lead::Wants),
        ("tener" | "contar", following) => (end + 1 + usize::from(following == "con"), Lead::Wants),
        ("un" | "una" | "unos" | "unas" | "otro" | "otra", _) => (end, Lead::Wants),
        _ => {
            let infinitive = tokens
                .get(end)
                .and_then(|token| token.verb)
                .is_some_and(Verb::asks);
            return infinitive.then_some((end, Lead::Asks));
        }
    })
}

/// ojalá **pudieran**, me gustaría **tener**, wish we **had**
fn longing(tokens: &[Token]) -> Option<(usize, Lead)> {
    let start = usize::from(matches!(
        word(tokens, 0),
        "i" | "we" | "me" | "nos" | "i'd" | "we'd" | "would" | "te" | "les" | "le"
    ));
    match word(tokens, start) {
        "appreciate" | "agradeceria" | "agradeceriamos" => {
            let it = usize::from(matches!(word(tokens, start + 1), "it" | "mucho"));
            let able = start + it + 2..start + it + 4;
            let found = matches!(word(tokens, start + it + 1), "if" | "si").then(|| {
                able.clone().find(|&at| {
                    matches!(
                        word(tokens, at),
                        "could" | "can" | "would" | "pudieras" | "pudieran" | "pueden" | "puedes"
                    )
                })
            });
            found.flatten().map(|at| (at + 1, Lead::Asks))
        }
        "wish" if start < 2 => match (word(tokens, start + 1), word(tokens, start + 2)) {
            (_, "had" | "was" | "were") => Some((start + 3, Lead::Wants)),
            (_, "could") => Some((start + 3, Lead::Asks)),
            _ => None,
        },
        "ojala" => match word(tokens, start + 1) {
            "que" => Some((start + 2, Lead::Wishes)),
            "pudieran" | "pudieras" | "puedan" | "puedas" | "pudieramos" | "podamos" => {
                Some((start + 2, Lead::Asks))
            }
            "tuvieramos" | "hubiera" | "tengamos" => Some((start + 2, Lead::Wants)),
            _ => Some((start + 1, Lead::Wishes)),
        },
        "gustaria" | "encantaria" => match word(tokens, start + 1) {
            "que" => Some((start + 2, Lead::Wishes)),
            "tener" | "contar" => {
                let with = usize::from(word(tokens, start + 2) == "con");
                Some((start + 2 + with, Lead::Wants))
            }
            _ => Some((start + 1, Lead::Wants)),
        },
        _ => None,
    }
}

/// the first one is **to**, la segunda cosa es, el último punto sería
fn in_order(tokens: &[Token]) -> Option<(usize, Lead)> {
    let article = usize::from(matches!(
        word(tokens, 0),
        "the" | "el" | "la" | "lo" | "my" | "our"
    ));
    if !Class::WishOrdinals.has(word(tokens, article)) {
        return None;
    }
    let point = usize::from(Class::WishPoints.has(word(tokens, article + 1)));
    let is = article + 1 + point;
    let length = match (word(tokens, is), word(tokens, is + 1)) {
        ("is" | "es", "to" | "que") => is + 2,
        ("is" | "es" | "seria", _) => is + 1,
        ("would", "be") => is + 2 + usize::from(word(tokens, is + 2) == "to"),
        _ => return None,
    };
    let verb = tokens.get(length)?.verb?;
    verb.asks().then_some((length, Lead::Asks))
}

/// lo que sí ocupo **es**, what we really need **is**
fn what_is_needed(tokens: &[Token]) -> Option<(usize, Lead)> {
    let start = match (word(tokens, 0), word(tokens, 1)) {
        ("lo", "que") => 2,
        ("what", _) => 1,
        _ => return None,
    };
    let passed = (start..start + 4)
        .take_while(|&at| Class::WishAmong.has(word(tokens, at)))
        .count();
    let need = start + passed;
    if !Class::WishNeeding.has(word(tokens, need)) {
        return None;
    }
    // "what I need **by Friday** is", "lo que ocupo **para hoy** es"
    let is = (need + 1..need + 5)
        .find(|&at| matches!(word(tokens, at), "es" | "is" | "son" | "are"))
        .filter(|&is| {
            tokens[need + 1..is]
                .iter()
                .all(|token| token.verb.is_none())
        })?;
    match word(tokens, is + 1) {
        "que" => Some((is + 2, Lead::Wishes)),
        "to" => Some((is + 2, Lead::Asks)),
        _ => Some((is + 1, Lead::Wants)),
    }
}

#[cfg(test)]
mod tests {
    use super::{Lead, at};
    use crate::token::tokenize;

    #[test]
    fn examples_of_wishes() {
        let table = [
            (
                "it would be great if you could paint",
                Some((7, Lead::Asks)),
            ),
            ("it'd be cool to paint", Some((4, Lead::Asks))),
            (
                "would be really nice to have a ramp",
                Some((6, Lead::Wants)),
            ),
            ("would be nice if we had a ramp", Some((6, Lead::Wants))),
            ("estaría bien tener un botón", Some((3, Lead::Wants))),
            ("sería muy bueno que pinten", Some((4, Lead::Wishes))),
            ("estaría padre agregar un botón", Some((2, Lead::Asks))),
            ("ojalá pudieran pintar", Some((2, Lead::Asks))),
            ("me gustaría que pinten", Some((3, Lead::Wishes))),
            ("wish we had a ramp", Some((3, Lead::Wants))),
            ("lo que sí ocupo es una rampa", Some((5, Lead::Wants))),
            ("what we need is to paint", Some((5, Lead::Asks))),
            ("what I need by Friday is a sign", Some((6, Lead::Wants))),
            ("the first one is to paint", Some((5, Lead::Asks))),
            ("la segunda es pintar", Some((3, Lead::Asks))),
            ("the first one is urgent", None),
            ("would be great", None),
            ("estaría padre", None),
        ];
        for (text, expected) in table {
            assert_eq!(at(&tokenize(text)), expected, "{text}");
        }
    }
}
