//! `cargo xtask test`: every check, in order, ended by the first that fails.

use std::process::Command;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result};

use crate::checkout::Checkout;
use crate::command;
use crate::compose;
use crate::dependencies;
use crate::environment;
use crate::imports;
use crate::interrupt::Interrupt;
use crate::queries;
use crate::servers;
use crate::test_servers::Servers;
use crate::tools;

/// Runs all checks and prints what each took.
pub(crate) fn run(checkout: &Checkout, interrupt: &Interrupt) -> Result<()> {
    let mut report = Report::default();
    let result = check(checkout, interrupt, &mut report);
    report.print();
    result
}

fn check(checkout: &Checkout, interrupt: &Interrupt, report: &mut Report) -> Result<()> {
    let cargo = |arguments: &str| {
        let mut command = environment::cargo();
        command
            .current_dir(checkout.root())
            .args(arguments.split(' '));
        command
    };
    let run = |command: &mut Command| command::run(command, interrupt);

    report.step("format", || run(&mut cargo("fmt --all --check")))?;
    report.step("dependencies", || dependencies::check(checkout))?;
    report.step("imports", || imports::check(checkout))?;
    report.step("browser", || tools::install_browser(checkout))?;
    let pgbouncer = report.step("pgbouncer", || tools::pgbouncer(checkout))?;
    report.step("compose", || compose::check(checkout))?;
    // Before anything is compiled: a query that was changed is best explained here.
    let servers = report.step("services", || Servers::start(checkout, interrupt))?;
    report.step("queries", || queries::check(checkout, &servers, interrupt))?;
    report.step("clippy", || {
        run(&mut cargo(
            "clippy --workspace --all-targets --locked -- -D warnings",
        ))
    })?;
    report.step("documentation", || {
        run(cargo("doc --no-deps --workspace --locked").env("RUSTDOCFLAGS", "-D warnings"))
    })?;
    // The programs that the tests start, and the tests: together, so that no dependency is
    // compiled twice with other features.
    report.step("build", || {
        run(&mut cargo("build --workspace --bins --tests --locked"))
    })?;
    report.step("tests", || {
        let mut tests = cargo("test --workspace --locked --no-fail-fast");
        environment::forget_settings(&mut tests);
        environment::forget_choices(&mut tests);
        tests.env("PGBOUNCER_BIN", &pgbouncer);
        tests.envs(servers.environment());
        run(tests.envs(servers::of_another_version(checkout)))
    })?;
    if environment::variable("CONTRACTS_DIR").is_none() {
        println!("\nCONTRACTS_DIR is not set: the contract check did not run");
    }
    report.step("services end", || {
        drop(servers);
        Ok(())
    })
}

/// What was done, how long it took, and whether it went well.
#[derive(Default)]
struct Report {
    steps: Vec<(&'static str, Duration, bool)>,
}

impl Report {
    fn step<T>(&mut self, name: &'static str, work: impl FnOnce() -> Result<T>) -> Result<T> {
        println!("\n== {name}");
        let start = Instant::now();
        let result = work();
        let time = start.elapsed();
        let outcome = if result.is_ok() { "done" } else { "FAILED" };
        println!("== {name}: {outcome} after {} s", time.as_secs());
        self.steps.push((name, time, result.is_ok()));
        result.context(name)
    }

    fn print(&self) {
        println!("\n{:<16}{:>8}  outcome", "check", "seconds");
        for (name, time, ok) in &self.steps {
            let outcome = if *ok { "ok" } else { "FAILED" };
            println!("{name:<16}{:>8.1}  {outcome}", time.as_secs_f64());
        }
        let total: Duration = self.steps.iter().map(|(_, time, _)| *time).sum();
        println!("{:<16}{:>8.1}", "all", total.as_secs_f64());
    }
}
