//! Dates: which days a message names, and which of them say when work is due. The forms are
//! in [`forms`], the arithmetic in [`calendar`]; here is what stands around a date.

pub(crate) mod calendar;
mod forms;
mod names;
mod relative;

use std::ops::Range;

use calendar::Calendar;
use chrono::NaiveDate;

use crate::{
    mark::{Marks, Meaning},
    token::Token,
    verb::{Noun, Verb},
    words,
};

/// When something is due, and how it was said.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Due {
    /// The last day that is on time; nothing where it was said that there is no date.
    pub(crate) day: Option<NaiveDate>,
    /// Whether a word says that it is a limit ("by", "para el", "a más tardar"), so that it
    /// counts even in a sentence that asks for nothing.
    pub(crate) limit: bool,
}

// Words before a date that belong to it and make it a limit.
phrase_list!(
    LIMITS = "\
    a mas tardar el dia|a mas tardar el|a mas tardar para el|a mas tardar|mas tardar el|\
    no mas tarde del|no later than|no later than the|not later than|by no later than|due by|\
    due on|due|due the|deadline is|deadline|on or before|prior to|needed by|antes del dia|\
    antes del|antes de|antes de que acabe el|para antes del|hasta el|para el dia|para el|para la|\
    para este|para|pa|pa el|pal|va para el|va para|by the|by|by like|before the|before|until|\
    fecha limite el|fecha limite|limite el|tope|tope el|vence el|como para el|eod|cob|\
    end of day|end of the day|del"
);

// Words before a date that belong to it and say nothing by themselves.
phrase_list!(
    OTHERS = "\
    a|el dia|el|la|este|on the|on|for|the|at|hacia el|como el|al"
);

/// Marks every date of the message, due or not.
pub(crate) fn scan(tokens: &[Token], calendar: Calendar, marks: &mut Marks) {
    let mut at = 0;
    while at < tokens.len() {
        if !marks.is_free(at) {
            at += 1;
        } else if let Some(length) = no_date(tokens, at) {
            marks.add(
                at..at + length,
                Meaning::Due(Due {
                    day: None,
                    limit: true,
                }),
            );
            at += length;
        } else if let Some(written) = forms::written(&tokens[at..], calendar) {
            let core = at..(at + written.length).min(tokens.len());
            at = if is_part_of_next(tokens, &core, calendar) {
                core.end
            } else {
                mark_date(tokens, core, written.within(calendar), marks)
            };
        } else {
            at += 1;
        }
    }
}

/// "EOD tomorrow", "end of day Friday": the day that follows is meant.
fn is_part_of_next(tokens: &[Token], core: &Range<usize>, calendar: Calendar) -> bool {
    let end_of_day = matches!(tokens[core.start].norm.as_str(), "eod" | "cob")
        || tokens[core.end - 1].norm == "day" && tokens[core.start].norm == "end";
    let on = usize::from(tokens.get(core.end).is_some_and(|token| token.norm == "on"));
    let next = tokens.get(core.end + on..).unwrap_or_default();
    end_of_day && forms::written(next, calendar).is_some()
}

phrase_list!(
    PHRASES = "\
    sin fecha limite|sin fecha|no due date|no deadline|without a deadline|without a date|\
    no fixed date"
);

fn no_date(tokens: &[Token], at: usize) -> Option<usize> {
    PHRASES.at(&tokens[at..])
}

/// Marks one date with its cues; returns where to go on.
fn mark_date(
    tokens: &[Token],
    core: Range<usize>,
    written: forms::Written,
    marks: &mut Marks,
) -> usize {
    let (start, limit) = absorb_cues(tokens, core.start, marks);
    let limit = limit || is_called_deadline(tokens, core.end);
    let end = absorb_tail(tokens, core.end, marks);
    let due = written
        .day
        .filter(|_| !dates_an_event(tokens, &core))
        .filter(|_| written.ahead || limit || !is_described(tokens, start, &core, marks));
    let limit = limit || written.ahead;
    match due.filter(|_| !is_origin(tokens, start)) {
        Some(day) => marks.add(
            start..end,
            Meaning::Due(Due {
                day: Some(day),
                limit,
            }),
        ),
        None => marks.add(core, Meaning::Described),
    }
    end
}

