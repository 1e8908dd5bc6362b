//! Days that are named from where the sender stands: today, in three days, next Friday, at
//! the end of the month.

use std::sync::LazyLock;

use chrono::{Days, NaiveDate, Weekday};

use super::{
    calendar::Calendar,
    forms::{self, Written, first_of, found},
    names::{day_name, month, short_day_name, short_name},
};
use crate::{lexicon::Class, phrase::PhraseTable, token::Token};

/// A day that is said in a fixed phrase.
#[derive(Debug, Clone, Copy)]
enum Said {
    Past,
    InDays(u32),
    EndOfMonth(u32),
    ThisFriday,
    NextFriday,
    EndOfYear,
}

static PHRASES: LazyLock<PhraseTable<Said>> = LazyLock::new(|| {
    PhraseTable::new(&[
        (
            "yesterday|ayer|anteayer|antier|anoche|this morning|esta manana|last night|last week|\
             la semana pasada|last month|el mes pasado",
            Said::Past,
        ),
        (
            "today|hoy|hoy mismo|tonight|esta noche|esta tarde|this afternoon|this evening|eod|cob|\
             end of day|end of the day|fin del dia|fin de dia|final del dia|el dia de hoy",
            Said::InDays(0),
        ),
        (
            "tomorrow|tmrw|tmr|tomorow|tommorow|manana|manana mismo|el dia de manana",
            Said::InDays(1),
        ),
        (
            "pasado manana|day after tomorrow|the day after tomorrow",
            Said::InDays(2),
        ),
        (
            "month's end|the last day of the month|last day of the month|antes de que acabe el mes|\
             antes de que termine el mes|antes de terminar el mes|antes de acabar el mes|dia ultimo|\
             ultimo dia del mes|ultimo dia de mes|el ultimo del mes|eom|end of month|\
             end of the month|end of this month|month end|fin de mes|fines de mes|\
             final de mes|finales de mes|fin del mes|final del mes|fin de este mes",
            Said::EndOfMonth(0),
        ),
        (
            "end of next month|next month|el proximo mes|proximo mes|el mes que viene|\
             fin del proximo mes|fines del proximo mes",
            Said::EndOfMonth(1),
        ),
        (
            "end of week|end of the week|end of this week|eow|this week|esta semana|\
             finales de semana|esta misma semana|fin de esta semana",
            Said::ThisFriday,
        ),
        (
            "end of next week|next week|proxima semana|semana que viene|semana que entra|\
             siguiente semana",
            Said::NextFriday,
        ),
        (
            "end of year|end of the year|end of this year|fin de ano|fin del ano|fines de ano|\
             final de ano|finales de ano",
            Said::EndOfYear,
        ),
    ])
});

/// today, mañana, EOD, fin de mes, next week, yesterday
pub(super) fn fixed(tokens: &[Token], calendar: Calendar) -> Option<Written> {
    let (length, said) = PHRASES.at(tokens)?;
    let day = match said {
        Said::Past => None,
        Said::InDays(days) => calendar.in_days(days),
        Said::EndOfMonth(ahead) => calendar.end_of_month(ahead),
        Said::ThisFriday => calendar.this_week(Weekday::Fri),
        Said::NextFriday => calendar.next_week(Weekday::Fri),
        Said::EndOfYear => calendar.end_of_year(),
    };
    found(length, day)
}

phrase_list!(ENDS = "end of|fin de|fines de|finales de|final de");

/// end of June, fines de junio
pub(super) fn end_of_named_month(tokens: &[Token], calendar: Calendar) -> Option<Written> {
    let length = ENDS.at(tokens)?;
    let month = month(&tokens.get(length)?.norm)?;
    found(length + 1, calendar.end_of_named_month(month))
}

phrase_list!(
    LEADS = "dentro de unos|dentro de|en unos|en|in about|in the next|in|within the next|within|de aqui a|a mas tardar en"
);
phrase_list!(FROM_NOW = "from now|from today|a partir de hoy|a partir de ahora|time");
phrase_list!(OF_WORK = "of work|de trabajo|de chamba|of effort");

/// in 3 days, en quince días, dentro de dos semanas, within a week, 3 days from now
pub(super) fn counted(tokens: &[Token], calendar: Calendar) -> Option<Written> {
    let lead = LEADS.at(tokens);
    let rest = &tokens[lead.unwrap_or(0)..];
    let (count, counted) = couple(rest)
        .map(|length| (2, length))
        .or_else(|| Some((count(rest.first()?)?, 1)))?;
    let unit = rest.get(counted)?;
    let day = period(unit, count, calendar)?;
    let tail = &rest[counted + 1..];
    let length = lead.unwrap_or(0) + counted + 1;
    if let Some((more, day)) = from_a_day(tail, unit, count, calendar) {
        return Some(Written {
            length: length + more,
            day: Some(day),
            ahead: true,
        });
    }
    let suffix = FROM_NOW.at(tail);
    let work = OF_WORK.at(tail);
    if work.is_some() || (lead.is_none() && suffix.is_none()) {
        return None;
    }
    Some(Written {
        length: length + suffix.unwrap_or(0),
        day: Some(day),
        ahead: true,
    })
}

phrase_list!(COUPLE = "a couple of|a couple|couple of|un par de");

/// "a couple of", "un par de": how many tokens it takes.
fn couple(tokens: &[Token]) -> Option<usize> {
    COUPLE.at(tokens)
}

