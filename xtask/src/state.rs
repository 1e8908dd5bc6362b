//! What runs in a place, written down in its `state.json` for the next call to find.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use anyhow::Result;
use serde::{Deserialize, Serialize};

use crate::process::Record;
use crate::secrets::write_private;

/// The content of `state.json`.
#[derive(Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct State {
    /// The ports chosen last; tried first the next time.
    pub(crate) ports: BTreeMap<String, u16>,
    /// The xtask that looks after the processes and ends them; none once they are left alone.
    pub(crate) supervisor: Option<Record>,
    /// In the order in which they were started.
    pub(crate) processes: Vec<Record>,
}

impl State {
    /// Reads it; a missing or damaged file counts as nothing running.
    pub(crate) fn load(path: &Path) -> Self {
        fs::read_to_string(path)
            .ok()
            .and_then(|text| serde_json::from_str(&text).ok())
            .unwrap_or_default()
    }

    pub(crate) fn save(&self, path: &Path) -> Result<()> {
        write_private(path, &serde_json::to_string_pretty(self)?)
    }

    /// Whether anything that was started still runs.
    pub(crate) fn is_running(&self) -> bool {
        self.processes.iter().any(Record::is_alive)
    }

    /// The xtask that looks after it, if that is alive.
    pub(crate) fn supervisor(&self) -> Option<&Record> {
        self.supervisor.as_ref().filter(|record| record.is_alive())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read_again() {
        let record = Record {
            name: "redis".into(),
            pid: 42,
            started: "boot 4711".into(),
        };
        let state = State {
            ports: BTreeMap::from([("redis".into(), 26379)]),
            supervisor: None,
            processes: vec![record],
        };
        let text = serde_json::to_string(&state).unwrap();
        assert_eq!(serde_json::from_str::<State>(&text).unwrap(), state);
    }

    #[test]
    fn no_file_means_that_nothing_runs() {
        let state = State::load(Path::new("/nonexistent/state.json"));
        assert!(!state.is_running());
        assert!(state.supervisor().is_none());
    }
}
