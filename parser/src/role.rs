//! What a clause does: asks for work, states a fault, names a thing, says when or how long,
//! or none of these.

mod attribute;
mod closing;
mod had;
mod led;
mod necessity;
mod object;
mod plain;
mod planned;
mod pointing;
mod question;
mod story;
mod unknown;
mod wanted;

use std::ops::Range;

use attribute::{tells_deadline, tells_effort};
pub(crate) use had::done_to;
use led::{asked, wished};
use object::request;
use plain::plain;
pub(crate) use wanted::announces;
use wanted::wanted;

use crate::{
    clause::{self, Clause},
    fault::{self, Fault},
    lead::{self, Lead, Leads},
    lexicon::Class,
    mark::Marks,
    order,
    rule::{Rule, Rules},
    token::Token,
    verb::{Form, Verb},
};

/// What a clause does.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Role {
    /// Asks for something: the verb, if it is known, and the words from it on.
    Request(Matter),
    /// Asks for something to be done to what was named before: "fix it".
    Again(Matter),
    /// States a fault.
    Fault(Matter),
    /// Names a thing, without a verb.
    Phrase(Matter),
    /// Says only when, how long, how urgent, or of which items.
    Attribute,
    /// Tells something; only limits and hours in it count.
    Background,
    /// Forbids something, or says whom to call: nothing in it counts.
    Ignored,
    /// Orders the bot about: nothing in it counts, nor in what hangs on it.
    Order,
}

/// The words of a clause that matter.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Matter {
    /// The tokens, without lead-ins.
    pub(crate) span: Range<usize>,
    /// The verb that asks.
    pub(crate) verb: Option<Verb>,
    /// Where that verb stands, if it opens the span.
    pub(crate) head: Option<usize>,
    /// Whether it names its own thing before what it needs: "the hall needs paint".
    pub(crate) own: bool,
    /// Whether it is said to be added to what came before.
    pub(crate) adds: bool,
}

impl Matter {
    /// These words, of which nothing more is known.
    pub(crate) fn of(span: Range<usize>) -> Self {
        Self {
            span,
            verb: None,
            head: None,
            own: false,
            adds: false,
        }
    }
}

/// What a rule about roles looks at.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Words<'a> {
    /// The message.
    pub(crate) text: &'a str,
    /// Its tokens.
    pub(crate) tokens: &'a [Token],
    /// Their marks.
    pub(crate) marks: &'a Marks,
    /// The rules that are asked.
    pub(crate) rules: Rules,
}

/// What a clause does, and the rule that decided it.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Verdict {
    /// What it does.
    pub(crate) role: Role,
    /// The rule.
    pub(crate) rule: Rule,
}

/// A clause as the rules see it.
#[derive(Debug, Clone)]
struct Seen<'a> {
    /// The clause.
    clause: &'a Clause,
    /// Its lead-ins.
    leads: &'a Leads,
    /// The words that a rule looks at: those after the lead-ins.
    body: Range<usize>,
    /// Whether it states a fault.
    stated: bool,
    /// The message.
    words: Words<'a>,
}

impl<'a> Seen<'a> {
    /// The same clause, with other words to look at.
    fn over(&self, body: Range<usize>) -> Self {
        Self {
            body,
            ..self.clone()
        }
    }

    /// The folded word at the start of the body.
    fn first(&self) -> &'a str {
        &self.words.tokens[self.body.start].norm
    }

    /// The folded word after it; nothing beyond the end.
    fn second(&self) -> &'a str {
        self.words.tokens[..self.body.end]
            .get(self.body.start + 1)
            .map_or("", |token| token.norm.as_str())
    }

    /// These words as what matters, of which no more than the verb is known.
    fn matter(&self, span: Range<usize>, verb: Option<Verb>) -> Matter {
        Matter {
            span,
            verb,
            head: None,
            own: false,
            adds: self.leads.has(Lead::Adds),
        }
    }
}

