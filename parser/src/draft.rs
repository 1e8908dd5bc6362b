//! Drafts: which clauses become items, and which belong to an item that is already there.

use std::ops::Range;

use crate::{
    Kind, Priority,
    clause::{self, Clause, Joint},
    effort::Scope,
    fault, kind,
    layout::{Place, Sentence},
    mark::{Marks, Meaning},
    order,
    phrase::Phrases,
    role::{self, Matter, Role, Words},
    series,
    token::Token,
    verb::Verb,
    words,
};

/// An item in the making.
#[derive(Debug, Clone)]
pub(crate) struct Draft {
    /// The spans of tokens that its title is made of.
    pub(crate) title: Vec<Range<usize>>,
    /// The verb that asks for it.
    pub(crate) verb: Option<Verb>,
    /// What sort of work it is.
    pub(crate) kind: Kind,
    /// The sentence it is in, by its index.
    pub(crate) sentence: usize,
    /// The clause it is in, by its index among the message's clauses.
    pub(crate) clause: usize,
    /// Where its own words begin.
    pub(crate) start: usize,
    /// Whether it is a fault without a request for its repair yet.
    pub(crate) fault: bool,
    /// Hours stated for it.
    pub(crate) hours: Option<f64>,
    /// Its due date; inner nothing where it was said that there is none.
    pub(crate) due: Option<Option<chrono::NaiveDate>>,
    /// Its priority, where one was said.
    pub(crate) priority: Option<Priority>,
}

/// A clause in its sentence, with what it does.
#[derive(Debug, Clone)]
pub(crate) struct Part {
    /// The clause.
    pub(crate) clause: Clause,
    /// The sentence it is in, by its index.
    pub(crate) sentence: usize,
    /// What it does.
    pub(crate) role: Role,
}

/// A message as far as it is understood.
#[derive(Debug)]
pub(crate) struct Reading<'a> {
    /// Its words and marks.
    pub(crate) words: Words<'a>,
    /// Its sentences.
    pub(crate) sentences: Vec<Sentence>,
    /// The clauses of all sentences.
    pub(crate) parts: Vec<Part>,
    /// The items so far.
    pub(crate) drafts: Vec<Draft>,
}

/// What is remembered while the clauses are read in order.
#[derive(Debug, Default)]
struct Memory {
    header: Option<Kind>,
    header_span: Option<Range<usize>>,
    told: Option<(usize, Range<usize>)>,
    fake_turn: bool,
}

/// Reads sentences into clauses and clauses into drafts.
pub(crate) fn read<'a>(words: Words<'a>, sentences: Vec<Sentence>) -> Reading<'a> {
    let mut reading = Reading {
        words,
        sentences,
        parts: Vec::new(),
        drafts: Vec::new(),
    };
    let mut memory = Memory::default();
    for index in 0..reading.sentences.len() {
        reading.read_sentence(index, &mut memory);
    }
    if reading.drafts.is_empty() {
        reading.read_header_as_request();
    }
    if reading.drafts.is_empty() {
        reading.name_the_only_thing();
    }
    reading
}

