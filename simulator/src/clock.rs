//! The simulator's clock: the one place that asks the machine for the time.
//! Product code takes its time from a clock that tests can set; Twilio's and OpenAI's clocks are
//! nobody's to set, so this one is plain.

use chrono::{DateTime, Utc};

/// The time now, in UTC.
#[must_use]
#[expect(
    clippy::disallowed_methods,
    reason = "this module is the simulator's clock"
)]
pub fn now() -> DateTime<Utc> {
    Utc::now()
}

/// A time as Twilio writes it (RFC 2822, always `+0000`, the day with two digits).
#[must_use]
pub fn rfc2822(at: DateTime<Utc>) -> String {
    at.format("%a, %d %b %Y %H:%M:%S +0000").to_string()
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono::TimeZone as _;

    #[test]
    fn a_date_has_two_digits_for_the_day_and_a_numeric_zone() {
        let at = Utc.with_ymd_and_hms(2026, 4, 5, 9, 26, 42).unwrap();
        assert_eq!(rfc2822(at), "Sun, 05 Apr 2026 09:26:42 +0000");
    }
}
