//! Clauses that nothing leads in: commands, faults, necessities, names of things, stories.

use std::ops::Range;

use super::{
    Role, Words,
    attribute::is_attribute,
    closing::is_closing,
    had::{goes, had},
    matter,
    necessity::necessity,
    past_pronouns, request, skip_adverbs,
    story::{forbids_later, tells},
    unknown::{compound_command, unknown_command},
};
use crate::{
    Kind, Language,
    clause::{Clause, Joint},
    command, fault,
    lead::Leads,
    mark::Meaning,
    verb::{Form, Verb},
    words as lists,
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
    let because = clause.joint == Joint::Because;
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
    let goes_on = matches!(tokens[body.start].norm.as_str(), "go") && goes(words, body.clone());
    if goes_on && !because {
        return request(leads, body, None, false, words);
    }
    if let Some(role) = favour(leads, body.clone(), words).filter(|_| !because) {
        return role;
    }
    if let Some(named) = plans_together(words, &body).filter(|_| !because) {
        return Role::Request(matter(named, None, None, leads));
    }
    if let Some((named, verb)) = told_to_do(words, &body).filter(|_| !because) {
        return Role::Request(matter(named, Some(verb), None, leads));
    }
    if let Some(verb) = launches(words, body.clone(), &clause.span).filter(|_| !because) {
        return request(leads, body, Some(verb), false, words);
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

/// "El colado lo hacemos el martes": a plan with its day; the words that name what is planned.
fn plans_together(words: Words<'_>, body: &Range<usize>) -> Option<Range<usize>> {
    let Words { tokens, marks, .. } = words;
    let dated = marks
        .within(body.clone())
        .any(|mark| matches!(mark.meaning, Meaning::Due(_)));
    let named = matches!(
        tokens[body.start].norm.as_str(),
        "el" | "la" | "los" | "las"
    );
    let lo = (body.start + 2..body.end.min(body.start + 7)).find(|&at| {
        matches!(tokens[at].norm.as_str(), "lo" | "la" | "los" | "las")
            && tokens[..body.end]
                .get(at + 1)
                .is_some_and(|next| next.norm.ends_with("mos") && next.norm.len() > 5)
    })?;
    (dated && named).then_some(body.start..lo)
}

/// "La lista la actualizas cuando puedas": asked by telling; the words that name the thing, and the
/// verb.
fn told_to_do(words: Words<'_>, body: &Range<usize>) -> Option<(Range<usize>, Verb)> {
    let Words { tokens, .. } = words;
    let named = matches!(
        tokens[body.start].norm.as_str(),
        "el" | "la" | "los" | "las"
    );
    (body.start + 2..body.end.min(body.start + 8))
        .take_while(|&at| {
            let before = &tokens[at - 1];
            !before.tells.finite && !lists::is_needing(before.word())
        })
        .filter(|&at| named && matches!(tokens[at].norm.as_str(), "lo" | "la" | "los" | "las"))
        .filter(|&at| !lists::is_preposition(tokens[at - 1].word()))
        .find_map(|at| {
            let next = tokens[..body.end].get(at + 1)?;
            let verb = next.verb.filter(|verb| {
                verb.form == Form::Present && next.norm.ends_with('s')
                    || verb.form == Form::Command
                        && verb.sure()
                        && !verb.is_indicative(&next.norm)
                        && next.norm.ends_with('n')
            })?;
            Some((body.start..at, verb))
        })
}

/// "Lanzamos la tienda el 16 de noviembre", "we launch on June 1": a plan with its day.
fn launches(words: Words<'_>, body: Range<usize>, clause: &Range<usize>) -> Option<Verb> {
    let Words { tokens, marks, .. } = words;
    let dated = marks
        .within(clause.clone())
        .any(|mark| matches!(mark.meaning, Meaning::Due(_)));
    let we = usize::from(matches!(tokens[body.start].norm.as_str(), "we" | "we're"));
    let verb = tokens[body.start..body.end]
        .iter()
        .skip(we)
        .take(2)
        .find_map(|token| token.verb)?;
    let plans = verb.form == Form::Told && verb.lemma.ends_with("ar") && we == 0
        || we == 1 && matches!(verb.form, Form::Base | Form::Progressive);
    (dated && plans && verb.kind == Kind::Milestone).then_some(verb)
}
