//! Headers: what a line that introduces a list says about its entries.

use std::ops::Range;

use super::{Heading, Memory, Part, Reading};
use crate::{
    Kind, Language, command, kind,
    lead::{self, Lead},
    lexicon::Class,
    mark::Meaning,
    role::{self, Matter, Role},
    token::{Shape, Token},
    verb::Verb,
};

impl Reading<'_> {
    pub(super) fn remember_header(&mut self, first: usize, memory: &mut Memory) {
        memory.header = self.parts[first..]
            .iter()
            .find_map(|part| match &part.role {
                Role::Request(matter) | Role::Again(matter) => self.header_verb(matter),
                Role::Phrase(matter) => kind::by_header(&self.words.tokens[matter.span.clone()]),
                // "Bugs we found in build 2.8:"
                Role::Background => {
                    let start = part.clause.span.start;
                    kind::by_header(&self.words.tokens[start..=start])
                }
                _ => None,
            });
        let asks = self.parts[first..].iter().any(|part| {
            matches!(part.role, Role::Request(_) | Role::Again(_)) || self.presses(part)
        });
        let reports = self.parts[first..].iter().any(|part| {
            let mut words = self.tokens()[part.clause.span.clone()].iter();
            words.len() <= 3 && words.any(|token| token.is(Class::HeaderReports))
        });
        let lists_faults = self.parts[first..].first().is_some_and(|part| {
            let start = part.clause.span.start;
            kind::by_header(&self.tokens()[start..=start]) == Some(Kind::Bug)
        });
        memory.heading = Some(Heading {
            asks,
            reports,
            lists_faults,
        });
        if let Some(part) = self
            .parts
            .last()
            .filter(|part| matches!(part.role, Role::Fault(_)))
        {
            let (span, sentence) = (part.clause.span.clone(), part.sentence);
            memory.told = Some((sentence, span));
        }
    }

    /// "Next week:", "Urgente:", "Necesito:"
    fn presses(&self, part: &Part) -> bool {
        let Range { start, end } = part.clause.span;
        let leads = lead::read(self.tokens(), start, end, self.marks());
        let mut marks = self.marks().within(start..end);
        let announces = role::announces(&self.tokens()[leads.end..end]);
        if leads.has(Lead::Wants) || leads.has(Lead::Asks) || announces {
            return true;
        }
        if counts_things(&self.tokens()[leads.end..end]) {
            return true;
        }
        part.role == Role::Attribute
            && marks.any(|mark| matches!(mark.meaning, Meaning::Due(_) | Meaning::Priority(_)))
    }

    /// "Fix:", "Add to the app:", but not "Launch checklist:".
    fn header_verb(&self, matter: &Matter) -> Option<Kind> {
        matter
            .verb
            .filter(|verb| verb.sure() || self.is_shown(matter) || matter.span.len() == 1)
            .map(|verb| verb.kind)
    }

    /// The verb that asks for an item. After a header with a verb ("Fix:"), a word that may
    /// be a noun is one ("email validation") unless its object shows that it is a verb.
    pub(super) fn own_verb(&self, matter: &Matter, memory: &Memory) -> Option<Verb> {
        let shown = self.is_shown(matter);
        let named = matter
            .head
            .is_some_and(|head| self.names_a_part(head, matter.span.end));
        // "Bugs: search shows every customer twice" searches nothing.
        let fault = memory.heading.is_some_and(|heading| heading.lists_faults)
            && matter.head.is_some_and(|head| {
                let next = self.tokens()[..matter.span.end].get(head + 1);
                next.is_some_and(|next| !next.is(Class::Determiners))
            });
        matter
            .verb
            .filter(|verb| !fault || verb.kind == Kind::Bug)
            .filter(|verb| memory.header.is_none() || (verb.sure() || shown) && !named)
    }

    /// Whether the words after a verb show that it is one, also in the middle of a sentence.
    fn is_shown(&self, matter: &Matter) -> bool {
        matter.head.is_none_or(|head| {
            command::read(self.tokens(), head, matter.span.end, self.marks(), true).is_some()
        })
    }

    /// "order tracking", "update notifications": a verb that is the name of a part, since its
    /// noun names parts of things.
    fn names_a_part(&self, head: usize, end: usize) -> bool {
        let last = (head + 1..end)
            .take_while(|&at| self.tokens()[at].shape == Shape::Word)
            .last();
        last.is_some_and(|last| {
            last - head <= 2
                && self.tokens()[head]
                    .verb
                    .is_some_and(|verb| verb.language == Language::En)
                && !self.tokens()[head + 1].is(Class::Determiners)
                && self.tokens()[last].is(Class::Parts)
        })
    }

    /// "Fix login: it is slow." A header that nothing follows is a sentence like any other.
    pub(super) fn read_header_as_request(&mut self) {
        let request = self
            .parts
            .iter()
            .enumerate()
            .find_map(|(at, part)| match &part.role {
                Role::Request(matter) => Some((at, matter.clone())),
                _ => None,
            });
        if let Some((at, matter)) = request {
            self.add_request(at, &matter, &Memory::default());
        }
    }
}

/// "Two filings for the Ruiz case:", "Tres entregas:": so many things follow.
fn counts_things(words: &[Token]) -> bool {
    let several = words
        .first()
        .and_then(Token::number)
        .is_some_and(|count| (2.0..20.0).contains(&count));
    several
        && words[1..]
            .iter()
            .take(2)
            .any(|token| token.word().len() > 3 && token.norm.ends_with('s'))
}