fn absorb_cues(tokens: &[Token], core: usize, marks: &Marks) -> (usize, bool) {
    let (mut start, mut limit) = (core, starts_with_cue(tokens, core));
    for _ in 0..4 {
        let before = &tokens[..start];
        let fits = |length: &usize| {
            // "thanks for coming by on Tuesday": on the day, not by it.
            let by_on = *length == 1
                && before[start - 1].norm == "by"
                && matches!(tokens[start].norm.as_str(), "on" | "in");
            // "a más tardar del 20", but "la factura del 20".
            let of = *length == 1
                && before[start - 1].norm == "del"
                && (start < 2 || tokens[start - 2].norm != "tardar");
            !by_on && !of && (start - length..start).all(|at| marks.is_free(at))
        };
        let limits = LIMITS.ends(before).filter(fits);
        let others = OTHERS.ends(before).filter(fits);
        let Some(length) = limits.max(others) else {
            break;
        };
        limit |= limits == Some(length);
        start -= length;
    }
    (start, limit)
}

/// "para el 20" and "antes del 20" are one form.
fn starts_with_cue(tokens: &[Token], core: usize) -> bool {
    matches!(
        tokens[core].norm.as_str(),
        "para" | "antes" | "eod" | "cob" | "by" | "before" | "due" | "pal"
    )
}

phrase_list!(TAILS = "at the latest|a mas tardar|latest|sin falta|mismo|sharp");

/// A time of day, or "at the latest", belongs to the date before it.
fn absorb_tail(tokens: &[Token], end: usize, marks: &Marks) -> usize {
    let mut end = end;
    loop {
        let comma = usize::from(tokens.get(end).is_some_and(|token| token.is_mark(',')));
        if marks.meaning(end) == Some(Meaning::Clock) {
            end = marks.at(end).map_or(end + 1, |mark| mark.span.end);
        } else if comma == 1 && marks.meaning(end + 1) == Some(Meaning::Clock) {
            end += 1;
        } else if let Some(length) = TAILS.at(tokens.get(end..).unwrap_or_default()) {
            end += length;
        } else {
            return end;
        }
    }
}

phrase_list!(
    ORIGINS = "\
    arrives|arrive|llega|llegan|viene|vienen|comes|nothing|not|no antes|not until|back|back on|returns|returning|regreso|regresamos|vuelvo|start|begin|start on|begin on|start date|iniciar|iniciar el|empezar|empezar el|comenzar|arrancar|\
    inicio|ends|ends on|expires|expires on|is up|runs out|termina|acaba|finaliza|caduca|expira|\
    since|since the|desde|desde el|from|starting|starting on|beginning|beginning on|\
    a partir del|a partir de|starts|starts on|begins|begins on|empieza|empiezan|inicia|\
    inician|entra|entran|as of|of|de|del|arrived|llego|llegaron|happened|dated|until|abre|\
    abren|opens"
);

/// A date that something counts from, or that was: "since Monday", "starting 4/13".
fn is_origin(tokens: &[Token], start: usize) -> bool {
    ORIGINS.ends(&tokens[..start]).is_some()
}

word_set!(
    LINKS = "\
    is are es sera was fue be cae son"
);

word_set!(
    DEADLINES = "\
    deadline due limite entrega delivery fecha todo everything vencimiento"
);

