//! Clauses that tell something, and those that forbid it late.

use std::ops::Range;

use super::{Decide, Role, Seen, Words};
use crate::{Language, lexicon::Class, mark::Meaning, rule::Rule, token::Token, verb::Form};

/// Rules about clauses that tell something: a finite verb, a past form, a subject.
pub(super) const STORIES: &[(Rule, Decide)] = &[
    (Rule::Finite, |seen| told_if(is_finite(seen))),
    (Rule::BeingDone, |seen| told_if(is_being_done(seen))),
    (Rule::ToldPast, |seen| told_if(is_past(seen))),
    (Rule::Participle, |seen| told_if(is_participle(seen))),
    (Rule::Carried, |seen| told_if(is_carried(seen))),
    (Rule::Subject, |seen| {
        let first = &seen.words.tokens[seen.body.start];
        told_if(first.is(Class::Subjects))
    }),
    (Rule::IrregularPast, |seen| {
        let first = &seen.words.tokens[seen.body.start];
        told_if(first.is(Class::IrregularPasts))
    }),
];

fn told_if(tells: bool) -> Option<Role> {
    tells.then_some(Role::Background)
}

fn is_finite(seen: &Seen<'_>) -> bool {
    let Words { tokens, marks, .. } = seen.words;
    let free = seen.body.clone().filter(|&at| marks.is_free(at));
    free.take(9)
        .any(|at| tokens[at].tells.finite || tokens[at].tells.past)
}

fn is_past(seen: &Seen<'_>) -> bool {
    let Range { start, end } = seen.body;
    (start + 1..end.min(start + 9)).any(|at| is_told_past(seen.words.tokens, start, at))
}

fn is_participle(seen: &Seen<'_>) -> bool {
    seen.words.tokens[seen.body.start]
        .verb
        .is_some_and(|verb| verb.form == Form::Participle && verb.language == Language::En)
}

fn is_carried(seen: &Seen<'_>) -> bool {
    seen.first() == "lo" && !matches!(seen.second(), "de" | "del" | "que")
}

/// "Open rate dropped 8% last month": a change that was measured.
pub(super) fn measured_past(words: Words<'_>, body: &Range<usize>) -> bool {
    let Words { tokens, marks, .. } = words;
    (body.start + 1..body.end.min(body.start + 3)).any(|at| {
        tokens[at].norm.len() > 4
            && tokens[at].norm.ends_with("ed")
            && marks.meaning(at + 1) == Some(Meaning::Amount)
    })
}

/// "Luis está arreglando la puerta"
fn is_being_done(seen: &Seen<'_>) -> bool {
    let (tokens, body) = (seen.words.tokens, &seen.body);
    let doing = |at: usize| {
        tokens[at]
            .verb
            .is_some_and(|verb| verb.form == Form::Progressive)
    };
    (body.start..body.end.saturating_sub(1))
        .take(9)
        .any(|at| tokens[at].norm == "esta" && doing(at + 1))
}

/// "The plumber finished the rough-in": an English past with a thing before and an object, a
/// day or a place after it. "The menus printed by Friday" is none.
fn is_told_past(tokens: &[Token], start: usize, at: usize) -> bool {
    let subject = tokens[start].is(Class::Determiners) || tokens[start].capital;
    let past = tokens[at].norm.len() > 4
        && tokens[at].norm.ends_with("ed")
        && tokens[at]
            .verb
            .is_none_or(|verb| verb.form == Form::Participle);
    let goes_on = tokens.get(at + 1).is_some_and(|next| {
        next.is(Class::Determiners)
            || next.is(Class::Pronouns)
            || matches!(
                next.norm.as_str(),
                "on" | "at" | "last" | "yesterday" | "this" | "today" | "us" | "me" | "that" | "to"
            )
    });
    subject && past && goes_on
}

phrase_list!(AS_IT_IS = "asi|como esta|como estan|igual|tal cual|en paz|para despues|pendiente");

/// "La cocina no la muevan": the object comes before the prohibition.
pub(super) fn forbids_later(tokens: &[Token], body: Range<usize>) -> bool {
    let forbids = |at: &usize| matches!(tokens[*at].norm.as_str(), "no" | "ni");
    let commanded = |at: usize| {
        let verb =
            (at + 1..body.end.min(at + 4)).find(|&next| !tokens[next].is(Class::CommandProclitics));
        let carried = verb.is_some_and(|verb| verb > at + 1);
        verb.map(|at| &tokens[at]).is_some_and(|token| {
            token.verb.is_some_and(|verb| {
                // "El buscador no encuentra nada" tells.
                verb.form == Form::Command
                    && verb.sure()
                    && (carried || !verb.is_indicative(&token.norm))
            })
        })
    };
    // "El logo déjalo así", "las fotos déjenlas como están"
    let left = (body.start + 1..body.end).any(|at| {
        tokens[at]
            .verb
            .is_some_and(|verb| verb.lemma == "dejar" && verb.object)
            && AS_IT_IS.at(&tokens[at + 1..body.end]).is_some()
    });
    left || (body.start + 1..body.end)
        .take_while(|&at| tokens[at].norm != "que")
        .filter(forbids)
        .any(commanded)
}
