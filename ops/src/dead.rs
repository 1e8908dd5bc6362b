//! `focobot dead`: what failed, one row each, and how it is worked on again.

mod list;
mod replay;
mod show;

use std::process::ExitCode;

use chrono::{DateTime, Utc};
use clap::Subcommand;
use common::settings::Environment;

/// What can be done with dead letters.
#[derive(Subcommand)]
pub(crate) enum Command {
    /// List what is open, newest first.
    List {
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
        /// Their ids, from the list.
        #[arg(required = true)]
        ids: Vec<i64>,
        /// Only say how many it would touch.
        #[arg(long)]
        dry_run: bool,
    },
}

/// Carries out one of them.
pub(crate) async fn run(
    env: &Environment,
    command: Command,
    json: bool,
) -> anyhow::Result<ExitCode> {
    match command {
        Command::List { limit } => list::run(env, limit, json).await,
        Command::Show { id } => show::run(env, id, json).await,
        Command::Replay { ids, dry_run } => replay::run(env, &ids, dry_run, json).await,
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
