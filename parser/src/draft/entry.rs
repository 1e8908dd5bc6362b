//! Drafts from lists and names: entries, headers, and things that are named without a verb.

use std::ops::Range;

use super::{Draft, Memory, Part, Reading};
use crate::{
    Kind, Language, Priority, command,
    effort::Scope,
    kind,
    layout::Place,
    lead::{self, Lead},
    mark::Meaning,
    role::{self, Matter, Role, Words},
    series,
    token::Shape,
    verb::Verb,
    words,
};

impl Reading<'_> {
    pub(super) fn remember_header(&mut self, first: usize, memory: &mut Memory) {
        memory.header = self.parts[first..]
            .iter()
            .find_map(|part| match &part.role {
                Role::Request(matter) | Role::Again(matter) => self.header_verb(matter),
                Role::Phrase(matter) => kind::by_header(&self.words.tokens[matter.span.clone()]),
                _ => None,
            });
        memory.asks = self.parts[first..].iter().any(|part| {
            matches!(part.role, Role::Request(_) | Role::Again(_)) || self.presses(part)
        });
        memory.reports = self.parts[first..].iter().any(|part| {
            let mut words = self.tokens()[part.clause.span.clone()].iter();
            words.len() <= 3 && words.any(|token| REPORTS.contains(token.word()))
        });
        memory.headed = true;
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
        part.role == Role::Attribute
            && marks.any(|mark| matches!(mark.meaning, Meaning::Due(_) | Meaning::Priority(_)))
    }

    /// "Fix:", "Add to the app:", but not "Launch checklist:".
    fn header_verb(&self, matter: &Matter) -> Option<Kind> {
        let shown = matter.head.is_none_or(|head| {
            command::read(self.tokens(), head, matter.span.end, self.marks(), true).is_some()
        });
        matter
            .verb
            .filter(|verb| verb.sure() || shown || matter.span.len() == 1)
            .map(|verb| verb.kind)
    }

    /// The verb that asks for an item. After a header with a verb ("Fix:"), a word that may
    /// be a noun is one ("email validation") unless its object shows that it is a verb.
    pub(super) fn own_verb(&self, matter: &Matter, memory: &Memory) -> Option<Verb> {
        let shown = matter.head.is_none_or(|head| {
            command::read(self.tokens(), head, matter.span.end, self.marks(), true).is_some()
        });
        let named = matter
            .head
            .is_some_and(|head| self.names_a_part(head, matter.span.end));
        matter
            .verb
            .filter(|verb| memory.header.is_none() || (verb.sure() && !named) || shown && !named)
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
                && !words::is_determiner(&self.tokens()[head + 1].norm)
                && PARTS.contains(self.tokens()[last].norm.as_str())
        })
    }

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
                    && before.place == Place::Header
                    && before.span.len() <= 6
            });
        let title: Vec<Range<usize>> = named
            .map(|before| before.span.start..before.span.end + 1)
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
        let listed = sentence.place == Place::Line && memory.headed && !self.bulleted && fresh;
        let inline = (memory.header.is_some() || memory.asks)
            && !self.bulleted
            && part.sentence > 0
            && self.sentences[part.sentence - 1].place == Place::Header;
        if self.continues(at, matter) {
            self.add_one_more(at, matter);
            return;
        }
        if !(listed || inline) || is_small_talk(self.words, &matter.span) {
            let more = super::guesses(&self.tokens()[part.clause.span.start]);
            memory.tell(part.sentence, part.clause.span, more);
            return;
        }
        let things = if listed {
            vec![matter.span.clone()]
        } else {
            series::split(self.tokens(), matter.span.clone(), self.marks())
        };
        for thing in things {
            let draft = Draft::new(vec![thing.clone()], None, (part.sentence, at), thing.start);
            self.push(draft, memory.header, thing);
        }
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
                words: &self.tokens()[span],
                fault: None,
            };
            part.role == Role::Background && dated && kind::of(evidence) == Kind::Milestone
        });
        let Some(at) = milestone else { return };
        let Range { start, end } = self.parts[at].clause.span;
        let is = (start..end).find(|&at| words::is_finite(self.tokens()[at].word()));
        let title = start..is.unwrap_or(end);
        let draft = Draft::new(
            vec![title.clone()],
            None,
            (self.parts[at].sentence, at),
            start,
        );
        self.push(draft, None, title);
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

    /// "Design a logo. Also business cards (2h).": one more of the same, in its own sentence.
    fn continues(&self, at: usize, matter: &Matter) -> bool {
        let span = self.parts[at].clause.span.clone();
        let first = &self.tokens()[span.start];
        let opens = at == 0 || self.parts[at - 1].sentence != self.parts[at].sentence;
        let joined = matter.adds || words::is_and(first);
        let named = words::is_determiner(&self.tokens()[matter.span.start].norm)
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
            let short = matter.span.len() <= 14;
            if (pressed || named)
                && short
                && !told
                && !self.sentences[part.sentence].asks
                && !is_small_talk(self.words, &matter.span)
            {
                for thing in series::split(self.tokens(), matter.span.clone(), self.marks()) {
                    let draft =
                        Draft::new(vec![thing.clone()], None, (part.sentence, at), thing.start);
                    self.push(draft, None, thing);
                }
            }
        }
    }
}

word_set!(
    REPORTS = "\
    bug issue problem error glitch outage incident falla problema detalle incidencia averia fallo"
);

word_set!(
    PARTS = "\
    tracking option options button buttons page screen panel form filter filters history status \
    reminder reminders notification notifications mode support integration flow feature tab \
    widget banner popup modal alert alerts error errors bug bugs issue issues login validation"
);

impl Reading<'_> {
    /// "Party at my place Friday, bring snacks": an invitation, and what guests are to bring.
    pub(super) fn invites(&self) -> bool {
        let brings = self.drafts.iter().all(|draft| {
            draft.verb.is_some_and(|verb| {
                matches!(verb.lemma, "bring" | "traer" | "come" | "join" | "llevar")
            })
        });
        let party = self.parts.iter().any(|part| {
            matches!(part.role, Role::Phrase(_) | Role::Background)
                && self.tokens()[part.clause.span.clone()]
                    .iter()
                    .any(|token| PARTIES.contains(token.norm.as_str()))
        });
        brings && party
    }
}

word_set!(
    PARTIES = "\
    party fiesta birthday cumple cumpleanos bbq barbecue potluck asada parrillada reunion pijamada"
);

fn is_weak(meaning: Meaning) -> bool {
    matches!(meaning, Meaning::Effort(effort) if effort.scope == Some(Scope::Each))
        || matches!(meaning, Meaning::Priority(Priority::Low | Priority::Medium))
}

word_set!(
    SMALL_TALK = "\
    nothing nada ninguno none \
    dinner lunch breakfast drinks beers beer game movie birthday congrats congratulations \
    happy bye haha lol jaja jajaja jeje cena asada tacos chelas cumple cumpleanos feliz \
    felicidades felices fiesta party saludos abrazo abrazos besos gracias thanks regards \
    weekend vacaciones talk chat hablamos rest descansar dormir sleep closed cerrado cerrada cerrados holiday feriado puente asueto lol ok bendiciones bonito excelente linda lindo nice great luck suerte \
    animo job welcome bienvenido bienvenida buen good see hola hello equipo"
);

/// Invitations, wishes, thanks: a thing and a day that nobody is asked to work on.
fn is_small_talk(words: Words<'_>, span: &Range<usize>) -> bool {
    words.tokens[span.clone()]
        .iter()
        .any(|token| SMALL_TALK.contains(token.norm.as_str()))
}
