//! Objects that only point back at what was named before: pronouns, "the first one", "some
//! more", and those that hang on the verb.

use std::ops::Range;

use super::Words;
use crate::{
    lexicon::Class,
    mark::Marks,
    rule::Rule,
    token::{Shape, Token},
    verb::Form,
    words,
};

/// The rule that says that the words after a verb name nothing new. `carried` says that a pronoun
/// hangs on the verb or stands before it.
pub(super) fn pointer(words: Words<'_>, object: Range<usize>, carried: bool) -> Option<Rule> {
    let Words { marks, rules, .. } = words;
    let (at, rest) = (object.start, &words.tokens[object]);
    let says = |rule: Rule, points: bool| (points && rules.ask(rule)).then_some(rule);
    says(Rule::Pronoun, is_pronoun(rest, marks, at))
        .or_else(|| says(Rule::Nth, is_nth(rest, marks, at)))
        .or_else(|| says(Rule::OneMore, is_more(rest, marks, at)))
        .or_else(|| {
            let hangs = carried && (is_loose(&rest[0]) || does_nothing_more(rest));
            says(Rule::HangingPronoun, hangs)
        })
}

/// "fix it", "get them printed", but not "lo de la puerta", "get her a badge", "install all of
/// the lamps".
fn is_pronoun(rest: &[Token], marks: &Marks, at: usize) -> bool {
    let first = rest[0].norm.as_str();
    let next = rest.get(1);
    let about = matches!(first, "lo" | "la" | "los" | "las")
        && next.is_some_and(|next| matches!(next.norm.as_str(), "de" | "del" | "que"));
    let whole = matches!(first, "todo" | "everything" | "all") && rest.len() > 3;
    let done = next.is_some_and(|next| next.verb.is_some_and(|verb| verb.form == Form::Participle));
    let english = matches!(first, "it" | "them");
    Class::Pronouns.has(first)
        && !about
        && !whole
        && !is_given(rest)
        && (first == "it" && next.is_none_or(|next| !next.is(Class::Determiners))
            || english && done
            || ends_object(next, marks, at + 1))
}

/// "order some more", "pidan otro": one more of what was named before.
fn is_more(rest: &[Token], marks: &Marks, at: usize) -> bool {
    let length = rest
        .iter()
        .take_while(|token| is_one_more(&token.norm))
        .count();
    let article = |token: &Token| {
        matches!(
            token.norm.as_str(),
            "a" | "an" | "un" | "una" | "unos" | "unas"
        )
    };
    let closed = rest.get(length).is_none_or(|next| {
        next.word().is_empty() && next.shape != Shape::Number || is_adverbial(&next.norm)
    });
    // "we need chaperones, recruit 6", "almost out of gloves, order 20 boxes"
    let packed = rest.get(1).is_none_or(|token| {
        token.is(Class::PointingPacks)
            && (!marks.is_free(at + 2) || rest.get(2).is_none_or(is_loose_end))
    });
    let count = rest[0].number().is_some() && packed;
    let more = count || length > 0 && !article(&rest[length - 1]) && closed;
    more || rest
        .iter()
        .all(|token| is_one_more(&token.norm) || is_loose(token))
}

/// "20 boxes" with nothing after that says of what.
fn is_loose_end(token: &Token) -> bool {
    is_loose(token) && !token.is(Class::Prepositions)
}

/// "order some more", "pidan otro": the thing was named before.
fn is_one_more(word: &str) -> bool {
    Class::PointingOneMore.has(word)
}

/// "fix the first today": one of those that were named before.
fn is_nth(rest: &[Token], marks: &Marks, at: usize) -> bool {
    let article = words::is_article(&rest[0].norm) || rest[0].norm == "lo";
    let nth = rest
        .get(1)
        .is_some_and(|next| next.is(Class::PointingOrdinals));
    let one = usize::from(rest.get(2).is_some_and(|next| next.norm == "one"));
    let after = rest.get(2 + one);
    article && nth && (after.is_none_or(is_loose) || !marks.is_free(at + 2 + one))
}

/// "get her a badge": the pronoun is whom it is for.
fn is_given(rest: &[Token]) -> bool {
    matches!(rest[0].norm.as_str(), "her" | "him" | "them" | "it")
        && rest
            .get(1)
            .is_some_and(|next| matches!(next.norm.as_str(), "a" | "an" | "some" | "the"))
        && rest.len() > 2
}

fn ends_object(next: Option<&Token>, marks: &Marks, at: usize) -> bool {
    next.is_none_or(|next| {
        !matches!(next.shape, Shape::Word | Shape::Number)
            || next.is(Class::Prepositions)
            || words::is_and(next)
            || is_adverbial(&next.norm)
            || next.norm.ends_with("ly")
            || !marks.is_free(at)
    })
}

/// "mándalo imprimir": a second verb about the same.
fn does_nothing_more(rest: &[Token]) -> bool {
    let verb = rest[0].verb.is_some_and(|verb| verb.form == Form::Base);
    (verb || rest.len() == 1 && !rest[0].is(Class::Determiners)) && rest.get(1).is_none_or(is_loose)
}

/// After an object that hangs on the verb nothing but circumstances follow.
fn is_loose(token: &Token) -> bool {
    token.shape != Shape::Word
        || token.is(Class::Prepositions)
        || words::is_and(token)
        || is_adverbial(&token.norm)
}

pub(super) fn is_adverbial(word: &str) -> bool {
    Class::PointingAdverbials.has(word)
}
