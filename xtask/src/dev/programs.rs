//! Our own programs: built, and started in the order in which they need each other.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use anyhow::{Context as _, Result};

use super::settings::Settings;
use crate::checkout::Checkout;
use crate::command;
use crate::environment;
use crate::group::Group;
use crate::interrupt::Interrupt;
use crate::ready;
use crate::server_folder::ServerFolder;

const NAMES: [&str; 4] = ["focobot", "simulator", "ingest", "worker"];
const READY: Duration = Duration::from_secs(20);

/// Where the built programs are, by name.
pub(super) struct Programs {
    paths: BTreeMap<String, PathBuf>,
}

impl Programs {
    /// Builds them all.
    pub(super) fn build(
        checkout: &Checkout,
        place: &ServerFolder,
        release: bool,
        interrupt: &Interrupt,
    ) -> Result<Self> {
        println!("building {} ...", NAMES.join(", "));
        let messages = place.log("build");
        let mut cargo = environment::cargo();
        cargo
            .current_dir(checkout.root())
            .args([
                "build",
                "--locked",
                "--message-format=json-render-diagnostics",
            ])
            .args(NAMES.iter().flat_map(|name| ["--bin", name]))
            .stdout(File::create(&messages)?);
        if release {
            cargo.arg("--release");
        }
        command::run(&mut cargo, interrupt)?;
        let paths = executables(&fs::read_to_string(&messages)?);
        Ok(Self { paths })
    }

    fn command(&self, name: &str, settings: &Settings) -> Result<Command> {
        let path = self
            .paths
            .get(name)
            .with_context(|| format!("cargo built no {name}"))?;
        Ok(settings.command(path))
    }

    /// Brings the database up to date, by these arguments of `focobot`.
    pub(super) fn migrate(
        &self,
        settings: &Settings,
        arguments: &[&str],
        interrupt: &Interrupt,
    ) -> Result<()> {
        let mut command = self.command("focobot", settings)?;
        command::run(command.args(arguments), interrupt)
    }

    /// Starts the simulator, then the others side by side, and waits until all are ready.
    pub(super) fn start(&self, settings: &Settings, group: &mut Group) -> Result<()> {
        let metrics = |port: u16| ("METRICS_ADDR", format!("127.0.0.1:{port}"));
        let (simulator, ingest) = (group.port("simulator"), group.port("ingest"));
        let worker = group.port("worker-metrics");

        group.start("simulator", &mut self.command("simulator", settings)?)?;
        group.wait_until_ready("simulator", READY, || {
            ready::http(simulator, "/control/health")
        })?;
        let ingest_metrics = metrics(group.port("ingest-metrics"));
        group.start(
            "ingest",
            self.command("ingest", settings)?.envs([ingest_metrics]),
        )?;
        group.start(
            "worker",
            self.command("worker", settings)?.envs([metrics(worker)]),
        )?;
        group.wait_until_ready("ingest", READY, || ready::http(ingest, "/readyz"))?;
        group.wait_until_ready("worker", READY, || ready::http(worker, "/readyz"))?;
        // As a deployment does: then `focobot doctor` has nothing to change.
        let mut configure = self.command("focobot", settings)?;
        command::output(configure.args(["twilio", "configure-webhook"])).map(drop)
    }
}

/// The programs that cargo's messages, one JSON object a line, say it built.
pub(super) fn executables(messages: &str) -> BTreeMap<String, PathBuf> {
    messages
        .lines()
        .filter_map(|line| serde_json::from_str::<serde_json::Value>(line).ok())
        .filter_map(|message| {
            let path = Path::new(message["executable"].as_str()?);
            Some((
                message["target"]["name"].as_str()?.to_owned(),
                path.to_owned(),
            ))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn programs_are_where_cargo_says_that_it_put_them() {
        let messages = r#"{"reason":"compiler-artifact","target":{"name":"common"},"executable":null}
{"reason":"compiler-artifact","target":{"name":"worker"},"executable":"/target/debug/worker"}
{"reason":"build-finished","success":true}"#;
        let expected = [("worker".to_owned(), PathBuf::from("/target/debug/worker"))];
        assert_eq!(executables(messages), BTreeMap::from(expected));
    }
}
