//! How fast the whole pipeline is: a full queue, emptied by one worker, with Twilio stood in for.
//! `cargo xtask bench tenants` calls this with the servers and the programs in the environment.
#![expect(
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    clippy::disallowed_methods,
    reason = "a benchmark prints its figures, and ends where it cannot"
)]

mod contestant;
mod crowd;
mod pace;
mod processor;
mod round;
mod table;
mod twilio;

use std::{path::PathBuf, time::Duration};

use clap::Parser;

use crate::{
    contestant::Contestant,
    crowd::Crowd,
    round::{Kind, Round},
    table::Table,
};

/// Measures how the rate depends on how many customers there are.
#[derive(Parser)]
#[command(name = "bench")]
struct Arguments {
    /// The folder with this build's worker and focobot
    #[arg(long)]
    ours: PathBuf,
    /// A folder with an older build's, to have its turn beside ours
    #[arg(long)]
    base: Option<PathBuf>,
    /// How often everything has its turn; the middle one counts
    #[arg(long, default_value_t = 3)]
    turns: usize,
    /// How long a turn is at most
    #[arg(long, default_value_t = 10)]
    seconds: u64,
}

#[tokio::main]
async fn main() {
    let arguments = Arguments::parse();
    let mut contestants = vec![Contestant::new("now", &arguments.ours)];
    contestants.extend(
        arguments
            .base
            .iter()
            .map(|folder| Contestant::new("base", folder)),
    );
    let limit = Duration::from_secs(arguments.seconds);
    let twilio = twilio::StandIn::start().await;
    let mut table = Table::default();
    for crowd in Crowd::ALL {
        for contestant in &mut contestants {
            contestant.prepare(crowd).await;
        }
        for kind in [Kind::Commands, Kind::Requests] {
            for turn in 1..=arguments.turns {
                for contestant in &contestants {
                    let figures = Round::of(contestant, crowd, kind, &twilio).run(limit).await;
                    println!(
                        "{}, {kind}, turn {turn}, {}: {figures}",
                        crowd.name(),
                        contestant.name()
                    );
                    table.note((crowd, kind, contestant.name()), figures);
                }
            }
        }
        for contestant in &mut contestants {
            contestant.forget().await;
        }
    }
    println!("\n{table}");
}
