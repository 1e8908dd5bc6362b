//! Whose due date a date is. In an entry, or in a sentence that names one item: that item's.
//! In a header, an opening, a sentence of its own, or at the end of a series: everyone's who
//! has none.

use chrono::NaiveDate;

use super::{Position, Standing, siblings};
use crate::{
    date::Due,
    draft::{Deadline, Reading},
    layout::SentenceKind,
    mark::{Mark, Meaning},
    role::Role,
};

/// Gives every draft its due date.
pub(super) fn resolve(reading: &mut Reading<'_>, marks: &[(Mark, Standing)]) {
    let dues: Vec<(Due, &Standing, bool)> = marks
        .iter()
        .filter_map(|(mark, standing)| match mark.meaning {
            Meaning::Due(due) if due.limit || !standing.tells || points_plainly(standing) => {
                Some((due, standing, is_bracketed(reading, mark)))
            }
            _ => None,
        })
        .collect();
    let named_only = |at: usize| {
        let (due, standing, bracketed) = &dues[at];
        let header = reading.sentences[standing.sentence].kind == SentenceKind::Header;
        let named = reading
            .parts
            .iter()
            .any(|part| part.sentence == standing.sentence && matches!(part.role, Role::Phrase(_)));
        let mut later = dues[at + 1..].iter();
        header
            && later.any(|(later, standing, in_brackets)| {
                *bracketed && !in_brackets
                    || named && !due.limit && later.limit && standing.drafts.is_empty()
            })
    };
    let mut given: Vec<(Vec<usize>, Option<NaiveDate>)> = Vec::new();
    let mut everyones = None;
    for (at, (due, standing, bracketed)) in dues.iter().enumerate() {
        // "For the fair (June 5): … All of it by May 29": the day of the fair.
        if named_only(at) {
            continue;
        }
        let last = !dues[at + 1..]
            .iter()
            .any(|(_, next, _)| next.sentence == standing.sentence);
        let drafts = if let Some(owner) = standing.owner.filter(|_| *bracketed) {
            vec![owner]
        } else if let Some(pointed) = &standing.pointed {
            pointed.drafts.clone()
        } else {
            match reach(reading, standing, last) {
                Reach::Some(drafts) => drafts,
                Reach::Everyone(drafts) => {
                    everyones = everyones.or(Some(due.day));
                    drafts
                }
            }
        };
        given.push((drafts, due.day));
    }
    // What is said of one item goes before what is said of several.
    given.sort_by_key(|(drafts, _)| drafts.len());
    if let Some(day) = everyones {
        given.push(((0..reading.drafts.len()).collect(), day));
    }
    for (drafts, day) in given {
        give(reading, &drafts, day);
    }
}

fn points_plainly(standing: &Standing) -> bool {
    standing
        .pointed
        .as_ref()
        .is_some_and(|pointed| pointed.plainly)
}

/// "renew the domain (tomorrow)": in brackets, a date is the item's beside it.
fn is_bracketed(reading: &Reading<'_>, mark: &Mark) -> bool {
    let tokens = reading.words.tokens;
    mark.span
        .start
        .checked_sub(1)
        .is_some_and(|before| tokens[before].is_mark('('))
        && tokens
            .get(mark.span.end)
            .is_some_and(|after| after.is_mark(')'))
}

enum Reach {
    Some(Vec<usize>),
    Everyone(Vec<usize>),
}

fn reach(reading: &Reading<'_>, standing: &Standing, last: bool) -> Reach {
    let Some(&final_draft) = standing.drafts.last() else {
        return Reach::Everyone(Vec::new());
    };
    let opens_line = reading.sentences[standing.sentence].kind == SentenceKind::Header;
    if standing.drafts.len() == 1 || opens_line {
        return Reach::Some(standing.drafts.clone());
    }
    match standing.owner {
        None => Reach::Everyone(standing.drafts.clone()),
        Some(owner)
            if standing.position == Position::Leads && standing.drafts.first() == Some(&owner) =>
        {
            Reach::Everyone(standing.drafts.clone())
        }
        Some(owner) if standing.position == Position::Leads => {
            Reach::Some(siblings(reading, owner))
        }
        Some(owner)
            if last && (owner == final_draft || standing.position == Position::Detached) =>
        {
            Reach::Some(standing.drafts.clone())
        }
        Some(owner) => {
            let group = siblings(reading, owner);
            let closes = group.last() == Some(&owner);
            Reach::Some(if closes { group } else { vec![owner] })
        }
    }
}

fn give(reading: &mut Reading<'_>, drafts: &[usize], day: Option<NaiveDate>) {
    for &draft in drafts {
        let due = &mut reading.drafts[draft].due;
        if *due == Deadline::Unsaid {
            *due = day.map_or(Deadline::Open, Deadline::Day);
        }
    }
}