impl Reading<'_> {
    fn tokens(&self) -> &[Token] {
        self.words.tokens
    }

    fn marks(&self) -> &Marks {
        self.words.marks
    }

    fn read_sentence(&mut self, index: usize, memory: &mut Memory) {
        let sentence = self.sentences[index].clone();
        let first = self.parts.len();
        let contact = is_contact(self.words, &sentence.span);
        memory.fake_turn |= order::opens_fake_turn(&self.tokens()[sentence.span.clone()])
            && sentence.place == Place::Header;
        for clause in clause::split(self.tokens(), &sentence.span, self.marks()) {
            let role = if contact || memory.fake_turn {
                Role::Ignored
            } else {
                role::of(&clause, self.words)
            };
            self.parts.push(Part {
                clause,
                sentence: index,
                role,
            });
        }
        match sentence.place {
            Place::Header => self.remember_header(first, memory),
            Place::Bulleted => self.add_entry(index, first, memory),
            Place::Line | Place::Prose => self.read_prose(index, first, memory),
        }
    }

    fn remember_header(&mut self, first: usize, memory: &mut Memory) {
        memory.header = self.parts[first..]
            .iter()
            .find_map(|part| match &part.role {
                Role::Request(matter) | Role::Again(matter) => matter.verb.map(|verb| verb.kind),
                Role::Phrase(matter) => kind::by_header(&self.words.tokens[matter.span.clone()]),
                _ => None,
            });
        memory.header_span = self.parts.get(first).map(|part| part.clause.span.clone());
        if let Some(part) = self
            .parts
            .last()
            .filter(|part| matches!(part.role, Role::Fault(_)))
        {
            let (span, sentence) = (part.clause.span.clone(), part.sentence);
            memory.told = Some((sentence, span));
        }
    }

    /// A list entry is one item, unless it forbids, orders the bot about, or only says when.
    fn add_entry(&mut self, index: usize, first: usize, memory: &Memory) {
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
            Role::Request(matter) | Role::Again(matter) => matter.verb,
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
            .filter(|part| !matches!(part.role, Role::Attribute | Role::Ignored));
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
        let whole = self.sentences[index].span.clone();
        self.push(
            Draft {
                title,
                verb,
                kind: Kind::Task,
                sentence: index,
                clause: first + main,
                start,
                fault: false,
                hours: None,
                due: None,
                priority: None,
            },
            memory.header,
            whole,
        );
    }

    fn push(&mut self, draft: Draft, header: Option<Kind>, evidence: Range<usize>) {
        let words = &self.words.tokens[draft.start
            ..draft
                .title
                .last()
                .map_or(draft.start, |span| span.end)
                .max(draft.start)];
        let fault = fault::stated(&self.words.tokens[evidence]);
        let kind = kind::of(kind::Evidence {
            verb: draft.verb,
            header,
            words,
            fault,
        });
        self.drafts.push(Draft { kind, ..draft });
    }

    fn read_prose(&mut self, index: usize, first: usize, memory: &mut Memory) {
        if self.sentences[..index].iter().any(|sentence| {
            sentence.place == Place::Bulleted && sentence.line == self.sentences[index].line
        }) {
            return;
        }
        let mut at = first;
        while at < self.parts.len() {
            let part = self.parts[at].clone();
            match &part.role {
                Role::Request(matter) => at = self.add_request(at, matter, memory),
                Role::Again(matter) => self.repeat(at, matter, memory),
                Role::Fault(matter) => self.add_fault(at, matter),
                Role::Phrase(matter) => self.add_phrase(at, matter, memory),
                Role::Background => memory.told = Some((index, part.clause.span.clone())),
                Role::Attribute | Role::Ignored => {}
            }
            at += 1;
        }
    }

    /// A request gives one draft per thing; returns the last clause that belongs to it.
    fn add_request(&mut self, at: usize, matter: &Matter, memory: &Memory) -> usize {
        let part = self.parts[at].clone();
        let one = self.sentences[part.sentence].place == Place::Line
            && self
                .sentences
                .iter()
                .filter(|other| other.place == Place::Line)
                .count()
                > 2;
        let last = if one { at } else { self.series_end(at) };
        let object = matter.head.map_or(matter.span.start, |head| head + 1);
        let mut things = if one {
            vec![matter.span.start..matter.span.end]
        } else {
            series::split(
                self.tokens(),
                object.max(matter.span.start)..matter.span.end,
                self.marks(),
            )
        };
        for next in at + 1..=last {
            things.extend(series::split(
                self.tokens(),
                self.parts[next].clause.span.clone(),
                self.marks(),
            ));
        }
        if self.answers_fault(at, matter) {
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
            let draft = Draft {
                title,
                verb: matter.verb,
                kind: Kind::Task,
                sentence: part.sentence,
                clause: at,
                start,
                fault: false,
                hours: None,
                due: None,
                priority: None,
            };
            let evidence = draft.title.last().cloned().unwrap_or(start..start);
            self.push(draft, memory.header, evidence);
        }
        last
    }

    /// "update the docs and tests for the export module": what follows the last thing may
    /// belong to the others as well; an item alone keeps the phrases that follow it.
    fn with_modifiers(
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

    /// Where the objects of a request end: "order cups, plates and napkins".
    fn series_end(&self, at: usize) -> usize {
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
            if !thing
                && !(words::is_and(&tokens[part.clause.span.start])
                    || part.clause.joint == Joint::And)
            {
                break;
            }
            closed |= part.clause.joint == Joint::And
                || words::is_and(&tokens[part.clause.span.start])
                || series::split(tokens, matter.span.clone(), self.marks()).len() > 1;
            end = next;
        }
        if closed { end } else { at }
    }

    /// A fault and the request to fix it are one item. True where the request was taken in.
    fn answers_fault(&mut self, at: usize, matter: &Matter) -> bool {
        let part = self.parts[at].clone();
        let Some(draft) = self.drafts.last_mut().filter(|draft| draft.fault) else {
            return false;
        };
        let same_sentence = draft.sentence == part.sentence;
        let near = part.sentence.saturating_sub(draft.sentence) <= 1;
        let repairs = matter.verb.is_some_and(|verb| verb.kind == Kind::Bug);
        if matter.adds || !near || !same_sentence && !repairs {
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
    fn repeat(&mut self, at: usize, matter: &Matter, memory: &mut Memory) {
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
        let draft = Draft {
            title: vec![span.clone()],
            verb: matter.verb,
            kind: Kind::Task,
            sentence: part.sentence,
            clause: at,
            start: span.start,
            fault: false,
            hours: None,
            due: None,
            priority: None,
        };
        self.push(draft, memory.header, span);
    }

    fn add_fault(&mut self, at: usize, matter: &Matter) {
        let part = self.parts[at].clone();
        if let Some(draft) = self
            .drafts
            .last_mut()
            .filter(|draft| draft.sentence == part.sentence)
        {
            if draft.kind == Kind::Task
                && !draft.verb.is_some_and(|verb| fault::only_tells(verb.lemma))
            {
                draft.kind = Kind::Bug;
            }
            if draft.fault {
                draft
                    .title
                    .push(part.clause.span.start.saturating_sub(1)..part.clause.span.end);
            }
            return;
        }
        let told = at.checked_sub(1).map(|before| &self.parts[before]);
        let context = told.filter(|before| {
            before.sentence == part.sentence
                && matches!(before.role, Role::Background | Role::Phrase(_))
        });
        let start = context.map_or(matter.span.start, |before| before.clause.span.start);
        let draft = Draft {
            title: vec![start..part.clause.span.end],
            verb: None,
            kind: Kind::Bug,
            sentence: part.sentence,
            clause: at,
            start,
            fault: true,
            hours: None,
            due: None,
            priority: None,
        };
        self.push(draft, None, part.clause.span);
    }

    /// A name of a thing is an item after a header, or where it is pressed for.
    fn add_phrase(&mut self, at: usize, matter: &Matter, memory: &mut Memory) {
        let part = self.parts[at].clone();
        let sentence = &self.sentences[part.sentence];
        let follows_header = memory.header_span.is_some()
            && self.sentences[..part.sentence]
                .iter()
                .any(|other| other.place == Place::Header);
        let bulleted = self
            .sentences
            .iter()
            .any(|other| other.place == Place::Bulleted);
        let listed = sentence.place == Place::Line && follows_header && !bulleted;
        let inline = memory.header.is_some()
            && follows_header
            && !bulleted
            && self.sentences[part.sentence - 1].place == Place::Header;
        if !(listed || inline) || is_small_talk(self.words, &matter.span) {
            memory.told = Some((part.sentence, part.clause.span.clone()));
            return;
        }
        let things = if listed {
            vec![matter.span.clone()]
        } else {
            series::split(self.tokens(), matter.span.clone(), self.marks())
        };
        for thing in things {
            let draft = Draft {
                title: vec![thing.clone()],
                verb: None,
                kind: Kind::Task,
                sentence: part.sentence,
                clause: at,
                start: thing.start,
                fault: false,
                hours: None,
                due: None,
                priority: None,
            };
            self.push(draft, memory.header, thing);
        }
    }

    /// "Fix login: it is slow." A header that nothing follows is a sentence like any other.
    fn read_header_as_request(&mut self) {
        let found =
            (0..self.parts.len()).find(|&at| matches!(self.parts[at].role, Role::Request(_)));
        if let Some(at) = found {
            if let Role::Request(matter) = self.parts[at].role.clone() {
                self.add_request(at, &matter, &Memory::default());
            }
        }
    }

    /// "Inventario mañana", "Release party poster, 3 hours": a short message that names a
    /// thing and says when, how long or how urgent.
    fn name_the_only_thing(&mut self) {
        let phrases: Vec<usize> = (0..self.parts.len())
            .filter(|&at| matches!(self.parts[at].role, Role::Phrase(_)))
            .collect();
        let told = self
            .parts
            .iter()
            .any(|part| matches!(part.role, Role::Background));
        for at in phrases {
            let part = self.parts[at].clone();
            let Role::Phrase(matter) = &part.role else {
                continue;
            };
            let span = self.sentences[part.sentence].span.clone();
            let pressed = self
                .marks()
                .within(span)
                .any(|mark| mark.meaning.leaves_title() && !is_weak(mark.meaning));
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
                    let draft = Draft {
                        title: vec![thing.clone()],
                        verb: None,
                        kind: Kind::Task,
                        sentence: part.sentence,
                        clause: at,
                        start: thing.start,
                        fault: false,
                        hours: None,
                        due: None,
                        priority: None,
                    };
                    self.push(draft, None, thing);
                }
            }
        }
    }
}

