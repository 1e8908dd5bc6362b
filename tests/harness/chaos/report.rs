//! What came out: a table that fits a terminal, and evidence for whatever is wrong.

use std::fmt;

/// Names shown for one line of the table.
const SHOWN: usize = 12;

/// One comparison.
#[derive(Debug, Default)]
pub(super) struct Line {
    name: &'static str,
    expected: usize,
    found: usize,
    wrong: Vec<String>,
}

impl Line {
    /// So many should be so; these are not.
    pub(super) fn new(name: &'static str, expected: usize, wrong: Vec<String>) -> Self {
        Self {
            name,
            expected,
            found: expected.saturating_sub(wrong.len()),
            wrong,
        }
    }

    /// None of these should be.
    pub(super) fn none(name: &'static str, wrong: Vec<String>) -> Self {
        Self {
            found: wrong.len(),
            ..Self::new(name, 0, wrong)
        }
    }

    /// What is wrong, each beginning with the SID of its message where it has one.
    pub(super) fn wrong(&self) -> &[String] {
        &self.wrong
    }
}

/// The outcome of a run.
#[derive(Debug, Default)]
pub struct Report {
    pub(super) title: String,
    pub(super) lines: Vec<Line>,
    pub(super) notes: Vec<String>,
    pub(super) evidence: Vec<String>,
}

impl Report {
    /// Whether every promise was kept.
    #[must_use]
    pub fn is_clean(&self) -> bool {
        self.lines.iter().all(|line| line.wrong.is_empty())
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "\n{}\n", self.title)?;
        writeln!(
            f,
            "{:<48}{:>10}{:>10}{:>8}",
            "", "expected", "found", "wrong"
        )?;
        for line in &self.lines {
            let Line {
                name,
                expected,
                found,
                wrong,
            } = line;
            writeln!(f, "{name:<48}{expected:>10}{found:>10}{:>8}", wrong.len())?;
        }
        for note in &self.notes {
            writeln!(f, "{note}")?;
        }
        for line in self.lines.iter().filter(|line| !line.wrong.is_empty()) {
            writeln!(f, "\n{}:", line.name)?;
            for wrong in line.wrong.iter().take(SHOWN) {
                writeln!(f, "  {wrong}")?;
            }
        }
        for evidence in &self.evidence {
            writeln!(f, "\n{evidence}")?;
        }
        let verdict = if self.is_clean() {
            "all kept"
        } else {
            "BROKEN"
        };
        write!(f, "\npromises: {verdict}")
    }
}
