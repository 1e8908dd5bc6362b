//! An operator who replays, looks into Twilio's log and unlinks while everything fails. What a command says is not looked
//! at: one that finds no server changes nothing.

use std::{sync::Arc, time::Duration};

use rand::{RngExt, rngs::StdRng};
use tokio::{task::JoinSet, time::timeout};

use super::{Counters, roster, world::World};

/// How long a command may take.
const PATIENCE: Duration = Duration::from_mins(1);

/// Somebody at a shell.
#[derive(Default)]
pub(super) struct Operator(JoinSet<()>);

impl Operator {
    /// Draws a command and runs it beside everything else.
    pub(super) fn acts(&mut self, world: &World, rng: &mut StdRng, counters: &Arc<Counters>) {
        let mover = roster::mover(rng.random_range(0..world.senders));
        let number = roster::number(mover);
        let arguments: &[&str] = match rng.random_range(0..10) {
            0..4 => &["dead", "replay", "--all", "--yes", "--rate", "1000"],
            4..6 => &["replay", "--since", "30m", "--yes", "--rate", "1000"],
            6..8 => &["reconcile", "--since", "30m"],
            _ => &["sender", &number, "--unlink"],
        };
        let mut command = world.focobot();
        command.args(arguments);
        Counters::add(&counters.commands);
        self.0.spawn(async move {
            drop(timeout(PATIENCE, command.output()).await);
        });
        while self.0.try_join_next().is_some() {}
    }

    /// Waits until all is done.
    pub(super) async fn ends(&mut self) {
        while self.0.join_next().await.is_some() {}
    }
}
