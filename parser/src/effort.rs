//! Hours: how long work takes, as stated. The forms of a duration are in [`duration`]; here
//! is what tells effort from a duration that describes the thing ("15-minute video").

mod duration;
mod vocabulary;

use std::ops::Range;

use crate::{
    mark::{Marks, Meaning},
    token::{Shape, Token, tokenize},
    words,
};

/// Hours that were stated, and for what.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Effort {
    /// Hours of work.
    pub(crate) hours: f64,
    /// Whether they count for each item or for all together, where that is said.
    pub(crate) scope: Option<Scope>,
}

/// What stated hours were said to be for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Scope {
    /// "4 hours each", "1 hora cada uno".
    Each,
    /// "20 hours in total", "en total 20 hrs".
    Whole,
}

/// Most hours that one statement may have: a year of work.
const MOST: f64 = crate::validate::MAX_HOURS;

phrase_list!(
    WHOLE = "\
    in total|total|altogether|all together|overall|all in all|all in|for everything|\
    for all of it|for all of them|for all of this|for all|for both|for the whole thing|\
    combined|en total|en conjunto|para todo|por todo|entre todo|todo junto|en todo|\
    por las dos|por los dos|entre las dos|para las dos|para ambas|para ambos|entre los dos|\
    total de|total of|totales|todo"
);

phrase_list!(
    EACH = "\
    each|each one|apiece|a piece|per item|per task|for each|for each one|cada uno|cada una|\
    cada cosa|c / u|por cada uno|por cada una|para cada uno|para cada una|cu|cada tarea|por cada cosa|\
    por cada tarea|por tarea|por pieza|for each thing|each thing|cada trabajo|cada punto|c u"
);

/// Marks every duration of the message, effort or not.
pub(crate) fn scan(tokens: &[Token], marks: &mut Marks) {
    let mut at = 0;
    while at < tokens.len() {
        let found = if marks.is_free(at) {
            duration::written(&tokens[at..])
        } else {
            None
        };
        let Some(written) = found else {
            at += 1;
            continue;
        };
        let core = at..at + written.length;
        at = core.end;
        if is_effort(tokens, &core, written, marks) && written.hours > 0.0 && written.hours <= MOST
        {
            let (span, scope) = surroundings(tokens, core, marks);
            at = at.max(span.end);
            marks.add(
                span,
                Meaning::Effort(Effort {
                    hours: written.hours,
                    scope,
                }),
            );
        } else {
            marks.add(core, Meaning::Described);
        }
    }
}

/// Whether a message states these hours anywhere.
pub(crate) fn states(text: &str, hours: f64) -> bool {
    let tokens = tokenize(text);
    let stated = |at: usize| duration::written(&tokens[at..]).map(|written| written.hours);
    (0..tokens.len())
        .filter_map(stated)
        .any(|stated| (stated - hours).abs() < 0.005)
}

fn is_effort(
    tokens: &[Token],
    core: &Range<usize>,
    written: duration::Written,
    marks: &Marks,
) -> bool {
    let (start, _) = reach_back(tokens, core.start, marks);
    !is_joined_to_noun(tokens, core)
        && !counts_something_else(tokens, core.start)
        && !counts_something_else(tokens, start)
        && !is_followed_by_description(tokens, core.end)
        && !belongs_to_noun(tokens, start)
        && (!written.vague || stands_alone(tokens, core, marks))
        && !corrects_a_description(tokens, core.start, marks)
}

/// "15-minute video", "24 hour support": a noun follows the unit directly.
fn is_joined_to_noun(tokens: &[Token], core: &Range<usize>) -> bool {
    let hyphen = tokens[core.clone()]
        .iter()
        .any(|token| token.is_mark('-') && token.glued);
    let plural = tokens[core.end - 1].norm.ends_with('s') || tokens[core.end - 1].norm.len() <= 3;
    let Some(next) = tokens.get(core.end) else {
        return false;
    };
    let noun = next.shape == Shape::Word
        && !words::is_preposition(&next.norm)
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
    adelantado|adelantada|atrasado|atrasada|retrasado|retrasada|by|off by|after|every|within|in|for|since|last|lasts|past|next|per|during|over|than|least|under|\
    first|cada|hace|dentro de|durante|tras|despues de|antes de|por|en|dura|duran|durar|\
    menos de|mas de|cada una de|las|proximas|proximos|ultimas|ultimos|primeras|took me|\
    took us|took|spent|nos tomo|me tomo|tardamos|tarde|before|twice|once|times|vez|veces|\
    estuvimos|estuve|desde hace|waited|worked|trabajamos|trabaje|expires in|a partir de|\
    at least|al menos|minimo|duracion de|garantia de|warranty of|llevamos|llevo|lleva ya|\
    abierto|abierta|open|wait|espera|esperar|the other|one of these|otro|\
    faltan|quedan|falta|queda|we have|i have|have|tenemos|tengo|there are|hay|wasted|lost|perdimos"
);

/// Words before a duration that make it something else than effort.
fn counts_something_else(tokens: &[Token], start: usize) -> bool {
    BEFORE.ends(&tokens[..start]).is_some() && !is_limit(&tokens[..start])
}

word_set!(
    DENIED = "\
    no not shouldn't won't doesn't isn't wont shouldnt doesnt can't cannot ni tampoco"
);

