//! Scope: whose date, hours and priority a mark is. One rule per theme, all from the same
//! question: where does the mark stand among the items of its sentence?

mod due;
mod hours;
mod pointer;
mod priority;

use pointer::Pointed;

use crate::{
    draft::{Draft, Reading},
    layout::SentenceKind,
    lexicon::Class,
    mark::{Mark, Meaning},
    role::Role,
    token::Token,
};

/// Most dates, hours and priorities that are given out: four for each of fifty items.
const MOST_MARKS: usize = 200;

/// How a mark stands to the words of the item that it is nearest to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Position {
    /// Before them, in the same clause.
    Leads,
    /// Among or right after them.
    Inside,
    /// In a later clause.
    Detached,
}

/// Where a mark stands.
#[derive(Debug, Clone)]
pub(crate) struct Standing {
    /// The sentence it is in.
    pub(crate) sentence: usize,
    /// The drafts of that sentence, by their indexes.
    pub(crate) drafts: Vec<usize>,
    /// The draft that it follows or stands in; nothing before the first one.
    pub(crate) owner: Option<usize>,
    /// How it stands to its owner's words.
    pub(crate) position: Position,
    /// The items that its clause points back at.
    pointed: Option<Pointed>,
    /// Whether its clause says that all items are meant.
    pub(crate) all: bool,
    /// Whether its clause tells something and asks for nothing.
    pub(crate) tells: bool,
    /// Whether its clause only says when, how long or how urgent.
    pub(crate) attribute: bool,
}

/// Gives every draft its dates, hours and priority; returns the total that was stated.
pub(crate) fn resolve(reading: &mut Reading<'_>) -> Option<f64> {
    let marks: Vec<(Mark, Standing)> = reading
        .words
        .marks
        .within(0..reading.words.tokens.len())
        .filter_map(|mark| Some((mark.clone(), standing(reading, mark)?)))
        .take(MOST_MARKS)
        .collect();
    due::resolve(reading, &marks);
    priority::resolve(reading, &marks);
    hours::resolve(reading, &marks)
}

/// Where a mark stands; nothing where its clause does not count.
fn standing(reading: &Reading<'_>, mark: &Mark) -> Option<Standing> {
    if !mark.meaning.leaves_title() {
        return None;
    }
    let at = mark.span.start;
    let sentence = reading
        .sentences
        .iter()
        .position(|sentence| sentence.span.contains(&at))?;
    let part = reading.parts.iter().position(|part| {
        part.sentence == sentence && (part.clause.span.contains(&at) || part.clause.span.start > at)
    });
    let part = part.filter(|&part| reading.parts[part].clause.span.contains(&at));
    if part.is_some_and(|part| matches!(reading.parts[part].role, Role::Ignored | Role::Order)) {
        return None;
    }
    let all = part.is_some_and(|part| names_all(reading, part));
    let drafts = if all {
        Vec::new()
    } else {
        drafts_around(reading, sentence)
    };
    let same_clause = |draft: &usize| Some(reading.drafts[*draft].clause) == part;
    let first_here = drafts.iter().copied().find(same_clause);
    let leads = first_here.is_some_and(|first| is_before(reading, first, at));
    let before = drafts
        .iter()
        .copied()
        .rfind(|&draft| reading.drafts[draft].start <= at);
    let owner = first_here.filter(|_| leads).or(before);
    let role = part.map(|part| &reading.parts[part].role);
    let detached =
        owner.is_some_and(|owner| part.is_none_or(|part| part != reading.drafts[owner].clause));
    let pointed = part
        .filter(|_| !all)
        .and_then(|part| pointer::of(reading, part).or_else(|| pointer::again(reading, part)));
    Some(Standing {
        sentence,
        pointed,
        all,
        position: if leads {
            Position::Leads
        } else if detached {
            Position::Detached
        } else {
            Position::Inside
        },
        owner,
        tells: matches!(role, Some(Role::Background)) && first_here.is_none()
            || matches!(role, Some(Role::Fault(_)))
            || names_only(reading, sentence, role, &drafts),
        attribute: matches!(role, None | Some(Role::Attribute | Role::Again(_)))
            || part.is_some_and(|part| repairs_only(reading, part)),
        drafts,
    })
}

