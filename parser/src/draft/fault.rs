//! Drafts from faults: an item of its own, or why another item is asked for.

use std::ops::Range;

use super::{
    Draft, Memory, Reading,
    request::{calls_somebody, sends_somebody},
};
use crate::{
    Kind, Priority,
    clause::Joint,
    fault,
    layout::SentenceKind,
    lexicon::Class,
    mark::Meaning,
    role::{Matter, Role},
    words,
};

impl Reading<'_> {
    /// A fault is an item, unless it says what is wrong with the item before it.
    pub(super) fn add_fault(&mut self, at: usize, matter: &Matter) {
        let part = self.parts[at].clone();
        let tokens = self.words.tokens;
        let another = self.is_another(at);
        let near = usize::from(self.speaks_of_it(at) || self.answers_a_look(at));
        let last = self
            .drafts
            .last_mut()
            .filter(|draft| part.sentence - draft.sentence <= near)
            .filter(|_| !another);
        if let Some(draft) = last {
            let same = draft.sentence == part.sentence;
            let words = draft
                .title
                .last()
                .map_or(&[][..], |title| &tokens[title.clone()]);
            let tells = draft.verb.is_some_and(|verb| fault::only_tells(verb.lemma));
            let repairs = draft.kind == Kind::Task && (!tells || calls_somebody(words));
            if repairs {
                draft.kind = Kind::Bug;
            }
            if same && (draft.fault || repairs) {
                draft
                    .title
                    .push(part.clause.span.start.saturating_sub(1)..part.clause.span.end);
            }
            return;
        }
        if self.answers_call(at) {
            return;
        }
        let start = self.parts[..at]
            .iter()
            .rev()
            .take_while(|before| {
                before.sentence == part.sentence
                    && matches!(before.role, Role::Background | Role::Phrase(_))
            })
            .last()
            .map_or(matter.span.start, |before| before.clause.span.start);
        let span = start..part.clause.span.end;
        let draft = Draft::new(vec![span], None, (part.sentence, at), start);
        self.push(
            Draft {
                fault: true,
                ..draft
            },
            None,
            part.clause.span,
        );
    }

    /// "We need a plumber! The bathroom is flooding.": why somebody was called for.
    fn answers_call(&mut self, at: usize) -> bool {
        let part = self.parts[at].clone();
        let tokens = self.words.tokens;
        let called = |draft: &&mut Draft| {
            let words = draft
                .title
                .first()
                .map_or(&[][..], |title| &tokens[title.clone()]);
            part.sentence - draft.sentence <= 1 && words.len() <= 6 && sends_somebody(words)
        };
        let Some(draft) = self.drafts.last_mut().filter(called) else {
            return false;
        };
        draft.kind = Kind::Bug;
        draft.title.push(part.clause.span);
        true
    }

    /// "Bug: users in Canada see prices in USD": what follows such a header is one.
    pub(super) fn is_reported(&self, at: usize, memory: &Memory) -> bool {
        let sentence = self.parts[at].sentence;
        let opens = at == 0 || self.parts[at - 1].sentence != sentence;
        let after_header = sentence > 0
            && self.sentences[sentence - 1].kind == SentenceKind::Header
            && self.sentences[sentence].kind != SentenceKind::Header;
        memory.heading.is_some_and(|heading| heading.reports) && opens && after_header
    }

    /// "The lift stops between floors. Critical!": a story that presses by itself.
    pub(super) fn report_what_presses(&mut self) {
        let presses = self.parts.iter().position(|part| {
            let mut marks = self.marks().within(part.clause.span.clone());
            part.role == Role::Attribute
                && marks.any(|mark| mark.meaning == Meaning::Priority(Priority::Urgent))
        });
        let told = self.parts.iter().position(|part| {
            let first = &self.tokens()[part.clause.span.start];
            let subject = first.is(Class::Determiners) || first.capital;
            matches!(part.role, Role::Background | Role::Phrase(_))
                && part.clause.span.len() > 3
                && subject
                && !first.is(Class::Subjects)
        });
        if let (Some(_), Some(at)) = (presses, told) {
            self.report(at);
        }
    }

    pub(super) fn report(&mut self, at: usize) {
        let part = self.parts[at].clone();
        let span = part.clause.span;
        let draft = Draft::new(vec![span.clone()], None, (part.sentence, at), span.start);
        self.push(
            Draft {
                fault: true,
                ..draft
            },
            Some(Kind::Bug),
            span,
        );
    }

    /// "… and the sink leaks": a fault of another thing than what was named before it.
    fn is_another(&self, at: usize) -> bool {
        let part = &self.parts[at];
        let joined = |part: &super::Part| {
            let and = words::is_and(&self.tokens()[part.clause.span.start]);
            (and || part.clause.joint == Joint::And) && matches!(part.role, Role::Fault(_))
        };
        let closes = self.parts[at..]
            .iter()
            .take_while(|other| matches!(other.role, Role::Fault(_)))
            .any(|other| other.sentence == part.sentence && joined(other));
        let waits = self.drafts.last().is_some_and(|draft| draft.fault);
        closes && (waits || self.names_subject(&part.clause.span))
    }

    /// "Could you look at the phones? Calls drop.": what somebody is to look into.
    fn answers_a_look(&self, at: usize) -> bool {
        let sentence = self.parts[at].sentence;
        let mut before = self
            .drafts
            .iter()
            .filter(|draft| draft.sentence + 1 == sentence);
        let looks = before.next().is_some_and(|draft| {
            draft
                .verb
                .is_some_and(|verb| Class::FaultLooking.has(verb.lemma))
        });
        looks && before.next().is_none()
    }

    /// "It's stuck", "No prende": the fault of something that was named before.
    fn speaks_of_it(&self, at: usize) -> bool {
        let part = &self.parts[at];
        let opens = at == 0 || self.parts[at - 1].sentence != part.sentence;
        opens && !self.names_subject(&part.clause.span)
    }

    /// Whether a thing is named before what is said of it.
    fn names_subject(&self, span: &Range<usize>) -> bool {
        let tokens = &self.tokens()[span.clone()];
        let said = fault::said_at(tokens).unwrap_or(0);
        tokens[..said].iter().any(|token| {
            let word = token.word();
            !word.is_empty()
                && !Class::Pronouns.has(word)
                && !Class::Subjects.has(word)
                && !words::is_and(token)
                && !Class::Determiners.has(word)
                && !matches!(
                    word,
                    "ya" | "now" | "still" | "todavia" | "tambien" | "also"
                )
        }) || said == 0
            && tokens
                .iter()
                .skip(1)
                .any(|token| token.is(Class::Determiners))
    }
}
