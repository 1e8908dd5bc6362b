//! The stand-in for a model reads as the built-in parser does: its answer is the parser's, in the
//! form that a model is asked for.

use chrono::{NaiveDate, NaiveTime};
use parser::{ParsedProposal, Request};
use timezone::Zone;

/// Reads a message as of `today`.
#[must_use]
pub fn read(text: &str, today: NaiveDate) -> ParsedProposal {
    parser::parse(&Request {
        text,
        sent_at: today
            .and_time(NaiveTime::MIN)
            .and_utc()
            .with_timezone(&Zone::utc()),
        language: None,
        project: "",
        members: &[],
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn monday() -> NaiveDate {
        NaiveDate::from_ymd_opt(2026, 11, 23).unwrap()
    }

    #[test]
    fn days_count_from_the_day_that_it_is_told() {
        let text =
            "Need to add login page and user dashboard by Friday. Should take about 8 hours.";
        let read = read(text, monday());
        assert!(read.actionable);
        assert_eq!(read.items.len(), 2);
        assert_eq!(read.items[0].due, NaiveDate::from_ymd_opt(2026, 11, 27));
        assert_eq!(read.total_hours, Some(8.0));
    }

    #[test]
    fn thanks_ask_for_nothing() {
        assert!(!read("¡Muchas gracias!", monday()).actionable);
    }
}