fn is_weak(meaning: Meaning) -> bool {
    matches!(meaning, Meaning::Effort(effort) if effort.scope == Some(Scope::Each))
        || matches!(meaning, Meaning::Priority(Priority::Low | Priority::Medium))
}

phrase_list!(
    CONDITIONS = "\
    any questions|any doubts|any doubt|if you get stuck|if you have questions|\
    if you have any|if anything|if there are questions|questions call|cualquier duda|\
    cualquier cosa|si tienen dudas|si tienes dudas|si hay dudas|si tienen duda|\
    si tienes alguna|dudas me|para dudas|for questions|with questions|call me if|\
    si se atoran|if needed call|if you need anything|si necesitan algo"
);

phrase_list!(
    NUMBERS = "\
    phone is|number is|cell is|tel|phone for|mi cel es|mi cel|mi numero es|su telefono es|\
    su tel|su numero|his number|her number|their number|their phone|her phone|his phone|\
    my number|my cell|telefono de"
);

/// "If you get stuck call Ignacio at …", "cualquier duda me marcan al …".
fn is_contact(words: Words<'_>, span: &Range<usize>) -> bool {
    let tokens = &words.tokens[span.clone()];
    let phone = span
        .clone()
        .any(|at| words.marks.meaning(at) == Some(Meaning::Phone));
    let says = |phrases: &Phrases, most: usize| {
        (0..tokens.len().min(most)).any(|at| phrases.at(&tokens[at..]).is_some())
    };
    says(&CONDITIONS, usize::MAX) || phone && tokens.len() < 14 && says(&NUMBERS, 3)
}

word_set!(
    SMALL_TALK = "\
    dinner lunch breakfast drinks beers beer game movie birthday congrats congratulations \
    happy bye haha lol jaja jajaja jeje cena asada tacos chelas cumple cumpleanos feliz \
    felicidades felices fiesta party saludos abrazo abrazos besos gracias thanks regards \
    weekend vacaciones ok bendiciones bonito excelente linda lindo nice great luck suerte \
    animo job welcome bienvenido bienvenida buen good see hola hello equipo"
);

/// Invitations, wishes, thanks: a thing and a day that nobody is asked to work on.
fn is_small_talk(words: Words<'_>, span: &Range<usize>) -> bool {
    words.tokens[span.clone()]
        .iter()
        .any(|token| SMALL_TALK.contains(token.norm.as_str()))
}
