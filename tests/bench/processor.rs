//! Processor time that processes have used, from /proc.

use std::{collections::BTreeMap, fs};

/// Clock ticks a second (`sysconf(_SC_CLK_TCK)` on Linux).
const TICKS: f64 = 100.0;

/// Seconds of a process and its children, those that have ended among them.
pub(crate) fn seconds(id: u32) -> f64 {
    let children = stats()
        .into_iter()
        .filter(|(of, stat)| *of == id || stat.parent == id);
    let ticks: u64 = children
        .map(|(of, stat)| stat.own + if of == id { stat.ended_children } else { 0 })
        .sum();
    f64::from(u32::try_from(ticks).unwrap_or(u32::MAX)) / TICKS
}

struct Stat {
    parent: u32,
    own: u64,
    ended_children: u64,
}

fn stats() -> BTreeMap<u32, Stat> {
    let entries = fs::read_dir("/proc").expect("/proc").flatten();
    let ids = entries.filter_map(|entry| entry.file_name().to_str()?.parse().ok());
    ids.filter_map(|id: u32| {
        Some((
            id,
            stat(&fs::read_to_string(format!("/proc/{id}/stat")).ok()?)?,
        ))
    })
    .collect()
}

/// proc(5): the fields stand behind the name, which ends with the last parenthesis.
fn stat(line: &str) -> Option<Stat> {
    let (_, fields) = line.rsplit_once(')')?;
    let fields: Vec<&str> = fields.split_whitespace().collect();
    let number = |at: usize| fields.get(at)?.parse::<u64>().ok();
    Some(Stat {
        parent: u32::try_from(number(1)?).ok()?,
        own: number(11)? + number(12)?,
        ended_children: number(13)? + number(14)?,
    })
}
