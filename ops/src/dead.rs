//! `focobot dead`: what failed, one row each, and how it is worked on again.

mod discard;
mod filter;
mod list;
mod replay;
mod settle;
mod show;

use std::process::ExitCode;

use chrono::{DateTime, Utc};
use clap::Subcommand;
use common::settings::Environment;

use self::filter::{Filter, Scope};

/// What can be done with dead letters.
#[derive(Subcommand)]
pub(crate) enum Command {
    /// List what is open, newest first, with how many there are of each kind.
    List {
        #[command(flatten)]
        filter: Filter,
        /// Most rows.
        #[arg(long, default_value_t = 50, value_parser = clap::value_parser!(i64).range(1..=10_000))]
        limit: i64,
    },
    /// Show one with payload, error and headers.
    Show {
        /// Its id, from the list.
        id: i64,
    },
    /// Work on these again. What has an effect or a final reply already gets no second one.
    Replay {
        #[command(flatten)]
        scope: Scope,
        /// Most a second.
        #[arg(long, default_value_t = 20, value_parser = clap::value_parser!(u32).range(1..=1000))]
        rate: u32,
    },
    /// Never work on these again; whoever waits for an answer is told that it failed.
    Discard {
        #[command(flatten)]
        scope: Scope,
        /// Most a second.
        #[arg(long, default_value_t = 200, value_parser = clap::value_parser!(u32).range(1..=1000))]
        rate: u32,
    },
}

/// Carries out one of them.
pub(crate) async fn run(
    env: &Environment,
    command: Command,
    json: bool,
) -> anyhow::Result<ExitCode> {
    match command {
        Command::List { filter, limit } => list::run(env, &filter, limit, json).await,
        Command::Show { id } => show::run(env, id, json).await,
        Command::Replay { scope, rate } => replay::run(env, &scope, rate, json).await,
        Command::Discard { scope, rate } => discard::run(env, &scope, rate, json).await,
    }
}

/// A row of the list.
#[derive(serde::Serialize)]
struct Row {
    id: i64,
    message_sid: Option<String>,
    stage: String,
    reason: String,
    error_code: Option<String>,
    attempts: i32,
    at: DateTime<Utc>,
}
