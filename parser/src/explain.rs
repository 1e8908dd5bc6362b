//! How a message was read, step by step, for whoever asks why: `cargo xtask read --explain`.

use std::fmt::Write;

use crate::{
    ParsedProposal, Request,
    builtin::{self, Marked},
    clause::Clause,
    document,
    draft::{Deadline, Draft, Part, Reading},
    effort::{Effort, Scope},
    lead,
    mark::{Mark, Meaning},
    role::Role,
    rule::{Rule, Rules},
    title,
    token::{Shape, Token},
};

/// Reads a message without one rule, to see what that rule is good for.
#[must_use]
pub fn without(request: &Request<'_>, rule: Rule) -> ParsedProposal {
    builtin::parse(request, Rules::without(rule))
}

/// The tokens, marks and clauses of a message, the role of each clause with the rule that decided
/// it, and the items, as text.
#[must_use]
pub fn explain(request: &Request<'_>) -> String {
    let text = document::own(request.text);
    let marked = Marked::of(&text, request);
    let (reading, total) = marked.read(&text, Rules::default());
    let mut told = Told {
        text: &text,
        marked: &marked,
        lines: format!("language  {}\n", marked.language.tag()),
    };
    told.head("tokens");
    marked.tokens.iter().for_each(|token| told.token(token));
    told.head("marks");
    let marks = marked.marks.within(0..marked.tokens.len());
    marks.for_each(|mark| told.mark(mark));
    told.head("clauses");
    reading
        .parts
        .iter()
        .for_each(|part| told.clause(part, &reading));
    told.head("items");
    reading.drafts.iter().for_each(|draft| told.draft(draft));
    let total = total.map_or_else(|| "-".to_owned(), |hours| hours.to_string());
    told.row("stated total", &total);
    told.lines
}

/// The rules that decided the clauses of a message, in the order of its words.
#[must_use]
pub fn rules(request: &Request<'_>) -> Vec<Rule> {
    let text = document::own(request.text);
    let marked = Marked::of(&text, request);
    let (reading, _) = marked.read(&text, Rules::default());
    reading.parts.iter().map(|part| part.rule).collect()
}

/// What is told of a message, line by line.
struct Told<'a> {
    text: &'a str,
    marked: &'a Marked,
    lines: String,
}

impl Told<'_> {
    fn head(&mut self, name: &str) {
        self.lines.push('\n');
        self.lines.push_str(name);
        self.lines.push('\n');
    }

    /// What a line is about, and what is said of it.
    fn row(&mut self, about: &str, said: &str) {
        // Writing to a string cannot fail.
        let _ = writeln!(self.lines, "  {about:<36}  {said}");
    }

    /// The text of some tokens, on one line.
    fn written(&self, span: &std::ops::Range<usize>) -> String {
        let tokens = &self.marked.tokens[span.clone()];
        let (Some(first), Some(last)) = (tokens.first(), tokens.last()) else {
            return String::new();
        };
        let words = self.text[first.start..last.end].split_whitespace();
        words.collect::<Vec<_>>().join(" ")
    }

    fn token(&mut self, token: &Token) {
        let mut said = match token.shape {
            Shape::Newline => return self.row("\\n", "end of a line"),
            Shape::Word => "word".to_owned(),
            Shape::Number => "number".to_owned(),
            Shape::Mark(_) => "mark".to_owned(),
            Shape::Emoji => "emoji".to_owned(),
            Shape::Link => "link".to_owned(),
        };
        if let Some(verb) = token.verb {
            let sure = if verb.sure() { "" } else { " or noun" };
            // Writing to a string cannot fail.
            let _ = write!(said, ", {:?} of {}{sure}", verb.form, verb.lemma);
        }
        let tells = token.tells;
        for (tells, name) in [
            (tells.finite, ", finite"),
            (tells.past, ", past"),
            (tells.fault, ", may begin a fault"),
        ] {
            said.push_str(if tells { name } else { "" });
        }
        self.row(&token.norm, &said);
    }

    fn mark(&mut self, mark: &Mark) {
        let said = match mark.meaning {
            Meaning::Due(due) => match due.day {
                Some(day) if due.limit => format!("due {day}, a limit"),
                Some(day) => format!("due {day}"),
                None => "no date".to_owned(),
            },
            Meaning::Effort(Effort { hours, scope }) => match scope {
                Some(Scope::Each) => format!("{hours} hours each"),
                Some(Scope::Whole) => format!("{hours} hours in all"),
                None => format!("{hours} hours"),
            },
            Meaning::Priority(priority) => priority.as_str().to_owned(),
            Meaning::Described => "a time that describes".to_owned(),
            Meaning::Clock => "a time of day".to_owned(),
            Meaning::Amount => "an amount".to_owned(),
            Meaning::Phone => "a telephone number".to_owned(),
            Meaning::Name => "a name in quotes".to_owned(),
            Meaning::Quote => "somebody's words".to_owned(),
        };
        let written = self.written(&mark.span);
        self.row(&written, &said);
    }

    fn clause(&mut self, part: &Part, reading: &Reading<'_>) {
        let written = self.written(&part.clause.span);
        let sentence = &reading.sentences[part.sentence];
        let said = format!("{} by rule \"{}\"", name(&part.role), part.rule.name());
        self.row(&written, &said);
        let leads = self.leads(&part.clause);
        let place = format!(
            "{:?} {}, joined by {:?}{leads}",
            sentence.kind,
            part.sentence + 1,
            part.clause.joint
        );
        self.row("", &place);
    }

    /// The lead-ins of a clause, and what they do.
    fn leads(&self, clause: &Clause) -> String {
        let Marked { tokens, marks, .. } = self.marked;
        let leads = lead::read(tokens, clause.span.start, clause.span.end, marks);
        if leads.end == clause.span.start {
            return String::new();
        }
        let written = self.written(&(clause.span.start..leads.end));
        format!(", after \"{written}\" {:?}", leads.said)
    }

    fn draft(&mut self, draft: &Draft) {
        let Marked { tokens, marks, .. } = self.marked;
        let title = title::of(self.text, tokens, marks, &draft.title);
        let hours = draft
            .hours
            .map_or_else(|| "-".to_owned(), |hours| hours.to_string());
        let due = match draft.due {
            Deadline::Unsaid => "-".to_owned(),
            Deadline::Open => "no date".to_owned(),
            Deadline::Day(day) => day.to_string(),
        };
        let priority = draft.priority.map_or("-", |priority| priority.as_str());
        let said = format!(
            "{} hours {hours}, due {due}, priority {priority}, of clause {}",
            draft.kind.as_str(),
            draft.clause + 1
        );
        self.row(&title, &said);
    }
}

fn name(role: &Role) -> &'static str {
    match role {
        Role::Request(_) => "request",
        Role::Again(_) => "request about what was named",
        Role::Fault(_) => "fault",
        Role::Phrase(_) => "name of a thing",
        Role::Attribute => "when, how long, how urgent",
        Role::Background => "story",
        Role::Ignored => "ignored",
        Role::Order => "order to the bot",
    }
}
