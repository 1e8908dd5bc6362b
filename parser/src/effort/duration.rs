//! The forms in which people write a duration, and how many hours of work each is: a day has
//! 8, a week 40. Ranges take their upper bound.

use std::sync::LazyLock;

use super::number::{half, quantity, range};
use crate::{lexicon::Class, phrase::PhraseTable, token::Token};

/// A duration that was written, with the tokens it takes.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Written {
    /// How many tokens it takes.
    pub(super) length: usize,
    /// Hours of work.
    pub(super) hours: f64,
    /// Whether it has an article for a number ("a day"), which often counts nothing.
    pub(super) vague: bool,
}

static FIXED: LazyLock<PhraseTable<f64>> = LazyLock::new(|| {
    PhraseTable::new(&[
        (
            "half a day|half a day's|half day|a half day|half of a day|medio dia",
            4.0,
        ),
        (
            "half an hour|half hour|a half hour|media hora|media hr|media hrs|media horita",
            0.5,
        ),
        ("half a week|media semana", 20.0),
        (
            "a day and a half|one day and a half|day and a half|un dia y medio|dia y medio",
            12.0,
        ),
        (
            "an hour and a half|one hour and a half|hour and a half|una hora y media|\
             hora y media",
            1.5,
        ),
        ("a week and a half|semana y media|una semana y media", 60.0),
        (
            "tres cuartos de hora|three quarters of an hour|3 / 4 hour|3 / 4 of an hour",
            0.75,
        ),
        (
            "un cuarto de hora|quarter of an hour|a quarter of an hour",
            0.25,
        ),
        ("hora y cuarto|una hora y cuarto", 1.25),
        (
            "a couple of hours|a couple hours|couple of hours|couple hours|a couple of hrs|\
             un par de horas|par de horas|un par de horitas|un par de hrs",
            2.0,
        ),
        (
            "a couple of days|a couple days|couple of days|couple days|un par de dias|\
             par de dias",
            16.0,
        ),
        (
            "a couple of weeks|a couple weeks|couple of weeks|un par de semanas|par de semanas",
            80.0,
        ),
    ])
});

/// The duration that is written from the first of `tokens` on.
pub(super) fn written(tokens: &[Token]) -> Option<Written> {
    if let Some((length, hours)) = FIXED.at(tokens) {
        return Some(Written {
            length,
            hours,
            vague: false,
        });
    }
    if let Some(written) = labelled(tokens) {
        return Some(written);
    }
    if let Some((length, hours)) = WHOLE_DAYS.at(tokens) {
        return Some(Written {
            length,
            hours,
            vague: true,
        });
    }
    let lead = matches!(tokens.first()?.norm.as_str(), "de" | "entre" | "between").then_some(1);
    let announced =
        lead.and_then(|lead| Some((lead, range(&tokens[lead..], tokens[0].norm != "de")?)));
    let measured = |(start, (amount, length)): (usize, (f64, usize))| {
        let (unit, unit_length) = unit(&tokens[start + length..])?;
        Some((start, amount, unit, start + length + unit_length))
    };
    let (start, amount, unit, end) = announced
        .and_then(measured)
        .or_else(|| measured((0, range(tokens, false)?)))
        .or_else(|| measured((0, quantity(tokens)?)))?;
    let glued = minutes_after(&tokens[end - 1].norm).map(|minutes| (minutes / 60.0, 0));
    let (more, more_length) = glued.unwrap_or_else(|| remainder(&tokens[end..], unit));
    let vague = matches!(
        tokens[start].norm.as_str(),
        "a" | "an" | "un" | "una" | "one"
    );
    Some(Written {
        length: end + more_length,
        hours: amount * unit + more,
        vague,
    })
}

/// "Hours: 6", "Horas: 4"
fn labelled(tokens: &[Token]) -> Option<Written> {
    let [label, colon, number, rest @ ..] = tokens else {
        return None;
    };
    let named = matches!(label.norm.as_str(), "hours" | "hrs" | "horas") && colon.is_mark(':');
    let closed = rest
        .first()
        .is_none_or(|next| next.word().is_empty() && !next.glued);
    let hours = number.number().filter(|_| named && closed)?;
    Some(Written {
        length: 3,
        hours,
        vague: false,
    })
}

/// A day that is said as a whole: it counts only where nothing else is said around it.
static WHOLE_DAYS: LazyLock<PhraseTable<f64>> = LazyLock::new(|| {
    PhraseTable::new(&[(
        "all day|the whole day|the entire day|whole day|a whole day|a full day|full day|todo el dia|\
         todo un dia|un dia completo|un dia entero|dia completo|un dia de trabajo",
        8.0,
    )])
});

