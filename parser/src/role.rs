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
    clause::{self, Clause, Joint},
    command,
    fault::{self, Fault},
    lead::{self, Lead, Leads},
    mark::Marks,
    order,
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
}

/// Decides what a clause does.
pub(crate) fn of(clause: &Clause, words: Words<'_>) -> Role {
    let Words { tokens, marks, .. } = words;
    let Range { start, end } = clause.span;
    let leads = lead::read(tokens, start, end, marks);
    let body = leads.end..end;
    if order::is_order(&tokens[body.clone()]) || order::is_order(&tokens[start..end]) {
        return Role::Order;
    }
    if tells_deadline(words, start..end) || tells_effort(words, start..end) {
        return Role::Attribute;
    }
    let stated = fault::stated(&tokens[start..end]) == Some(Fault::Stated);
    if stated
        && matches!(leads.last(), Some(Lead::Forbids | Lead::Tells))
        && negates_itself(tokens, leads.end)
    {
        return Role::Fault(matter(leads.start..end, None, None, &leads));
    }
    if leads.last() == Some(Lead::Forbids) {
        return if clause::has_words(tokens, body, marks) || leads.said.len() > 1 {
            Role::Ignored
        } else {
            Role::Attribute
        };
    }
    if !clause::has_words(tokens, body.clone(), marks) {
        return if leads.has(Lead::Tells) {
            Role::Background
        } else {
            Role::Attribute
        };
    }
    match leads.last() {
        Some(Lead::Tells) => told(&leads, leads.start..end, stated),
        Some(Lead::Asks) => asked(&leads, body, words),
        Some(Lead::Wishes) => wished(&leads, body, words),
        // "… porque el señor quiere uno más grande": why, not what.
        Some(Lead::Wants) if clause.joint == Joint::Because => Role::Background,
        Some(Lead::Wants) => wanted(&leads, body, words),
        _ => plain(&leads, clause, body, stated, words),
    }
}

fn matter(span: Range<usize>, verb: Option<Verb>, head: Option<usize>, leads: &Leads) -> Matter {
    Matter {
        span,
        verb,
        head,
        own: false,
        adds: leads.has(Lead::Adds),
    }
}

/// "no funciona": the negation is part of the fault.
fn negates_itself(tokens: &[Token], body: usize) -> bool {
    (1..=3).any(|back| {
        body.checked_sub(back).is_some_and(|at| {
            fault::stated(&tokens[at..(body + 3).min(tokens.len())]) == Some(Fault::Stated)
        })
    })
}

fn told(leads: &Leads, span: Range<usize>, stated: bool) -> Role {
    if stated {
        Role::Fault(matter(span, None, None, leads))
    } else {
        Role::Background
    }
}

fn past_pronouns(tokens: &[Token], body: Range<usize>) -> usize {
    let mut at = body.start;
    while at + 1 < body.end
        && command::is_proclitic(&tokens[at].norm)
        && tokens[at + 1].verb.is_some_and(|verb| {
            verb.form == Form::Command && verb.sure() && !verb.is_indicative(&tokens[at + 1].norm)
        })
    {
        at += 1;
    }
    at
}

word_set!(
    ADVERBS = "\
    also like just please then first quickly tambien primero rapidamente urgently please, \
    eh um uh really either properly possibly maybe kindly quickly perhaps"
);

fn skip_adverbs(tokens: &[Token], start: usize, end: usize) -> usize {
    let adverb = |word: &str| ADVERBS.contains(word);
    let mut at = start;
    while at + 1 < end && (adverb(&tokens[at].norm) || tokens[at].is_mark(',')) {
        at += 1;
    }
    at
}
