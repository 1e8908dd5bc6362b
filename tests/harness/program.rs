//! One of our programs, as a process: started, killed, stopped, frozen.

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
    process::{ExitStatus, Stdio},
};

use tokio::process::{Child, Command};

/// Settings of a program.
pub(crate) type Variables = BTreeMap<String, String>;

/// A running program. It is killed when this is dropped.
pub struct Program {
    child: Child,
    log: PathBuf,
}

/// Where the programs were built: beside the tests themselves.
fn binary(name: &str) -> PathBuf {
    let tests = std::env::current_exe().expect("the test's own path");
    let folder = tests.ancestors().find(|folder| folder.join(name).is_file());
    let Some(folder) = folder else {
        panic!("{name} is not built: run cargo build --workspace --bins first")
    };
    folder.join(name)
}

/// A command that sees nothing but `variables`, in a folder without a `.env` file.
pub(crate) fn command(name: &str, folder: &Path, variables: &Variables) -> Command {
    command_of(&binary(name), folder, variables)
}

/// The same for a program that was built elsewhere.
pub(crate) fn command_of(program: &Path, folder: &Path, variables: &Variables) -> Command {
    let mut command = Command::new(program);
    command
        .env_clear()
        .envs(variables)
        .env("RUST_BACKTRACE", "1")
        .current_dir(folder);
    command.stdin(Stdio::null()).kill_on_drop(true);
    command
}

impl Program {
    /// Starts a program; what it logs is appended to a file of its name.
    pub(crate) fn start(
        name: &str,
        folder: &Path,
        variables: &Variables,
        arguments: &[&str],
    ) -> Self {
        let log = folder.join(format!("{name}.log"));
        let file = || {
            let mut options = std::fs::OpenOptions::new();
            options
                .create(true)
                .append(true)
                .open(&log)
                .expect("a log file")
        };
        let mut command = command(name, folder, variables);
        let child = command
            .args(arguments)
            .stdout(file())
            .stderr(file())
            .spawn();
        Self {
            child: child.unwrap_or_else(|error| panic!("{name}: {error}")),
            log,
        }
    }

    /// Its process id, while it runs.
    #[must_use]
    pub fn id(&self) -> Option<u32> {
        self.child.id()
    }

    /// Sends a signal, by the name that `kill` knows.
    pub async fn signal(&self, name: &str) {
        let id = self.id().expect("it still runs").to_string();
        let status = Command::new("kill")
            .args([format!("-{name}"), id])
            .status()
            .await;
        assert!(status.expect("kill").success());
    }

    /// Kills it at once.
    pub async fn kill(mut self) {
        drop(self.child.kill().await);
    }

    /// Waits for its end.
    pub async fn ended(&mut self) -> ExitStatus {
        let end = tokio::time::timeout(std::time::Duration::from_mins(1), self.child.wait());
        let Ok(status) = end.await else {
            panic!("still running; its log:\n{}", self.logged())
        };
        status.expect("waiting for a process")
    }

    /// Asks it to stop and waits until it did.
    pub async fn stop(mut self) -> ExitStatus {
        self.signal("TERM").await;
        self.ended().await
    }

    /// Whether it runs.
    pub fn runs(&mut self) -> bool {
        matches!(self.child.try_wait(), Ok(None))
    }

    /// Everything that it logged so far.
    #[must_use]
    pub fn logged(&self) -> String {
        std::fs::read_to_string(&self.log).unwrap_or_default()
    }
}

/// What a command has printed as JSON.
#[must_use]
pub fn printed(output: &std::process::Output) -> serde_json::Value {
    serde_json::from_slice(&output.stdout).unwrap_or_else(|error| panic!("{error}: {output:?}"))
}
