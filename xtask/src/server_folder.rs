//! A place: a folder under `.dev` in which one set of servers lives, with its ports and secrets.
//! There is one for `dev`, one for `services` and one for `test`, and they can run side by side.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::{self, File};
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, bail};

use crate::checkout::Checkout;
use crate::port;
use crate::state::State;

/// The ports that are tried first in the place of `dev`; the other places' are next to them.
const PORTS: [(&str, u16); 8] = [
    ("postgres", 25432),
    ("redis", 26379),
    ("nats", 24222),
    ("nats-monitor", 28222),
    ("simulator", 28090),
    ("ingest", 28080),
    ("ingest-metrics", 29464),
    ("worker-metrics", 29474),
];

/// What a place is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Purpose {
    Dev,
    Services,
    Test,
}

/// A folder with servers of its own.
#[derive(Debug, Clone)]
pub(crate) struct ServerFolder {
    pub(crate) purpose: Purpose,
    folder: PathBuf,
}

impl ServerFolder {
    pub(crate) fn new(checkout: &Checkout, purpose: Purpose) -> Self {
        let folder = match purpose {
            Purpose::Dev => checkout.dev(),
            Purpose::Services => checkout.dev().join("services"),
            Purpose::Test => checkout.dev().join("test"),
        };
        Self { purpose, folder }
    }

    pub(crate) fn folder(&self) -> &Path {
        &self.folder
    }

    pub(crate) fn state_file(&self) -> PathBuf {
        self.folder.join("state.json")
    }

    pub(crate) fn secrets_file(&self) -> PathBuf {
        self.folder.join("secrets.json")
    }

    /// The settings under which our programs were started last.
    pub(crate) fn settings_file(&self) -> PathBuf {
        self.folder.join("settings.json")
    }

    pub(crate) fn state(&self) -> State {
        State::load(&self.state_file())
    }

    /// The file that a process writes its log to.
    pub(crate) fn log(&self, name: &str) -> PathBuf {
        self.folder.join("logs").join(format!("{name}.log"))
    }

    /// Makes the folder and takes it for this xtask alone, as long as the answer is kept.
    pub(crate) fn lock(&self) -> Result<File> {
        fs::create_dir_all(self.folder.join("logs"))
            .with_context(|| format!("cannot make {}", self.folder.display()))?;
        let file = File::create(self.folder.join("lock"))?;
        if file.try_lock().is_err() {
            bail!(
                "another `cargo xtask` is at work in {}",
                self.folder.display()
            );
        }
        Ok(file)
    }

    /// A free port for everything: the one of the last time, the fixed one, or another.
    pub(crate) fn choose_ports(&self) -> Result<BTreeMap<String, u16>> {
        let last = self.state().ports;
        let mut chosen = BTreeSet::new();
        let mut ports = BTreeMap::new();
        for (name, fixed) in PORTS {
            let fixed = fixed + self.purpose as u16;
            let port = port::choose(last.get(name).copied().unwrap_or(fixed), &chosen)?;
            chosen.insert(port);
            ports.insert(name.to_owned(), port);
        }
        Ok(ports)
    }

    /// Forgets all data; programs that were fetched and logs stay.
    pub(crate) fn clear(&self) -> Result<()> {
        for name in ["postgres", "redis", "nats", "state.json", "secrets.json"] {
            remove(&self.folder.join(name))?;
        }
        Ok(())
    }
}

/// Removes a file, a folder, or a link together with the folder that it leads to.
fn remove(path: &Path) -> Result<()> {
    let Ok(metadata) = fs::symlink_metadata(path) else {
        return Ok(());
    };
    let removed = if metadata.is_symlink() {
        let target = fs::read_link(path)?;
        fs::remove_dir_all(&target)
            .or_else(|error| if target.exists() { Err(error) } else { Ok(()) })
            .and_then(|()| fs::remove_file(path))
    } else if metadata.is_dir() {
        fs::remove_dir_all(path)
    } else {
        fs::remove_file(path)
    };
    removed.with_context(|| format!("cannot remove {}", path.display()))
}
