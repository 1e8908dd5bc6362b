//! Clauses that nothing leads in: commands, faults, necessities, names of things, stories.

use super::{
    Decide, Role, Seen, Verdict, Words,
    attribute::is_attribute,
    closing::is_closing,
    first,
    had::{goes, had},
    necessity::necessity,
    past_pronouns,
    planned::{launches, planned_together, told_to_do},
    request, skip_adverbs,
    story::{STORIES, forbids_later, measured_past},
    unknown::{compound_command, unknown_command},
};
use crate::{
    Language,
    clause::Joint,
    command, fault,
    rule::Rule,
    verb::{Form, Verb},
};

/// What a clause without lead-ins that decide does.
pub(super) fn plain(seen: &Seen<'_>) -> Verdict {
    let rules = seen.words.rules;
    let forbids = !seen.stated && forbids_later(seen.words.tokens, seen.body.clone());
    if forbids && rules.ask(Rule::ForbiddenLate) {
        return Role::Ignored.by(Rule::ForbiddenLate);
    }
    let because = seen.clause.joint == Joint::Because
        || measured_past(seen.words, &seen.body) && rules.ask(Rule::Measured);
    if because {
        because_of(seen)
    } else {
        commanded(seen)
            .or_else(|| asked_by_telling(seen))
            .or_else(|| first(FAULTS, seen))
            .or_else(|| compound(seen))
            .or_else(|| necessity(seen))
            .or_else(|| first(ATTRIBUTES, seen))
            .or_else(|| unknown(seen))
            .or_else(|| first(CLOSINGS, seen))
            .or_else(|| first(STORIES, seen))
            .unwrap_or_else(|| Role::Phrase(seen.matter(seen.body.clone(), None)).by(Rule::Named))
    }
}

const FAULTS: &[(Rule, Decide)] = &[(Rule::StatedFault, stated_fault)];
const ATTRIBUTES: &[(Rule, Decide)] = &[(Rule::PlainWhen, only_when)];
const CLOSINGS: &[(Rule, Decide)] = &[(Rule::Closing, closing)];

/// "because it leaks" states a fault, "because we open on Monday" tells.
fn because_of(seen: &Seen<'_>) -> Verdict {
    let why = seen.clause.joint == Joint::Because;
    let rule = if why { Rule::Because } else { Rule::Measured };
    first(FAULTS, seen).unwrap_or_else(|| Role::Background.by(rule))
}

fn stated_fault(seen: &Seen<'_>) -> Option<Role> {
    let span = seen.leads.start..seen.clause.span.end;
    seen.stated.then(|| Role::Fault(seen.matter(span, None)))
}

fn only_when(seen: &Seen<'_>) -> Option<Role> {
    is_attribute(seen.words, seen.body.clone()).then_some(Role::Attribute)
}

fn closing(seen: &Seen<'_>) -> Option<Role> {
    is_closing(seen.words.tokens, seen.body.start).then_some(Role::Ignored)
}

/// "fix the login", "go to the bank".
fn commanded(seen: &Seen<'_>) -> Option<Verdict> {
    let Words { tokens, rules, .. } = seen.words;
    let body = seen.body.clone();
    let head = skip_adverbs(tokens, past_pronouns(tokens, body.clone()), body.end);
    let verb = command_at(seen, head).filter(|_| !is_closing(tokens, head));
    if let Some(verb) = verb.filter(|_| rules.ask(Rule::Command)) {
        let objected = head > body.start && matches!(seen.first(), "lo" | "los" | "las" | "la");
        return Some(request(
            Rule::Command,
            &seen.over(head..body.end),
            Some(verb),
            objected,
        ));
    }
    (seen.first() == "go" && goes(seen.words, body) && rules.ask(Rule::GoCommand))
        .then(|| request(Rule::GoCommand, seen, None, false))
}

/// The verb of a command that stands here.
fn command_at(seen: &Seen<'_>, head: usize) -> Option<Verb> {
    let Words { tokens, marks, .. } = seen.words;
    let body = seen.body.clone();
    let verb = command::read(tokens, head, body.end, marks, false)
        .filter(|verb| {
            head == body.start || verb.form == Form::Command || verb.language == Language::En
        })
        .filter(|_| !tokens[head].tells.past)
        // "¿Sigue en pie lo del viernes?"
        .filter(|verb| {
            let asked = head > 0 && tokens[head - 1].is_mark('¿');
            !(asked && verb.is_indicative(&tokens[head].norm))
        })?;
    // "Water heater is leaking": a noun, of which something is said.
    let told = fault::said_at(&tokens[body]) == Some(0);
    let noun = seen.stated && (!verb.sure() || told && verb.is_indicative(&tokens[head].norm));
    (!noun).then_some(verb)
}

/// Requests in the form of a story: "me mandas el reporte", "la lista la actualizas".
fn asked_by_telling(seen: &Seen<'_>) -> Option<Verdict> {
    let rules = seen.words.rules;
    if seen.first() == "have"
        && let Some(verdict) = had(seen)
    {
        return Some(verdict);
    }
    if let Some(verb) = favour(seen).filter(|_| rules.ask(Rule::Favour)) {
        let first = seen.first();
        let objected = first.starts_with('l') && !first.starts_with("le");
        let asked = seen.over(seen.body.start + 1..seen.body.end);
        return Some(request(Rule::Favour, &asked, Some(verb), objected));
    }
    if let Some(verdict) = first(PLANS, seen) {
        return Some(verdict);
    }
    let verb = launches(seen).filter(|_| rules.ask(Rule::PlannedLaunch))?;
    Some(request(Rule::PlannedLaunch, seen, Some(verb), false))
}

const PLANS: &[(Rule, Decide)] = &[
    (Rule::PlannedTogether, planned_together),
    (Rule::ToldToDo, told_to_do),
];

/// "Me mandas el reporte", "nos cotizas tres mesas": the verb that asks in the form of a story.
fn favour(seen: &Seen<'_>) -> Option<Verb> {
    let tokens = seen.words.tokens;
    let body = seen.body.clone();
    let second = tokens[..body.end].get(body.start + 1)?;
    let addressed = matches!(
        seen.first(),
        "me" | "nos" | "le" | "les" | "lo" | "los" | "la" | "las"
    );
    // "mandas" can only be you, "manda" and "mandan" may be others as well.
    let asked = tokens.get(body.end).is_some_and(|end| end.is_mark('?'))
        || body.start > 0 && tokens[body.start - 1].is_mark('¿');
    let polite = asked
        || tokens[body].iter().any(|token| {
            matches!(
                token.norm.as_str(),
                "favor" | "porfa" | "porfis" | "please" | "porfavor"
            )
        });
    second.verb.filter(|verb| {
        addressed
            && (verb.form == Form::Present && (polite || second.norm.ends_with('s'))
                || polite && verb.is_indicative(&second.norm))
    })
}

/// "deep clean the freezer"
fn compound(seen: &Seen<'_>) -> Option<Verdict> {
    let verb = compound_command(seen.words, seen.body.clone())
        .filter(|_| seen.words.rules.ask(Rule::CompoundCommand))?;
    Some(request(Rule::CompoundCommand, seen, Some(verb), false))
}

/// "caulk the tub"
fn unknown(seen: &Seen<'_>) -> Option<Verdict> {
    let unknown = unknown_command(seen.words.tokens, seen.body.clone())
        .filter(|_| seen.words.rules.ask(Rule::UnknownCommand))?;
    Some(request(Rule::UnknownCommand, seen, unknown.verb(), false))
}
