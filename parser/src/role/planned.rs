//! Plans that are told: "el colado lo hacemos el martes", "la lista la actualizas", "we launch on
//! June 1".

use super::{Role, Seen, Words};
use crate::{
    Kind,
    lexicon::Class,
    mark::Meaning,
    verb::{Form, Verb},
};

/// "El colado lo hacemos el martes": a plan with its day; the words that name what is planned.
pub(super) fn planned_together(seen: &Seen<'_>) -> Option<Role> {
    let Words { tokens, marks, .. } = seen.words;
    let body = &seen.body;
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
    (dated && named).then(|| Role::Request(seen.matter(body.start..lo, None)))
}

/// "La lista la actualizas cuando puedas": asked by telling; the words that name the thing, and the
/// verb.
pub(super) fn told_to_do(seen: &Seen<'_>) -> Option<Role> {
    let (tokens, body) = (seen.words.tokens, &seen.body);
    let named = matches!(
        tokens[body.start].norm.as_str(),
        "el" | "la" | "los" | "las"
    );
    (body.start + 2..body.end.min(body.start + 8))
        .take_while(|&at| {
            let before = &tokens[at - 1];
            !before.tells.finite && !before.is(Class::Needing)
        })
        .filter(|&at| named && matches!(tokens[at].norm.as_str(), "lo" | "la" | "los" | "las"))
        .filter(|&at| !tokens[at - 1].is(Class::Prepositions))
        .find_map(|at| {
            let next = tokens[..body.end].get(at + 1)?;
            let verb = next.verb.filter(|verb| {
                verb.form == Form::Present && next.norm.ends_with('s')
                    || verb.form == Form::Command
                        && verb.sure()
                        && !verb.is_indicative(&next.norm)
                        && next.norm.ends_with('n')
            })?;
            Some(Role::Request(seen.matter(body.start..at, Some(verb))))
        })
}

/// "Lanzamos la tienda el 16 de noviembre", "we launch on June 1": a plan with its day.
pub(super) fn launches(seen: &Seen<'_>) -> Option<Verb> {
    let Words { tokens, marks, .. } = seen.words;
    let body = seen.body.clone();
    let dated = marks
        .within(seen.clause.span.clone())
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
