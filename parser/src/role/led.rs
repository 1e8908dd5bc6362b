//! Clauses that a lead-in turns into requests: "we need to", "que", "we need".

use super::{
    Decide, Role, Seen, Verdict, Words,
    attribute::is_attribute,
    first,
    had::{done_to_it, goes, had, readies},
    past_pronouns,
    question::{asks_to_know, asks_what_one_can, names_media},
    request, skip_adverbs,
};
use crate::{
    clause, command,
    lexicon::Class,
    rule::Rule,
    token::Token,
    verb::{self, Form, Noun, Verb},
};

/// Rules about the word after "we need to" that is no verb which asks.
const ASKED: &[(Rule, Decide)] = &[
    (Rule::Proceeds, proceeds),
    (Rule::DoneToIt, is_done_to_it),
    (Rule::Links, links),
    (Rule::GoesThere, goes_there),
];

/// After "we need to": whatever word follows is a verb, unless it only links.
pub(super) fn asked(seen: &Seen<'_>) -> Verdict {
    let (tokens, body) = (seen.words.tokens, seen.body.clone());
    let past = past_pronouns(tokens, body.clone());
    let head = skip_adverbs(tokens, past, body.end);
    let seen = &seen.over(head..body.end);
    if let Some(verdict) = had(seen).or_else(|| first(ASKED, seen)) {
        return verdict;
    }
    let token = &tokens[head];
    let verb = token
        .verb
        .filter(|verb| verb.form != Form::Participle)
        .or_else(|| verb::look_up_by_sound(&token.norm))
        .or_else(|| verb::look_up_expected(&token.norm));
    let objected =
        past > body.start && matches!(tokens[body.start].norm.as_str(), "lo" | "los" | "las");
    request(Rule::Asked, seen, verb, objected)
}

/// "move forward", "seguir adelante": nothing in particular.
fn proceeds(seen: &Seen<'_>) -> Option<Role> {
    matches!(
        (seen.first(), seen.second()),
        ("move" | "go", "forward" | "ahead") | ("seguir", "adelante") | ("proceed", _)
    )
    .then_some(Role::Background)
}

fn is_done_to_it(seen: &Seen<'_>) -> Option<Role> {
    let verb = done_to_it(seen.words.tokens, seen.body.clone())?;
    Some(Role::Again(seen.matter(seen.body.clone(), Some(verb))))
}

fn links(seen: &Seen<'_>) -> Option<Role> {
    let (words, body) = (seen.words, seen.body.clone());
    if !is_copula(seen.first()) || readies(words, body.clone()) || goes(words, body.clone()) {
        return None;
    }
    let rest = body.start + 1..body.end;
    let tells =
        clause::has_words(words.tokens, rest.clone(), words.marks) && !is_attribute(words, rest);
    Some(if tells {
        Role::Background
    } else {
        Role::Attribute
    })
}

/// "Vamos a la playa": where one goes.
fn goes_there(seen: &Seen<'_>) -> Option<Role> {
    let (tokens, at) = (seen.words.tokens, seen.body.start);
    let there = at > 0 && tokens[at - 1].norm == "a" && tokens[at].is(Class::Determiners);
    there.then_some(Role::Background)
}

/// Whether a verb with these words after it only asks what one can do, or knows.
type AsksOnly = fn(Verb, &[Token]) -> bool;

/// Questions in the form of a request.
const QUESTIONS: &[(Rule, AsksOnly)] = &[
    (Rule::MediaAbility, |_, rest| names_media(rest)),
    (Rule::Ability, |verb, rest| {
        asks_what_one_can(verb, rest.first())
    }),
    (Rule::AsksToKnow, asks_to_know),
];

/// After "que" or "can you": only a known verb asks.
pub(super) fn wished(seen: &Seen<'_>) -> Verdict {
    let (words, body) = (seen.words, seen.body.clone());
    if let Some(verdict) = had(seen) {
        return verdict;
    }
    if let Some((head, verb)) = wished_verb(seen) {
        let rest = &words.tokens[head + 1..body.end];
        let question = QUESTIONS
            .iter()
            .find(|(rule, asks)| words.rules.ask(*rule) && asks(verb, rest));
        if let Some((rule, _)) = question {
            return Role::Background.by(*rule);
        }
        let objected = head > body.start
            && matches!(
                words.tokens[head - 1].norm.as_str(),
                "lo" | "los" | "las" | "la"
            );
        return request(
            Rule::WishedVerb,
            &seen.over(head..body.end),
            Some(verb),
            objected,
        );
    }
    let errand = goes(words, body.clone()) || readies(words, body);
    if errand && words.rules.ask(Rule::WishedErrand) {
        return request(Rule::WishedErrand, seen, None, false);
    }
    let slip = misspelt(seen).filter(|_| words.rules.ask(Rule::WishedSlip));
    if slip.is_some() {
        request(Rule::WishedSlip, seen, slip, false)
    } else {
        Role::Background.by(Rule::WishedStory)
    }
}

/// The verb that is wished for, and where it stands.
fn wished_verb(seen: &Seen<'_>) -> Option<(usize, Verb)> {
    let Words { tokens, marks, .. } = seen.words;
    let end = seen.body.end;
    let first = skip_adverbs(tokens, seen.body.start, end);
    for head in (first..end).take(8) {
        let opens = head == first;
        if tokens[head].is_mark(',') || tokens[head].norm == "que" {
            return None;
        }
        let verb = tokens[head].verb.filter(|verb| {
            (verb.asks() || verb.form == Form::Wish)
                && (head < first + 4 || verb.form == Form::Command && verb.sure())
                && (verb.sure()
                    || opens && verb.noun != Noun::Mostly
                    || verb.form == Form::Command
                        && !verb.is_indicative(&tokens[head].norm)
                        && head > first
                        && !tokens[head - 1].is(Class::CommandProclitics))
        });
        let verb = verb.or_else(|| command::read(tokens, head, end, marks, true).filter(|_| opens));
        if opens
            && is_copula(&tokens[head].norm)
            && tokens[head].norm.ends_with("ar")
            && !readies(seen.words, head..end)
        {
            return None;
        }
        if let Some(verb) = verb {
            return Some((head, verb));
        }
    }
    None
}

/// The verb that the first word is a slip of.
fn misspelt(seen: &Seen<'_>) -> Option<Verb> {
    let (tokens, at) = (seen.words.tokens, seen.body.start);
    let word = seen.first();
    verb::look_up_by_sound(word)
        .filter(|verb| verb.asks())
        .or_else(|| verb::look_up_expected(word).filter(|_| is_asked(tokens, at)))
        .filter(|_| tokens[at].verb.is_none())
}

/// "can you (please)", "could someone": after these only a verb can stand.
fn is_asked(tokens: &[Token], at: usize) -> bool {
    let polite = usize::from(at > 0 && matches!(tokens[at - 1].word(), "please" | "pls" | "porfa"));
    at.checked_sub(1 + polite)
        .is_some_and(|before| tokens[before].is(Class::LedAsked))
}

fn is_copula(word: &str) -> bool {
    Class::LedCopulas.has(word)
}
