//! Clauses that say what is wanted: "we need chairs", "necesito a alguien que pinte".

use std::ops::Range;

use super::{
    Role, Words,
    attribute::is_attribute,
    had::{done_to, is_all_of_it},
    led::asked,
    matter, request,
};
use crate::{
    Kind, command,
    lead::Leads,
    mark::{Marks, Meaning},
    token::Token,
    verb::{Form, Verb},
    words,
};

/// After "we need": a verb, or a thing that is wanted, perhaps with what shall happen to it.
pub(super) fn wanted(leads: &Leads, body: Range<usize>, words: Words<'_>) -> Role {
    let Words { tokens, marks, .. } = words;
    if let Some(verb) = command::read(tokens, body.start, body.end, marks, true).filter(|verb| {
        verb.sure()
            || verb.form == Form::Base
                && words::is_determiner(tokens.get(body.start + 1).map_or("", Token::word))
    }) {
        return request(leads, body, Some(verb), false, words);
    }
    if let Some(head) = somebody_to(tokens, body.clone(), marks) {
        return asked(leads, head..body.end, words);
    }
    // "Needs fixing by Tuesday": what was told before.
    let doing = tokens[body.start]
        .verb
        .filter(|verb| verb.form == Form::Progressive && verb.kind == Kind::Bug);
    if let Some(verb) = doing.filter(|_| body.start > 0 && tokens[body.start - 1].norm == "needs") {
        return Role::Again(matter(body, Some(verb), None, leads));
    }
    if is_all_of_it(&tokens[body.clone()]) {
        return Role::Attribute;
    }
    if is_attribute(words, body.clone()) || announces(&tokens[body.clone()]) {
        return Role::Attribute;
    }
    // "Three weeks are left until the fair."
    if marks.meaning(body.start) == Some(Meaning::Described) {
        return Role::Background;
    }
    let first = &tokens[body.start].norm;
    let points_back = matches!(first.as_str(), "it" | "them")
        || words::is_pronoun(first)
            && tokens[..body.end].get(body.start + 1).is_none_or(|next| {
                words::is_preposition(&next.norm)
                    || matches!(
                        next.norm.as_str(),
                        "working"
                            | "done"
                            | "ready"
                            | "fixed"
                            | "up"
                            | "back"
                            | "funcionando"
                            | "jalando"
                    )
            });
    if points_back && !is_about(tokens, body.clone()) {
        return Role::Attribute;
    }
    // "They'd like to move in": what others want to do themselves.
    let thanks = first.starts_with("agradec") || first.starts_with("felicit");
    let aside = matches!(
        first.as_str(),
        "de" | "of" | "to" | "about" | "with" | "con" | "on" | "at"
    );
    if thanks || aside || is_longed_for(tokens, body.clone()) {
        return Role::Background;
    }
    let done = done_to(tokens, body.clone());
    Role::Request(matter(body, done, None, leads))
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

word_set!(
    PEOPLE = "\
    you someone somebody him her them us anyone guys team u alguien plumber electrician painter \
    gardener driver cleaner contractor developer designer technician tech mechanic handyman \
    carpenter photographer translator lawyer accountant plomero electricista pintor jardinero \
    chofer albanil tecnico mecanico carpintero fotografo traductor abogado contador herrero \
    disenador programador persona gente cerrajero fumigador"
);

/// "need Ana to fix the door": where the verb stands that somebody is needed for.
fn somebody_to(tokens: &[Token], body: Range<usize>, marks: &Marks) -> Option<usize> {
    let to = (body.start + 1..body.end.min(body.start + 5))
        .find(|&at| matches!(tokens[at].norm.as_str(), "to" | "para" | "que"))?;
    let named = tokens[body.start..to]
        .iter()
        .any(|token| token.capital || PEOPLE.contains(token.norm.as_str()));
    let asks = tokens[..body.end].get(to + 1).is_some_and(|next| {
        next.verb.is_some_and(Verb::asks) || matches!(next.norm.as_str(), "go" | "come")
    });
    (named && asks && marks.is_free(to)).then_some(to + 1)
}

word_set!(
    GENERAL = "\
    things cosas items puntos points detalles details cambios changes tareas tasks favores favors \
    pendientes ajustes updates tweaks requests temas asuntos"
);

/// "three things from you", "varios cambios para la siguiente etapa": says that a list follows.
pub(crate) fn announces(words: &[Token]) -> bool {
    let counted = words.first().is_some_and(|first| {
        first.number().is_some()
            || matches!(
                first.norm.as_str(),
                "a" | "some"
                    | "few"
                    | "several"
                    | "unas"
                    | "unos"
                    | "varias"
                    | "varios"
                    | "algunas"
                    | "algunos"
                    | "estas"
                    | "estos"
                    | "these"
                    | "couple"
                    | "the"
                    | "las"
                    | "los"
            )
    });
    counted
        && words[1..]
            .iter()
            .take(3)
            .any(|token| GENERAL.contains(token.norm.as_str()))
}

word_set!(
    LONGED_FOR = "\
    vacation vacations vacaciones nap siesta beer chela cerveza drink hug abrazo break descanso     coffee cafe cafecito sleep dormir help ayuda"
);

/// "I need a coffee": nobody is asked for it.
fn is_longed_for(tokens: &[Token], body: Range<usize>) -> bool {
    let words = &tokens[body];
    words.len() <= 3
        && words
            .iter()
            .any(|word| LONGED_FOR.contains(word.norm.as_str()))
}
