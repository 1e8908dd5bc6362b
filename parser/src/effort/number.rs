//! How many units a duration has: "3", "2 1/2", "two and a half", "3-4".

use super::duration::unit;
use crate::lexicon::Class;
use crate::token::Token;

phrase_list!(HALVES = "½|and a half|y medio|y media");

/// A number: 3, 2.5, 2 1/2, two and a half, a, una
pub(super) fn quantity(tokens: &[Token]) -> Option<(f64, usize)> {
    let first = tokens.first()?;
    if matches!(first.norm.as_str(), "a" | "an" | "un" | "una" | "one") {
        return Some((1.0, 1));
    }
    if first.is_mark('½') {
        return Some((0.5, 1));
    }
    let number = first.number()?;
    if let Some(part) = fraction(tokens) {
        return Some((part, 3));
    }
    let slash = tokens.get(2).is_some_and(|token| token.is_mark('/'))
        && tokens
            .get(1)
            .is_some_and(|token| token.norm == "1" && !token.glued);
    if slash && tokens.get(3).is_some_and(|token| token.norm == "2") {
        return Some((number + 0.5, 4));
    }
    let half = half(&tokens[1..]);
    Some((
        number + if half.is_some() { 0.5 } else { 0.0 },
        1 + half.unwrap_or(0),
    ))
}

/// 1/2, 3/4
fn fraction(tokens: &[Token]) -> Option<f64> {
    let [over, slash, under, ..] = tokens else {
        return None;
    };
    if !(slash.is_mark('/') && slash.glued && under.glued) {
        return None;
    }
    match (over.norm.as_str(), under.norm.as_str()) {
        ("1", "2") => Some(0.5),
        ("1", "4") => Some(0.25),
        ("3", "4") => Some(0.75),
        _ => None,
    }
}

/// A range, by its upper bound; "and" joins one only after "between" (`announced`): 3-4, 3 to 4, 3 a 4, 3 o 4, 3 hours to 4
pub(super) fn range(tokens: &[Token], announced: bool) -> Option<(f64, usize)> {
    let (low, length) = quantity(tokens)?;
    let between = unit(&tokens[length..]).map_or(0, |(_, length)| length);
    let joint = |at: usize| {
        let word = tokens.get(at).map_or("", |token| token.norm.as_str());
        Class::EffortNumberRangeJoints.has(word) || announced && matches!(word, "y" | "and")
    };
    [length, length + between]
        .into_iter()
        .filter(|&at| joint(at))
        .find_map(|at| {
            let (high, more) = quantity(&tokens[at + 1..])?;
            let plain = !matches!(tokens[at + 1].norm.as_str(), "a" | "an");
            (plain && high > low).then_some((high, at + 1 + more))
        })
}

/// How many tokens "and a half" takes here.
pub(super) fn half(tokens: &[Token]) -> Option<usize> {
    HALVES.at(tokens)
}