/// A unit in hours, and how many tokens it takes: hours, h, min, day, semanas, -hour
pub(super) fn unit(tokens: &[Token]) -> Option<(f64, usize)> {
    // "6ish hours"
    let ish = tokens.first()?.norm == "ish" && tokens[0].glued;
    let hyphen =
        usize::from(tokens.first()?.is_mark('-') && tokens.len() > 1 && tokens[1].glued || ish);
    let token = tokens.get(hyphen)?;
    let working = usize::from(token.is(Class::EffortDurationWorking));
    let joined = usize::from(
        working == 1
            && tokens
                .get(hyphen + 1)
                .is_some_and(|token| token.is_mark('-')),
    );
    let skipped = hyphen + working + joined;
    let hours = match tokens.get(skipped)?.norm.as_str() {
        "h" | "hr" | "hrs" | "hs" | "hour" | "hours" | "hora" | "horas" | "horitas" | "hour's"
        | "hours'" => 1.0,
        "min" | "mins" | "minute" | "minutes" | "minuto" | "minutos" | "minutitos" => 1.0 / 60.0,
        "day" | "days" | "dia" | "dias" | "jornada" | "jornadas" | "day's" => 8.0,
        // "3d" are days, "3D" is a shape.
        "d" if tokens[skipped].glued && !tokens[skipped].capital => 8.0,
        // "(30m)" are minutes, "30m of cable" are not.
        "m" if tokens[skipped].glued
            && tokens
                .get(skipped + 1)
                .is_some_and(|next| next.is_mark(')')) =>
        {
            1.0 / 60.0
        }
        joined if tokens[skipped].glued => minutes_after(joined).map(|_| 1.0)?,
        "week" | "weeks" | "wk" | "wks" | "semana" | "semanas" | "week's" => 40.0,
        _ => return None,
    };
    Some((hours, skipped + 1))
}

/// 1h**30**: the minutes that are written together with the unit.
fn minutes_after(word: &str) -> Option<f64> {
    let minutes: f64 = word.strip_prefix('h')?.parse().ok()?;
    (minutes < 60.0).then_some(minutes)
}

/// What follows a unit: 2h **30m**, 1 day **and 4 hours**, 2 horas **y media**
fn remainder(tokens: &[Token], unit_hours: f64) -> (f64, usize) {
    if let Some(length) = half(tokens) {
        return (unit_hours / 2.0, length);
    }
    if let Some(number) = or_more(tokens) {
        return ((number - 1.0) * unit_hours, 2);
    }
    let joint = usize::from(
        tokens
            .first()
            .is_some_and(|token| matches!(token.norm.as_str(), "and" | "y" | "con")),
    );
    let number = tokens.get(joint).and_then(Token::number);
    let smaller = tokens.get(joint + 1..).and_then(|rest| {
        let minutes = rest
            .first()
            .filter(|token| token.norm == "m" && (unit_hours - 1.0).abs() < 1e-9)
            .map(|_| (1.0 / 60.0, 1));
        unit(rest)
            .or(minutes)
            .filter(|(hours, _)| *hours < unit_hours)
    });
    match (number, smaller) {
        (Some(number), Some((hours, length))) => (number * hours, joint + 1 + length),
        _ => (0.0, 0),
    }
}

/// a day **or two**, una hora **o dos**
fn or_more(tokens: &[Token]) -> Option<f64> {
    let [or, number, ..] = tokens else {
        return None;
    };
    let closed = tokens.get(2).is_none_or(|next| next.word().is_empty());
    matches!(or.norm.as_str(), "or" | "o")
        .then(|| crate::number::number_word(number.word()))
        .flatten()
        .filter(|&number| closed && number < 10)
        .map(f64::from)
}

#[cfg(test)]
mod tests {
    use super::written;
    use crate::token::tokenize;

    fn assert_hours(table: &[(&str, f64)]) {
        for &(text, hours) in table {
            let tokens = tokenize(text);
            let found = written(&tokens).unwrap_or_else(|| panic!("{text} is a duration"));
            assert!(
                (found.hours - hours).abs() < 1e-9,
                "{text}: {}",
                found.hours
            );
            assert_eq!(found.length, tokens.len(), "{text}");
        }
    }

    #[test]
    fn examples_of_durations() {
        let table = [
            ("8 hours", 8.0),
            ("2h 30m", 2.5),
            ("90 min", 1.5),
            ("a day", 8.0),
            ("half a day", 4.0),
            ("medio día", 4.0),
            ("a day and a half", 12.0),
            ("un día y medio", 12.0),
            ("a couple of days", 16.0),
            ("un par de días", 16.0),
            ("3 días", 24.0),
            ("2.5 days", 20.0),
            ("a week", 40.0),
            ("una semana", 40.0),
            ("two weeks", 80.0),
            ("un par de horas", 2.0),
            ("media hora", 0.5),
            ("an hour and a half", 1.5),
            ("hora y media", 1.5),
            ("30 minutos", 0.5),
            ("3-4 hours", 4.0),
            ("3 to 4 hours", 4.0),
            ("de 3 a 4 horas", 4.0),
            ("entre 3 y 5 horas", 5.0),
            ("2 o 3 días", 24.0),
            ("between 2 and 3 days", 24.0),
            ("2 hours and 15 minutes", 2.25),
            ("2 horas y media", 2.5),
            ("two and a half hours", 2.5),
            ("2 1/2 hours", 2.5),
        ];
        assert_hours(&table);
    }

    #[test]
    fn examples_of_rarer_durations() {
        let table = [
            ("1 day and 4 hours", 12.0),
            ("3 horas con 30 minutos", 3.5),
            ("veinte horas", 20.0),
            ("2 working days", 16.0),
            ("1,5 horas", 1.5),
            ("2 hrs", 2.0),
            ("1-2 weeks", 80.0),
            ("6 man-hours", 6.0),
            ("1/2 hora", 0.5),
            ("½ hora", 0.5),
            ("1h30", 1.5),
            ("2h15", 2.25),
            ("a day or two", 16.0),
            ("una hora o dos", 2.0),
            ("all day", 8.0),
            ("todo el día", 8.0),
            ("three quarters of an hour", 0.75),
        ];
        assert_hours(&table);
        for text in ["8 chairs", "v2", "30 segundos", "5pm", "a dog"] {
            assert_eq!(written(&tokenize(text)), None, "{text}");
        }
    }
}
