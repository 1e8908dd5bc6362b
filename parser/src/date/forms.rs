//! The forms in which people write a day, one rule per form. A rule looks at the tokens from
//! one place on and says how many it takes and which day they mean.

use chrono::{NaiveDate, Weekday};

use super::{
    calendar::Calendar,
    names::{day_name, month, short_day_name},
};
use crate::{token::Token, words};

/// A day that was written, with the tokens it takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Written {
    /// How many tokens it takes.
    pub(crate) length: usize,
    /// The day; nothing where it lies in the past, recurs, or does not exist.
    pub(crate) day: Option<NaiveDate>,
    /// Whether the form itself counts ahead ("in 3 days"), which only a due date does.
    pub(crate) ahead: bool,
}

type Rule = fn(&[Token], &Calendar) -> Option<Written>;

const RULES: &[Rule] = &[
    relative,
    end_of_period,
    counted,
    qualified_weekday,
    weekday,
    iso,
    month_day,
    numeric,
    nth,
];

/// The day that is written from the first of `tokens` on.
pub(crate) fn written(tokens: &[Token], calendar: &Calendar) -> Option<Written> {
    RULES.iter().find_map(|rule| rule(tokens, calendar))
}

fn found(length: usize, day: Option<NaiveDate>) -> Option<Written> {
    Some(Written {
        length,
        day,
        ahead: false,
    })
}

fn first_of(tokens: &[Token], phrases: &[&str]) -> Option<usize> {
    phrases
        .iter()
        .find_map(|phrase| words::starts_with(tokens, phrase))
}

/// today, mañana, pasado mañana, tonight, yesterday
fn relative(tokens: &[Token], calendar: &Calendar) -> Option<Written> {
    const ROWS: &[(u32, &[&str])] = &[
        (
            2,
            &[
                "pasado manana",
                "day after tomorrow",
                "the day after tomorrow",
            ],
        ),
        (
            1,
            &[
                "tomorrow",
                "tmrw",
                "tmr",
                "tomorow",
                "manana mismo",
                "manana",
            ],
        ),
        (
            0,
            &[
                "today",
                "hoy mismo",
                "hoy",
                "tonight",
                "esta noche",
                "esta tarde",
                "this afternoon",
                "this evening",
            ],
        ),
    ];
    const PAST: &[&str] = &[
        "yesterday",
        "ayer",
        "anteayer",
        "antier",
        "anoche",
        "this morning",
        "esta manana",
        "last night",
    ];
    if let Some(length) = first_of(tokens, PAST) {
        return found(length, None);
    }
    ROWS.iter()
        .find_map(|(days, phrases)| found(first_of(tokens, phrases)?, calendar.in_days(*days)))
}

/// EOD, end of month, fin de mes, end of June, fin de año, next week
fn end_of_period(tokens: &[Token], calendar: &Calendar) -> Option<Written> {
    const DAY: &[&str] = &[
        "eod",
        "cob",
        "end of day",
        "end of the day",
        "fin del dia",
        "fin de dia",
        "final del dia",
    ];
    const MONTH: &[&str] = &[
        "eom",
        "end of month",
        "end of the month",
        "end of this month",
        "month end",
        "fin de mes",
        "fines de mes",
        "final de mes",
        "finales de mes",
        "fin del mes",
        "final del mes",
        "fin de este mes",
    ];
    const NEXT_MONTH: &[&str] = &[
        "end of next month",
        "next month",
        "el proximo mes",
        "proximo mes",
        "el mes que viene",
        "fin del proximo mes",
    ];
    const WEEK: &[&str] = &[
        "end of week",
        "end of the week",
        "end of this week",
        "eow",
        "this week",
        "esta semana",
        "finales de semana",
        "esta misma semana",
    ];
    const NEXT_WEEK: &[&str] = &[
        "end of next week",
        "next week",
        "proxima semana",
        "semana que viene",
        "semana que entra",
        "siguiente semana",
    ];
    const YEAR: &[&str] = &[
        "end of year",
        "end of the year",
        "fin de ano",
        "fin del ano",
        "final de ano",
        "finales de ano",
    ];
    let friday = Weekday::Fri;
    if let Some(length) = first_of(
        tokens,
        &["end of", "fin de", "fines de", "finales de", "final de"],
    ) {
        if let Some(month) = tokens.get(length).and_then(|token| month(&token.norm)) {
            return found(length + 1, calendar.end_of_named_month(month));
        }
    }
    None.or_else(|| found(first_of(tokens, DAY)?, Some(calendar.today)))
        .or_else(|| found(first_of(tokens, MONTH)?, calendar.end_of_month(0)))
        .or_else(|| found(first_of(tokens, NEXT_MONTH)?, calendar.end_of_month(1)))
        .or_else(|| found(first_of(tokens, WEEK)?, calendar.this_week(friday)))
        .or_else(|| found(first_of(tokens, NEXT_WEEK)?, calendar.next_week(friday)))
        .or_else(|| found(first_of(tokens, YEAR)?, calendar.end_of_year()))
}

