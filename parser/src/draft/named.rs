//! Drafts where nothing is asked for: things that are named with a day, milestones that are
//! told; and what is no work after all.

use std::ops::Range;

use super::{Draft, Reading};
use crate::{
    Kind, Priority,
    effort::Scope,
    kind,
    lexicon::Class,
    mark::Meaning,
    role::{Matter, Role, Words},
    series,
};

impl Reading<'_> {
    /// "Lanzamiento del rebranding el 3 de septiembre. …": a milestone with its day, whatever else is
    /// asked for.
    pub(super) fn announces_milestone(&self, at: usize, matter: &Matter) -> bool {
        let words = &self.tokens()[matter.span.clone()];
        let span = self.parts[at].clause.span.clone();
        let dated = self
            .marks()
            .within(span)
            .any(|mark| matches!(mark.meaning, Meaning::Due(_)));
        let [first, second, ..] = words else {
            return false;
        };
        let evidence = kind::Evidence {
            verb: None,
            header: None,
            words,
            fault: None,
        };
        let named = matches!(
            first.norm.as_str(),
            "lanzamiento" | "entrega" | "release" | "launch" | "estreno"
        ) && matches!(second.norm.as_str(), "de" | "del" | "of");
        dated && named && kind::of(evidence) == Kind::Milestone
    }

    /// "Final delivery of the project is January 15": told, but of a day to work for.
    fn name_the_milestone(&mut self) {
        let milestone = self.parts.iter().position(|part| {
            let span = part.clause.span.clone();
            let dated = self
                .marks()
                .within(span.clone())
                .any(|mark| matches!(mark.meaning, Meaning::Due(_)));
            let evidence = kind::Evidence {
                verb: None,
                header: None,
                words: &self.tokens()[span.clone()],
                fault: None,
            };
            let live = (span.start..span.end).any(|at| LIVE.at(&self.tokens()[at..]).is_some());
            part.role == Role::Background
                && dated
                && (live || kind::of(evidence) == Kind::Milestone)
        });
        let Some(at) = milestone else { return };
        let Range { start, end } = self.parts[at].clause.span;
        let is = (start..end)
            .find(|&at| self.tokens()[at].tells.finite || LIVE.at(&self.tokens()[at..]).is_some());
        let title = start..is.unwrap_or(end);
        let draft = Draft::new(
            vec![title.clone()],
            None,
            (self.parts[at].sentence, at),
            start,
        );
        self.push(draft, Some(Kind::Milestone), title);
    }

    /// "Poda de árboles y corte de pasto. Todo el sábado.": works that are named, and then when.
    fn is_pressed_later(&self, at: usize, matter: &Matter) -> bool {
        let works = self.tokens()[matter.span.clone()]
            .iter()
            .take(3)
            .any(|token| kind::is_work(token.word()));
        let sentence = self.parts[at].sentence;
        works
            && self.parts[at + 1..].iter().any(|part| {
                let mut marks = self.marks().within(part.clause.span.clone());
                part.sentence > sentence
                    && part.role == Role::Attribute
                    && marks.any(|mark| mark.meaning.leaves_title())
            })
    }

    /// "Inventario mañana", "Release party poster, 3 hours": a short message that names a
    /// thing and says when, how long or how urgent.
    pub(super) fn name_the_only_thing(&mut self) {
        let phrases: Vec<usize> = (0..self.parts.len())
            .filter(|&at| matches!(self.parts[at].role, Role::Phrase(_)))
            .collect();
        let told = self
            .parts
            .iter()
            .any(|part| matches!(part.role, Role::Background));
        if phrases.is_empty() {
            self.name_the_milestone();
        }
        for at in phrases {
            let part = self.parts[at].clone();
            let Role::Phrase(matter) = &part.role else {
                continue;
            };
            let span = self.sentences[part.sentence].span.clone();
            let pressed = self
                .marks()
                .within(span)
                .any(|mark| mark.meaning.leaves_title() && !is_weak(mark.meaning))
                || self.is_pressed_later(at, matter);
            let named = kind::of(kind::Evidence {
                verb: None,
                header: None,
                words: &self.tokens()[matter.span.clone()],
                fault: None,
            }) != Kind::Task;
            let own = matter.span.clone().filter(|&at| self.marks().is_free(at));
            let short = own.count() <= 14;
            if (pressed || named)
                && short
                && (!told || pressed && named)
                && !self.sentences[part.sentence].asks
                && !is_small_talk(self.words, &matter.span)
            {
                // "La versión 5.0 se lanza el martes"
                let live = matter
                    .span
                    .clone()
                    .any(|at| LIVE.at(&self.tokens()[at..]).is_some());
                for thing in series::split(self.tokens(), matter.span.clone(), self.marks()) {
                    let draft =
                        Draft::new(vec![thing.clone()], None, (part.sentence, at), thing.start);
                    self.push(draft, live.then_some(Kind::Milestone), thing);
                }
            }
        }
    }

    /// "Party at my place Friday, bring snacks": an invitation, and what guests are to bring.
    pub(super) fn invites(&self) -> bool {
        let brings = self.drafts.iter().all(|draft| {
            draft.verb.is_some_and(|verb| {
                matches!(verb.lemma, "bring" | "traer" | "come" | "join" | "llevar")
            })
        });
        let meets = self.parts.iter().any(|part| {
            let span = part.clause.span.clone();
            part.role == Role::Background
                && span
                    .clone()
                    .any(|at| SEE_YOU.at(&self.tokens()[at..span.end]).is_some())
        });
        let party = meets
            || self.parts.iter().any(|part| {
                matches!(part.role, Role::Phrase(_) | Role::Background)
                    && self.tokens()[part.clause.span.clone()]
                        .iter()
                        .any(|token| token.is(Class::NamedParties))
            });
        brings && party
    }
}

phrase_list!(
    LIVE = "\
    goes live|go live|going live|goes out|is released|gets released|will be released|launches|\
    will launch|ships|se lanza|se lanzan|se libera|se publica|se estrena|sale a produccion|\
    sale en vivo|sale al aire"
);

phrase_list!(SEE_YOU = "see you|see ya|nos vemos|los espero|las espero|te espero|come over");

fn is_weak(meaning: Meaning) -> bool {
    matches!(meaning, Meaning::Effort(effort) if effort.scope == Some(Scope::Each))
        || matches!(meaning, Meaning::Priority(Priority::Low | Priority::Medium))
}

/// Invitations, wishes, thanks: a thing and a day that nobody is asked to work on.
pub(super) fn is_small_talk(words: Words<'_>, span: &Range<usize>) -> bool {
    words.tokens[span.clone()]
        .iter()
        .any(|token| token.is(Class::NamedSmallTalk))
}
