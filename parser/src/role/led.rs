//! Clauses that a lead-in turns into requests: "we need to", "que", "we need".

use std::ops::Range;

use super::{Role, Words, attribute::is_attribute, matter, past_pronouns, request, skip_adverbs};
use crate::{
    clause, command,
    lead::Leads,
    mark::{Marks, Meaning},
    token::{Shape, Token},
    verb::{self, Form, Noun, Verb},
    words,
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
    let verb = token
        .verb
        .filter(|verb| verb.form != Form::Participle)
        .or_else(|| verb::look_up_misspelt(&token.norm));
    let objected =
        first > body.start && matches!(tokens[body.start].norm.as_str(), "lo" | "los" | "las");
    request(leads, head..body.end, verb, objected, words)
}

/// "(it) needs to **be treated** and repainted": done to what was named before.
fn done_to_it(tokens: &[Token], body: Range<usize>) -> Option<Verb> {
    let be = matches!(tokens[body.start].norm.as_str(), "be" | "ser");
    let verb = tokens[..body.end].get(body.start + 1)?.verb?;
    let done = verb.form == Form::Participle && verb.lemma != "finish" && verb.lemma != "complete";
    (be && done).then_some(verb)
}

/// "tener listo el reporte", "be ready with the slides": the work is to get it there.
fn readies(words: Words<'_>, span: Range<usize>) -> bool {
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
fn goes(words: Words<'_>, span: Range<usize>) -> bool {
    let Words { tokens, marks, .. } = words;
    let next = tokens[..span.end]
        .get(span.start + 1)
        .map_or("", Token::word);
    let leads_on = match tokens[span.start].norm.as_str() {
        "go" | "come" | "ir" | "venir" | "salir" => {
            matches!(
                next,
                "to" | "get" | "pick" | "by" | "over" | "a" | "al" | "por" | "check" | "and"
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

/// The participle that says what shall be done, within a few words.
fn done_to(tokens: &[Token], span: Range<usize>) -> Option<Verb> {
    tokens[span]
        .iter()
        .take(6)
        .find_map(|token| token.verb.filter(|verb| verb.form == Form::Participle))
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
    let misspelt =
        verb::look_up_misspelt(&tokens[body.start].norm).filter(|_| leads.said.len() > 1);
    if misspelt.is_some() {
        request(leads, body, misspelt, false, words)
    } else {
        Role::Background
    }
}

word_set!(
    ABILITIES = "\
    read understand speak hear listen process leer entender hablar escuchar procesar recibir"
);

word_set!(
    MEDIA = "\
    audios audio pdf pdfs images imagenes photos fotos videos stickers links files archivos emojis \
    messages mensajes notes calls llamadas gifs memes facturas excel"
);

/// "Can you send voice messages?": media in general, nothing in particular.
fn names_media(words: &[Token]) -> bool {
    let bare = words.iter().all(|token| {
        token.shape == Shape::Word
            && !words::is_determiner(&token.norm)
            && !words::is_preposition(&token.norm)
    });
    bare && words.len() <= 3
        && words
            .last()
            .is_some_and(|last| MEDIA.contains(last.norm.as_str()))
}

/// "Can you read PDF files?" asks about the one who is asked, "can you read the file?" does not.
fn asks_what_one_can(verb: Verb, next: Option<&Token>) -> bool {
    ABILITIES.contains(verb.lemma)
        && next.is_none_or(|next| {
            !words::is_determiner(&next.norm) && !words::is_preposition(&next.norm)
        })
}

word_set!(
    QUESTIONS = "\
    cuanto cuanta cuantos cuantas como que cuando donde cual cuales quien si how what when where \
    which why who if whether"
);

/// "Can you tell me how many hours are left?" asks for an answer.
fn asks_to_know(verb: Verb, rest: &[Token]) -> bool {
    let me = usize::from(
        rest.first()
            .is_some_and(|token| matches!(token.norm.as_str(), "me" | "us" | "nos")),
    );
    matches!(verb.lemma, "decir" | "tell" | "explain" | "explicar")
        && rest
            .get(me)
            .is_some_and(|token| QUESTIONS.contains(token.norm.as_str()))
}

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

word_set!(
    COPULAS = "\
    be ser estar quedar have tener haber go ir come venir quede esten sea esperar wait \
    salir irme say decir know saber remember talk is thank rest relax sleep breathe apologize \
    congratulate descansar dormir agradecer felicitar"
);

fn is_copula(word: &str) -> bool {
    COPULAS.contains(word)
}
