//! Durations that describe something: "15-minute video", "every 3 hours", "soporte de 24 horas".

use std::ops::Range;

use super::vocabulary;
use crate::{
    lexicon::Class,
    mark::{Marks, Meaning},
    token::{Shape, Token},
    words,
};

/// "15-minute video", "24 hour support": a noun follows the unit directly.
pub(super) fn is_joined_to_noun(tokens: &[Token], core: &Range<usize>) -> bool {
    let hyphen = tokens[core.clone()]
        .iter()
        .any(|token| token.is_mark('-') && token.glued);
    let plural = tokens[core.end - 1].norm.ends_with('s') || tokens[core.end - 1].norm.len() <= 3;
    let Some(next) = tokens.get(core.end) else {
        return false;
    };
    let noun = next.shape == Shape::Word
        && !next.is(Class::Prepositions)
        && !words::is_and(next)
        && !vocabulary::is_loose_word(&next.norm);
    let work = matches!(
        next.norm.as_str(),
        "job" | "task" | "work" | "effort" | "total" | "each"
    );
    next.shape == Shape::Word
        && !work
        && (hyphen && noun
            || noun
                && !plural
                && tokens[core.start].number().is_some_and(|n| n > 1.0)
                && !vocabulary::is_spanish_unit(&tokens[core.end - 1].norm))
}

phrase_list!(
    BEFORE = "\
    a los|a las|pasados los|pasadas las|luego de|al cabo de|adelantado|adelantada|atrasado|\
    atrasada|retrasado|retrasada|by|off by|after|every|within|in|for|since|last|lasts|past|next|\
    per|during|over|than|least|under|\
    first|cada|hace|dentro de|durante|tras|despues de|antes de|por|en|dura|duran|durar|\
    menos de|mas de|cada una de|las|proximas|proximos|ultimas|ultimos|primeras|took me|\
    took us|took|spent|nos tomo|me tomo|tardamos|tarde|before|twice|once|times|vez|veces|\
    estuvimos|estuve|desde hace|waited|worked|trabajamos|trabaje|expires in|a partir de|\
    at least|al menos|minimo|duracion de|garantia de|warranty of|llevamos|llevo|lleva ya|\
    abierto|abierta|open|wait|espera|esperar|the other|one of these|otro|\
    faltan|quedan|falta|queda|we have|i have|have|tenemos|tengo|there are|hay|wasted|lost|perdimos"
);

/// Words before a duration that make it something else than effort.
pub(super) fn counts_something_else(tokens: &[Token], core: &Range<usize>, start: usize) -> bool {
    let perhaps = words::ends_with(&tokens[..start], "tal vez").is_some();
    let finished = tokens
        .get(core.end)
        .is_some_and(|next| next.is(Class::EffortDescribedFinishing))
        && words::ends_with(&tokens[..start], "en").is_some();
    BEFORE.ends(&tokens[..start]).is_some() && !perhaps && !finished && !is_limit(&tokens[..start])
}

phrase_list!(
    FINISHED_IN = "\
    plan for|plan on|planned for|budget for|lo veo en|la veo en|calculamos en|calculo en|\
    calculan en|calcula en|calcule en|estimamos en|estimo en|estiman en|\
    estima en|estimated at|estimate at|doable in|less than|menos de|todo en|done in|finished in|\
    ready in|quedar en|queda en|hecho en|hacerse en|\
    sale en|salen en|lista en|listo en|terminado en|out in"
);

/// "no more than 3 hours", "no debe tardar más de 3 horas", "todo en 3 horas": how long it takes
/// at most.
fn is_limit(before: &[Token]) -> bool {
    let under = FINISHED_IN.ends(before).or_else(|| {
        let opens = before.len() < 2 || before[before.len() - 2].shape != Shape::Word;
        words::ends_with(before, "under").filter(|_| opens)
    });
    let over = [
        "more than",
        "longer than",
        "over",
        "mas de",
        "mas que",
        "de",
    ]
    .iter()
    .any(|phrase| words::ends_with(before, phrase).is_some());
    let denied = before
        .iter()
        .rev()
        .take(7)
        .take_while(|token| token.shape == Shape::Word)
        .any(|token| token.is(Class::EffortDescribedDenied));
    under.is_some() || over && denied
}

phrase_list!(
    AFTER = "\
    every day|every week|every month|every time|each day|each week|daily|weekly|todos los dias|\
    cada dia|cada semana|cada mes|a diario|ago|later|before|after|earlier|late|early|old|long|\
    free|per day|a day|a week|per week|\
    per month|a month|al dia|al mes|por dia|por semana|a la semana|por mes|antes|despues|\
    atras|diarias|diarios|semanales|de garantia|de anticipacion|de retraso|de credito|\
    de vacaciones|de video|of video|of battery|of footage|of warranty|in advance|de plazo|\
    de prueba|gratis|de duracion|from now|notice|away|behind|de espera|seguidas|seguidos|\
    que no|sin servicio|until|till|to go|left to|remaining|/|sin luz|without power"
);

/// Words after a duration that make it something else than effort.
pub(super) fn is_followed_by_description(tokens: &[Token], end: usize) -> bool {
    AFTER.at(&tokens[end..]).is_some()
}

/// "video de 30 segundos", "soporte de 24 horas", but "trabajo de 3 horas".
pub(super) fn belongs_to_noun(tokens: &[Token], start: usize) -> bool {
    let Some(before) = start.checked_sub(1).map(|at| &tokens[at]) else {
        return false;
    };
    if !matches!(before.norm.as_str(), "de" | "of") {
        return false;
    }
    let noun = start.checked_sub(2).map_or("", |at| tokens[at].word());
    !noun.is_empty() && !Class::EffortDescribedNounsOfWork.has(noun)
}

/// "Session expires after 2 hours, it should be 12 hours": the second describes like the first.
pub(super) fn corrects_a_description(tokens: &[Token], start: usize, marks: &Marks) -> bool {
    let should_be = [
        "should be",
        "must be",
        "debe ser",
        "deberia ser",
        "debe de ser",
        "deben ser",
        "deberian ser",
    ];
    let says_so = should_be
        .iter()
        .any(|phrase| words::ends_with(&tokens[..start], phrase).is_some());
    says_so
        && (start.saturating_sub(20)..start)
            .rev()
            .take_while(|&at| !tokens[at].is_mark('.') && tokens[at].shape != Shape::Newline)
            .any(|at| marks.meaning(at) == Some(Meaning::Described))
}
