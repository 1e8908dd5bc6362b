//! The forms in which people write a day, one rule per form. A rule looks at the tokens from
//! one place on and says how many it takes and which day they mean.

use chrono::NaiveDate;

use super::{
    calendar::Calendar,
    names::{day_name, month},
    relative,
};
use crate::{lexicon::Class, token::Token, words};

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

impl Written {
    /// The same, without a day on which no work can be due.
    pub(crate) fn within(self, calendar: Calendar) -> Self {
        Self {
            day: self.day.filter(|&day| calendar.can_be_due(day)),
            ..self
        }
    }
}

type Rule = fn(&[Token], Calendar) -> Option<Written>;

const RULES: &[Rule] = &[
    feast,
    range,
    relative::fixed,
    relative::end_of_named_month,
    relative::counted,
    relative::qualified_weekday,
    relative::short_weekday,
    relative::weekday,
    iso,
    month_day,
    numeric,
    nth,
];

/// The day that is written from the first of `tokens` on.
pub(crate) fn written(tokens: &[Token], calendar: Calendar) -> Option<Written> {
    RULES.iter().find_map(|rule| rule(tokens, calendar))
}

#[expect(
    clippy::unnecessary_wraps,
    reason = "every rule ends with what it found"
)]
pub(super) fn found(length: usize, day: Option<NaiveDate>) -> Option<Written> {
    Some(Written {
        length,
        day,
        ahead: false,
    })
}

pub(super) fn first_of(tokens: &[Token], phrases: &[&str]) -> Option<usize> {
    phrases
        .iter()
        .find_map(|phrase| words::starts_with(tokens, phrase))
}

phrase_list!(
    FEASTS = "\
    black friday|cyber monday|giving tuesday|good friday|easter sunday|easter monday|palm sunday|\
    taco tuesday|casual friday|viernes negro|viernes santo|jueves santo|miercoles de ceniza|\
    sabado de gloria|domingo de ramos|domingo de resurreccion|viernes social|lunes de pascua"
);

/// Black Friday, Viernes Santo: an occasion, whatever weekday is in its name.
fn feast(tokens: &[Token], _: Calendar) -> Option<Written> {
    found(FEASTS.at(tokens)?, None)
}

phrase_list!(
    RANGE_LEADS = "del|de|from|entre el|between|desde el|from the|del dia|desde|between the"
);
/// del 5 al 7 de junio, June 5-7, from Monday to Friday: how long an event lasts.
fn range(tokens: &[Token], calendar: Calendar) -> Option<Written> {
    let lead = RANGE_LEADS.at(tokens);
    let start = lead.unwrap_or(0);
    let first = tokens.get(start)?;
    let named = month(&first.norm).is_some() && lead.is_none();
    let begin = start + usize::from(named);
    let open = tokens.get(begin)?;
    let plain = open
        .digits()
        .filter(|day| (1..=31).contains(day))
        .map(|_| 1);
    let weekday = day_name(&open.norm).filter(|_| lead.is_some()).map(|_| 1);
    let dated = month_day(tokens.get(begin..)?, calendar)
        .filter(|_| lead.is_some())
        .map(|written| written.length);
    let length = dated.or(weekday).or(plain)?;
    let joint = tokens.get(begin + length)?;
    if !joint.is(Class::DateRangeJoints) {
        return None;
    }
    let article = usize::from(
        tokens
            .get(begin + length + 1)
            .is_some_and(|token| matches!(token.norm.as_str(), "el" | "the")),
    );
    let last = begin + length + 1 + article;
    let rest = tokens.get(last..).filter(|rest| !rest.is_empty())?;
    let closed = if let Some(written) = month_day(rest, calendar) {
        (dated.is_some() || plain.is_some() && !named).then_some(written.length)
    } else if day_name(&rest[0].norm).is_some() {
        weekday
    } else {
        let day = rest[0].digits().filter(|day| (1..=31).contains(day));
        // "entre el 3 y el 4"
        let both = lead.is_some() && plain.is_some() && article == 1;
        day.filter(|_| named || dated.is_some() || both).map(|_| 1)
    };
    found(last + closed?, None)
}

/// 2026-06-26
fn iso(tokens: &[Token], _: Calendar) -> Option<Written> {
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
pub(super) fn month_day(tokens: &[Token], calendar: Calendar) -> Option<Written> {
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
    token.glued && token.is(Class::DateOrdinalEndings)
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
pub(super) fn numeric(tokens: &[Token], calendar: Calendar) -> Option<Written> {
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

phrase_list!(DAY_LEADS = "el dia|para el|antes del|antes de el|the|el|dia");
/// el día 20, the 20th, para el 20
pub(super) fn nth(tokens: &[Token], calendar: Calendar) -> Option<Written> {
    let lead = DAY_LEADS.at(tokens)?;
    let day = tokens
        .get(lead)?
        .digits()
        .filter(|day| (1..=31).contains(day))?;
    let next = tokens.get(lead + 1);
    let ordinal = next.is_some_and(is_ordinal_ending);
    let named = tokens[..lead].iter().any(|token| token.norm == "dia");
    let closed = next.is_none_or(|token| {
        !matches!(token.norm.as_str(), "%" | "/" | "." | ":") && token.word().is_empty()
            || token.is(Class::DateAfterADay)
    });
    let english = tokens[0].norm == "the";
    let after_ordinal = tokens.get(lead + 2).map_or("", Token::word);
    let nothing_named = after_ordinal.is_empty()
        || Class::Prepositions.has(after_ordinal)
        || matches!(after_ordinal, "and" | "please" | "at" | "if");
    if !(named
        || if english {
            ordinal && nothing_named
        } else {
            closed
        })
    {
        return None;
    }
    found(lead + 1 + usize::from(ordinal), calendar.day_of_month(day))
}
