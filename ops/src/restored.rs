//! `focobot restored`: PostgreSQL was restored from a backup that is older than the streams. What
//! was worked off since the backup is worked on again, in its order, and Twilio is asked for every
//! answer that it may have before one is sent. Meanwhile all stages rest, and afterwards they go on
//! by themselves.

mod doubt;
mod repeat;

use std::process::ExitCode;

use anyhow::Context as _;
use chrono::{DateTime, Utc};
use common::{
    cache,
    clock::Clock,
    database::Sighting,
    process_registry::{self, Kind},
    settings::{self, Environment, RedisSettings},
    store_marks::StoreMarks,
    stream_marks,
};
use serde::Serialize;
use serde_json::json;
use sqlx::PgPool;
use store::operation::Operation;

use crate::{args, connections};

/// Exit code of arguments that do not suffice.
const WRONG_ARGUMENTS: u8 = 2;

/// What is found, or was done.
#[derive(Clone, Copy, Debug, Default, Serialize)]
struct Report {
    /// Messages on the stream that the ledger does not know as worked on.
    messages: u64,
    /// When the oldest of these came.
    since: Option<DateTime<Utc>>,
    /// Requests and other messages of the ledger that were not settled at the time of the backup.
    unsettled: u64,
    /// Replies that Twilio may have taken since.
    replies: u64,
    /// Refusals over the limit that the ledger has lost.
    refusals: u64,
    /// Streams of NATS that went back.
    streams: u64,
}

/// Does it, or says what it would do.
pub(crate) async fn run(env: &Environment, yes: bool, json: bool) -> anyhow::Result<ExitCode> {
    let pool = connections::database(env).await?;
    let queue = connections::queue(env).await?;
    if yes {
        nobody_works(env).await?;
        let marks = StoreMarks::of(&queue);
        marks
            .being_mended(&there(&pool).await?, Clock::system().now())
            .await?;
        let by = args::sender::operator(env);
        let mut report = Report {
            streams: stream_marks::mend(&mut *pool.acquire().await?, &queue).await?,
            ..Report::default()
        };
        let operation = Operation::begin(&pool, "restored", &by, &json!({})).await?;
        doubt::cast(&pool, &mut report).await?;
        repeat::refusals(&pool, &queue, true, &mut report).await?;
        let switch = settings::kill_switch(env)?;
        repeat::messages(&pool, &queue, Some(&switch), &mut report).await?;
        operation.end(&pool, &serde_json::to_value(report)?).await?;
        marks.mended(&there(&pool).await?).await?;
        queue.close().await;
        print(&report, json, "repeated")?;
        return Ok(ExitCode::SUCCESS);
    }
    let behind = stream_marks::behind(&mut *pool.acquire().await?, &queue).await?;
    let mut report = Report {
        streams: u64::try_from(behind.len())?,
        ..Report::default()
    };
    doubt::count(&pool, &mut report).await?;
    repeat::refusals(&pool, &queue, false, &mut report).await?;
    repeat::messages(&pool, &queue, None, &mut report).await?;
    queue.close().await;
    print(&report, json, "to be repeated")?;
    eprintln!(
        "focobot: nothing was changed; stop all workers but those that rest since a store went \
         back, then add --yes"
    );
    Ok(ExitCode::from(WRONG_ARGUMENTS))
}

/// The database that is there.
async fn there(pool: &PgPool) -> anyhow::Result<Sighting> {
    let seen = Sighting::of(&mut *pool.acquire().await?).await?;
    seen.context("PostgreSQL is in recovery: wait until it is over, or promote it")
}

/// Who works meanwhile would send what Twilio has. Those that rest since a store went back do not,
/// and go on once it is mended.
async fn nobody_works(env: &Environment) -> anyhow::Result<()> {
    let redis = RedisSettings::load(env)?;
    let workers =
        process_registry::live_processes(&cache::connect(&redis)?, &redis.prefix, Kind::Worker)
            .await?;
    let at_work = workers.iter().filter(|worker| worker.rests.is_none());
    let at_work = at_work.count();
    anyhow::ensure!(
        at_work == 0,
        "{at_work} workers are at work: stop all of them first (one that was killed counts for 15 s more)"
    );
    Ok(())
}

fn print(report: &Report, json: bool, repeated: &str) -> anyhow::Result<()> {
    if json {
        println!("{}", serde_json::to_string(report)?);
        return Ok(());
    }
    let since = report.since.map(args::time::shown);
    let since = since.map_or_else(String::new, |since| format!(", since {since}"));
    for (count, what) in [
        (report.messages, format!("messages {repeated}{since}")),
        (
            report.unsettled,
            "messages that were not settled".to_owned(),
        ),
        (
            report.replies,
            "replies that Twilio is asked for".to_owned(),
        ),
        (report.refusals, "refusals over the limit".to_owned()),
        (report.streams, "streams that went back".to_owned()),
    ] {
        println!("{count:>8}  {what}");
    }
    Ok(())
}