phrase_list!(
    FINISHED_IN = "\
    less than|menos de|todo en|done in|finished in|ready in|quedar en|queda en|hecho en|hacerse en|\
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
        .any(|token| DENIED.contains(token.norm.as_str()));
    under.is_some() || over && denied
}

phrase_list!(
    AFTER = "\
    ago|later|before|after|earlier|late|early|old|long|free|per day|a day|a week|per week|\
    per month|a month|al dia|al mes|por dia|por semana|a la semana|por mes|antes|despues|\
    atras|diarias|diarios|semanales|de garantia|de anticipacion|de retraso|de credito|\
    de vacaciones|de video|of video|of battery|of footage|of warranty|in advance|de plazo|\
    de prueba|gratis|de duracion|from now|notice|away|behind|de espera|seguidas|seguidos|\
    que no|sin servicio|until|till|to go|left to|remaining|/|sin luz|without power"
);

/// Words after a duration that make it something else than effort.
fn is_followed_by_description(tokens: &[Token], end: usize) -> bool {
    AFTER.at(&tokens[end..]).is_some()
}

word_set!(
    NOUNS_OF_WORK = "\
    trabajo chamba cosa tarea total maximo work estimate task job estimado alrededor cerca \
    tiempo"
);

/// "video de 30 segundos", "soporte de 24 horas", but "trabajo de 3 horas".
fn belongs_to_noun(tokens: &[Token], start: usize) -> bool {
    let Some(before) = start.checked_sub(1).map(|at| &tokens[at]) else {
        return false;
    };
    if !matches!(before.norm.as_str(), "de" | "of") {
        return false;
    }
    let noun = start.checked_sub(2).map_or("", |at| tokens[at].word());
    !noun.is_empty() && !NOUNS_OF_WORK.contains(noun)
}

/// "a day" and "una semana" count where nothing else is said around them.
fn stands_alone(tokens: &[Token], core: &Range<usize>, marks: &Marks) -> bool {
    let (start, cued) = reach_back(tokens, core.start, marks);
    let opens = start == 0
        || tokens[start - 1].shape != Shape::Word
        || !marks.is_free(start - 1)
        || words::is_and(&tokens[start - 1]);
    let closes = tokens.get(core.end).is_none_or(|next| {
        next.shape != Shape::Word
            || !marks.is_free(core.end)
            || vocabulary::is_loose_word(&next.norm)
            || words::is_preposition(&next.norm)
            || words::is_and(next)
    });
    let of_work = ["of work", "of effort", "de trabajo", "de chamba"]
        .iter()
        .any(|phrase| words::starts_with(&tokens[core.end..], phrase).is_some());
    let scoped = scope_before(&tokens[..start]).is_some();
    closes && (opens || cued || of_work || scoped)
}

/// "Session expires after 2 hours, it should be 12 hours": the second describes like the first.
fn corrects_a_description(tokens: &[Token], start: usize, marks: &Marks) -> bool {
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

/// The span with brackets and the words around that only say how much, and the scope.
fn surroundings(
    tokens: &[Token],
    core: Range<usize>,
    marks: &Marks,
) -> (Range<usize>, Option<Scope>) {
    let (mut start, _) = reach_back(tokens, core.start, marks);
    let mut end = core.end;
    let mut scope = None;
    for _ in 0..3 {
        let rest = &tokens[end..];
        if let Some(length) = vocabulary::loose_phrase(rest) {
            end += length;
        } else if let Some((length, said)) = scope_after(rest) {
            scope = scope.or(Some(said));
            end += length;
        }
    }
    if let Some((length, said)) = scope_before(&tokens[..start]) {
        scope = scope.or(Some(said));
        start -= length;
        start = reach_back(tokens, start, marks).0;
    }
    let opened = start
        .checked_sub(1)
        .is_some_and(|at| tokens[at].is_mark('(') || tokens[at].is_mark('['));
    let closed = tokens
        .get(end)
        .is_some_and(|token| token.is_mark(')') || token.is_mark(']'));
    if opened && closed {
        (start - 1..end + 1, scope)
    } else {
        (start..end, scope)
    }
}

fn scope_after(rest: &[Token]) -> Option<(usize, Scope)> {
    let each = EACH.at(rest).map(|length| (length, Scope::Each));
    each.or_else(|| Some((WHOLE.at(rest)?, Scope::Whole)))
}

fn scope_before(before: &[Token]) -> Option<(usize, Scope)> {
    let colon = usize::from(before.last().is_some_and(|token| token.is_mark(':')));
    let before = &before[..before.len() - colon];
    let each = EACH.ends(before).map(|length| (length, Scope::Each));
    let (length, scope) = each.or_else(|| Some((WHOLE.ends(before)?, Scope::Whole)))?;
    Some((length + colon, scope))
}

/// Where the words begin that lead up to a duration ("should take about"), and whether one
/// of them says that effort follows.
fn reach_back(tokens: &[Token], start: usize, marks: &Marks) -> (usize, bool) {
    let (mut reached, mut cued) = (start, false);
    for at in (start.saturating_sub(9)..start).rev() {
        let word = tokens[at].norm.as_str();
        if !marks.is_free(at) {
            break;
        } else if vocabulary::is_cue(word) {
            cued = true;
            reached = at;
        } else if vocabulary::is_approximate(word) {
            reached = at;
        } else if !vocabulary::is_weak(word) {
            break;
        }
    }
    (reached, cued)
}
