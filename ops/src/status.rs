//! `focobot status`: one line that says what is wrong and what to do, then every stage.

mod gather;
mod verdict;

use std::{collections::BTreeMap, process::ExitCode, time::Duration};

use common::settings::Environment;
use serde::Serialize;

use self::gather::Sources;

/// What the columns mean, for `--help`.
pub(crate) const MEANS: &str = "\
waiting: not handed out; in work: handed out and not finished; oldest: how long
ago the oldest unfinished message came; workers: processes that said within the
last 15 seconds that they run the stage (? while Redis is away).
Exit: 0 where nothing is wrong, 1 where something is.
Settings: DATABASE_URL, NATS_URL, REDIS_URL, FOCO_STREAM_PREFIX.";

/// How often it is shown anew.
const EVERY: Duration = Duration::from_secs(2);

/// What is printed.
#[derive(Debug, Default, Serialize)]
pub(super) struct Status {
    verdict: String,
    ok: bool,
    stages: Vec<StageStatus>,
    /// The stages that have no queue: sweep and reconcile.
    without_queue: Vec<Unqueued>,
    streams: Vec<StreamStatus>,
    /// Open dead letters.
    dead: i64,
    dead_by_reason: BTreeMap<String, i64>,
    model_breaker: Breaker,
    /// Stores that have less than they had: all stages rest.
    stores: Vec<String>,
    /// What workers say is wrong with the database, where it is not as their release asks for it.
    schema_wrong: Vec<String>,
    /// How long ago Twilio's log was last compared with the ledger; absent where it never was.
    reconciled_seconds: Option<i64>,
}

/// One stage.
#[derive(Debug, Serialize)]
pub(super) struct StageStatus {
    stage: &'static str,
    waiting: u64,
    in_work: u64,
    oldest_seconds: Option<i64>,
    paused: bool,
    paused_seconds: Option<u64>,
    /// Workers that said within 15 seconds that they run it; absent while Redis is away.
    workers: Option<usize>,
}

/// A stream.
#[derive(Debug, Serialize)]
pub(super) struct StreamStatus {
    stream: String,
    bytes: u64,
    max_bytes: u64,
    percent: u64,
    /// Whether it has to be made larger.
    too_full: bool,
}

/// A stage that looks by itself.
#[derive(Debug, Serialize)]
pub(super) struct Unqueued {
    stage: &'static str,
    /// As in [`StageStatus`].
    workers: Option<usize>,
}

/// The model's breakers, one in each worker that parses.
#[derive(Debug, Default, Serialize)]
pub(super) struct Breaker {
    /// Workers that do not ask the model for now.
    open: usize,
    /// Workers that would.
    closed: usize,
}

/// Prints it, once or again and again. Exit 1 where something is wrong.
pub(crate) async fn run(env: &Environment, watch: bool, json: bool) -> anyhow::Result<ExitCode> {
    let mut sources = None;
    // One for all rounds: from the first on, the signal no longer ends the process by itself.
    let mut interrupted = std::pin::pin!(tokio::signal::ctrl_c());
    loop {
        let status = tokio::select! {
            _ = &mut interrupted, if watch => return Ok(ExitCode::SUCCESS),
            status = look(env, &mut sources) => status,
        };
        if json {
            println!("{}", serde_json::to_string(&status)?);
        } else {
            if watch {
                // The terminal's own words for: clear, and begin at the top.
                print!("\x1b[2J\x1b[H");
            }
            print(&status);
        }
        if !watch {
            return Ok(if status.ok {
                ExitCode::SUCCESS
            } else {
                ExitCode::FAILURE
            });
        }
        tokio::select! {
            _ = &mut interrupted => return Ok(ExitCode::SUCCESS),
            () = tokio::time::sleep(EVERY) => {}
        }
    }
}

/// One look; a server that is away is a verdict too.
async fn look(env: &Environment, sources: &mut Option<Sources>) -> Status {
    let looked = async {
        let connected = match sources.take() {
            Some(connected) => connected,
            None => Sources::connect(env).await?,
        };
        sources.insert(connected).look().await
    };
    match looked.await {
        Ok(mut status) => {
            verdict::decide(&mut status);
            status
        }
        Err(error) => Status {
            verdict: format!("{error:#}: focobot doctor"),
            ..Status::default()
        },
    }
}

fn print(status: &Status) {
    println!("{}", status.verdict);
    if status.stages.is_empty() {
        return;
    }
    println!();
    println!("stage     waiting  in work   oldest  workers");
    for stage in &status.stages {
        let oldest = stage
            .oldest_seconds
            .map_or_else(|| "-".to_owned(), |seconds| format!("{seconds} s"));
        let workers = counted(stage.workers);
        let rest = match (stage.paused, stage.paused_seconds) {
            (true, Some(seconds)) => format!("  rests for {seconds} s"),
            (true, None) => "  paused".to_owned(),
            (false, _) => String::new(),
        };
        println!(
            "{:<8} {:>8} {:>8} {:>8} {:>8}{rest}",
            stage.stage, stage.waiting, stage.in_work, oldest, workers
        );
    }
    for stage in &status.without_queue {
        let workers = counted(stage.workers);
        println!("{:<9}       -        -        - {workers:>8}", stage.stage);
    }
    println!();
    if let Some(fullest) = status.streams.iter().max_by_key(|stream| stream.percent) {
        let StreamStatus {
            stream, percent, ..
        } = fullest;
        println!("streams   the fullest is {stream}, {percent} %");
    }
    println!("dead      {}", status.dead);
    for (reason, count) in &status.dead_by_reason {
        println!("  {reason:<16} {count}");
    }
    let Breaker { open, closed } = status.model_breaker;
    match open + closed {
        0 => println!("model     no worker asks one"),
        all => println!("model     {open} of {all} workers do not ask it for now"),
    }
    for said in &status.stores {
        println!("stores    {said}");
    }
    for said in &status.schema_wrong {
        println!("schema    {said}");
    }
    match status.reconciled_seconds {
        Some(seconds) => println!("log       Twilio's was compared {seconds} s ago"),
        None => println!("log       Twilio's was never compared"),
    }
}

/// How many workers, or that nobody can say.
fn counted(workers: Option<usize>) -> String {
    workers.map_or_else(|| "?".to_owned(), |count| count.to_string())
}
