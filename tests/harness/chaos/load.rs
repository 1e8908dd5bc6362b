//! People who write: requests, commands, bursts, the same message several times. Each message has
//! a number that stands in its SID and, for requests, in its text.

use std::{sync::Arc, time::Duration};

use chrono::{DateTime, Utc};
use futures_util::future::join_all;
use rand::{RngExt, SeedableRng, rngs::StdRng};
use serde_json::json;
use tokio::{task::JoinSet, time::Instant};

use super::{
    Counters, Plan,
    failure::Failed,
    roster::{self, Account},
    web::Web,
    world::World,
};
use crate::simulator::Simulator;

/// What a message asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// Work: it makes one proposal.
    Request,
    /// Anything that is answered at once.
    Command,
    /// The making or the end of a link.
    Link,
}

/// A message that was sent.
#[derive(Clone, Debug)]
pub(super) struct Sent {
    pub(super) sid: String,
    pub(super) sender: u32,
    /// Messages of an earlier turn were answered before one of a later turn was sent.
    pub(super) turn: u32,
    pub(super) kind: Kind,
    pub(super) text: String,
    /// The number that stands in a request's text.
    pub(super) number: usize,
    /// It was written at this moment or later: when its first webhook was called.
    pub(super) began: DateTime<Utc>,
    /// And at this one or earlier: when the last one was answered, or given up.
    pub(super) ended: DateTime<Utc>,
    /// Whether the webhook answered 200, at any of its tries.
    pub(super) accepted: bool,
}

/// What somebody did.
#[derive(Debug, Default)]
pub(super) struct Done {
    pub(super) sent: Vec<Sent>,
    pub(super) failed: Vec<Failed>,
}

/// Everybody who writes.
pub(super) struct Load(JoinSet<Done>);

impl Load {
    /// Everybody begins to write, and stops at `end`.
    pub(super) fn start(plan: Plan, world: &World, end: Instant, counters: &Arc<Counters>) -> Self {
        let mut people = JoinSet::new();
        for sender in 0..plan.senders {
            let person = Person {
                sender,
                plan,
                simulator: world.simulator.clone(),
                web: world.web(),
                holder: Account::First,
                counters: Arc::clone(counters),
                rng: StdRng::seed_from_u64(plan.seed ^ (u64::from(sender) << 32)),
                sent: Vec::new(),
                failed: Vec::new(),
                turn: 0,
            };
            people.spawn(person.writes(end));
        }
        Self(people)
    }

    /// Waits until everybody has had an answer to everything.
    pub(super) async fn ends(self) -> Done {
        let mut all = Done::default();
        for done in self.0.join_all().await {
            all.sent.extend(done.sent);
            all.failed.extend(done.failed);
        }
        all
    }
}

pub(super) struct Person {
    pub(super) sender: u32,
    plan: Plan,
    pub(super) simulator: Simulator,
    pub(super) web: Web,
    /// Whose number it is, as far as the person knows.
    pub(super) holder: Account,
    pub(super) counters: Arc<Counters>,
    pub(super) rng: StdRng,
    sent: Vec<Sent>,
    pub(super) failed: Vec<Failed>,
    pub(super) turn: u32,
}

impl Person {
    async fn writes(mut self, end: Instant) -> Done {
        if roster::has_to_choose(self.sender) && self.sender % 4 == 1 {
            self.takes_a_turn(vec![(Kind::Command, "/project Sitio web".into())], 1)
                .await;
        }
        loop {
            let longest = u64::try_from(self.plan.pause.as_millis()).unwrap_or(60_000) * 2;
            let pause = Duration::from_millis(self.rng.random_range(0..longest));
            if Instant::now() + pause >= end {
                return Done {
                    sent: self.sent,
                    failed: self.failed,
                };
            }
            tokio::time::sleep(pause).await;
            self.turn().await;
        }
    }

