//! What stands before the matter of a clause: greetings, politeness, connectives, and the
//! words that turn what follows into a request, a prohibition or a story.

mod turn;
mod wanting;
mod wish;

use std::sync::LazyLock;

use turn::{presses_to, so_that_has, wishes_that, wonders};

use crate::{
    lexicon::{self, Class},
    mark::{Marks, Meaning},
    phrase::PhraseTable,
    token::{Shape, Token},
    verb::Form,
    words,
};

/// What a lead-in does to the words after it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Lead {
    /// Says nothing about them: "hi", "please", "so", "primero".
    Empty,
    /// Adds them to what was said before: "also", "además".
    Adds,
    /// A verb follows that is asked for: "we need to", "hay que".
    Asks,
    /// A verb follows that may be asked for, or not: "quiero que".
    Wishes,
    /// A thing follows that is wanted: "we need", "necesito".
    Wants,
    /// What follows shall not be done: "don't", "no hay que".
    Forbids,
    /// What follows is told, not asked: "I already", "what they need".
    Tells,
}

impl Lead {
    /// By its name in the lexicon.
    fn named(name: &str) -> Option<Self> {
        Some(match name {
            "Empty" => Self::Empty,
            "Adds" => Self::Adds,
            "Asks" => Self::Asks,
            "Wishes" => Self::Wishes,
            "Wants" => Self::Wants,
            "Forbids" => Self::Forbids,
            "Tells" => Self::Tells,
            _ => return None,
        })
    }
}

/// Lead-ins, a tab, and what each does.
const FILE: &str = include_str!("../lexicon/leads.tsv");

static LEADS: LazyLock<PhraseTable<Lead>> = LazyLock::new(|| {
    let rows: Vec<(&str, Lead)> = lexicon::rows(FILE)
        .filter_map(|(phrase, name)| Some((phrase, Lead::named(name)?)))
        .collect();
    PhraseTable::new(&rows)
});

/// Most lead-ins that are read before one clause: more than anybody says.
const MOST_LEADS: usize = 10;

/// Most times that "and" is among them.
const MOST_ANDS: usize = 3;

/// Whether words of two or more that ask for something begin here, somebody first: "we've got
/// to", "tenemos que"; how many tokens they take.
pub(crate) fn asks_at(tokens: &[Token]) -> Option<usize> {
    let first = tokens.first()?;
    if !first.is(Class::LeadAskers) {
        return None;
    }
    let (length, lead) = LEADS.at(tokens)?;
    (length > 1 && matches!(lead, Lead::Asks | Lead::Wishes)).then_some(length)
}

/// The lead-ins at the start of a clause.
#[derive(Debug, Clone, Default)]
pub(crate) struct Leads {
    /// Where the first lead-in that says something begins, or the matter.
    pub(crate) start: usize,
    /// Where the matter begins.
    pub(crate) end: usize,
    /// What they do, in order, the empty ones left out.
    pub(crate) said: Vec<Lead>,
}

impl Leads {
    /// Whether one of them does this.
    pub(crate) fn has(&self, lead: Lead) -> bool {
        self.said.contains(&lead)
    }

    /// What the last of them that says something does; additions left out.
    pub(crate) fn last(&self) -> Option<Lead> {
        self.said.iter().copied().rfind(|&lead| lead != Lead::Adds)
    }
}

/// One step over what stands before the matter.
struct Step {
    /// Where it ends.
    end: usize,
    /// What it does; nothing for marks and the like.
    lead: Option<Lead>,
}

/// Reads the lead-ins of a clause. Marks that leave titles (dates, hours, priorities) may
/// stand among them.
pub(crate) fn read(tokens: &[Token], start: usize, end: usize, marks: &Marks) -> Leads {
    let mut leads = Leads {
        start,
        end: start,
        said: Vec::new(),
    };
    let mut ands = 0;
    for _ in 0..MOST_LEADS {
        if leads.end >= end {
            break;
        }
        ands += usize::from(words::is_and(&tokens[leads.end]));
        let Some(step) = step(tokens, leads.end, end, marks).filter(|_| ands <= MOST_ANDS) else {
            break;
        };
        leads.end = step.end;
        match step.lead {
            Some(Lead::Empty) if leads.said.is_empty() => leads.start = leads.end,
            None | Some(Lead::Empty) => {}
            Some(lead) => leads.said.push(lead),
        }
        if matches!(step.lead, Some(Lead::Tells | Lead::Forbids)) {
            break;
        }
    }
    leads.end = leads.end.min(end);
    leads
}

