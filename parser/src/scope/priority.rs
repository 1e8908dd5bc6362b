//! Whose priority a word is. In an item's clause or entry: that item's. Where a sentence
//! points at one ("the first one", "lo de las mesas"): that one's. Otherwise everyone's.

use std::ops::Range;

use super::{Position, Standing, is_alone, siblings};
use crate::{
    Priority,
    draft::Reading,
    layout::SentenceKind,
    lead,
    mark::{Mark, Meaning},
};

/// Gives every draft its priority; the highest that applies wins.
pub(super) fn resolve(reading: &mut Reading<'_>, marks: &[(Mark, Standing)]) {
    for (mark, standing) in marks {
        let Meaning::Priority(priority) = mark.meaning else {
            continue;
        };
        // "El logo puede esperar. Arreglar el carrito": the logo, which is not asked for.
        if priority == Priority::Low && standing.tells && standing.drafts.is_empty() {
            continue;
        }
        for draft in owners(reading, marks, mark, standing) {
            raise(&mut reading.drafts[draft].priority, priority);
        }
    }
}

fn raise(slot: &mut Option<Priority>, priority: Priority) {
    *slot = Some(slot.map_or(priority, |before| before.max(priority)));
}

fn owners(
    reading: &Reading<'_>,
    marks: &[(Mark, Standing)],
    mark: &Mark,
    standing: &Standing,
) -> Vec<usize> {
    if let Some(pointed) = &standing.pointed {
        return pointed.drafts.clone();
    }
    let same = |meaning| matches!(meaning, Meaning::Priority(_));
    match (standing.owner, standing.drafts.as_slice()) {
        (_, []) if standing.all => (0..reading.drafts.len()).collect(),
        (_, []) => everyone(reading, standing),
        (_, [only]) => vec![*only],
        (None, drafts) => drafts.to_vec(),
        (Some(owner), drafts) => {
            let last = drafts.last() == Some(&owner);
            let first = drafts.first() == Some(&owner);
            let leads = first && standing.position == Position::Leads;
            let sole = is_alone(marks, mark, standing, same);
            let closes = last && standing.position == Position::Detached && standing.attribute;
            if sole && closes {
                return drafts.to_vec();
            }
            if sole && leads {
                return governed(reading, owner, drafts);
            }
            let group = siblings(reading, owner);
            let shared = standing.position == Position::Leads
                || group.last() == Some(&owner) && !is_divided(reading, &group);
            if shared { group } else { vec![owner] }
        }
    }
}

/// "Urge arreglar la puerta y pintar la barda": all of them, but for those that a lead-in of
/// their own begins ("y hay que pedir pipa").
fn governed(reading: &Reading<'_>, owner: usize, drafts: &[usize]) -> Vec<usize> {
    let first = reading.drafts[owner].clause;
    let led = |draft: &usize| {
        let clause = reading.drafts[*draft].clause;
        let Range { start, end } = reading.parts[clause].clause.span;
        let leads = lead::read(reading.words.tokens, start, end, reading.words.marks);
        clause != first && !leads.said.is_empty()
    };
    drafts.iter().copied().filter(|draft| !led(draft)).collect()
}

/// Whether one of these but the last has a mark of its own: "the deck by Friday and the copy asap".
fn is_divided(reading: &Reading<'_>, group: &[usize]) -> bool {
    let (Some(&first), Some(&last)) = (group.first(), group.last()) else {
        return false;
    };
    let between = reading.drafts[first].start..reading.drafts[last].start;
    let mut marks = reading
        .words
        .marks
        .within(between.start.min(between.end)..between.end);
    marks.any(|mark| mark.meaning.leaves_title())
}

/// A sentence about nothing in particular: a header or an opening is about all, a remark
/// between the items about what came just before it.
fn everyone(reading: &Reading<'_>, standing: &Standing) -> Vec<usize> {
    let all: Vec<usize> = (0..reading.drafts.len()).collect();
    let header = reading.sentences[standing.sentence].kind == SentenceKind::Header;
    let before: Vec<usize> = all
        .iter()
        .copied()
        .filter(|&draft| reading.drafts[draft].sentence < standing.sentence)
        .collect();
    let Some(&nearest) = before.last() else {
        return all;
    };
    if header || before.len() == all.len() {
        return all;
    }
    let sentence = reading.drafts[nearest].sentence;
    before
        .into_iter()
        .filter(|&draft| reading.drafts[draft].sentence == sentence)
        .collect()
}
