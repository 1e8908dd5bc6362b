//! Words around a duration that belong to it: "should take about", "in total", "cada uno".

use std::ops::Range;

use super::{Scope, vocabulary};
use crate::{mark::Marks, token::Token};

phrase_list!(
    WHOLE = "\
    in total|total|altogether|all together|overall|all in all|all in|for everything|\
    for all of it|for all of them|for all of this|for all|for both|for the whole thing|\
    combined|en total|en conjunto|para todo|por todo|entre todo|todo junto|en todo|\
    por las dos|por los dos|entre las dos|para las dos|para ambas|para ambos|entre los dos|\
    total de|total of|totales|todo"
);

phrase_list!(
    EACH = "\
    each|each one|apiece|a piece|per item|per task|for each|for each one|cada uno|cada una|\
    cada cosa|c / u|por cada uno|por cada una|para cada uno|para cada una|cu|cada tarea|por cada cosa|\
    por cada tarea|por tarea|por pieza|for each thing|each thing|cada trabajo|cada punto|c u"
);

/// The span with brackets and the words around that only say how much, and the scope.
pub(super) fn surroundings(
    tokens: &[Token],
    core: Range<usize>,
    marks: &Marks,
) -> (Range<usize>, Option<Scope>) {
    let (mut start, _) = reach_back(tokens, core.start, marks);
    let mut end = core.end;
    let mut scope = None;
    for _ in 0..3 {
        let rest = &tokens[end..];
        if let Some(length) = vocabulary::loose_phrase(rest) {
            end += length;
        } else if let Some((length, said)) = scope_after(rest) {
            scope = scope.or(Some(said));
            end += length;
        }
    }
    if let Some((length, said)) = scope_before(&tokens[..start]) {
        scope = scope.or(Some(said));
        start -= length;
        start = reach_back(tokens, start, marks).0;
    }
    let opened = start
        .checked_sub(1)
        .is_some_and(|at| tokens[at].is_mark('(') || tokens[at].is_mark('['));
    let closed = tokens
        .get(end)
        .is_some_and(|token| token.is_mark(')') || token.is_mark(']'));
    if opened && closed {
        (start - 1..end + 1, scope)
    } else {
        (start..end, scope)
    }
}

fn scope_after(rest: &[Token]) -> Option<(usize, Scope)> {
    let each = EACH.at(rest).map(|length| (length, Scope::Each));
    each.or_else(|| Some((WHOLE.at(rest)?, Scope::Whole)))
}

pub(super) fn scope_before(before: &[Token]) -> Option<(usize, Scope)> {
    let colon = usize::from(before.last().is_some_and(|token| token.is_mark(':')));
    let before = &before[..before.len() - colon];
    let each = EACH.ends(before).map(|length| (length, Scope::Each));
    let (length, scope) = each.or_else(|| Some((WHOLE.ends(before)?, Scope::Whole)))?;
    Some((length + colon, scope))
}

/// Where the words begin that lead up to a duration ("should take about"), and whether one
/// of them says that effort follows.
pub(super) fn reach_back(tokens: &[Token], start: usize, marks: &Marks) -> (usize, bool) {
    let (mut reached, mut cued) = (start, false);
    for at in (start.saturating_sub(9)..start).rev() {
        let word = tokens[at].norm.as_str();
        if !marks.is_free(at) {
            break;
        } else if vocabulary::is_cue(word) {
            cued = true;
            reached = at;
        } else if vocabulary::is_approximate(word) {
            reached = at;
        } else if !vocabulary::is_weak(word) {
            break;
        }
    }
    (reached, cued)
}