/// "(two weeks) **from Friday**": how many tokens it takes, and the day.
fn from_a_day(
    tail: &[Token],
    unit: &Token,
    count: u32,
    calendar: Calendar,
) -> Option<(usize, NaiveDate)> {
    let days = match unit.norm.as_str() {
        "day" | "days" => count,
        "week" | "weeks" => 7 * count,
        _ => return None,
    };
    tail.first().filter(|token| token.norm == "from")?;
    let rest = tail.get(1..).filter(|rest| !rest.is_empty())?;
    let written = fixed(rest, calendar)
        .or_else(|| weekday(rest, calendar))
        .or_else(|| forms::month_day(rest, calendar))?;
    let day = written.day?.checked_add_days(Days::new(u64::from(days)))?;
    Some((1 + written.length, day))
}

fn count(token: &Token) -> Option<u32> {
    match token.norm.as_str() {
        "a" | "an" | "one" | "un" | "una" | "uno" => Some(1),
        _ => token
            .digits()
            .or_else(|| crate::number::number_word(token.word()))
            .filter(|&n| n <= 1000),
    }
}

fn period(unit: &Token, count: u32, calendar: Calendar) -> Option<NaiveDate> {
    match unit.norm.as_str() {
        "day" | "days" | "dia" | "dias" | "day's" => calendar.in_days(count),
        "week" | "weeks" | "semana" | "semanas" | "week's" => calendar.in_days(7 * count),
        "month" | "months" | "mes" | "meses" => calendar.in_months(count),
        _ => None,
    }
}

phrase_list!(
    NEXT_WEEK = "\
    de la semana que entra|de la semana que viene|de la siguiente semana|de la proxima semana|\
    proximo|que viene|que entra|siguiente|of next week|next week"
);

/// this Friday, next Friday, el próximo viernes, el viernes que viene, last Monday, every Monday
pub(super) fn qualified_weekday(tokens: &[Token], calendar: Calendar) -> Option<Written> {
    let day_at = |at: usize| tokens.get(at).and_then(|token| day_name(&token.norm));
    match tokens.first()?.norm.as_str() {
        "this" | "este" | "esta" => found(2, calendar.this_week(day_at(1)?)),
        "next" | "proximo" | "siguiente" => found(2, calendar.next_week(day_at(1)?)),
        "last" | "past" | "pasado" | "every" | "each" | "cada" | "los" | "todos" => {
            day_at(1)?;
            found(2, None)
        }
        "coming" => found(2, calendar.coming(day_at(1)?)),
        _ => {
            let day = day_at(0)?;
            let tail = &tokens[1..];
            let after = NEXT_WEEK.at(tail);
            let past = first_of(tail, &["pasado", "antepasado"]);
            let this = first_of(tail, &["de esta semana", "of this week", "this week"]);
            None.or_else(|| found(1 + after?, calendar.next_week(day)))
                .or_else(|| found(1 + past?, None))
                .or_else(|| found(1 + this?, calendar.this_week(day)))
        }
    }
}

/// by fri, el vie, next thu: a short name in small letters needs a word that announces it.
pub(super) fn short_weekday(tokens: &[Token], calendar: Calendar) -> Option<Written> {
    let cue = tokens.first()?.norm.as_str();
    let second = tokens.get(1)?;
    let day = short_name(&second.norm)
        .filter(|_| Class::DateCues.has(cue) && !is_tax_office(second, calendar))?;
    // "by Fri Dec 4": the date counts.
    let rest = &tokens[2..];
    let dated = (!rest.is_empty())
        .then(|| forms::month_day(rest, calendar).or_else(|| forms::numeric(rest, calendar)))
        .flatten();
    if let Some(date) = dated {
        return found(2 + date.length, date.day);
    }
    let point = usize::from(
        tokens
            .get(2)
            .is_some_and(|token| token.is_mark('.') && token.glued),
    );
    let day = match cue {
        "this" | "este" => calendar.this_week(day),
        "next" | "proximo" => calendar.next_week(day),
        _ => calendar.coming(day),
    };
    found(2 + point, day)
}

/// "Llamar al SAT": in a Spanish message it is where taxes are paid.
fn is_tax_office(token: &Token, calendar: Calendar) -> bool {
    token.norm == "sat" && !calendar.month_first
}

/// Friday, viernes; with a date after it the date counts (Friday, March 6)
pub(super) fn weekday(tokens: &[Token], calendar: Calendar) -> Option<Written> {
    let first = tokens.first()?;
    let short = || short_day_name(first).filter(|_| !is_tax_office(first, calendar));
    let day = day_name(&first.norm).or_else(short)?;
    let comma = usize::from(tokens.get(1).is_some_and(|token| token.is_mark(',')));
    let rest = &tokens[(1 + comma).min(tokens.len())..];
    let dated = if rest.is_empty() {
        None
    } else {
        forms::month_day(rest, calendar).or_else(|| forms::numeric(rest, calendar))
    };
    if let Some(date) = dated {
        return found(1 + comma + date.length, date.day);
    }
    if let Some(nth) = rest
        .first()
        .filter(|token| token.norm == "the")
        .and_then(|_| forms::nth(rest, calendar))
    {
        return found(1 + comma + nth.length, nth.day);
    }
    if let (Some(number), false) = (
        tokens.get(1).and_then(Token::digits),
        first.norm.ends_with("day"),
    ) {
        let ends = tokens.get(2).is_none_or(|token| {
            token.word().is_empty() && !(token.glued && token.is_mark('/') || token.is_mark(':'))
        });
        if ends && (1..=31).contains(&number) {
            return found(2, calendar.day_of_month(number));
        }
    }
    found(1, calendar.coming(day))
}
