//! What a server's `--version` says, and whether that is new enough.

use std::fmt;
use std::path::Path;
use std::process::Command;

/// The first two numbers of a version.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Version {
    pub(crate) major: u32,
    pub(crate) minor: u32,
}

impl Version {
    pub(crate) const fn new(major: u32, minor: u32) -> Self {
        Self { major, minor }
    }

    /// The first word that looks like a version: `15.18`, `v2.15.1`, `v=7.0.15`, `18devel`.
    pub(crate) fn find_in(text: &str) -> Option<Self> {
        text.split_whitespace().find_map(|word| {
            let word = word.trim_start_matches(['v', '=', '(']);
            let mut numbers = word.split('.').map(leading_number);
            let major = numbers.next().flatten()?;
            Some(Self {
                major,
                minor: numbers.next().flatten().unwrap_or(0),
            })
        })
    }

    /// Asks a program; none if it cannot be run or says nothing that looks like a version.
    pub(crate) fn of(program: &Path) -> Option<Self> {
        let output = Command::new(program).arg("--version").output().ok()?;
        Self::find_in(&String::from_utf8_lossy(&output.stdout))
    }
}

impl fmt::Display for Version {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.major, self.minor)
    }
}

fn leading_number(text: &str) -> Option<u32> {
    let end = text
        .find(|c: char| !c.is_ascii_digit())
        .unwrap_or(text.len());
    text[..end].parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_servers_own_wording_is_understood() {
        for (text, major, minor) in [
            (
                "postgres (PostgreSQL) 15.18 (Debian 15.18-0+deb12u1)",
                15,
                18,
            ),
            ("postgres (PostgreSQL) 18devel", 18, 0),
            (
                "Redis server v=7.0.15 sha=00000000:0 malloc=jemalloc-5.2.1 bits=64",
                7,
                0,
            ),
            (
                "Valkey server v=8.1.3 sha=00000000:0 malloc=libc bits=64",
                8,
                1,
            ),
            ("nats-server: v2.15.1", 2, 15),
        ] {
            assert_eq!(
                Version::find_in(text),
                Some(Version::new(major, minor)),
                "{text}"
            );
        }
        assert_eq!(Version::find_in("command not found"), None);
    }

    #[test]
    fn versions_compare_by_number_and_not_by_letter() {
        assert!(Version::new(2, 9) < Version::new(2, 12));
        assert!(Version::new(15, 0) > Version::new(9, 6));
    }
}
