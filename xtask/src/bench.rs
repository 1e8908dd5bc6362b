//! `cargo xtask bench`: how fast it is, beside something on the same machine in the same run.

use std::process::Command;

use anyhow::Result;
use clap::ValueEnum;

use crate::checkout::Checkout;
use crate::command;
use crate::environment;
use crate::interrupt::Interrupt;
use crate::test::Servers;

/// What is measured.
#[derive(Clone, Copy, ValueEnum)]
pub(crate) enum What {
    /// The webhook under 64 connections, beside a bare axum handler and the queue alone
    Ingest,
    /// The built-in parser: messages a second and core, and its slowest inputs
    Parser,
}

/// Builds it optimised and runs it.
pub(crate) fn run(checkout: &Checkout, what: What, interrupt: &Interrupt) -> Result<()> {
    let mut bench = Command::new(environment::cargo());
    bench.current_dir(checkout.root());
    bench.args("bench --locked --workspace --bench".split(' '));
    match what {
        What::Parser => command::run(bench.arg("throughput"), interrupt),
        What::Ingest => {
            let servers = Servers::start(checkout, interrupt)?;
            environment::forget_settings(&mut bench);
            environment::forget_choices(&mut bench);
            bench.arg("webhook").envs(servers.environment());
            command::run(&mut bench, interrupt)
        }
    }
}