    async fn turn(&mut self) {
        let (moves, fails) = if roster::is_mover(self.sender) {
            (0.15, 0.3)
        } else {
            (0.0, 0.05)
        };
        if self.rng.random_bool(fails) {
            self.hears_of_a_failure().await;
        }
        if self.rng.random_bool(moves) {
            self.moves().await;
        }
        match self.rng.random_range(0..100) {
            0..45 => {
                let request = self.request(0);
                self.takes_a_turn(vec![request], 1).await;
            }
            45..65 => {
                let command = self.command();
                self.takes_a_turn(vec![command], 1).await;
            }
            65..73 => {
                self.takes_a_turn(vec![(Kind::Command, "/list projects".into())], 1)
                    .await;
                let pick = self.rng.random_range(1..=2).to_string();
                self.takes_a_turn(vec![(Kind::Command, pick)], 1).await;
            }
            73..85 => {
                // Every twentieth goes over the limit.
                let loud = self.sender.is_multiple_of(20);
                let count = if loud {
                    14
                } else {
                    self.rng.random_range(2..=4)
                };
                let burst = (0..count).map(|place| self.request(place)).collect();
                self.takes_a_turn(burst, 1).await;
            }
            85..95 => {
                let copies = self.rng.random_range(2..=4);
                let request = self.request(0);
                self.takes_a_turn(vec![request], copies).await;
            }
            _ => self.repeats_an_old_one().await,
        }
    }

    /// The number of the message that comes next but `place`.
    fn number(&self, place: usize) -> usize {
        usize::try_from(self.sender).unwrap_or_default() * 10_000 + self.sent.len() + place
    }

    /// The SID of that message.
    pub(super) fn sid(&self, place: usize) -> String {
        let seed = self.plan.seed & 0xffff_ffff;
        format!("SM{seed:08x}{:024x}", self.number(place))
    }

    pub(super) fn request(&mut self, place: usize) -> (Kind, String) {
        let (number, hours) = (self.number(place), self.rng.random_range(1..9));
        let text = match self.rng.random_range(0..4) {
            0 => format!("Fix the login {number}, {hours} hours"),
            1 => format!("Add the report {number}, {hours} hours"),
            2 => format!("Arreglar la página {number}, {hours} horas"),
            _ => format!("Crear el formulario {number}, {hours} horas"),
        };
        (Kind::Request, text)
    }

    fn command(&mut self) -> (Kind, String) {
        let commands = [
            "/status",
            "/estado",
            "/help",
            "/list projects",
            "/lista tareas",
            "/project Sitio web",
            "/proyecto sitio",
            "/nothing",
        ];
        let command = commands[self.rng.random_range(0..commands.len())];
        (Kind::Command, command.to_owned())
    }

    /// Sends all of these at once, each so many times, and waits for the answers.
    pub(super) async fn takes_a_turn(&mut self, messages: Vec<(Kind, String)>, copies: usize) {
        let simulator = &self.simulator;
        let posts = messages
            .iter()
            .enumerate()
            .map(|(place, (_, text))| post(simulator, self.sender, self.sid(place), text, copies));
        let began = Utc::now();
        let answers = join_all(posts).await;
        let ended = Utc::now();
        for (message, answer) in messages.into_iter().zip(answers) {
            Counters::add(&self.counters.sent);
            if answer.1 {
                Counters::add(&self.counters.accepted);
            }
            self.has_sent(message, answer, [began, ended]);
        }
        self.turn += 1;
    }

    /// Remembers a message, its SID, whether it was accepted, and when it was written.
    pub(super) fn has_sent(
        &mut self,
        (kind, text): (Kind, String),
        (sid, accepted): (String, bool),
        [began, ended]: [DateTime<Utc>; 2],
    ) {
        self.sent.push(Sent {
            sid,
            sender: self.sender,
            turn: self.turn,
            kind,
            text,
            number: self.number(0),
            began,
            ended,
            accepted,
        });
    }

    /// Twilio posts an old message again.
    async fn repeats_an_old_one(&mut self) {
        if self.sent.is_empty() {
            return;
        }
        let index = self.rng.random_range(0..self.sent.len());
        let old = self.sent[index].clone();
        if !old.accepted {
            // It would come into the stream after those that were sent later.
            return;
        }
        post(&self.simulator, self.sender, old.sid, &old.text, 1).await;
    }
}

/// Posts a message; returns its SID and whether it was accepted.
async fn post(
    simulator: &Simulator,
    sender: u32,
    sid: String,
    text: &str,
    copies: usize,
) -> (String, bool) {
    let message = json!({
        "from": roster::address(sender),
        "body": text,
        "message_sid": sid,
        "repeat": copies,
    });
    let (_, responses) = simulator.inbound(message).await;
    let accepted = responses.iter().any(|response| response["status"] == 200);
    (sid, accepted)
}
