//! `cargo xtask bench`: how fast it is, beside something on the same machine in the same run.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context as _, Result};
use clap::{Args, ValueEnum};

use crate::checkout::Checkout;
use crate::command;
use crate::environment;
use crate::interrupt::Interrupt;
use crate::server_folder::{Purpose, ServerFolder};
use crate::test_servers::Servers;

/// What is measured, and beside what.
#[derive(Args)]
pub(crate) struct Options {
    #[arg(value_enum)]
    what: What,
    /// tenants: another revision of this repository, built too, that has its turns beside this one
    #[arg(long, value_name = "REV")]
    base: Option<String>,
    /// tenants: turns of each, of which the middle one counts
    #[arg(long, default_value_t = 3)]
    turns: usize,
}

/// What is measured.
#[derive(Clone, Copy, ValueEnum)]
pub(crate) enum What {
    /// The webhook under 64 connections, beside a bare axum handler and the queue alone
    Ingest,
    /// The built-in parser: messages a second and core, and its slowest inputs
    Parser,
    /// Commands and requests a second among 10, 1,000 and 10,000 workspaces, and of one person
    /// with 2,000 projects
    Tenants,
}

/// Builds it optimised and runs it.
pub(crate) fn run(checkout: &Checkout, options: &Options, interrupt: &Interrupt) -> Result<()> {
    match options.what {
        What::Parser => command::run(bench(checkout).arg("throughput"), interrupt),
        What::Ingest => {
            let servers = Servers::start(checkout, interrupt)?;
            let mut bench = bench(checkout);
            clean(&mut bench);
            bench.arg("webhook").envs(servers.environment());
            command::run(&mut bench, interrupt)
        }
        What::Tenants => tenants(checkout, options, interrupt),
    }
}

fn bench(checkout: &Checkout) -> Command {
    let mut bench = environment::cargo();
    bench.current_dir(checkout.root());
    bench.args("bench --locked --workspace --bench".split(' '));
    bench
}

fn clean(command: &mut Command) {
    environment::forget_settings(command);
    environment::forget_choices(command);
}

fn tenants(checkout: &Checkout, options: &Options, interrupt: &Interrupt) -> Result<()> {
    // The older one first: both are built in one folder, where they share what they depend on, and
    // ours stay there.
    let base = match &options.base {
        Some(revision) => Some(base(checkout, revision, interrupt)?),
        None => None,
    };
    build(checkout, checkout.root(), interrupt)?;
    let ours = release(checkout);
    let servers = Servers::start(checkout, interrupt)?;
    let mut bench = Command::new(ours.join("bench"));
    bench.arg("--ours").arg(&ours);
    bench.args(["--turns", &options.turns.to_string()]);
    if let Some(folder) = &base {
        bench.arg("--base").arg(folder);
    }
    clean(&mut bench);
    command::run(bench.envs(servers.environment()), interrupt)
}

/// Where optimised programs come to be.
fn release(checkout: &Checkout) -> PathBuf {
    checkout.file("target").join("release")
}

/// Builds all programs of a tree, optimised. Cargo takes two trees' packages of one name for the
/// same, so what another tree left of them goes first.
fn build(checkout: &Checkout, tree: &Path, interrupt: &Interrupt) -> Result<()> {
    let target = checkout.file("target");
    let mut clean = environment::cargo();
    clean.current_dir(tree).arg("clean");
    clean.args("--release --workspace --locked --target-dir".split(' '));
    command::run(clean.arg(&target), interrupt)?;
    let mut build = environment::cargo();
    build.current_dir(tree).arg("build");
    build.args("--release --workspace --bins --locked --target-dir".split(' '));
    command::run(build.arg(target), interrupt)
}

/// Builds another revision, in a tree of its own that is left for the next time; the folder that its
/// programs are in.
fn base(checkout: &Checkout, revision: &str, interrupt: &Interrupt) -> Result<PathBuf> {
    let folder = ServerFolder::new(checkout, Purpose::Test)
        .folder()
        .join("base");
    let tree = folder.join("tree");
    let path = tree.to_str().context("a folder whose name is text")?;
    let mut git = Command::new("git");
    git.current_dir(checkout.root());
    if tree.exists() {
        git.args(["-C", path, "checkout", "--detach", revision]);
    } else {
        git.args(["worktree", "add", "--force", "--detach", path, revision]);
    }
    command::run(&mut git, interrupt)?;
    build(checkout, &tree, interrupt)?;
    let programs = folder.join("programs");
    fs::create_dir_all(&programs).with_context(|| format!("cannot make {}", programs.display()))?;
    for name in ["worker", "focobot"] {
        let (built, kept) = (release(checkout).join(name), programs.join(name));
        fs::copy(&built, &kept).with_context(|| format!("cannot copy {}", built.display()))?;
    }
    Ok(programs)
}
