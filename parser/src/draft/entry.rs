//! Drafts from lists: entries, lines, and one more of the same.

use std::ops::Range;

use super::{Draft, Memory, Reading, named::is_small_talk};
use crate::{
    layout::SentenceKind,
    lexicon::Class,
    role::{Matter, Role},
    series, words,
};

impl Reading<'_> {
    /// A list entry is one item, unless it forbids, orders the bot about, or only says when.
    pub(super) fn add_entry(&mut self, index: usize, first: usize, memory: &Memory) {
        let parts = &self.parts[first..];
        let asks = |role: &Role| {
            matches!(
                role,
                Role::Request(_) | Role::Again(_) | Role::Fault(_) | Role::Phrase(_)
            )
        };
        let Some(main) = parts.iter().position(|part| asks(&part.role)) else {
            return;
        };
        let verb = parts.iter().find_map(|part| match &part.role {
            Role::Request(matter) | Role::Again(matter) => self.own_verb(matter, memory),
            _ => None,
        });
        let start = match &parts[main].role {
            Role::Request(matter)
            | Role::Again(matter)
            | Role::Fault(matter)
            | Role::Phrase(matter) => matter.span.start,
            _ => return,
        };
        let kept = parts[main..]
            .iter()
            .filter(|part| !matches!(part.role, Role::Attribute | Role::Ignored | Role::Order));
        let title: Vec<Range<usize>> = kept
            .map(|part| {
                part.clause
                    .span
                    .start
                    .max(start)
                    .saturating_sub(usize::from(part.clause.span.start > start))
                    ..part.clause.span.end
            })
            .collect();
        // "deep fryer: change oil": what stands before the colon is part of the entry.
        let named = index
            .checked_sub(1)
            .map(|before| &self.sentences[before])
            .filter(|before| {
                before.line == self.sentences[index].line
                    && before.kind == SentenceKind::Header
                    && before.span.len() <= 6
            });
        let title: Vec<Range<usize>> = named
            .map(|before| before.span.start..(before.span.end + 1).min(self.words.tokens.len()))
            .into_iter()
            .chain(title)
            .collect();
        let whole = self.sentences[index].span.clone();
        self.push(
            Draft::new(title, verb, (index, first + main), start),
            memory.header,
            whole,
        );
    }

    /// A name of a thing is an item after a header, or where it is pressed for.
    pub(super) fn add_phrase(&mut self, at: usize, matter: &Matter, memory: &mut Memory) {
        let part = self.parts[at].clone();
        let sentence = &self.sentences[part.sentence];
        let fresh = self
            .drafts
            .last()
            .is_none_or(|draft| draft.sentence != part.sentence);
        let listed = sentence.kind == SentenceKind::Line
            && memory.heading.is_some()
            && !self.bulleted
            && fresh;
        let inline = (memory.header.is_some()
            || memory.heading.is_some_and(|heading| heading.asks))
            && !self.bulleted
            && part.sentence > 0
            && self.sentences[part.sentence - 1].kind == SentenceKind::Header;
        if self.continues(at, matter) {
            self.add_one_more(at, matter);
            return;
        }
        let things = if listed {
            vec![matter.span.clone()]
        } else {
            series::split(self.tokens(), matter.span.clone(), self.marks())
        };
        // "Add: login, invoices and live chat" names things, "Call list: thanks!" does not.
        let sisters = self
            .parts
            .iter()
            .filter(|other| other.sentence == part.sentence);
        let series = inline && (things.len() > 1 || sisters.count() > 1);
        let talks = !series && is_small_talk(self.words, &matter.span);
        if !(listed || inline) || talks {
            let more = super::guesses(&self.tokens()[part.clause.span.start]);
            memory.tell(part.sentence, part.clause.span, more);
            return;
        }
        for thing in things {
            let draft = Draft::new(vec![thing.clone()], None, (part.sentence, at), thing.start);
            self.push(draft, memory.header, thing);
        }
    }

    /// "Design a logo. Also business cards (2h).": one more of the same, in its own sentence.
    fn continues(&self, at: usize, matter: &Matter) -> bool {
        let span = self.parts[at].clause.span.clone();
        let first = &self.tokens()[span.start];
        let opens = at == 0 || self.parts[at - 1].sentence != self.parts[at].sentence;
        let joined = matter.adds || words::is_and(first);
        let named = self.tokens()[matter.span.start].is(Class::Determiners)
            || self
                .marks()
                .within(span)
                .any(|mark| mark.meaning.leaves_title());
        opens
            && joined
            && named
            && !self.drafts.is_empty()
            && !is_small_talk(self.words, &matter.span)
    }

    fn add_one_more(&mut self, at: usize, matter: &Matter) {
        let sentence = self.parts[at].sentence;
        let verb = self.drafts.last().and_then(|draft| draft.verb);
        for thing in series::split(self.tokens(), matter.span.clone(), self.marks()) {
            let draft = Draft::new(vec![thing.clone()], verb, (sentence, at), thing.start);
            self.push(draft, None, thing);
        }
    }
}
