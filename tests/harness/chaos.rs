//! Chaos: load from many senders while everything is killed, frozen and failing, and at the end a
//! comparison of what Twilio saw with what the database holds. Servers are its own, so that they
//! can be killed too; every decision is drawn from a seed.

mod balancer;
mod evidence;
mod failure;
mod load;
mod locked;
mod mover;
mod operator;
mod order;
mod process;
mod programs;
mod releases;
mod report;
mod roster;
mod trouble;
mod verdict;
mod weather;
mod web;
mod words;
mod world;

use std::{
    path::Path,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use tokio::time::Instant;

pub use report::Report;
use {load::Load, trouble::Trouble, world::World};

/// What a run is like.
#[derive(Clone, Copy, Debug)]
pub struct Plan {
    /// Every decision is drawn from it.
    pub seed: u64,
    /// How long there is trouble.
    pub time: Duration,
    /// How many people write.
    pub senders: u32,
    /// How long one waits on average before writing again.
    pub pause: Duration,
    /// How long everything may take to settle after the trouble.
    pub patience: Duration,
}

impl Plan {
    /// The usual run: 200 senders.
    #[must_use]
    pub fn new(seed: u64, time: Duration) -> Self {
        Self {
            seed,
            time,
            senders: 200,
            pause: Duration::from_secs(30),
            patience: Duration::from_mins(6),
        }
    }
}

/// What has happened so far.
#[derive(Debug, Default)]
pub(crate) struct Counters {
    sent: AtomicUsize,
    accepted: AtomicUsize,
    kills: AtomicUsize,
    freezes: AtomicUsize,
    /// Programs that ended by themselves, and were started again.
    restarts: AtomicUsize,
    /// Numbers that went to another account, as far as it was tried.
    moves: AtomicUsize,
    /// Messages whose webhooks never came.
    unheard: AtomicUsize,
    /// Replies that Twilio took and then said did not arrive.
    late_failures: AtomicUsize,
    /// An operator's commands.
    commands: AtomicUsize,
}

impl Counters {
    fn add(counter: &AtomicUsize) {
        counter.fetch_add(1, Ordering::Relaxed);
    }

    fn line(&self) -> String {
        let of = |counter: &AtomicUsize| counter.load(Ordering::Relaxed);
        format!(
            "{} sent, {} accepted, {} kills, {} freezes, {} restarts, {} moves, {} unheard, \
             {} late failures, {} operator's commands",
            of(&self.sent),
            of(&self.accepted),
            of(&self.kills),
            of(&self.freezes),
            of(&self.restarts),
            of(&self.moves),
            of(&self.unheard),
            of(&self.late_failures),
            of(&self.commands)
        )
    }
}

/// Says something to whoever runs this.
#[expect(clippy::print_stdout, reason = "a long run tells how far it is")]
pub(crate) fn say(line: &str) {
    println!("{line}");
}

/// Runs it from start to end, with the release in the folder `beside` next to this one if there is
/// one; the report says whether all promises were kept. Where a table is named as `locked`, that is
/// all the trouble.
pub async fn run(plan: Plan, beside: Option<&Path>, locked: Option<&str>) -> Report {
    say(&format!(
        "chaos: seed {}, {} s, {} senders",
        plan.seed,
        plan.time.as_secs(),
        plan.senders
    ));
    let counters = Arc::new(Counters::default());
    let mut world = World::start(plan, beside).await;
    let end = Instant::now() + plan.time;
    let load = Load::start(plan, &world, end, &counters);
    if let Some(table) = locked {
        locked::holds(table, &world, &counters, end).await;
    } else {
        let mut trouble = Trouble::new(plan.seed, &counters);
        trouble.rages(&mut world, end).await;
        trouble.ends(&mut world).await;
    }
    let sent = load.ends().await;
    say(&format!("no more trouble: {}", counters.line()));
    let unsettled = world.settles(plan).await;
    let report = verdict::compare(&world, &sent, unsettled, counters.line(), plan.seed).await;
    say(&report.to_string());
    world.ends(report.is_clean()).await;
    report
}
