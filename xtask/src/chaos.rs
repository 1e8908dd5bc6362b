//! `cargo xtask chaos`: kills everything for a while and counts what is left. The servers are
//! the run's own, since they are killed too; only their programs are looked up here.

use std::path::PathBuf;

use anyhow::Result;
use clap::Args;

use crate::checkout::Checkout;
use crate::command;
use crate::environment;
use crate::interrupt::Interrupt;
use crate::tools::Tools;

/// How long, and which decisions.
#[derive(Args)]
pub(crate) struct Options {
    /// How long there is trouble
    #[arg(long, default_value_t = 20.0)]
    minutes: f64,
    /// Repeats the decisions of an earlier run; a random one where it is missing
    #[arg(long)]
    seed: Option<u64>,
    /// A folder with another release's `ingest` and `worker`, to run side by side with this one's
    #[arg(long)]
    beside: Option<PathBuf>,
    /// Kills nothing: somebody holds this table all the time, as a plain `create index` does
    #[arg(long, conflicts_with = "beside")]
    locked: Option<String>,
}

/// Builds everything and runs it.
pub(crate) fn run(checkout: &Checkout, options: &Options, interrupt: &Interrupt) -> Result<()> {
    let tools = Tools::find_or_install(checkout)?;
    let cargo = |arguments: &[&str]| {
        let mut command = environment::cargo();
        command.current_dir(checkout.root()).args(arguments);
        command
    };
    let mut build = cargo(&["build", "--workspace", "--bins", "--locked"]);
    command::run(&mut build, interrupt)?;
    let minutes = options.minutes.to_string();
    let mut chaos = cargo(&["run", "--locked", "--quiet", "--bin", "chaos", "--"]);
    chaos.args(["--minutes", &minutes]);
    if let Some(seed) = options.seed {
        chaos.args(["--seed", &seed.to_string()]);
    }
    if let Some(folder) = &options.beside {
        chaos.arg("--beside").arg(std::path::absolute(folder)?);
    }
    if let Some(table) = &options.locked {
        chaos.args(["--locked", table]);
    }
    environment::forget_settings(&mut chaos);
    environment::forget_choices(&mut chaos);
    chaos
        .env("POSTGRES_BIN_DIR", &tools.postgres_bin)
        .env("REDIS_SERVER_BIN", &tools.redis_server)
        .env("NATS_SERVER_BIN", &tools.nats_server);
    command::run(&mut chaos, interrupt)
}
