//! Clauses that a lead-in turns into requests: "we need to", "que", "we need".

use std::ops::Range;

use super::{
    Role, Words,
    attribute::is_attribute,
    had::{done_to_it, goes, had, readies},
    matter, past_pronouns,
    question::{asks_to_know, asks_what_one_can, names_media},
    request, skip_adverbs,
};
use crate::{
    clause, command,
    lead::Leads,
    token::Token,
    verb::{self, Form, Noun},
    words as lists,
};

/// After "we need to": whatever word follows is a verb, unless it only links.
pub(super) fn asked(leads: &Leads, body: Range<usize>, words: Words<'_>) -> Role {
    let Words { tokens, marks, .. } = words;
    let first = past_pronouns(tokens, body.clone());
    let head = skip_adverbs(tokens, first, body.end);
    let Some(token) = tokens[..body.end].get(head) else {
        return Role::Attribute;
    };
    if let Some(role) = had(leads, head..body.end, words) {
        return role;
    }
    let next = tokens[..body.end].get(head + 1).map_or("", Token::word);
    let proceeds = matches!(
        (token.norm.as_str(), next),
        ("move" | "go", "forward" | "ahead") | ("seguir", "adelante") | ("proceed", _)
    );
    if proceeds {
        return Role::Background;
    }
    if let Some(verb) = done_to_it(tokens, head..body.end) {
        return Role::Again(matter(head..body.end, Some(verb), None, leads));
    }
    if is_copula(&token.norm) && !readies(words, head..body.end) && !goes(words, head..body.end) {
        let rest = clause::has_words(tokens, head + 1..body.end, marks)
            && !is_attribute(words, head + 1..body.end);
        return if rest {
            Role::Background
        } else {
            Role::Attribute
        };
    }
    // "A ver si sale más barato" hopes.
    let hopes = token.tells.finite && head > 0 && tokens[head - 1].norm == "si";
    if hopes {
        return Role::Background;
    }
    // "Vamos a la playa": where one goes.
    if head > 0 && tokens[head - 1].norm == "a" && lists::is_determiner(&token.norm) {
        return Role::Background;
    }
    let verb = token
        .verb
        .filter(|verb| verb.form != Form::Participle)
        .or_else(|| verb::look_up_by_sound(&token.norm))
        .or_else(|| verb::look_up_expected(&token.norm));
    let objected =
        first > body.start && matches!(tokens[body.start].norm.as_str(), "lo" | "los" | "las");
    request(leads, head..body.end, verb, objected, words)
}

/// After "que" or "can you": only a known verb asks.
pub(super) fn wished(leads: &Leads, body: Range<usize>, words: Words<'_>) -> Role {
    let tokens = words.tokens;
    if let Some(role) = had(leads, body.clone(), words) {
        return role;
    }
    let first = skip_adverbs(tokens, body.start, body.end);
    for head in (first..body.end).take(8) {
        let opens = head == first;
        if tokens[head].is_mark(',') || tokens[head].norm == "que" {
            break;
        }
        let verb = tokens[head].verb.filter(|verb| {
            (verb.asks() || verb.form == Form::Wish)
                && (head < first + 4 || verb.form == Form::Command && verb.sure())
                && (verb.sure()
                    || opens && verb.noun != Noun::Mostly
                    || verb.form == Form::Command
                        && !verb.is_indicative(&tokens[head].norm)
                        && head > first
                        && !command::is_proclitic(&tokens[head - 1].norm))
        });
        let verb = verb
            .or_else(|| command::read(tokens, head, body.end, words.marks, true).filter(|_| opens));
        if opens
            && is_copula(&tokens[head].norm)
            && tokens[head].norm.ends_with("ar")
            && !readies(words, head..body.end)
        {
            break;
        }
        let asks_only = verb.is_some_and(|verb| {
            names_media(&tokens[head + 1..body.end])
                || asks_what_one_can(verb, tokens.get(head + 1))
                || asks_to_know(verb, &tokens[head + 1..body.end])
        });
        if asks_only {
            return Role::Background;
        }
        if verb.is_some() {
            let objected = head > body.start
                && matches!(tokens[head - 1].norm.as_str(), "lo" | "los" | "las" | "la");
            return request(leads, head..body.end, verb, objected, words);
        }
    }
    if goes(words, body.clone()) || readies(words, body.clone()) {
        return request(leads, body, None, false, words);
    }
    let word = &tokens[body.start].norm;
    let misspelt = verb::look_up_by_sound(word)
        .filter(|verb| verb.asks())
        .or_else(|| verb::look_up_expected(word).filter(|_| is_asked(tokens, body.start)))
        .filter(|_| tokens[body.start].verb.is_none());
    if misspelt.is_some() {
        request(leads, body, misspelt, false, words)
    } else if is_attribute(words, body) {
        // "Queremos que las tres cosas estén terminadas el 31"
        Role::Attribute
    } else {
        Role::Background
    }
}

/// "can you (please)", "could someone": after these only a verb can stand.
fn is_asked(tokens: &[Token], at: usize) -> bool {
    let polite = usize::from(at > 0 && matches!(tokens[at - 1].word(), "please" | "pls" | "porfa"));
    at.checked_sub(1 + polite).is_some_and(|before| {
        matches!(
            tokens[before].word(),
            "you"
                | "u"
                | "someone"
                | "somebody"
                | "anyone"
                | "we"
                | "puedes"
                | "pueden"
                | "podrias"
                | "podrian"
        )
    })
}

word_set!(
    COPULAS = "\
    be ser estar quedar have tener haber go ir come venir quede esten sea esperar wait \
    salir irme say decir know saber remember talk is thank rest relax sleep breathe apologize \
    congratulate descansar dormir agradecer felicitar respirar relajarse celebrar festejar brindar platicar \
    celebrate"
);

fn is_copula(word: &str) -> bool {
    COPULAS.contains(word)
}