/// What one rule makes of a clause, if it is about it.
type Decide = fn(&Seen<'_>) -> Option<Role>;

/// Asks rules one after another, until one decides.
fn first(table: &[(Rule, Decide)], seen: &Seen<'_>) -> Option<Verdict> {
    let asked = table.iter().filter(|(rule, _)| seen.words.rules.ask(*rule));
    let mut decided = asked.filter_map(|&(rule, decide)| Some(decide(seen)?.by(rule)));
    decided.next()
}

impl Role {
    /// This role, decided by this rule.
    pub(crate) const fn by(self, rule: Rule) -> Verdict {
        Verdict { role: self, rule }
    }
}

/// Rules that come before what the lead-ins say.
const OPENING: &[(Rule, Decide)] = &[
    (Rule::Order, orders),
    (Rule::BindingDay, tells_deadline),
    (Rule::Budget, tells_effort),
    (Rule::NegatedFault, negated_fault),
    (Rule::Forbidden, forbidden),
    (Rule::NoWords, no_words),
];

/// Decides what a clause does.
pub(crate) fn of(clause: &Clause, words: Words<'_>) -> Verdict {
    let Words { tokens, marks, .. } = words;
    let Range { start, end } = clause.span;
    let leads = lead::read(tokens, start, end, marks);
    let seen = Seen {
        clause,
        leads: &leads,
        body: leads.end..end,
        stated: fault::stated(&tokens[start..end]) == Some(Fault::Stated),
        words,
    };
    if let Some(verdict) = first(OPENING, &seen) {
        return verdict;
    }
    if seen.body.is_empty() {
        return Role::Attribute.by(Rule::NoWords);
    }
    match leads.last() {
        Some(Lead::Tells) => Role::Background.by(Rule::Told),
        Some(Lead::Asks) => asked(&seen),
        Some(Lead::Wishes) => wished(&seen),
        Some(Lead::Wants) => wanted(&seen),
        _ => plain(&seen),
    }
}

fn orders(seen: &Seen<'_>) -> Option<Role> {
    let tokens = seen.words.tokens;
    let order = order::is_order(&tokens[seen.body.clone()])
        || order::is_order(&tokens[seen.clause.span.clone()]);
    order.then_some(Role::Order)
}

fn negated_fault(seen: &Seen<'_>) -> Option<Role> {
    let negated = seen.stated
        && matches!(seen.leads.last(), Some(Lead::Forbids | Lead::Tells))
        && negates_itself(seen.words.tokens, seen.leads.end);
    negated.then(|| Role::Fault(seen.matter(seen.leads.start..seen.body.end, None)))
}

fn forbidden(seen: &Seen<'_>) -> Option<Role> {
    if seen.leads.last() != Some(Lead::Forbids) {
        return None;
    }
    let Words { tokens, marks, .. } = seen.words;
    let says_what = clause::has_words(tokens, seen.body.clone(), marks);
    Some(if says_what || seen.leads.said.len() > 1 {
        Role::Ignored
    } else {
        Role::Attribute
    })
}

fn no_words(seen: &Seen<'_>) -> Option<Role> {
    let Words { tokens, marks, .. } = seen.words;
    if clause::has_words(tokens, seen.body.clone(), marks) {
        return None;
    }
    Some(if seen.leads.has(Lead::Tells) {
        Role::Background
    } else {
        Role::Attribute
    })
}

/// "no funciona": the negation is part of the fault.
fn negates_itself(tokens: &[Token], body: usize) -> bool {
    (1..=3).any(|back| {
        body.checked_sub(back).is_some_and(|at| {
            fault::stated(&tokens[at..(body + 3).min(tokens.len())]) == Some(Fault::Stated)
        })
    })
}

fn past_pronouns(tokens: &[Token], body: Range<usize>) -> usize {
    let mut at = body.start;
    while at + 1 < body.end
        && tokens[at].is(Class::CommandProclitics)
        && tokens[at + 1].verb.is_some_and(|verb| {
            verb.form == Form::Command && verb.sure() && !verb.is_indicative(&tokens[at + 1].norm)
        })
    {
        at += 1;
    }
    at
}

fn skip_adverbs(tokens: &[Token], start: usize, end: usize) -> usize {
    let adverb = |word: &str| Class::RoleAdverbs.has(word);
    let mut at = start;
    while at + 1 < end && (adverb(&tokens[at].norm) || tokens[at].is_mark(',')) {
        at += 1;
    }
    at
}
