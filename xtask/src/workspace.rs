//! What cargo knows of a workspace's crates: their targets, and what they depend on.

use std::path::PathBuf;

use anyhow::{Context as _, Result};
use serde::Deserialize;

use crate::checkout::Checkout;
use crate::{command, environment};

/// The crates of a workspace.
#[derive(Deserialize)]
pub(crate) struct Workspace {
    pub(crate) packages: Vec<Package>,
}

/// A crate.
#[derive(Deserialize)]
pub(crate) struct Package {
    pub(crate) name: String,
    pub(crate) targets: Vec<Target>,
    pub(crate) dependencies: Vec<Dependency>,
}

/// Something of a crate that is compiled by itself.
#[derive(Deserialize)]
pub(crate) struct Target {
    pub(crate) name: String,
    pub(crate) kind: Vec<Kind>,
    pub(crate) src_path: PathBuf,
}

/// What sort of target.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Kind {
    Lib,
    Bin,
    Test,
    Bench,
    Example,
    CustomBuild,
}

/// A line of a crate's manifest.
#[derive(Deserialize)]
pub(crate) struct Dependency {
    pub(crate) name: String,
    /// None for what the crate itself needs.
    pub(crate) kind: Option<DependencyKind>,
    pub(crate) rename: Option<String>,
}

/// What it is needed for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum DependencyKind {
    Dev,
    Build,
}

impl Workspace {
    /// Asks cargo for the one whose manifest that is.
    pub(crate) fn read(checkout: &Checkout, manifest: &str) -> Result<Self> {
        let said = command::output(
            environment::cargo()
                .current_dir(checkout.root())
                .args(["metadata", "--no-deps", "--format-version", "1"])
                .args(["--manifest-path", manifest]),
        )?;
        serde_json::from_str(&said).context("what `cargo metadata` says")
    }
}

impl Package {
    /// Its targets of these kinds.
    pub(crate) fn targets(&self, kinds: &[Kind]) -> impl Iterator<Item = &Target> {
        let targets = self.targets.iter();
        targets.filter(move |target| target.kind.iter().any(|kind| kinds.contains(kind)))
    }

    /// The name under which sources use it as a dependency.
    pub(crate) fn library(&self) -> String {
        let library = self.targets(&[Kind::Lib]).next();
        library
            .map_or(&self.name, |target| &target.name)
            .replace('-', "_")
    }
}
