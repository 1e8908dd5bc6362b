//! Hours: how long work takes, as stated. The forms of a duration are in [`duration`]; here
//! is what tells effort from a duration that describes the thing ("15-minute video").

mod described;
mod duration;
mod number;
mod surroundings;
mod vocabulary;

use std::ops::Range;

use described::{
    belongs_to_noun, corrects_a_description, counts_something_else, is_followed_by_description,
    is_joined_to_noun,
};
use surroundings::{reach_back, scope_before, surroundings};

use crate::{
    lexicon::Class,
    mark::{Marks, Meaning},
    token::{Shape, Token, tokenize},
    words,
};

/// Hours that were stated, and for what.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Effort {
    /// Hours of work.
    pub(crate) hours: f64,
    /// Whether they count for each item or for all together, where that is said.
    pub(crate) scope: Option<Scope>,
}

/// What stated hours were said to be for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Scope {
    /// "4 hours each", "1 hora cada uno".
    Each,
    /// "20 hours in total", "en total 20 hrs".
    Whole,
}

/// Most hours that one statement may have: a year of work.
const MOST: f64 = crate::validate::MAX_HOURS;

/// Marks every duration of the message, effort or not.
pub(crate) fn scan(tokens: &[Token], marks: &mut Marks) {
    let mut at = 0;
    while at < tokens.len() {
        let found = if marks.is_free(at) {
            duration::written(&tokens[at..])
        } else {
            None
        };
        let Some(written) = found else {
            at += 1;
            continue;
        };
        let core = at..at + written.length;
        at = core.end;
        if is_effort(tokens, &core, written, marks) && written.hours > 0.0 && written.hours <= MOST
        {
            let (span, scope) = surroundings(tokens, core, marks);
            at = at.max(span.end);
            marks.add(
                span,
                Meaning::Effort(Effort {
                    hours: written.hours,
                    scope,
                }),
            );
        } else {
            marks.add(core, Meaning::Described);
        }
    }
}

/// Whether a message states these hours anywhere.
pub(crate) fn states(text: &str, hours: f64) -> bool {
    let tokens = tokenize(text);
    let stated = |at: usize| duration::written(&tokens[at..]).map(|written| written.hours);
    (0..tokens.len())
        .filter_map(stated)
        .any(|stated| (stated - hours).abs() < 0.005)
}

fn is_effort(
    tokens: &[Token],
    core: &Range<usize>,
    written: duration::Written,
    marks: &Marks,
) -> bool {
    let (start, _) = reach_back(tokens, core.start, marks);
    !is_joined_to_noun(tokens, core)
        && !counts_something_else(tokens, core, core.start)
        && !counts_something_else(tokens, core, start)
        && !is_followed_by_description(tokens, core.end)
        && !belongs_to_noun(tokens, start)
        && (!written.vague || stands_alone(tokens, core, marks))
        && !corrects_a_description(tokens, core.start, marks)
}

/// "a day" and "una semana" count where nothing else is said around them.
fn stands_alone(tokens: &[Token], core: &Range<usize>, marks: &Marks) -> bool {
    let (start, cued) = reach_back(tokens, core.start, marks);
    let opens = start == 0
        || tokens[start - 1].shape != Shape::Word
        || !marks.is_free(start - 1)
        || words::is_and(&tokens[start - 1]);
    let closes = tokens.get(core.end).is_none_or(|next| {
        next.shape != Shape::Word
            || !marks.is_free(core.end)
            || vocabulary::is_loose_word(&next.norm)
            || next.is(Class::Prepositions)
            || words::is_and(next)
    });
    let of_work = ["of work", "of effort", "de trabajo", "de chamba"]
        .iter()
        .any(|phrase| words::starts_with(&tokens[core.end..], phrase).is_some());
    let scoped = scope_before(&tokens[..start]).is_some();
    closes && (opens || cued || of_work || scoped)
}
