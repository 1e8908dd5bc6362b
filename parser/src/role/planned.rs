//! Plans that are told: "el colado lo hacemos el martes", "la lista la actualizas", "we launch on
//! June 1".

use std::ops::Range;

use super::{Role, Words, matter, request};
use crate::{
    Kind,
    lead::Leads,
    mark::Meaning,
    verb::{Form, Verb},
    words as lists,
};

/// The request in a plan that is told.
pub(super) fn planned(
    leads: &Leads,
    body: &Range<usize>,
    clause: &Range<usize>,
    words: Words<'_>,
) -> Option<Role> {
    if let Some(named) = plans_together(words, body) {
        return Some(Role::Request(matter(named, None, None, leads)));
    }
    if let Some((named, verb)) = told_to_do(words, body) {
        return Some(Role::Request(matter(named, Some(verb), None, leads)));
    }
    let verb = launches(words, body.clone(), clause)?;
    Some(request(leads, body.clone(), Some(verb), false, words))
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
