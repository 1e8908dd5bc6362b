//! The whole system on this machine, and every check.
#![expect(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a command line talks to its user"
)]

use std::{ffi::OsString, process::ExitCode};

use anyhow::{Result, bail};
use clap::{Parser, Subcommand};

use crate::checkout::Checkout;
use crate::interrupt::{Interrupt, Interrupted};

mod bench;
mod chaos;
mod checkout;
mod command;
mod compose;
mod dependencies;
mod dev;
mod environment;
mod eval;
mod group;
mod imports;
mod interrupt;
mod port;
mod process;
mod queries;
mod read;
mod ready;
mod secrets;
mod server_folder;
mod servers;
mod services;
mod source;
mod state;
mod stop;
mod test;
mod test_servers;
mod tools;
mod version;
mod workspace;

/// FocoBot on this machine: run it, stop it, check it.
#[derive(Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask")]
struct Arguments {
    #[command(subcommand)]
    task: Task,
}

#[derive(Subcommand)]
enum Task {
    /// Run the whole system on this machine, until Ctrl-C
    Dev(dev::Options),
    /// The operators' command on what `dev` runs: `cargo xtask focobot status`
    Focobot {
        #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
        arguments: Vec<OsString>,
    },
    /// End what `dev` left running
    Stop,
    /// Run every check: format, lints, documentation, queries, tests
    Test,
    /// Two of them alone, which take a second: dependencies that nothing uses, circles of imports
    Structure,
    /// Kill everything for a while under load, and count what was lost or doubled
    Chaos(chaos::Options),
    /// Measure the webhook, the built-in parser, or the whole pipeline among many customers
    Bench(bench::Options),
    /// Score a parser on the labelled messages: the built-in one, or the model that is configured
    Eval(eval::Options),
    /// Read a message with the built-in parser, and tell why it came out so
    Read(read::Options),
    /// Write .sqlx anew, after a checked query or a migration changed
    Prepare,
    /// PostgreSQL, Redis and NATS alone, for tests run by hand
    Services {
        #[command(subcommand)]
        action: Action,
    },
}

#[derive(Subcommand)]
enum Action {
    /// Start them, leave them running, and print how they are found
    Up,
    /// End them, and forget what they hold
    Down,
    /// Print how they are found, one NAME=value a line
    Env,
}

fn main() -> ExitCode {
    match run(Arguments::parse().task) {
        Ok(code) => code,
        Err(error) if error.is::<Interrupted>() => ExitCode::from(130),
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn run(task: Task) -> Result<ExitCode> {
    if !cfg!(target_os = "linux") {
        bail!("this works on Linux only: elsewhere call it in a container or a virtual machine");
    }
    let checkout = Checkout::find()?;
    let interrupt = Interrupt::listen()?;
    let done = match task {
        Task::Focobot { arguments } => return dev::operators::run(&checkout, &arguments),
        Task::Dev(options) => dev::run(&checkout, &options, &interrupt),
        Task::Test => test::run(&checkout, &interrupt),
        Task::Structure => imports::check(&checkout).and_then(|()| dependencies::check(&checkout)),
        Task::Chaos(options) => chaos::run(&checkout, &options, &interrupt),
        Task::Bench(options) => bench::run(&checkout, &options, &interrupt),
        Task::Eval(options) => eval::run(&checkout, &options, &interrupt),
        Task::Read(options) => read::run(&checkout, &options, &interrupt),
        Task::Prepare => queries::prepare(&checkout, &interrupt),
        Task::Stop => stop::dev(&checkout, &interrupt),
        Task::Services { action: Action::Up } => services::up(&checkout, &interrupt),
        Task::Services {
            action: Action::Down,
        } => services::down(&checkout, &interrupt),
        Task::Services {
            action: Action::Env,
        } => services::env(&checkout),
    };
    done.map(|()| ExitCode::SUCCESS)
}
