//! `focobot replay`: of what was processed in the last week, repeats what is missing. Each message is
//! judged on its own, under the lock that its stages wait for, so that nothing is done twice.

mod candidates;
mod decision;
mod repeat;

use std::{
    collections::BTreeMap,
    process::ExitCode,
    time::{Duration, Instant},
};

use chrono::{DateTime, TimeDelta, Utc};
use clap::Args;
use common::{
    clock::Clock,
    queue::Queue,
    settings::{self, Environment},
    sid::MessageSid,
};
use serde::Serialize;
use serde_json::json;
use sqlx::PgPool;
use store::operation::Operation;

use self::{
    candidates::{Candidate, Span},
    decision::{Decision, Settled},
};
use crate::{args, connections};

/// How often a long run says how far it is.
const TELL_EVERY: Duration = Duration::from_secs(5);
/// Exit code of arguments that do not suffice.
const WRONG_ARGUMENTS: u8 = 2;
/// How long the stream keeps what came in.
const WEEK: TimeDelta = TimeDelta::days(7);

/// Which messages.
#[derive(Args, Debug)]
pub(crate) struct Scope {
    /// What came since then: 2h, 7d, or 2026-11-22T10:00:00Z.
    #[arg(long, value_parser = args::time::parse, required_unless_present = "sid")]
    since: Option<DateTime<Utc>>,
    /// What came until then.
    #[arg(long, value_parser = args::time::parse)]
    until: Option<DateTime<Utc>>,
    /// Only of this sender: a phone number, or the hash that stands in logs.
    #[arg(long)]
    sender: Option<String>,
    /// Only this message; may be given several times.
    #[arg(long, value_parser = crate::parse_sid)]
    sid: Vec<MessageSid>,
    /// Only say how many it would repeat.
    #[arg(long)]
    dry_run: bool,
    /// Do it: needed unless messages are named.
    #[arg(long)]
    yes: bool,
    /// Messages a second at most.
    #[arg(long, default_value_t = 20, value_parser = clap::value_parser!(u32).range(1..=1000))]
    rate: u32,
}

impl Scope {
    /// Whether anything is to be done.
    fn does(&self) -> bool {
        (self.yes || !self.sid.is_empty()) && !self.dry_run
    }
}

/// What is printed.
#[derive(Debug, Default, Serialize)]
struct Report {
    /// Messages in the scope.
    matched: usize,
    /// Those of which something is missing.
    missing: usize,
    replayed: usize,
    skipped: usize,
    /// Why they were skipped, or what of them is missing.
    reasons: BTreeMap<&'static str, usize>,
}

/// Repeats what is missing, or says how much that is.
pub(crate) async fn run(env: &Environment, scope: &Scope, json: bool) -> anyhow::Result<ExitCode> {
    let pool = connections::database(env).await?;
    let queue = connections::queue(env).await?;
    let now = Clock::system().now();
    let span = span(env, scope, now)?;
    let keys = settings::hash_keys(env)?;
    let found = candidates::find(&pool, &queue, &keys, &span).await?;
    let settled = Settled::look(&queue, now).await?;
    let operation = if scope.does() {
        Some(begin(env, &pool, scope, &span).await?)
    } else {
        None
    };
    let places = (&pool, &queue);
    let id = operation.as_ref().map(Operation::id);
    let report = each(places, &found, &settled, (id, scope.rate)).await?;
    if let Some(operation) = operation {
        operation
            .end(&pool, &serde_json::to_value(&report)?)
            .await?;
    }
    queue.close().await;
    say(&report, scope, json)
}

fn span(env: &Environment, scope: &Scope, now: DateTime<Utc>) -> anyhow::Result<Span> {
    let senders = scope.sender.as_deref();
    Ok(Span {
        since: scope.since.unwrap_or(now - WEEK),
        until: scope.until.unwrap_or(now),
        senders: senders
            .map(|who| args::sender::hashes(env, who))
            .transpose()?,
        sids: scope.sid.iter().map(ToString::to_string).collect(),
    })
}

/// Judges one message after the other, and repeats at most `rate` a second as part of that operation.
/// Each is a transaction of its own: stopped halfway, the same command goes on with the rest.
async fn each(
    (pool, queue): (&PgPool, &Queue),
    found: &[Candidate],
    settled: &Settled,
    (operation, rate): (Option<i64>, u32),
) -> anyhow::Result<Report> {
    let mut report = Report {
        matched: found.len(),
        ..Report::default()
    };
    let mut pace = tokio::time::interval(Duration::from_secs(1) / rate);
    let mut told = Instant::now();
    for candidate in found {
        let judged = repeat::decide(pool, queue, (candidate, settled), operation).await?;
        *report.reasons.entry(judged.words()).or_default() += 1;
        match (judged, operation) {
            (Decision::Skip(_), _) => report.skipped += 1,
            (Decision::Missing(_), None) => report.missing += 1,
            (Decision::Missing(_), Some(_)) => {
                report.missing += 1;
                report.replayed += 1;
                pace.tick().await;
            }
        }
        if told.elapsed() > TELL_EVERY {
            told = Instant::now();
            eprintln!("{} of {}", report.missing + report.skipped, report.matched);
        }
    }
    Ok(report)
}

async fn begin(
    env: &Environment,
    pool: &PgPool,
    scope: &Scope,
    span: &Span,
) -> anyhow::Result<Operation> {
    let asked = json!({"since": span.since, "until": span.until, "senders": span.senders,
        "sids": span.sids, "rate": scope.rate});
    Ok(Operation::begin(pool, "replay", &args::sender::operator(env), &asked).await?)
}

fn say(report: &Report, scope: &Scope, json: bool) -> anyhow::Result<ExitCode> {
    if json {
        println!("{}", serde_json::to_string(report)?);
    } else {
        let verb = if scope.does() {
            "Repeated"
        } else {
            "Would repeat"
        };
        println!("{verb} {} of {}.", report.missing, report.matched);
        for (reason, count) in &report.reasons {
            println!("{count:>8}  {reason}");
        }
    }
    if scope.does() || scope.dry_run {
        return Ok(ExitCode::SUCCESS);
    }
    eprintln!("focobot: nothing was changed; add --yes to do it");
    Ok(ExitCode::from(WRONG_ARGUMENTS))
}
