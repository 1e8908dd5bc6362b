//! Kills everything for a while and then counts. `cargo xtask chaos` calls this with the servers'
//! programs in the environment.

use std::{path::PathBuf, process::ExitCode, time::Duration};

use clap::Parser;
use harness::chaos::{Plan, run};

/// Kills everything for a while and then counts.
#[derive(Parser)]
#[command(name = "chaos")]
struct Arguments {
    /// How long there is trouble
    #[arg(long, default_value_t = 20.0)]
    minutes: f64,
    /// Every decision is drawn from it; a random one where it is missing
    #[arg(long)]
    seed: Option<u64>,
    /// How many people write
    #[arg(long, default_value_t = 200)]
    senders: u32,
    /// A folder with another release's `ingest` and `worker`, to run side by side with this one's
    #[arg(long)]
    beside: Option<PathBuf>,
    /// Kills nothing: somebody holds this table all the time, as a plain `create index` does
    #[arg(long, conflicts_with = "beside")]
    locked: Option<String>,
}

#[tokio::main]
async fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let seed = arguments
        .seed
        .unwrap_or_else(|| u64::from(rand::random::<u32>()));
    let time = Duration::from_secs_f64(arguments.minutes * 60.0);
    let plan = Plan {
        senders: arguments.senders,
        ..Plan::new(seed, time)
    };
    let (beside, locked) = (arguments.beside.as_deref(), arguments.locked.as_deref());
    tokio::select! {
        report = run(plan, beside, locked) => ExitCode::from(u8::from(!report.is_clean())),
        // All processes end with what has started them.
        _ = tokio::signal::ctrl_c() => ExitCode::from(130),
    }
}
