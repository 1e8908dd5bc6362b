//! Where things lie: the checkout, and the folder `.dev` in it that holds all that we make.

use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result};

use crate::environment;

/// The working copy that this command was called in.
#[derive(Debug, Clone)]
pub(crate) struct Checkout {
    root: PathBuf,
}

impl Checkout {
    /// Finds it by what cargo says, else by going up from the current folder: a path fixed when
    /// xtask was built would be another clone's where two clones share a target folder.
    pub(crate) fn find() -> Result<Self> {
        let start = match environment::variable("CARGO_MANIFEST_DIR") {
            Some(folder) => PathBuf::from(folder),
            None => std::env::current_dir().context("the current folder")?,
        };
        let root = start
            .ancestors()
            .find(|folder| folder.join("xtask/Cargo.toml").is_file())
            .context("call this inside a checkout of FocoBot")?;
        Ok(Self {
            root: root.to_owned(),
        })
    }

    /// The root of the workspace.
    pub(crate) fn root(&self) -> &Path {
        &self.root
    }

    /// All that xtask makes; ignored by git.
    pub(crate) fn dev(&self) -> PathBuf {
        self.root.join(".dev")
    }

    /// Programs that were fetched.
    pub(crate) fn bin(&self) -> PathBuf {
        self.dev().join("bin")
    }

    /// A file of the repository.
    pub(crate) fn file(&self, path: &str) -> PathBuf {
        self.root.join(path)
    }
}