/// "send somebody right away", after a fault: a request that makes no item of its own.
fn repairs_only(reading: &Reading<'_>, part: usize) -> bool {
    matches!(reading.parts[part].role, Role::Request(_))
        && !reading.drafts.iter().any(|draft| draft.clause == part)
}

/// "both asap", "todo para el lunes": an attribute of all items, wherever it stands.
fn names_all(reading: &Reading<'_>, part: usize) -> bool {
    let part = &reading.parts[part];
    let all = |token: &Token| token.is(Class::ScopeAll);
    part.role == Role::Attribute
        && reading.words.tokens[part.clause.span.clone()]
            .iter()
            .any(all)
}

/// The drafts that a mark in this sentence may belong to: the sentence's own, its list
/// entry's, or those of the line that it opens where other lines have drafts of their own.
fn drafts_around(reading: &Reading<'_>, sentence: usize) -> Vec<usize> {
    let line = reading.sentences[sentence].line;
    let place = |draft: &Draft| &reading.sentences[draft.sentence];
    let chosen = |choose: &dyn Fn(&Draft) -> bool| -> Vec<usize> {
        (0..reading.drafts.len())
            .filter(|&draft| choose(&reading.drafts[draft]))
            .collect()
    };
    let entry =
        |draft: &Draft| place(draft).kind == SentenceKind::Bulleted && place(draft).line == line;
    let own = chosen(&|draft| draft.sentence == sentence || entry(draft));
    let opens = own.is_empty() && reading.sentences[sentence].kind == SentenceKind::Header;
    if let Some(end) = next_section(reading, sentence).filter(|_| opens) {
        return chosen(&|draft| (sentence..end).contains(&draft.sentence));
    }
    let same_line = if opens {
        chosen(&|draft| place(draft).line == line)
    } else {
        Vec::new()
    };
    if same_line.len() < reading.drafts.len() && opens {
        same_line
    } else {
        own
    }
}

/// Where the next header stands that says when or how urgent: "Monday: … Tuesday: …". Nothing
/// where this header is the only one of its sort.
fn next_section(reading: &Reading<'_>, sentence: usize) -> Option<usize> {
    let says_when = |index: &usize| {
        let header = &reading.sentences[*index];
        let mut marks = reading.words.marks.within(header.span.clone());
        header.kind == SentenceKind::Header
            && marks.any(|mark| matches!(mark.meaning, Meaning::Due(_) | Meaning::Priority(_)))
    };
    let sections: Vec<usize> = (0..reading.sentences.len()).filter(says_when).collect();
    let next = sections.iter().copied().find(|&next| next > sentence);
    (sections.len() > 1 && sections.contains(&sentence))
        .then(|| next.unwrap_or(reading.sentences.len()))
}

/// A thing that is only mentioned among sentences: its date is not the items'.
fn names_only(
    reading: &Reading<'_>,
    sentence: usize,
    role: Option<&Role>,
    drafts: &[usize],
) -> bool {
    let prose = reading.sentences[sentence].kind == SentenceKind::Prose;
    prose && drafts.is_empty() && matches!(role, Some(Role::Phrase(_)))
}

fn is_before(reading: &Reading<'_>, draft: usize, at: usize) -> bool {
    reading.drafts[draft]
        .title
        .first()
        .is_some_and(|span| at < span.start)
}

/// The drafts that share the clause of this one.
fn siblings(reading: &Reading<'_>, draft: usize) -> Vec<usize> {
    (0..reading.drafts.len())
        .filter(|&other| reading.drafts[other].clause == reading.drafts[draft].clause)
        .collect()
}

/// Whether another mark of the same theme stands in the clause of these drafts, elsewhere.
fn is_alone(
    marks: &[(Mark, Standing)],
    this: &Mark,
    standing: &Standing,
    same: impl Fn(Meaning) -> bool,
) -> bool {
    !marks.iter().any(|(other, place)| {
        other.span != this.span && place.sentence == standing.sentence && same(other.meaning)
    })
}
