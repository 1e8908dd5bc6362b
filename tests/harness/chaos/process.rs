//! A process that is killed with -9, frozen, and started again by the same command.

use std::{
    fs::{self, OpenOptions},
    path::{Path, PathBuf},
    process::Stdio,
};

use nix::{
    sys::signal::{Signal, kill},
    unistd::Pid,
};
use tokio::process::{Child, Command};

/// A process, while it runs and while it does not.
pub(super) struct Process {
    name: String,
    command: Box<dyn Fn() -> Command + Send + Sync>,
    log: PathBuf,
    child: Option<Child>,
}

impl Process {
    /// Starts it; what it logs is appended to a file of its name.
    pub(super) fn start(
        name: &str,
        folder: &Path,
        command: impl Fn() -> Command + Send + Sync + 'static,
    ) -> Self {
        let mut process = Self {
            name: name.to_owned(),
            command: Box::new(command),
            log: folder.join(format!("{name}.log")),
            child: None,
        };
        process.revive();
        process
    }

    /// What it is called.
    pub(super) fn name(&self) -> &str {
        &self.name
    }

    /// Starts it again.
    pub(super) fn revive(&mut self) {
        let open = || {
            let mut options = OpenOptions::new();
            options
                .create(true)
                .append(true)
                .open(&self.log)
                .expect("a log file")
        };
        let mut command = (self.command)();
        command.stdin(Stdio::null()).stdout(open()).stderr(open());
        let child = command.kill_on_drop(true).spawn();
        self.child = Some(child.unwrap_or_else(|error| panic!("{}: {error}", self.name)));
    }

    /// Kills it at once, and the processes that it started: those of a PostgreSQL outlive it.
    pub(super) async fn kill(&mut self) {
        let Some(mut child) = self.child.take() else {
            return;
        };
        let orphans = child.id().map(children_of).unwrap_or_default();
        drop(child.kill().await);
        for orphan in orphans {
            // Fails only where it ended by itself.
            kill(orphan, Signal::SIGKILL).ok();
        }
    }

    /// Stops it in the middle of whatever it does.
    pub(super) fn freeze(&self) {
        self.signal(Signal::SIGSTOP);
    }

    /// Lets it go on.
    pub(super) fn thaw(&self) {
        self.signal(Signal::SIGCONT);
    }

    fn signal(&self, signal: Signal) {
        let id = self.child.as_ref().and_then(Child::id);
        if let Some(id) = id.and_then(|id| i32::try_from(id).ok()) {
            // Fails only where it has ended.
            kill(Pid::from_raw(id), signal).ok();
        }
    }

    /// Whether it runs.
    pub(super) fn runs(&mut self) -> bool {
        let child = self.child.as_mut();
        child.is_some_and(|child| matches!(child.try_wait(), Ok(None)))
    }

    /// Everything that it logged so far.
    pub(super) fn logged(&self) -> String {
        let bytes = fs::read(&self.log).unwrap_or_default();
        String::from_utf8_lossy(&bytes).into_owned()
    }
}

/// The processes that a process started.
fn children_of(parent: u32) -> Vec<Pid> {
    let path = format!("/proc/{parent}/task/{parent}/children");
    let listed = fs::read_to_string(path).unwrap_or_default();
    let ids = listed.split_whitespace().filter_map(|id| id.parse().ok());
    ids.map(Pid::from_raw).collect()
}
