//! `focobot reconcile`: messages that never reached us are fetched from Twilio's log and queued, as
//! workers do every few minutes, from further back.

use std::{
    process::ExitCode,
    time::{Duration, Instant},
};

use chrono::{DateTime, Utc};
use common::{
    cache,
    clock::Clock,
    kill_point::KillSwitch,
    message_log::MessageLog,
    reconcile::{From, Reconciler, Report},
    settings::{self, Environment, RedisSettings, TwilioSettings},
};
use serde_json::json;
use store::operation::Operation;

use crate::{args, connections};

/// How long a worker that is at it is waited for.
const PATIENCE: Duration = Duration::from_mins(5);
/// How often it is looked whether it is done.
const LOOK: Duration = Duration::from_millis(500);

/// Looks through Twilio's log since then.
pub(crate) async fn run(
    env: &Environment,
    since: DateTime<Utc>,
    json: bool,
) -> anyhow::Result<ExitCode> {
    let traces = connections::traces(env)?;
    let redis = RedisSettings::load(env)?;
    let reconciler = Reconciler {
        pool: connections::database(env).await?,
        queue: connections::queue(env).await?,
        redis: cache::connect(&redis)?,
        redis_prefix: redis.prefix,
        log: MessageLog::new(&TwilioSettings::load(env)?)?,
        keys: settings::hash_keys(env)?,
        clock: Clock::system(),
        kill_switch: KillSwitch::default(),
    };
    let (pool, by) = (reconciler.pool.clone(), args::sender::operator(env));
    let scope = json!({"since": since});
    let operation = Operation::begin(&pool, "reconcile", &by, &scope).await?;
    let report = look(&reconciler, since).await?;
    operation.end(&pool, &serde_json::to_value(report)?).await?;
    reconciler.queue.close().await;
    traces.end().await;
    if json {
        println!("{}", serde_json::to_string(&report)?);
        return Ok(ExitCode::SUCCESS);
    }
    let Report {
        seen,
        known,
        queued,
        left,
        ..
    } = report;
    println!("{seen} messages in Twilio's log, {known} known, {queued} queued now.");
    if left > 0 {
        println!("{left} could not be queued: has FOCO_INBOUND room? See focobot status.");
    }
    Ok(ExitCode::SUCCESS)
}

/// Looks once a worker that is at it has come to its end.
async fn look(reconciler: &Reconciler, since: DateTime<Utc>) -> anyhow::Result<Report> {
    let end = Instant::now() + PATIENCE;
    loop {
        if let Some(report) = reconciler.look(From::Moment(since)).await? {
            return Ok(report);
        }
        anyhow::ensure!(
            Instant::now() < end,
            "a worker has been comparing Twilio's log for minutes; try again later"
        );
        tokio::time::sleep(LOOK).await;
    }
}
