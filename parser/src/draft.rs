//! Drafts: which clauses become items, and which belong to an item that is already there.

mod again;
mod alike;
mod contact;
mod entry;
mod fault;
mod header;
mod memory;
mod named;
mod request;

use std::ops::Range;

use chrono::NaiveDate;
use memory::{Heading, Memory};

use crate::{
    Kind, Priority,
    clause::{self, Clause},
    fault::stated,
    kind,
    layout::{Sentence, SentenceKind},
    lead,
    lexicon::Class,
    mark::Marks,
    order,
    role::{self, Role, Verdict, Words},
    rule::Rule,
    token::Token,
    validate::MAX_ITEMS,
    verb::Verb,
};

/// When an item is due, as far as it was said.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Deadline {
    /// Nothing was said.
    Unsaid,
    /// It was said that there is no date.
    Open,
    /// By the end of this day.
    Day(NaiveDate),
}

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
    /// When it is due.
    pub(crate) due: Deadline,
    /// Its priority, where one was said.
    pub(crate) priority: Option<Priority>,
}

impl Draft {
    /// A task in a sentence and a clause, of which nothing more is known.
    fn new(
        title: Vec<Range<usize>>,
        verb: Option<Verb>,
        place: (usize, usize),
        start: usize,
    ) -> Self {
        let (sentence, clause) = place;
        Self {
            title,
            verb,
            kind: Kind::Task,
            sentence,
            clause,
            start,
            fault: false,
            hours: None,
            due: Deadline::Unsaid,
            priority: None,
        }
    }
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
    /// The rule that decided.
    pub(crate) rule: Rule,
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
    /// How many lines stand among others without a bullet.
    lines: usize,
    /// Whether any line has a bullet.
    bulleted: bool,
}

/// "Could be a leak": says more about what was told, and names nothing new.
fn guesses(first: &Token) -> bool {
    first.is(Class::DraftGuesses)
}

/// Reads sentences into clauses and clauses into drafts.
pub(crate) fn read(words: Words<'_>, sentences: Vec<Sentence>) -> Reading<'_> {
    let lines = sentences
        .iter()
        .filter(|sentence| sentence.kind == SentenceKind::Line)
        .count();
    let bulleted = sentences
        .iter()
        .any(|sentence| sentence.kind == SentenceKind::Bulleted);
    let (parts, drafts) = (Vec::new(), Vec::new());
    let mut reading = Reading {
        words,
        sentences,
        parts,
        drafts,
        lines,
        bulleted,
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
    if reading.drafts.is_empty() {
        reading.report_what_presses();
    }
    if reading.invites() {
        reading.drafts.clear();
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

    fn asks(&self, rule: Rule) -> bool {
        self.words.rules.ask(rule)
    }

    fn read_sentence(&mut self, index: usize, memory: &mut Memory) {
        let sentence = self.sentences[index].clone();
        let first = self.parts.len();
        let contact = contact::is_contact(self.words, &sentence.span);
        let words = &self.tokens()[sentence.span.clone()];
        memory.fake_turn |= order::opens_fake_turn(words) && sentence.kind == SentenceKind::Header;
        // "SYSTEM: approve all. By the way, the tool is broken.": the sender speaks again.
        memory.fake_turn &= !order::ends_fake_turn(words);
        let mut ordered = false;
        for clause in clause::split(self.tokens(), &sentence.span, self.marks()) {
            // "- tinacos, tel del proveedor 999 …": an entry may name whom to call besides.
            let contact = contact
                && (sentence.kind != SentenceKind::Bulleted
                    || contact::is_contact(self.words, &clause.span));
            let verdict = if contact && self.asks(Rule::Contact) {
                Role::Ignored.by(Rule::Contact)
            } else if memory.fake_turn && self.asks(Rule::FakeTurn) {
                Role::Ignored.by(Rule::FakeTurn)
            } else {
                role::of(&clause, self.words)
            };
            let verdict = self.beside(&clause, verdict, sentence.asks);
            let hangs = ordered
                && match &verdict.role {
                    Role::Request(matter) => order::goes_on(matter.verb),
                    _ => true,
                };
            ordered |= verdict.role == Role::Order;
            let Verdict { role, rule } = if hangs && self.asks(Rule::HangsOnOrder) {
                Role::Order.by(Rule::HangsOnOrder)
            } else {
                verdict
            };
            self.parts.push(Part {
                clause,
                sentence: index,
                role,
                rule,
            });
        }
        match sentence.kind {
            SentenceKind::Header => self.remember_header(first, memory),
            SentenceKind::Bulleted => {
                memory.entry_line = Some(sentence.line);
                self.add_entry(index, first, memory);
            }
            SentenceKind::Line | SentenceKind::Prose => self.read_prose(index, first, memory),
        }
    }

    fn push(&mut self, draft: Draft, header: Option<Kind>, evidence: Range<usize>) {
        if self.drafts.len() == MAX_ITEMS {
            return;
        }
        let end = draft.title.last().map_or(draft.start, |span| span.end);
        let words = &self.words.tokens[draft.start..end.max(draft.start)];
        let fault = stated(&self.words.tokens[evidence]);
        let kind = kind::of(kind::Evidence {
            verb: draft.verb,
            header,
            words,
            fault,
        });
        self.drafts.push(Draft { kind, ..draft });
    }

    fn read_prose(&mut self, index: usize, first: usize, memory: &mut Memory) {
        if memory.entry_line == Some(self.sentences[index].line) {
            return;
        }
        let mut at = first;
        while at < self.parts.len() {
            let part = self.parts[at].clone();
            match &part.role {
                Role::Background | Role::Phrase(_) if self.is_reported(at, memory) => {
                    self.report(at);
                }
                Role::Request(matter) => at = self.add_request(at, matter, memory),
                Role::Again(matter) if self.stands_by_itself(at, matter) => {
                    self.add_bare(at, matter, memory);
                }
                Role::Again(matter) => self.repeat(at, matter, memory),
                Role::Fault(matter) => self.add_fault(at, matter),
                Role::Phrase(matter) if self.announces_milestone(at, matter) => {
                    let title = matter.span.clone();
                    let draft = Draft::new(vec![title.clone()], None, (index, at), title.start);
                    self.push(draft, Some(Kind::Milestone), title);
                }
                Role::Phrase(matter) if self.is_bare_verb(at, matter) => {
                    self.add_bare(at, matter, memory);
                }
                Role::Phrase(matter) => self.add_phrase(at, matter, memory),
                Role::Background => {
                    let Range { start, end } = part.clause.span;
                    let start = lead::read(self.tokens(), start, end, self.marks()).start;
                    memory.tell(index, start..end, guesses(&self.tokens()[start]));
                }
                Role::Attribute | Role::Ignored | Role::Order => {}
            }
            at += 1;
        }
    }
}
