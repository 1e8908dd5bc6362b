//! Verbs that say little by themselves: "have the menus printed", "tener listo el reporte", "go
//! to the bank".

use std::ops::Range;

use super::{Decide, Role, Seen, Verdict, Words, attribute::is_attribute, first, led::asked};
use crate::{
    Kind, clause, command,
    lexicon::Class,
    rule::Rule,
    token::Token,
    verb::{Form, Verb},
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

/// Rules about "have": "have the menus printed" wants something done to a thing.
const HAVING: &[(Rule, Decide)] = &[
    (Rule::HadRepaired, had_repaired),
    (Rule::HadAll, had_all),
    (Rule::HadDone, had_done),
    (Rule::HadKept, had_kept),
    (Rule::HadSome, had_some),
];

/// What a body does that begins with "have", "get", "tener".
pub(super) fn had(seen: &Seen<'_>) -> Option<Verdict> {
    let (tokens, body) = (seen.words.tokens, seen.body.clone());
    let delegated = command::delegated(tokens, body.start, body.end);
    if let Some(head) = delegated.filter(|_| seen.words.rules.ask(Rule::Delegated)) {
        let Verdict { role, .. } = asked(&seen.over(head..body.end));
        return Some(role.by(Rule::Delegated));
    }
    let has = matches!(seen.first(), "have" | "get" | "tener" | "contar");
    (has && body.len() > 1)
        .then(|| first(HAVING, seen))
        .flatten()
}

/// The participle after what is had.
fn had_participle(seen: &Seen<'_>) -> Option<Verb> {
    let body = seen.body.clone();
    done_to(seen.words.tokens, body.start + 2..body.end)
}

fn had_repaired(seen: &Seen<'_>) -> Option<Role> {
    let it = matches!(seen.second(), "it" | "them" | "this" | "these" | "both");
    let verb = had_participle(seen).filter(|verb| it && verb.kind == Kind::Bug)?;
    Some(Role::Again(seen.matter(seen.body.clone(), Some(verb))))
}

/// "have all of this finished by Friday": says when, and names nothing.
fn had_all(seen: &Seen<'_>) -> Option<Role> {
    let rest = &seen.words.tokens[seen.body.start + 1..seen.body.end];
    (seen.first() == "have" && is_all_of_it(rest)).then_some(Role::Attribute)
}

fn had_done(seen: &Seen<'_>) -> Option<Role> {
    let next = &seen.words.tokens[seen.body.start + 1];
    let determined = next.is(Class::Determiners) || next.number().is_some();
    let verb = had_participle(seen).filter(|_| determined && seen.first() == "have")?;
    let span = seen.body.start + 1..seen.body.end;
    Some(Role::Request(seen.matter(span, Some(verb))))
}

fn had_kept(seen: &Seen<'_>) -> Option<Role> {
    let kept = matches!(
        seen.second(),
        "the" | "our" | "my" | "all" | "these" | "those" | "everything"
    );
    let span = seen.body.start + 1..seen.body.end;
    (kept && seen.first() == "have" && seen.body.len() > 3)
        .then(|| Role::Request(seen.matter(span, None)))
}

/// "have a backup plan" wants a thing, "have a great day" wishes.
fn had_some(seen: &Seen<'_>) -> Option<Role> {
    let Range { start, end } = seen.body;
    let wishes = seen.words.tokens[..end]
        .get(start + 2)
        .is_some_and(|word| word.is(Class::HadWishes));
    let indefinite = matches!(
        seen.second(),
        "a" | "an" | "some" | "another" | "more" | "un" | "una" | "unos" | "unas" | "otro" | "otra"
    );
    let wants = !wishes && indefinite && seen.first() != "get";
    wants.then(|| Role::Request(seen.matter(start + 1..end, None)))
}

/// "all of this finished", "everything ready", "both done"
pub(super) fn is_all_of_it(words: &[Token]) -> bool {
    let named = words
        .iter()
        .take_while(|token| token.is(Class::HadAllOf))
        .count();
    let done = words
        .get(named)
        .is_some_and(|token| token.is(Class::HadFinished));
    named > 0 && done && words[0].norm != "the"
}

/// The participle that says what shall be done, within a few words.
pub(crate) fn done_to(tokens: &[Token], span: Range<usize>) -> Option<Verb> {
    tokens[span]
        .iter()
        .take(6)
        .find_map(|token| token.verb.filter(|verb| verb.form == Form::Participle))
}
