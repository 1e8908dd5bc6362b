//! Attributes: words that say nothing but when, how long, how urgent, and of which items.

use std::ops::Range;

use super::{Role, Seen, Words};
use crate::{mark::Meaning, token::Shape, words as lists};

/// Whether the words say nothing but when, how long, how urgent, and of which items.
pub(super) fn is_attribute(words: Words<'_>, span: Range<usize>) -> bool {
    let Words { tokens, marks, .. } = words;
    span.into_iter().all(|at| {
        let marked = marks.meaning(at).is_some_and(|meaning| {
            meaning.leaves_title() || matches!(meaning, Meaning::Clock | Meaning::Quote)
        });
        marked
            || !matches!(tokens[at].shape, Shape::Word | Shape::Number | Shape::Link)
            || is_attribute_word(&tokens[at].norm)
    })
}

word_set!(
    ATTRIBUTE_WORDS = "\
    all everything it them this that these those both each is are be due done ready \
    finished finish complete completed deadline please the of for we i they need needs \
    needed expect want should must will would has have to and by in on total time estimate \
    estimated about takes take it's two three four five first second third last one ones so \
    very really super thing things cosas cosa following tasks items work job a an as at \
    though either neither any pretty too also thanks thank you thx pls sharp asap max just more less or if \
    possible can got get delivered hand like think say guess hours with todo todos todas \
    toda esto eso es son va van esta estan esten este estar quedar quede queden listo lista \
    listos listas terminado terminada terminados terminadas hechos hechas acabado acabada \
    acabadas acabados entregadas entregados entregar entrega para el la los las lo de que y en al \
    del por favor porfa tiene tienen necesito necesitamos necesitan ocupo ocupamos quiero \
    queremos debe deben ser fecha limite plazo tiempo primero primera segundo segunda \
    tercero tercera ultimo ultima uno una unas muy gracias se le me nos les calculo \
    siguiente siguientes dos tres cuatro cinco cada ambos ambas con hacer do sale son, \
    serian seran como mas menos o si puede puedes trabajo our my mi nuestra nuestro tareas \
    pendientes cliente's entregado entreguen tope quiere quieren wants there ok terminar \
    acabar tener team equipo saludos regards best algunos algunas varios varias detalles puntos \
    temas few some several details points items couple unos"
);

fn is_attribute_word(word: &str) -> bool {
    ATTRIBUTE_WORDS.contains(word)
}

word_set!(
    OF_DEADLINES = "\
    client customer boss owner cliente clienta jefe jefa dueno duena expects expect expecting wants \
    espera esperan espero esperamos promised promise prometi prometimos target date goal meta \
    objetivo timeline frame aim aiming shooting go out live salir salga pase pasar necesita no sin puede \
    cuento quedamos acordamos entregamos entregarlo entregarla he she quedo promesa compromiso"
);

word_set!(
    OF_EFFORT = "\
    budget budgeted plan planned planning set aside you'll we'll i'd you we have allow figure give call \
    apartar aparta aparten reserva reserven reservar consideren considera contemplen contempla \
    cuenta cuenten ponle vas necesitar necesitaras hay que debe pasar no por en queda quedan sale tal vez \
    last ish"
);

/// "Budget 6 hours", "hay que apartar 6 horas": hours, and words that only say that it takes them.
pub(super) fn tells_effort(seen: &Seen<'_>) -> Option<Role> {
    let Words { tokens, marks, .. } = seen.words;
    let span = seen.clause.span.clone();
    let timed = marks
        .within(span.clone())
        .any(|mark| matches!(mark.meaning, Meaning::Effort(_)));
    let only = timed
        && span.into_iter().all(|at| {
            !marks.is_free(at)
                || !matches!(tokens[at].shape, Shape::Word | Shape::Number | Shape::Link)
                || is_attribute_word(&tokens[at].norm)
                || OF_EFFORT.contains(tokens[at].norm.as_str())
        });
    only.then_some(Role::Attribute)
}

/// "The client expects it Monday", "lo prometimos para el lunes", "que no pase del lunes": a day,
/// and words that only say that it binds.
pub(super) fn tells_deadline(seen: &Seen<'_>) -> Option<Role> {
    let Words { tokens, marks, .. } = seen.words;
    let span = seen.clause.span.clone();
    let dated = marks
        .within(span.clone())
        .any(|mark| matches!(mark.meaning, Meaning::Due(due) if due.day.is_some()));
    let points = span.clone().any(|at| {
        lists::is_pronoun(tokens[at].word())
            || OF_DEADLINES.contains(tokens[at].word())
                && !matches!(tokens[at].word(), "no" | "he" | "she")
    });
    let only = dated
        && points
        && span.into_iter().all(|at| {
            !marks.is_free(at)
                || !matches!(tokens[at].shape, Shape::Word | Shape::Number | Shape::Link)
                || is_attribute_word(&tokens[at].norm)
                || OF_DEADLINES.contains(tokens[at].norm.as_str())
        });
    only.then_some(Role::Attribute)
}
