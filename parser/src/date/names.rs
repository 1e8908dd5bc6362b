//! The names of days and months in both languages.

use chrono::Weekday;

use crate::token::Token;

/// The weekday of a folded name.
pub(crate) fn day_name(word: &str) -> Option<Weekday> {
    Some(match word.strip_suffix("'s").unwrap_or(word) {
        "monday" | "lunes" => Weekday::Mon,
        "tuesday" | "martes" => Weekday::Tue,
        "wednesday" | "miercoles" => Weekday::Wed,
        "thursday" | "jueves" => Weekday::Thu,
        "friday" | "viernes" => Weekday::Fri,
        "saturday" | "sabado" => Weekday::Sat,
        "sunday" | "domingo" => Weekday::Sun,
        _ => return None,
    })
}

/// A short name by itself needs its capital: "sun", "sat" and "wed" are words.
pub(crate) fn short_day_name(token: &Token) -> Option<Weekday> {
    short_name(&token.norm).filter(|_| token.capital)
}

/// The weekday of a short folded name.
pub(crate) fn short_name(word: &str) -> Option<Weekday> {
    Some(match word {
        "mon" | "lun" => Weekday::Mon,
        "tue" | "tues" => Weekday::Tue,
        "wed" | "weds" | "mie" | "mier" | "mierc" => Weekday::Wed,
        "thu" | "thur" | "thurs" | "jue" | "juev" => Weekday::Thu,
        "fri" | "vie" | "vier" => Weekday::Fri,
        "sat" | "sab" => Weekday::Sat,
        "sun" | "dom" => Weekday::Sun,
        _ => return None,
    })
}

/// The number of a month's folded name.
pub(crate) fn month(word: &str) -> Option<u32> {
    Some(match word {
        "january" | "jan" | "enero" | "ene" => 1,
        "february" | "feb" | "febrero" => 2,
        "march" | "mar" | "marzo" => 3,
        "april" | "apr" | "abril" | "abr" => 4,
        "may" | "mayo" => 5,
        "june" | "jun" | "junio" => 6,
        "july" | "jul" | "julio" => 7,
        "august" | "aug" | "agosto" | "ago" => 8,
        "september" | "sept" | "sep" | "septiembre" | "setiembre" => 9,
        "october" | "oct" | "octubre" => 10,
        "november" | "nov" | "noviembre" => 11,
        "december" | "dec" | "diciembre" | "dic" => 12,
        _ => return None,
    })
}
