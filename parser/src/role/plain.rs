//! Clauses that nothing leads in: commands, faults, necessities, names of things, stories.

use std::ops::Range;

use super::{
    Role, Words,
    attribute::is_attribute,
    closing::is_closing,
    had::{goes, had},
    matter,
    necessity::necessity,
    past_pronouns,
    planned::planned,
    request, skip_adverbs,
    story::{forbids_later, measured_past, tells},
    unknown::{compound_command, unknown_command},
};
use crate::{
    Language,
    clause::{Clause, Joint},
    command, fault,
    lead::Leads,
    verb::Form,
};

/// What a clause without lead-ins that decide does.
pub(super) fn plain(
    leads: &Leads,
    clause: &Clause,
    body: Range<usize>,
    stated: bool,
    words: Words<'_>,
) -> Role {
    let Words { tokens, marks, .. } = words;
    if !stated && forbids_later(tokens, body.clone()) {
        return Role::Ignored;
    }
    let head = skip_adverbs(tokens, past_pronouns(tokens, body.clone()), body.end);
    let because = clause.joint == Joint::Because || measured_past(words, &body);
    let verb = command::read(tokens, head, body.end, marks, false)
        .filter(|verb| {
            head == body.start || verb.form == Form::Command || verb.language == Language::En
        })
        .filter(|_| !because && !tokens[head].tells.past)
        // "¿Sigue en pie lo del viernes?"
        .filter(|verb| {
            let asked = head > 0 && tokens[head - 1].is_mark('¿');
            !(asked && verb.is_indicative(&tokens[head].norm))
        });
    // "Water heater is leaking": a noun, of which something is said.
    let told = fault::said_at(&tokens[body.clone()]) == Some(0);
    let noun = stated
        && verb.is_some_and(|verb| !verb.sure() || told && verb.is_indicative(&tokens[head].norm));
    if verb.is_some() && !noun && !is_closing(tokens, head) {
        let objected = head > body.start
            && matches!(
                tokens[body.start].norm.as_str(),
                "lo" | "los" | "las" | "la"
            );
        return request(leads, head..body.end, verb, objected, words);
    }
    if tokens[body.start].norm == "go" && goes(words, body.clone()) && !because {
        return request(leads, body, None, false, words);
    }
    if let Some(role) = favour(leads, body.clone(), words).filter(|_| !because) {
        return role;
    }
    if let Some(role) = planned(leads, &body, &clause.span, words).filter(|_| !because) {
        return role;
    }
    if stated {
        return Role::Fault(matter(leads.start..clause.span.end, None, None, leads));
    }
    if because {
        return Role::Background;
    }
    if let Some(verb) = compound_command(words, body.clone()) {
        return request(leads, body, Some(verb), false, words);
    }
    if let Some(role) = necessity(leads, body.clone(), words) {
        return role;
    }
    if is_attribute(words, body.clone()) {
        return Role::Attribute;
    }
    if let Some(unknown) = unknown_command(tokens, body.clone()) {
        return request(leads, body, unknown.verb(), false, words);
    }
    if is_closing(tokens, body.start) {
        return Role::Ignored;
    }
    if tells(words, body.clone()) {
        return Role::Background;
    }
    Role::Phrase(matter(body, None, None, leads))
}

/// "Me mandas el reporte", "nos cotizas tres mesas", "have the car washed": asked in the form
/// of a story.
fn favour(leads: &Leads, body: Range<usize>, words: Words<'_>) -> Option<Role> {
    let Words { tokens, .. } = words;
    let [first, second, ..] = &tokens[body.clone()] else {
        return None;
    };
    let informs = first.norm == "let"
        && !matches!(second.norm.as_str(), "me" | "us")
        && tokens[body.clone()]
            .iter()
            .take(6)
            .any(|token| token.norm == "know");
    if informs {
        return Some(Role::Request(matter(body, None, None, leads)));
    }
    if first.norm == "have" {
        return had(leads, body, words);
    }
    let addressed = matches!(
        first.norm.as_str(),
        "me" | "nos" | "le" | "les" | "lo" | "los" | "la" | "las"
    );
    // "mandas" can only be you, "manda" and "mandan" may be others as well.
    let asked = tokens.get(body.end).is_some_and(|end| end.is_mark('?'))
        || body.start > 0 && tokens[body.start - 1].is_mark('¿');
    let polite = asked
        || tokens[body.clone()].iter().any(|token| {
            matches!(
                token.norm.as_str(),
                "favor" | "porfa" | "porfis" | "please" | "porfavor"
            )
        });
    let yours = second.verb.filter(|verb| {
        verb.form == Form::Present && (polite || second.norm.ends_with('s'))
            || polite && verb.is_indicative(&second.norm)
    });
    if !addressed || yours.is_none() {
        return None;
    }
    let objected = first.norm.starts_with('l') && !first.norm.starts_with("le");
    Some(request(
        leads,
        body.start + 1..body.end,
        yours,
        objected,
        words,
    ))
}