fn step(tokens: &[Token], at: usize, end: usize, marks: &Marks) -> Option<Step> {
    let over = |lead| Some(Step { end: at + 1, lead });
    if let Some(mark) = marks.at(at).filter(|mark| {
        mark.meaning.leaves_title() || matches!(mark.meaning, Meaning::Quote | Meaning::Clock)
    }) {
        let presses =
            |at: usize| tokens[at].norm.starts_with("urg") && tokens[at].norm != "urgencia";
        let wants = mark.span.clone().any(presses) || wishes_nicely(tokens, at);
        if let Some(length) = presses_to(&tokens[mark.span.end.min(end)..end]) {
            return Some(Step {
                end: mark.span.end + length,
                lead: Some(Lead::Asks),
            });
        }
        return Some(Step {
            end: mark.span.end.max(at + 1),
            lead: wants.then_some(Lead::Wants),
        });
    }
    let matter = matches!(
        tokens[at].shape,
        Shape::Word | Shape::Number | Shape::Link | Shape::Mark('$')
    );
    let rest = &tokens[at..end];
    if !matter || goes_on(tokens, at, end) && LEADS.at(rest).is_none() {
        return over(None);
    }
    if so_that_has(rest) {
        return over(Some(Lead::Empty));
    }
    if stops(tokens, at, end) {
        return over(Some(Lead::Forbids));
    }
    let (length, lead) = wish::at(rest)
        .or_else(|| wanting::at(rest))
        .or_else(|| LEADS.at(rest).filter(|_| !is_matter(tokens, at, end)))?;
    if lead == Lead::Tells && wishes_that(rest, length) {
        return over(Some(Lead::Wishes));
    }
    let lead = match lead {
        Lead::Asks if wonders(tokens, at) => Lead::Tells,
        // "It won't take more than 3 hours" forbids nothing.
        Lead::Forbids if measures(tokens, at + length, marks) => Lead::Empty,
        lead => lead,
    };
    Some(Step {
        end: at + length,
        lead: Some(lead),
    })
}

/// Whether it is hours that follow, with the words that lead up to them.
fn measures(tokens: &[Token], at: usize, marks: &Marks) -> bool {
    let leading = tokens[at.min(tokens.len())..]
        .iter()
        .take(4)
        .take_while(|token| token.is(Class::LeadTaking))
        .count();
    (at..=at + leading).any(|at| matches!(marks.meaning(at), Some(Meaning::Effort(_))))
}

/// "… y **a** borrar lo agotado", "and **to** fix the door": one more of what was asked.
fn goes_on(tokens: &[Token], at: usize, end: usize) -> bool {
    matches!(tokens[at].norm.as_str(), "a" | "to")
        && tokens[..end].get(at + 1).is_some_and(|next| {
            next.verb
                .is_some_and(|verb| verb.form == Form::Base && verb.sure())
        })
}

/// "stop using the old template"
fn stops(tokens: &[Token], at: usize, end: usize) -> bool {
    tokens[at].norm == "stop"
        && tokens[..end]
            .get(at + 1)
            .is_some_and(|next| next.verb.is_some_and(|verb| verb.form == Form::Progressive))
}

/// "It would be nice to have": says how little it presses, and that a thing is wanted.
fn wishes_nicely(tokens: &[Token], at: usize) -> bool {
    tokens[at].norm == "nice" && at > 0 && tokens[at - 1].norm == "be"
}

/// "Doctor appointment", "team meeting": whom one may call is part of a name here.
fn names_something(tokens: &[Token], at: usize, end: usize) -> bool {
    let Some(next) = tokens[..end].get(at + 1) else {
        return false;
    };
    tokens[at].is(Class::LeadAddressed)
        && next.shape == Shape::Word
        && next.verb.is_none_or(|verb| !verb.asks())
        && !next.is(Class::Determiners)
        && !next.is(Class::Subjects)
        && LEADS.at(&tokens[at + 1..end]).is_none()
        && LEADS
            .at(&tokens[at..end])
            .is_none_or(|(length, _)| length == 1)
}

/// Words that lead in elsewhere and are the matter here: "order the cake", "la barda".
fn is_matter(tokens: &[Token], at: usize, end: usize) -> bool {
    if names_something(tokens, at, end) {
        return true;
    }
    let next = tokens[..end].get(at + 1).map_or("", Token::word);
    match tokens[at].norm.as_str() {
        "the" => !next.starts_with("first") && !Class::LeadAfterThe.has(next),
        "para" | "to" | "no" | "last" | "next" | "man" | "team" | "equipo" | "nota"
        | "reminder" | "right" => at + 1 == end && tokens[at].norm != "para",
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::{FILE, Lead};
    use crate::lexicon;

    #[test]
    fn every_lead_in_is_listed_once_with_what_it_does() {
        let mut seen = HashSet::new();
        for (phrase, name) in lexicon::rows(FILE) {
            assert!(Lead::named(name).is_some(), "{phrase} {name}");
            assert!(seen.insert(phrase), "{phrase} twice");
            assert!(phrase.split(' ').all(|word| !word.is_empty()), "{phrase}");
        }
    }
}
