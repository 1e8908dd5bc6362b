//! Whose due date a date is. In an entry, or in a sentence that names one item: that item's.
//! In a header, an opening, a sentence of its own, or at the end of a series: everyone's who
//! has none.

use chrono::NaiveDate;

use super::{Position, Standing, siblings};
use crate::{
    date::Due,
    draft::{Deadline, Reading},
    layout::Place,
    mark::{Mark, Meaning},
};

/// Gives every draft its due date.
pub(super) fn resolve(reading: &mut Reading<'_>, marks: &[(Mark, Standing)]) {
    let dues: Vec<(Due, &Standing)> = marks
        .iter()
        .filter_map(|(mark, standing)| match mark.meaning {
            Meaning::Due(due) if due.limit || !standing.tells => Some((due, standing)),
            _ => None,
        })
        .collect();
    let mut everyones = None;
    for (at, (due, standing)) in dues.iter().enumerate() {
        let last = !dues[at + 1..]
            .iter()
            .any(|(_, next)| next.sentence == standing.sentence);
        match reach(reading, standing, last) {
            Reach::Some(drafts) => give(reading, &drafts, due.day),
            Reach::Everyone(drafts) => {
                give(reading, &drafts, due.day);
                everyones = everyones.or(Some(due.day));
            }
        }
    }
    if let Some(day) = everyones {
        let all: Vec<usize> = (0..reading.drafts.len()).collect();
        give(reading, &all, day);
    }
}

enum Reach {
    Some(Vec<usize>),
    Everyone(Vec<usize>),
}

fn reach(reading: &Reading<'_>, standing: &Standing, last: bool) -> Reach {
    let Some(&final_draft) = standing.drafts.last() else {
        return Reach::Everyone(Vec::new());
    };
    if standing.drafts.len() == 1 {
        let fault_then_date = reading.sentences[standing.sentence].place == Place::Header;
        return if fault_then_date {
            Reach::Everyone(standing.drafts.clone())
        } else {
            Reach::Some(standing.drafts.clone())
        };
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
