//! Two releases side by side: a program that is started again is of the other release, so that
//! newer and older ones write and read each other's messages, forward and back.

use std::{
    path::{Path, PathBuf},
    sync::atomic::{AtomicBool, Ordering},
};

use tokio::process::Command;

use crate::program::{Variables, command, command_of};

/// The releases of one program, in turns.
pub(super) struct Releases {
    kind: &'static str,
    other: Option<PathBuf>,
    turn_of_other: AtomicBool,
}

impl Releases {
    /// This release, and the one in the folder `beside`, if there is one.
    pub(super) fn new(kind: &'static str, beside: Option<&Path>, other_first: bool) -> Self {
        Self {
            kind,
            other: beside.map(|folder| folder.join(kind)),
            turn_of_other: AtomicBool::new(other_first),
        }
    }

    /// What is to be started now.
    pub(super) fn next(&self, place: &Path, variables: &Variables) -> Command {
        let turn_of_other = self.turn_of_other.fetch_not(Ordering::Relaxed);
        match &self.other {
            Some(other) if turn_of_other => command_of(other, place, variables),
            _ => command(self.kind, place, variables),
        }
    }
}
