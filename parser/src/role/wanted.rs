//! Clauses that say what is wanted: "we need chairs", "necesito a alguien que pinte".

use std::ops::Range;

use super::{
    Decide, Role, Seen, Verdict, Words,
    attribute::is_attribute,
    first,
    had::{done_to, is_all_of_it},
    led::asked,
    request,
};
use crate::{
    Kind,
    clause::Joint,
    command,
    lexicon::Class,
    mark::{Marks, Meaning},
    rule::Rule,
    token::Token,
    verb::{Form, Verb},
};

/// Rules about what follows "we need" and is no thing that is wanted.
const WANTED: &[(Rule, Decide)] = &[
    (Rule::NeedsFixing, needs_fixing),
    (Rule::WantedDone, wanted_done),
    (Rule::WantedWhen, wanted_when),
    (Rule::WantedList, wanted_list),
    (Rule::WantedStretch, wanted_stretch),
    (Rule::WantedAgain, wanted_again),
    (Rule::WantedThanks, wanted_thanks),
    (Rule::WantedAside, wanted_aside),
    (Rule::LongedFor, longed_for),
];

/// After "we need": a verb, or a thing that is wanted, perhaps with what shall happen to it.
pub(super) fn wanted(seen: &Seen<'_>) -> Verdict {
    let Words {
        tokens,
        marks,
        rules,
        ..
    } = seen.words;
    let body = seen.body.clone();
    // "… porque el señor quiere uno más grande": why, not what.
    if seen.clause.joint == Joint::Because && rules.ask(Rule::WantedWhy) {
        return Role::Background.by(Rule::WantedWhy);
    }
    if let Some(verb) = wanted_verb(seen).filter(|_| rules.ask(Rule::WantedVerb)) {
        return request(Rule::WantedVerb, seen, Some(verb), false);
    }
    let somebody = somebody_to(tokens, body.clone(), marks);
    if let Some(head) = somebody.filter(|_| rules.ask(Rule::SomebodyTo)) {
        let Verdict { role, .. } = asked(&seen.over(head..body.end));
        return role.by(Rule::SomebodyTo);
    }
    first(WANTED, seen).unwrap_or_else(|| {
        let done = done_to(tokens, body.clone());
        Role::Request(seen.matter(body, done)).by(Rule::Wanted)
    })
}

/// "we need paint the hall": the verb of a command.
fn wanted_verb(seen: &Seen<'_>) -> Option<Verb> {
    let Words { tokens, marks, .. } = seen.words;
    let Range { start, end } = seen.body;
    command::read(tokens, start, end, marks, true).filter(|verb| {
        verb.sure()
            || verb.form == Form::Base
                && Class::Determiners.has(tokens.get(start + 1).map_or("", Token::word))
    })
}

/// "Needs fixing by Tuesday": what was told before.
fn needs_fixing(seen: &Seen<'_>) -> Option<Role> {
    let (tokens, at) = (seen.words.tokens, seen.body.start);
    let needs = at > 0 && tokens[at - 1].norm == "needs";
    let verb = tokens[at]
        .verb
        .filter(|verb| verb.form == Form::Progressive && verb.kind == Kind::Bug && needs)?;
    Some(Role::Again(seen.matter(seen.body.clone(), Some(verb))))
}

fn wanted_done(seen: &Seen<'_>) -> Option<Role> {
    is_all_of_it(&seen.words.tokens[seen.body.clone()]).then_some(Role::Attribute)
}

fn wanted_when(seen: &Seen<'_>) -> Option<Role> {
    is_attribute(seen.words, seen.body.clone()).then_some(Role::Attribute)
}

fn wanted_list(seen: &Seen<'_>) -> Option<Role> {
    announces(&seen.words.tokens[seen.body.clone()]).then_some(Role::Attribute)
}

/// "Three weeks are left until the fair."
fn wanted_stretch(seen: &Seen<'_>) -> Option<Role> {
    let described = seen.words.marks.meaning(seen.body.start) == Some(Meaning::Described);
    described.then_some(Role::Background)
}

/// "we need them back": of what was named before.
fn wanted_again(seen: &Seen<'_>) -> Option<Role> {
    let (tokens, body) = (seen.words.tokens, seen.body.clone());
    let first = seen.first();
    let points_back = matches!(first, "it" | "them")
        || Class::Pronouns.has(first)
            && tokens[..body.end]
                .get(body.start + 1)
                .is_none_or(|next| next.is(Class::Prepositions) || next.is(Class::WantedStates));
    (points_back && !is_about(tokens, body)).then_some(Role::Attribute)
}

fn wanted_thanks(seen: &Seen<'_>) -> Option<Role> {
    let first = seen.first();
    (first.starts_with("agradec") || first.starts_with("felicit")).then_some(Role::Background)
}

/// "They'd like to move in": what others want to do themselves.
fn wanted_aside(seen: &Seen<'_>) -> Option<Role> {
    matches!(
        seen.first(),
        "de" | "of" | "to" | "about" | "with" | "con" | "on" | "at"
    )
    .then_some(Role::Background)
}

fn longed_for(seen: &Seen<'_>) -> Option<Role> {
    is_longed_for(seen.words.tokens, seen.body.clone()).then_some(Role::Background)
}

/// "lo de la puerta": a thing, although it begins with a pronoun.
fn is_about(tokens: &[Token], span: Range<usize>) -> bool {
    let next = tokens[..span.end]
        .get(span.start + 1)
        .map_or("", Token::word);
    matches!(
        tokens[span.start].norm.as_str(),
        "lo" | "el" | "la" | "los" | "las"
    ) && matches!(next, "de" | "del")
}

/// "need Ana to fix the door": where the verb stands that somebody is needed for.
fn somebody_to(tokens: &[Token], body: Range<usize>, marks: &Marks) -> Option<usize> {
    let to = (body.start + 1..body.end.min(body.start + 5))
        .find(|&at| matches!(tokens[at].norm.as_str(), "to" | "para" | "que"))?;
    let named = tokens[body.start..to]
        .iter()
        .any(|token| token.capital || token.is(Class::WantedPeople));
    let asks = tokens[..body.end].get(to + 1).is_some_and(|next| {
        next.verb.is_some_and(Verb::asks) || matches!(next.norm.as_str(), "go" | "come")
    });
    (named && asks && marks.is_free(to)).then_some(to + 1)
}

/// "three things from you", "varios cambios para la siguiente etapa": says that a list follows.
pub(crate) fn announces(words: &[Token]) -> bool {
    let counted = words
        .first()
        .is_some_and(|first| first.number().is_some() || first.is(Class::WantedCounts));
    counted
        && words[1..]
            .iter()
            .take(3)
            .any(|token| token.is(Class::WantedGeneral))
}

/// "I need a coffee": nobody is asked for it.
fn is_longed_for(tokens: &[Token], body: Range<usize>) -> bool {
    let words = &tokens[body];
    words.len() <= 3 && words.iter().any(|word| word.is(Class::WantedLongedFor))
}
