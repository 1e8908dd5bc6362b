//! A moment as an operator types it: so long ago (`2h`, `30m`, `7d`), or RFC 3339; and as it is
//! shown.

use chrono::{DateTime, TimeDelta, Utc};
use common::clock::Clock;

/// Reads a moment, for `clap`.
///
/// # Errors
/// When it is neither.
pub(crate) fn parse(text: &str) -> Result<DateTime<Utc>, String> {
    if let Some(ago) = ago(text) {
        return Clock::system()
            .now()
            .checked_sub_signed(ago)
            .ok_or_else(|| format!("{text} is before all time"));
    }
    DateTime::parse_from_rfc3339(text)
        .map(|at| at.with_timezone(&Utc))
        .map_err(|_| "write 2h, 30m, 7d or 2026-11-22T10:00:00Z".to_owned())
}

/// As it is shown in a terminal.
pub(crate) fn shown(at: DateTime<Utc>) -> String {
    at.format("%Y-%m-%d %H:%M:%S UTC").to_string()
}

fn ago(text: &str) -> Option<TimeDelta> {
    let unit = text.chars().last()?;
    let count: i64 = text.strip_suffix(unit)?.parse().ok().filter(|n| *n >= 0)?;
    match unit {
        's' => TimeDelta::try_seconds(count),
        'm' => TimeDelta::try_minutes(count),
        'h' => TimeDelta::try_hours(count),
        'd' => TimeDelta::try_days(count),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_moment_is_so_long_ago_or_a_date() {
        for (text, seconds) in [("90s", 90), ("30m", 1800), ("2h", 7200), ("7d", 604_800)] {
            assert_eq!(ago(text), TimeDelta::try_seconds(seconds), "{text}");
        }
        let at = parse("2026-11-22T10:00:00-06:00").unwrap();
        assert_eq!(at.to_rfc3339(), "2026-11-22T16:00:00+00:00");
        for bad in [
            "",
            "h",
            "-2h",
            "2w",
            "yesterday",
            "99999999999999999d",
            "2026-11-22",
            "2ñ",
        ] {
            assert!(parse(bad).is_err(), "{bad}");
        }
    }
}
