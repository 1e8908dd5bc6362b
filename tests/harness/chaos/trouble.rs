//! Trouble on a schedule: kills, freezes, bad weather. What is down comes back after a while.

use std::{sync::Arc, time::Duration};

use chrono::{DateTime, Utc};
use rand::{RngExt, SeedableRng, rngs::StdRng};
use tokio::time::Instant;

use super::{Counters, operator::Operator, process::Process, say, weather, world::World};

/// How often the schedule is looked at.
const TICK: Duration = Duration::from_millis(100);
/// How often an operator does something.
const ACTS: Duration = Duration::from_secs(12);
/// How often a line says how far it is.
const TELL: Duration = Duration::from_secs(10);

/// Who is harmed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Victim {
    Worker(usize),
    Ingester(usize),
    Nats,
    Redis,
    Postgres,
}

/// Somebody who is down.
#[derive(Clone, Copy, Debug)]
struct Injury {
    victim: Victim,
    frozen: bool,
    since: DateTime<Utc>,
    until: Instant,
}

/// The schedule.
pub(super) struct Trouble {
    rng: StdRng,
    counters: Arc<Counters>,
    injuries: Vec<Injury>,
    operator: Operator,
}

impl Victim {
    fn draw(rng: &mut StdRng) -> Self {
        match rng.random_range(0..100) {
            0..38 => Self::Worker(rng.random_range(0..2)),
            38..58 => Self::Ingester(rng.random_range(0..2)),
            58..72 => Self::Nats,
            72..85 => Self::Redis,
            _ => Self::Postgres,
        }
    }

    fn of(self, world: &mut World) -> &mut Process {
        match self {
            Self::Worker(i) => &mut world.workers[i],
            Self::Ingester(i) => &mut world.ingesters[i],
            Self::Nats => &mut world.nats,
            Self::Redis => &mut world.redis,
            Self::Postgres => &mut world.postgres,
        }
    }
}

impl Trouble {
    pub(super) fn new(seed: u64, counters: &Arc<Counters>) -> Self {
        Self {
            rng: StdRng::seed_from_u64(seed),
            counters: Arc::clone(counters),
            injuries: Vec::new(),
            operator: Operator::default(),
        }
    }

    /// Makes trouble until then.
    pub(super) async fn rages(&mut self, world: &mut World, end: Instant) {
        let mut next = Instant::now() + Duration::from_secs(3);
        let (mut weather, mut told) = (Instant::now(), Instant::now());
        let mut acts = Instant::now() + ACTS;
        while Instant::now() < end {
            self.heal(world, Instant::now());
            self.revive_the_dead(world);
            if weather <= Instant::now() {
                weather::changes(&world.simulator, &mut self.rng).await;
                weather = Instant::now() + Duration::from_secs(8);
            }
            if acts <= Instant::now() {
                let counters = &self.counters;
                self.operator.acts(world, &mut self.rng, counters);
                acts = Instant::now() + ACTS;
            }
            if next <= Instant::now() {
                self.strike(world).await;
                let pause = self.rng.random_range(2500..7500);
                next = Instant::now() + Duration::from_millis(pause);
            }
            if told.elapsed() > TELL {
                told = Instant::now();
                let left = end.duration_since(told).as_secs();
                say(&format!("{left:5} s left: {}", self.counters.line()));
            }
            tokio::time::sleep(TICK).await;
        }
    }

    /// Ends all trouble.
    pub(super) async fn ends(&mut self, world: &mut World) {
        weather::clears(&world.simulator).await;
        let later = Instant::now() + Duration::from_hours(1);
        self.heal(world, later);
        self.operator.ends().await;
    }

    /// Strikes one, or two at once. All is drawn whether it hits or not: so a seed decides the
    /// same things however fast the machine is.
    async fn strike(&mut self, world: &mut World) {
        let count = if self.rng.random_bool(0.2) { 2 } else { 1 };
        for _ in 0..count {
            let victim = Victim::draw(&mut self.rng);
            let freeze = self.rng.random_bool(0.6);
            let (short, long) = (
                self.rng.random_range(100..6000),
                self.rng.random_range(4000..9000),
            );
            if self.injuries.iter().any(|injury| injury.victim == victim) {
                continue;
            }
            let frozen = freeze && matches!(victim, Victim::Worker(_));
            let pause = Duration::from_millis(if frozen { long } else { short });
            let process = victim.of(world);
            if frozen {
                process.freeze();
                Counters::add(&self.counters.freezes);
            } else {
                process.kill().await;
                Counters::add(&self.counters.kills);
            }
            self.injuries.push(Injury {
                victim,
                frozen,
                since: Utc::now(),
                until: Instant::now() + pause,
            });
        }
    }

    /// Whoever has been down long enough by `now` goes on.
    fn heal(&mut self, world: &mut World, now: Instant) {
        let (over, rest) = self
            .injuries
            .drain(..)
            .partition(|injury| injury.until <= now);
        self.injuries = rest;
        let over: Vec<Injury> = over;
        for injury in over {
            let process = injury.victim.of(world);
            if injury.frozen {
                process.thaw();
                world.frozen.push([injury.since, Utc::now()]);
            } else {
                process.revive();
            }
        }
    }

    /// What ended by itself is started again, as a deployment would do: a program that found no
    /// server, a server whose port was not free yet.
    fn revive_the_dead(&mut self, world: &mut World) {
        let all = [Victim::Nats, Victim::Redis, Victim::Postgres]
            .into_iter()
            .chain((0..2).flat_map(|i| [Victim::Worker(i), Victim::Ingester(i)]));
        for victim in all {
            let down = self.injuries.iter().any(|injury| injury.victim == victim);
            let process = victim.of(world);
            if !down && !process.runs() {
                say(&format!("{} ended by itself", process.name()));
                Counters::add(&self.counters.restarts);
                process.revive();
            }
        }
    }
}
