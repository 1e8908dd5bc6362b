//! Verbs that say little by themselves: "have the menus printed", "tener listo el reporte", "go
//! to the bank".

use std::ops::Range;

use super::{Role, Words, attribute::is_attribute, led::asked, matter};
use crate::{
    Kind, clause, command,
    lead::Leads,
    token::Token,
    verb::{Form, Verb},
    words,
};

/// "(it) needs to **be treated** and repainted": done to what was named before.
pub(super) fn done_to_it(tokens: &[Token], body: Range<usize>) -> Option<Verb> {
    let be = matches!(tokens[body.start].norm.as_str(), "be" | "ser");
    let verb = tokens[..body.end].get(body.start + 1)?.verb?;
    let done = verb.form == Form::Participle && verb.lemma != "finish" && verb.lemma != "complete";
    (be && done).then_some(verb)
}

/// "tener listo el reporte", "be ready with the slides": the work is to get it there.
pub(super) fn readies(words: Words<'_>, span: Range<usize>) -> bool {
    let Words { tokens, marks, .. } = words;
    let is_ready = |token: &Token| {
        matches!(
            token.norm.as_str(),
            "listo" | "lista" | "listos" | "listas" | "ready"
        )
    };
    // "tener la declaración lista"
    let keeps = matches!(tokens[span.start].norm.as_str(), "tener" | "have" | "dejar");
    let reach = if keeps { 7 } else { 1 };
    let ready = tokens[span.start + 1..span.end]
        .iter()
        .take(reach)
        .any(is_ready);
    let rest = span.start + 1..span.end;
    ready && clause::has_words(tokens, rest.clone(), marks) && !is_attribute(words, rest)
}

/// "go to the bank", "ir por los uniformes", "talk to the landlord": somewhere, for something.
pub(super) fn goes(words: Words<'_>, span: Range<usize>) -> bool {
    let Words { tokens, marks, .. } = words;
    let next = tokens[..span.end]
        .get(span.start + 1)
        .map_or("", Token::word);
    let leads_on = match tokens[span.start].norm.as_str() {
        "go" | "come" | "ir" | "venir" | "salir" => {
            matches!(
                next,
                "to" | "get"
                    | "pick"
                    | "by"
                    | "over"
                    | "through"
                    | "a"
                    | "al"
                    | "por"
                    | "check"
                    | "and"
            )
        }
        "talk" => matches!(next, "to" | "with" | "about"),
        "estar" | "be" => return false,
        _ => false,
    };
    let rest = span.start + 2..span.end;
    leads_on && clause::has_words(tokens, rest.clone(), marks) && !is_attribute(words, rest)
}

/// "have a backup plan" wants a thing; "have the menus printed" wants something done to it.
pub(super) fn had(leads: &Leads, span: Range<usize>, words: Words<'_>) -> Option<Role> {
    let Words { tokens, .. } = words;
    if let Some(head) = command::delegated(tokens, span.start, span.end) {
        return Some(asked(leads, head..span.end, words));
    }
    let next = tokens[..span.end].get(span.start + 1)?;
    match tokens[span.start].norm.as_str() {
        "have" | "get" | "tener" | "contar" => {}
        _ => return None,
    }
    let done = done_to(tokens, span.start + 2..span.end);
    let it = matches!(
        next.norm.as_str(),
        "it" | "them" | "this" | "these" | "both"
    );
    if let Some(verb) = done.filter(|verb| it && verb.kind == Kind::Bug) {
        return Some(Role::Again(matter(span, Some(verb), None, leads)));
    }
    // "have all of this finished by Friday": says when, and names nothing.
    if tokens[span.start].norm == "have" && is_all_of_it(&tokens[span.start + 1..span.end]) {
        return Some(Role::Attribute);
    }
    let determined = words::is_determiner(&next.norm) || next.number().is_some();
    if determined && done.is_some() && tokens[span.start].norm == "have" {
        let matter = matter(span.start + 1..span.end, done, None, leads);
        return Some(Role::Request(matter));
    }
    let kept = matches!(
        next.norm.as_str(),
        "the" | "our" | "my" | "all" | "these" | "those" | "everything"
    );
    if kept && tokens[span.start].norm == "have" && span.len() > 3 {
        let matter = matter(span.start + 1..span.end, None, None, leads);
        return Some(Role::Request(matter));
    }
    let wish = tokens[..span.end].get(span.start + 2).is_some_and(|word| {
        matches!(
            word.norm.as_str(),
            "good"
                | "great"
                | "nice"
                | "safe"
                | "happy"
                | "blessed"
                | "wonderful"
                | "lovely"
                | "buen"
                | "bonito"
                | "excelente"
        )
    });
    if wish {
        return None;
    }
    let indefinite = matches!(
        next.norm.as_str(),
        "a" | "an" | "some" | "another" | "more" | "un" | "una" | "unos" | "unas" | "otro" | "otra"
    );
    let wants = indefinite && tokens[span.start].norm != "get";
    wants.then(|| Role::Request(matter(span.start + 1..span.end, None, None, leads)))
}

/// "all of this finished", "everything ready", "both done"
pub(super) fn is_all_of_it(words: &[Token]) -> bool {
    let named = words
        .iter()
        .take_while(|token| {
            matches!(
                token.norm.as_str(),
                "all"
                    | "of"
                    | "this"
                    | "that"
                    | "it"
                    | "them"
                    | "these"
                    | "everything"
                    | "both"
                    | "the"
                    | "whole"
                    | "thing"
            )
        })
        .count();
    let done = words.get(named).is_some_and(|token| {
        matches!(
            token.norm.as_str(),
            "done"
                | "finished"
                | "ready"
                | "completed"
                | "complete"
                | "wrapped"
                | "sorted"
                | "delivered"
        )
    });
    named > 0 && done && words[0].norm != "the"
}

/// The participle that says what shall be done, within a few words.
pub(crate) fn done_to(tokens: &[Token], span: Range<usize>) -> Option<Verb> {
    tokens[span]
        .iter()
        .take(6)
        .find_map(|token| token.verb.filter(|verb| verb.form == Form::Participle))
}