/// in 3 days, en quince días, dentro de dos semanas, within a week, 3 days from now
fn counted(tokens: &[Token], calendar: &Calendar) -> Option<Written> {
    const LEAD: &[&str] = &[
        "dentro de unos",
        "dentro de",
        "en unos",
        "en",
        "in about",
        "in the next",
        "in",
        "within the next",
        "within",
        "de aqui a",
        "a mas tardar en",
    ];
    let lead = first_of(tokens, LEAD);
    let rest = &tokens[lead.unwrap_or(0)..];
    let count = count(rest.first()?)?;
    let day = period(rest.get(1)?, count, calendar)?;
    let tail = &rest[2..];
    let length = lead.unwrap_or(0) + 2;
    let suffix = first_of(
        tail,
        &[
            "from now",
            "from today",
            "a partir de hoy",
            "a partir de ahora",
            "time",
        ],
    );
    let work = first_of(tail, &["of work", "de trabajo", "de chamba", "of effort"]);
    if work.is_some() || (lead.is_none() && suffix.is_none()) {
        return None;
    }
    Some(Written {
        length: length + suffix.unwrap_or(0),
        day: Some(day),
        ahead: true,
    })
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

fn period(unit: &Token, count: u32, calendar: &Calendar) -> Option<NaiveDate> {
    match unit.norm.as_str() {
        "day" | "days" | "dia" | "dias" | "day's" => calendar.in_days(count),
        "week" | "weeks" | "semana" | "semanas" | "week's" => calendar.in_days(7 * count),
        "month" | "months" | "mes" | "meses" => calendar.in_months(count),
        _ => None,
    }
}

/// this Friday, next Friday, el próximo viernes, el viernes que viene, last Monday, every Monday
fn qualified_weekday(tokens: &[Token], calendar: &Calendar) -> Option<Written> {
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
            let after = first_of(
                tail,
                &[
                    "proximo",
                    "que viene",
                    "que entra",
                    "siguiente",
                    "de la proxima semana",
                    "de la semana que viene",
                    "of next week",
                    "next week",
                ],
            );
            let past = first_of(tail, &["pasado", "antepasado"]);
            let this = first_of(tail, &["de esta semana", "of this week", "this week"]);
            None.or_else(|| found(1 + after?, calendar.next_week(day)))
                .or_else(|| found(1 + past?, None))
                .or_else(|| found(1 + this?, calendar.this_week(day)))
        }
    }
}

/// Friday, viernes; with a date after it the date counts (Friday, March 6)
fn weekday(tokens: &[Token], calendar: &Calendar) -> Option<Written> {
    let first = tokens.first()?;
    let day = day_name(&first.norm).or_else(|| short_day_name(first))?;
    let comma = usize::from(tokens.get(1).is_some_and(|token| token.is_mark(',')));
    let rest = &tokens[(1 + comma).min(tokens.len())..];
    let dated = if rest.is_empty() {
        None
    } else {
        month_day(rest, calendar).or_else(|| numeric(rest, calendar))
    };
    if let Some(date) = dated {
        return found(1 + comma + date.length, date.day);
    }
    if let (Some(number), false) = (
        tokens.get(1).and_then(Token::digits),
        first.norm.ends_with("day"),
    ) {
        let ends = tokens
            .get(2)
            .is_none_or(|token| token.word().is_empty() && !token.glued);
        if ends && (1..=31).contains(&number) {
            return found(2, calendar.day_of_month(number));
        }
    }
    found(1, calendar.coming(day))
}

/// 2026-06-26
fn iso(tokens: &[Token], _: &Calendar) -> Option<Written> {
    let [year, dash, month, second, day, ..] = tokens else {
        return None;
    };
    let dashes =
        dash.is_mark('-') && second.is_mark('-') || dash.is_mark('/') && second.is_mark('/');
    if !dashes || year.norm.len() != 4 || !(dash.glued && month.glued && second.glued && day.glued)
    {
        return None;
    }
    let year = i32::try_from(year.digits()?).ok()?;
    found(
        5,
        NaiveDate::from_ymd_opt(year, month.digits()?, day.digits()?),
    )
}

