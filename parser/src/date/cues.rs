//! Words around a date that belong to it: "by", "para el", "a más tardar", "at the latest".

use crate::{
    mark::{Marks, Meaning},
    token::Token,
};

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

pub(super) fn absorb_cues(tokens: &[Token], core: usize, marks: &Marks) -> (usize, bool) {
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
                && (start < 2
                    || !matches!(
                        tokens[start - 2].norm.as_str(),
                        "tardar" | "pase" | "pasar" | "pasarse"
                    ));
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
pub(super) fn absorb_tail(tokens: &[Token], end: usize, marks: &Marks) -> usize {
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
