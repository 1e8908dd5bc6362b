//! Whose hours a duration is. In an entry, in brackets, or between two items: that item's.
//! After several items: the total. Said to be for each: everyone's.

use super::{Standing, is_alone, pointer};
use crate::{
    draft::Reading,
    effort::{Effort, Scope},
    mark::{Mark, Meaning},
};

/// Gives every draft its hours; returns the total that was stated.
pub(super) fn resolve(reading: &mut Reading<'_>, marks: &[(Mark, Standing)]) -> Option<f64> {
    let mut total = None;
    for (mark, standing) in marks {
        let Meaning::Effort(effort) = mark.meaning else {
            continue;
        };
        match owner(reading, marks, mark, effort, standing) {
            Owner::Whole => total = total.or(Some(effort.hours)),
            Owner::Drafts(drafts) => {
                for draft in drafts {
                    let hours = &mut reading.drafts[draft].hours;
                    *hours = hours.or(Some(effort.hours));
                }
            }
        }
    }
    if let ([only], Some(total)) = (reading.drafts.as_mut_slice(), total) {
        only.hours = Some(total);
    }
    total
}

enum Owner {
    Whole,
    Drafts(Vec<usize>),
}

fn owner(
    reading: &Reading<'_>,
    marks: &[(Mark, Standing)],
    mark: &Mark,
    effort: Effort,
    standing: &Standing,
) -> Owner {
    let all = || (0..reading.drafts.len()).collect::<Vec<_>>();
    match (effort.scope, standing.drafts.as_slice()) {
        (Some(Scope::Each), drafts @ [_, _, ..]) => {
            return Owner::Drafts(up_to(reading, mark, standing.owner, drafts));
        }
        (Some(Scope::Each), _) => return Owner::Drafts(all()),
        (Some(Scope::Whole), _) => return Owner::Whole,
        _ => {}
    }
    if let Some(draft) = pointer::complement(reading, mark.span.end) {
        return Owner::Drafts(vec![draft]);
    }
    if let Some(pointed) = &standing.pointed {
        return Owner::Drafts(pointed.drafts.clone());
    }
    match (standing.owner, standing.drafts.as_slice()) {
        (_, []) => owner_before(reading, standing),
        (_, [only]) => Owner::Drafts(vec![*only]),
        (None, _) => Owner::Whole,
        (Some(owner), drafts) => {
            let last = drafts.last() == Some(&owner);
            let bracketed = reading.words.tokens[mark.span.start].is_mark('(');
            let each_has_some = !is_alone(marks, mark, standing, |meaning| {
                matches!(meaning, Meaning::Effort(_))
            });
            if bracketed || each_has_some || !last {
                Owner::Drafts(vec![owner])
            } else {
                Owner::Whole
            }
        }
    }
}

/// "Five posts (20 min each) and two videos": in brackets, each of what was named so far.
fn up_to(reading: &Reading<'_>, mark: &Mark, owner: Option<usize>, drafts: &[usize]) -> Vec<usize> {
    let bracketed = reading.words.tokens[mark.span.start].is_mark('(');
    let last = owner.filter(|_| bracketed);
    drafts
        .iter()
        .copied()
        .filter(|&draft| last.is_none_or(|last| draft <= last))
        .collect()
}

/// Hours in a sentence of their own: the item's before it where that sentence had one and
/// the others have theirs or are still to come, else the total.
fn owner_before(reading: &Reading<'_>, standing: &Standing) -> Owner {
    let before: Vec<usize> = (0..reading.drafts.len())
        .filter(|&draft| reading.drafts[draft].sentence < standing.sentence)
        .collect();
    let Some(&nearest) = before.last() else {
        return Owner::Whole;
    };
    let waiting: Vec<usize> = before
        .iter()
        .copied()
        .filter(|&draft| reading.drafts[draft].hours.is_none())
        .collect();
    let follows = reading.drafts[nearest].sentence + 1 == standing.sentence;
    let others_come = reading.drafts.len() > before.len();
    let sole = before
        .iter()
        .filter(|&&draft| reading.drafts[draft].sentence == reading.drafts[nearest].sentence)
        .count()
        == 1;
    let alone = follows && (sole && others_come || waiting == [nearest] && before.len() > 1);
    if reading.drafts.len() == 1 || alone {
        Owner::Drafts(vec![nearest])
    } else {
        Owner::Whole
    }
}