/// March 15, Mar 15th, 15 March, 15 de marzo (de 2027), the 8th of May
fn month_day(tokens: &[Token], calendar: &Calendar) -> Option<Written> {
    let (length, month, day) = month_then_day(tokens).or_else(|| day_then_month(tokens))?;
    let (year_length, year) = year_after(&tokens[length..]);
    let date = match year {
        Some(year) => NaiveDate::from_ymd_opt(year, month, day),
        None => calendar.yearless(month, day),
    };
    (1..=31).contains(&day).then_some(())?;
    found(length + year_length, date)
}

fn month_then_day(tokens: &[Token]) -> Option<(usize, u32, u32)> {
    let month = month(&tokens.first()?.norm)?;
    let point = usize::from(tokens.get(1).is_some_and(|token| token.is_mark('.')));
    let the = usize::from(
        tokens
            .get(1 + point)
            .is_some_and(|token| token.norm == "the"),
    );
    let at = 1 + point + the;
    let day = tokens.get(at)?.digits()?;
    let ordinal = usize::from(tokens.get(at + 1).is_some_and(is_ordinal_ending));
    Some((at + 1 + ordinal, month, day))
}

fn day_then_month(tokens: &[Token]) -> Option<(usize, u32, u32)> {
    let first = tokens.first()?;
    let day = if first.norm == "primero" {
        1
    } else {
        first.digits()?
    };
    let ordinal = usize::from(tokens.get(1).is_some_and(is_ordinal_ending));
    let of = usize::from(
        tokens
            .get(1 + ordinal)
            .is_some_and(|token| matches!(token.norm.as_str(), "de" | "of" | "-" | "/")),
    );
    let name = tokens.get(1 + ordinal + of)?;
    Some((2 + ordinal + of, month(&name.norm)?, day))
}

fn is_ordinal_ending(token: &Token) -> bool {
    token.glued
        && matches!(
            token.norm.as_str(),
            "st" | "nd" | "rd" | "th" | "o" | "º" | "°"
        )
}

fn year_after(tokens: &[Token]) -> (usize, Option<i32>) {
    let lead = first_of(tokens, &["de", "del", ","]).unwrap_or(0);
    let year = tokens
        .get(lead)
        .filter(|token| token.norm.len() == 4)
        .and_then(Token::digits);
    match year
        .and_then(|year| i32::try_from(year).ok())
        .filter(|year| (1990..2200).contains(year))
    {
        Some(year) => (lead + 1, Some(year)),
        None => (0, None),
    }
}

/// 3/15, 15/03, 15/03/2026
fn numeric(tokens: &[Token], calendar: &Calendar) -> Option<Written> {
    let [first, slash, second, ..] = tokens else {
        return None;
    };
    let joined = slash.glued && second.glued && first.norm.len() <= 2 && second.norm.len() <= 2;
    let dash = slash.is_mark('-')
        && tokens
            .get(3)
            .is_some_and(|token| token.is_mark('-') && token.glued);
    if !joined || !(slash.is_mark('/') || dash) || second.digits()? == 0 {
        return None;
    }
    let again = tokens
        .get(3)
        .filter(|token| token.glued && (token.is_mark('/') || token.is_mark('-')));
    let year = again
        .and_then(|_| tokens.get(4))
        .and_then(Token::digits)
        .and_then(full_year);
    let day = calendar.numeric(first.digits()?, second.digits()?, year);
    if year.is_some() {
        return found(5, day);
    }
    // "24/7" and "1/2" are no dates where nothing else says so.
    if dash || first.norm == "24" && second.norm == "7" || first.norm == "1" && second.norm == "2" {
        return None;
    }
    found(3, day).filter(|written| written.day.is_some())
}

fn full_year(year: u32) -> Option<i32> {
    i32::try_from(if year < 100 { year + 2000 } else { year }).ok()
}

/// el día 20, the 20th, para el 20
fn nth(tokens: &[Token], calendar: &Calendar) -> Option<Written> {
    let lead = first_of(
        tokens,
        &[
            "el dia",
            "para el",
            "antes del",
            "antes de el",
            "the",
            "el",
            "dia",
        ],
    )?;
    let day = tokens
        .get(lead)?
        .digits()
        .filter(|day| (1..=31).contains(day))?;
    let next = tokens.get(lead + 1);
    let ordinal = next.is_some_and(is_ordinal_ending);
    let named = tokens[..lead].iter().any(|token| token.norm == "dia");
    let closed = next.is_none_or(|token| {
        !matches!(token.norm.as_str(), "%" | "/" | "." | ":") && token.word().is_empty()
            || matches!(
                token.norm.as_str(),
                "por" | "a" | "sin" | "y" | "hay" | "necesito" | "de"
            )
    });
    let english = tokens[0].norm == "the";
    if !(named || if english { ordinal } else { closed }) {
        return None;
    }
    found(lead + 1 + usize::from(ordinal), calendar.day_of_month(day))
}
