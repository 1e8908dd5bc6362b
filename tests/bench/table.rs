//! What came of it: the middle one of each, and what it is to the others.

use std::{collections::BTreeMap, fmt};

use crate::{
    crowd::Crowd,
    round::{Figures, Kind},
};

type Name = (Crowd, Kind, &'static str);

/// Every round's figures.
#[derive(Default)]
pub(crate) struct Table(BTreeMap<Name, Vec<Figures>>);

impl Table {
    pub(crate) fn note(&mut self, name: Name, figures: Figures) {
        self.0.entry(name).or_default().push(figures);
    }

    fn middle(&self, name: &Name) -> Option<Figures> {
        let mut all = self.0.get(name)?.clone();
        all.sort_by(|a, b| a.rate.total_cmp(&b.rate));
        all.get(all.len() / 2).copied()
    }
}

impl fmt::Display for Table {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(
            f,
            "{:<24} {:<9} {:<5} {:>8} {:>12} {:>12} {:>9} {:>9}",
            "", "", "", "a second", "PostgreSQL", "worker", "to few", "to base"
        )?;
        for name @ (crowd, kind, contestant) in self.0.keys() {
            let Some(figures) = self.middle(name) else {
                continue;
            };
            let to = |other: Name| match self.middle(&other) {
                Some(other) if other.rate > 0.0 => format!("{:.2}", figures.rate / other.rate),
                _ => "-".to_owned(),
            };
            writeln!(
                f,
                "{:<24} {:<9} {:<5} {:>8.0} {:>9.2} ms {:>9.2} ms {:>9} {:>9}",
                crowd.name(),
                kind.to_string(),
                contestant,
                figures.rate,
                figures.postgres_ms,
                figures.worker_ms,
                to((Crowd::ALL[0], *kind, contestant)),
                to((*crowd, *kind, "base")),
            )?;
        }
        writeln!(
            f,
            "\nms: processor time of each message; to few: the rate beside that among {}",
            Crowd::ALL[0].name()
        )
    }
}
