//! Drafts from requests and faults: one per thing asked for, and a fault together with the
//! request to fix it.

use std::ops::Range;

use super::{Draft, Memory, Reading};
use crate::{
    Kind,
    clause::{self, Joint},
    layout::Place,
    mark::Meaning,
    role::{self, Matter, Role},
    series, words,
};

impl Reading<'_> {
    /// A request gives one draft per thing; returns the last clause that belongs to it.
    pub(super) fn add_request(&mut self, at: usize, matter: &Matter, memory: &Memory) -> usize {
        let part = self.parts[at].clone();
        let one = self.sentences[part.sentence].place == Place::Line && self.lines > 2;
        let last = if one { at } else { self.series_end(at) };
        let verb = self.own_verb(matter, memory);
        let asked = matter
            .head
            .filter(|_| verb.is_some() || matter.verb.is_none());
        let object = asked.map_or(matter.span.start, |head| head + 1);
        let object = object.max(matter.span.start)..matter.span.end;
        let mut things = if one {
            vec![matter.span.clone()]
        } else {
            series::split(self.tokens(), object, self.marks())
        };
        for next in at + 1..=last {
            things.extend(series::split(
                self.tokens(),
                self.parts[next].clause.span.clone(),
                self.marks(),
            ));
        }
        if self.answers_fault(at, matter) || self.names_again(matter) {
            return last;
        }
        let pieces = self.with_modifiers(at, last, things, one);
        for (nth, thing) in pieces.into_iter().enumerate() {
            let verb_span = matter
                .head
                .map(|head| head..head + 1)
                .filter(|head| head.start < thing.start);
            let start = if nth == 0 {
                part.clause.span.start.max(matter.span.start)
            } else {
                thing.start
            };
            let title = verb_span.into_iter().chain([thing]).collect();
            let draft = Draft::new(title, verb, (part.sentence, at), start);
            let evidence = draft.title.last().cloned().unwrap_or(start..start);
            self.push(draft, memory.header, evidence);
        }
        last
    }

    /// "update the docs and tests for the export module": what follows the last thing may
    /// belong to the others as well; an item alone keeps the phrases that follow it.
    pub(super) fn with_modifiers(
        &self,
        at: usize,
        last: usize,
        things: Vec<Range<usize>>,
        one: bool,
    ) -> Vec<Range<usize>> {
        let sole = things.len() == 1 && last == at && !one;
        let end = (at + 1..self.parts.len())
            .take_while(|&next| {
                sole && matches!(self.parts[next].role, Role::Phrase(_))
                    && self.parts[next].clause.joint == Joint::Comma
                    && !self.names_amount(next)
            })
            .last()
            .map_or(self.parts[at].clause.span.end, |next| {
                self.parts[next].clause.span.end
            });
        let extend = |thing: Range<usize>| if sole { thing.start..end } else { thing };
        things
            .into_iter()
            .map(extend)
            .filter(|thing| clause::has_words(self.tokens(), thing.clone(), self.marks()))
            .collect()
    }

    /// "urge lo del banco": about something that is there already.
    fn names_again(&self, matter: &Matter) -> bool {
        let about = matter.verb.is_none() && role::is_about(self.tokens(), matter.span.clone());
        let said = |word: &str| {
            let span = matter.span.start + 2..matter.span.end;
            self.tokens()[span]
                .iter()
                .any(|token| token.norm == word && word.len() > 2)
        };
        about
            && self.drafts.iter().any(|draft| {
                let title = draft.title.iter().cloned().flatten();
                title.into_iter().any(|at| {
                    let word = self.tokens()[at].word();
                    said(word) && !words::is_preposition(word) && !words::is_determiner(word)
                })
            })
    }

    fn names_amount(&self, part: usize) -> bool {
        let mut span = self.parts[part].clause.span.clone();
        span.any(|at| self.marks().meaning(at) == Some(Meaning::Amount))
    }

    /// Where the objects of a request end: "order cups, plates and napkins".
    pub(super) fn series_end(&self, at: usize) -> usize {
        let tokens = self.tokens();
        let mut end = at;
        let mut closed = false;
        for next in at + 1..self.parts.len() {
            let part = &self.parts[next];
            let Role::Phrase(matter) = &part.role else {
                break;
            };
            let first = &tokens[matter.span.start];
            let thing = matter.span.len() <= 9
                && !words::is_preposition(&first.norm)
                && matter.span.start == part.clause.span.start;
            let joined =
                part.clause.joint == Joint::And || words::is_and(&tokens[part.clause.span.start]);
            if !thing && !joined {
                break;
            }
            closed |= joined || series::split(tokens, matter.span.clone(), self.marks()).len() > 1;
            end = next;
        }
        if closed { end } else { at }
    }

    /// A fault and the request to fix it are one item. True where the request was taken in.
    pub(super) fn answers_fault(&mut self, at: usize, matter: &Matter) -> bool {
        let part = self.parts[at].clone();
        let Some(draft) = self.drafts.last_mut().filter(|draft| draft.fault) else {
            return false;
        };
        let same_sentence = draft.sentence == part.sentence;
        let near = part.sentence.saturating_sub(draft.sentence) <= 1;
        let repairs = matter.verb.is_some_and(|verb| verb.kind == Kind::Bug);
        let one_more = part.clause.joint == Joint::And && !repairs;
        if matter.adds || one_more || !near || !same_sentence && !repairs {
            return false;
        }
        if repairs {
            draft.title = vec![matter.span.clone()];
            draft.start = draft.start.min(matter.span.start);
        } else {
            draft
                .title
                .push(matter.span.start.saturating_sub(1)..matter.span.end);
        }
        draft.fault = false;
        true
    }

    /// "fix it": the fault or the story before it becomes the item, if it is none yet.
    pub(super) fn repeat(&mut self, at: usize, matter: &Matter, memory: &mut Memory) {
        let part = self.parts[at].clone();
        if let Some(draft) = self.drafts.last_mut().filter(|draft| draft.fault) {
            draft.fault = false;
            draft.verb = draft.verb.or(matter.verb);
            return;
        }
        let near = memory
            .told
            .take()
            .filter(|(sentence, _)| part.sentence - sentence <= 1);
        let Some((sentence, span)) = near.filter(|_| {
            self.drafts.is_empty() || matter.verb.is_some_and(|verb| verb.kind == Kind::Bug)
        }) else {
            return;
        };
        if !self.drafts.is_empty()
            && self
                .drafts
                .last()
                .is_some_and(|draft| draft.sentence >= sentence)
        {
            return;
        }
        let draft = Draft::new(
            vec![span.clone()],
            matter.verb,
            (part.sentence, at),
            span.start,
        );
        self.push(draft, memory.header, span);
    }
}
