//! Verbs without a thing of their own: "fix it", "y el jueves descimbrar".

use std::ops::Range;

use super::{Draft, Memory, Reading};
use crate::{
    Kind,
    clause::Joint,
    layout::SentenceKind,
    lexicon::Class,
    mark::Meaning,
    role::{Matter, Role},
    verb::{self, Noun},
    words,
};

impl Reading<'_> {
    /// "… y el jueves descimbrar", "revisar el plano, imprimir y entregar la obra": a verb alone
    /// that has a day or hours of its own, or is one of a series.
    pub(super) fn stands_by_itself(&self, at: usize, matter: &Matter) -> bool {
        let part = &self.parts[at];
        let pronoun = self.tokens()[part.clause.span.clone()]
            .iter()
            .any(|token| token.is(Class::Pronouns));
        let bare = matter.head.is_some()
            && matter.verb.is_some_and(|verb| {
                !verb.pronoun && verb.noun != Noun::Mostly && !verb::finishes(verb.lemma)
            })
            && !pronoun;
        let follows = self
            .drafts
            .last()
            .is_some_and(|draft| draft.sentence == part.sentence && !draft.fault);
        let mut marks = self.marks().within(part.clause.span.clone());
        let own = marks.any(|mark| matches!(mark.meaning, Meaning::Due(_) | Meaning::Effort(_)));
        let next = self.parts.get(at + 1);
        let series = part.clause.joint == Joint::Comma
            && next.is_some_and(|next| {
                (next.clause.joint == Joint::And
                    || words::is_and(&self.tokens()[next.clause.span.start]))
                    && next.sentence == part.sentence
                    && matches!(next.role, Role::Request(_))
            });
        let answers = self
            .drafts
            .last()
            .is_some_and(|draft| draft.sentence == part.sentence && draft.fault);
        if bare && !answers && self.named_above(part.sentence).is_some() {
            return true;
        }
        let shares = at > 0
            && matches!(self.parts[at - 1].role, Role::Again(_))
            && self.parts[at - 1].sentence == part.sentence;
        bare && follows && !shares && (own || series)
    }

    fn is_one_word(&self, matter: &Matter) -> bool {
        let mut words = matter.span.clone().skip(1);
        words.all(|at| !self.marks().is_free(at) || self.tokens()[at].word().is_empty())
    }

    /// "patch the holes, **paint**, and mount the new one": a word that might be a noun.
    pub(super) fn is_bare_verb(&self, at: usize, matter: &Matter) -> bool {
        let verb = self.tokens()[matter.span.start]
            .verb
            .filter(|verb| self.is_one_word(matter) && verb.asks());
        let matter = Matter {
            verb,
            head: Some(matter.span.start),
            ..matter.clone()
        };
        verb.is_some() && self.stands_by_itself(at, &matter)
    }

    pub(super) fn add_bare(&mut self, at: usize, matter: &Matter, memory: &Memory) {
        let sentence = self.parts[at].sentence;
        let title = [matter.span.clone()]
            .into_iter()
            .chain(self.named_above(sentence))
            .collect();
        let draft = Draft::new(title, matter.verb, (sentence, at), matter.span.start);
        self.push(draft, memory.header, matter.span.clone());
    }

    /// "Class flyers: translate, print, post": the thing that a header names for the verbs after it.
    fn named_above(&self, sentence: usize) -> Option<Range<usize>> {
        let before = sentence.checked_sub(1)?;
        let header = &self.sentences[before];
        let same_line = header.line == self.sentences[sentence].line;
        let names = self.parts.iter().any(|part| {
            part.sentence == before
                && matches!(part.role, Role::Phrase(_))
                && part.clause.span.len() <= 6
        });
        (header.kind == SentenceKind::Header && same_line && names).then(|| header.span.clone())
    }

    /// "compare it **with the other two bids**": what else the verb is about.
    fn after_pronoun(&self, matter: &Matter) -> Option<Range<usize>> {
        let from = matter.head? + 2;
        let first = self.tokens()[..matter.span.end].get(from)?;
        let named = matches!(
            first.norm.as_str(),
            "with" | "against" | "con" | "contra" | "to" | "into" | "on"
        );
        let own = (from + 1..matter.span.end)
            .filter(|&at| self.marks().is_free(at))
            .count();
        (named && self.marks().is_free(from) && own > 1).then_some(from..matter.span.end)
    }

    /// "We need a landing page and a logo, **create both** by Monday": the verb for things that
    /// were named without one. True where there were some.
    fn says_how(&mut self, sentence: usize, matter: &Matter) -> bool {
        let Some(verb) = matter.verb.filter(|verb| verb.kind != Kind::Task) else {
            return false;
        };
        let named = |draft: &&mut Draft| {
            sentence - draft.sentence <= 1
                && draft.verb.is_none()
                && !draft.fault
                && draft.kind == Kind::Task
        };
        let mut found = false;
        for draft in self.drafts.iter_mut().filter(named) {
            draft.verb = Some(verb);
            draft.kind = verb.kind;
            found = true;
        }
        found
    }

    /// "fix it": the fault or the story before it becomes the item, if it is none yet.
    pub(super) fn repeat(&mut self, at: usize, matter: &Matter, memory: &mut Memory) {
        let part = self.parts[at].clone();
        if self.says_how(part.sentence, matter) {
            return;
        }
        if let Some(draft) = self.drafts.last_mut().filter(|draft| draft.fault) {
            draft.fault = false;
            draft.verb = draft.verb.or(matter.verb);
            return;
        }
        // "The shop opens at 9 and closes at 8" goes on telling.
        let tells_on = part.clause.joint == Joint::And
            && matter.head.is_some_and(|head| {
                let word = &self.tokens()[head].norm;
                matter.verb.is_some_and(|verb| verb.is_indicative(word))
            });
        let finishes = matter.verb.is_some_and(|verb| verb::finishes(verb.lemma));
        if tells_on || finishes {
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
        let head = matter.head.map(|head| {
            let pronoun = self.tokens()[matter.span.clone()]
                .iter()
                .any(|token| token.is(Class::Pronouns));
            head..if pronoun { head + 1 } else { matter.span.end }
        });
        let object = !matter.verb.is_some_and(|verb| verb.object);
        let rest = self.after_pronoun(matter);
        let draft = Draft::new(
            head.filter(|_| object)
                .into_iter()
                .chain([span.clone()])
                .chain(rest)
                .collect(),
            matter.verb,
            (part.sentence, at),
            span.start,
        );
        self.push(draft, memory.header, span);
    }
}