/// A date that only says when an event is.
fn is_described(tokens: &[Token], start: usize, core: &Range<usize>, marks: &Marks) -> bool {
    let before = |back: usize| start.checked_sub(back).map_or("", |at| tokens[at].word());
    let after = tokens.get(core.end).map_or("", Token::word);
    let spanish = start < core.start && matches!(tokens[start].norm.as_str(), "el" | "la" | "este");
    let event_before = words::is_event(before(1))
        && is_only_named(tokens, start - 1)
        && (!spanish || heads_a_list(tokens, start));
    let event_after = words::is_event(after)
        && !marks
            .is_free(core.end)
            .then_some(after)
            .is_none_or(str::is_empty);
    let is = LINKS.contains(before(1));
    let deadline = (1..=8).any(|back| DEADLINES.contains(before(back)));
    event_before || event_after || names_an_occasion(tokens, core, after) || is && !deadline
}

fn commands(verb: Verb) -> bool {
    verb.asks() && verb.noun != Noun::Mostly
}

/// "Dec 31 is the hard deadline"
fn is_called_deadline(tokens: &[Token], end: usize) -> bool {
    let mut after = tokens[end..].iter().take(5).map(Token::word);
    after.next().is_some_and(|word| LINKS.contains(word))
        && after.any(|word| matches!(word, "deadline" | "due" | "limite" | "cutoff" | "tope"))
}

/// "before the May 30 festival": the date is part of the event's name, whatever comes before.
fn dates_an_event(tokens: &[Token], core: &Range<usize>) -> bool {
    let article = core.start.checked_sub(1).is_some_and(|before| {
        matches!(tokens[before].norm.as_str(), "the" | "our" | "my" | "your")
    });
    article
        && tokens
            .get(core.end)
            .is_some_and(|next| words::is_event(&next.norm))
}

/// "the Wednesday sync", "our Monday report": a weekday that tells one thing from others.
fn names_an_occasion(tokens: &[Token], core: &Range<usize>, after: &str) -> bool {
    let article = core.start.checked_sub(1).is_some_and(|before| {
        matches!(
            tokens[before].norm.as_str(),
            "the" | "our" | "a" | "my" | "your" | "this"
        )
    });
    let possessive = tokens[core.start].norm.ends_with("'s");
    let lone = core.len() == 1 && tokens[core.start].shape == crate::token::Shape::Word;
    let noun = !after.is_empty()
        && tokens[core.end].norm != "s"
        && !words::is_preposition(after)
        && !words::is_and_word(after)
        && !words::is_determiner(after)
        && !words::is_subject(after)
        && !matches!(
            after,
            "morning" | "afternoon" | "evening" | "night" | "please" | "pls" | "at"
        );
    (article || possessive) && lone && noun
}

/// "flowers for the wedding", "the wedding", not "prepare the presentation": whether an event
/// is only named, and not what is worked on.
fn is_only_named(tokens: &[Token], event: usize) -> bool {
    let mut determined = false;
    for at in (event.saturating_sub(4)..event).rev() {
        let token = &tokens[at];
        if token.word().is_empty() || token.verb.is_some_and(commands) {
            break;
        }
        let article = token.norm == "a" || words::is_determiner(&token.norm) && token.norm != "al";
        determined |= article;
        if words::is_preposition(&token.norm) && !article && token.norm != "al" {
            return true;
        }
    }
    // "Pay the dues today, the inspection tomorrow": the verb may stand before a comma.
    let worked_on = (event.saturating_sub(12)..event)
        .rev()
        .take_while(|&at| !tokens[at].word().is_empty() || tokens[at].is_mark(','))
        .any(|at| tokens[at].verb.is_some_and(commands));
    determined && !worked_on
}

/// "Para la boda el 20 de junio:" names the event whose list follows.
fn heads_a_list(tokens: &[Token], at: usize) -> bool {
    let line_end = |token: &Token| token.norm == "\n";
    let colon = tokens[at..]
        .iter()
        .take(12)
        .take_while(|token| !line_end(token))
        .any(|token| token.is_mark(':'));
    let first = tokens[..at]
        .iter()
        .rev()
        .take(12)
        .take_while(|token| !line_end(token))
        .last();
    colon && first.is_some_and(|token| matches!(token.norm.as_str(), "para" | "for"))
}
