//! Dates: which days a message names, and which of them say when work is due. The forms are
//! in [`forms`], the arithmetic in [`calendar`]; here is what stands around a date.

pub(crate) mod calendar;
mod cues;
mod described;
mod forms;
mod names;
mod relative;

use std::ops::Range;

use calendar::Calendar;
use chrono::NaiveDate;
use cues::{absorb_cues, absorb_tail};
use described::{dates_an_event, is_called_deadline, is_described, is_origin};

use crate::{
    lexicon::Class,
    mark::{Marks, Meaning},
    token::Token,
};

/// When something is due, and how it was said.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Due {
    /// The last day that is on time; nothing where it was said that there is no date.
    pub(crate) day: Option<NaiveDate>,
    /// Whether a word says that it is a limit ("by", "para el", "a más tardar"), so that it
    /// counts even in a sentence that asks for nothing.
    pub(crate) limit: bool,
}

/// Marks every date of the message, due or not.
pub(crate) fn scan(tokens: &[Token], calendar: Calendar, marks: &mut Marks) {
    let mut at = 0;
    while at < tokens.len() {
        if !marks.is_free(at) {
            at += 1;
        } else if let Some(length) = no_date(tokens, at) {
            marks.add(
                at..at + length,
                Meaning::Due(Due {
                    day: None,
                    limit: true,
                }),
            );
            at += length;
        } else if is_calculated(tokens, at) {
            at += 1;
        } else if let Some(written) = forms::written(&tokens[at..], calendar) {
            let core = at..(at + written.length).min(tokens.len());
            at = if is_part_of_next(tokens, &core, calendar) {
                core.end
            } else {
                mark_date(tokens, core, written.within(calendar), marks)
            };
        } else {
            at += 1;
        }
    }
}

/// "Lo calculamos **en** 4 días": how long it takes.
fn is_calculated(tokens: &[Token], at: usize) -> bool {
    matches!(tokens[at].norm.as_str(), "en" | "at" | "in")
        && at
            .checked_sub(1)
            .is_some_and(|before| tokens[before].is(Class::DateReckoning))
}

/// "EOD tomorrow", "end of day Friday": the day that follows is meant.
fn is_part_of_next(tokens: &[Token], core: &Range<usize>, calendar: Calendar) -> bool {
    let end_of_day = matches!(tokens[core.start].norm.as_str(), "eod" | "cob")
        || tokens[core.end - 1].norm == "day" && tokens[core.start].norm == "end";
    let on = usize::from(tokens.get(core.end).is_some_and(|token| token.norm == "on"));
    let next = tokens.get(core.end + on..).unwrap_or_default();
    end_of_day && forms::written(next, calendar).is_some()
}

phrase_list!(
    PHRASES = "\
    sin fecha limite|sin fecha|no due date|no deadline|without a deadline|without a date|\
    no fixed date"
);

fn no_date(tokens: &[Token], at: usize) -> Option<usize> {
    PHRASES.at(&tokens[at..])
}

/// Marks one date with its cues; returns where to go on.
fn mark_date(
    tokens: &[Token],
    core: Range<usize>,
    written: forms::Written,
    marks: &mut Marks,
) -> usize {
    let (start, limit) = absorb_cues(tokens, core.start, marks);
    let limit = limit || is_called_deadline(tokens, core.end);
    let end = absorb_tail(tokens, core.end, marks);
    let due = written
        .day
        .filter(|_| !dates_an_event(tokens, &core))
        .filter(|_| written.ahead || limit || !is_described(tokens, start, &core, marks));
    let limit = limit || written.ahead;
    match due.filter(|_| !is_origin(tokens, start)) {
        Some(day) => marks.add(
            start..end,
            Meaning::Due(Due {
                day: Some(day),
                limit,
            }),
        ),
        None => marks.add(core, Meaning::Described),
    }
    end
}
