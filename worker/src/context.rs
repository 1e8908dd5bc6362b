//! What every stage of a worker shares.

use std::sync::{Arc, atomic::AtomicBool};

use common::{clock::Clock, kill_point::KillPoint, queue::Queue, shutdown::Shutdown, texts::Texts};
use sqlx::PgPool;

use crate::{quarantine::Quarantine, session::Sessions, settings::Settings};

/// Connections, settings, texts.
pub(crate) struct Context {
    pub(crate) settings: Arc<Settings>,
    pub(crate) pool: PgPool,
    pub(crate) queue: Queue,
    pub(crate) sessions: Sessions,
    pub(crate) texts: Texts,
    pub(crate) clock: Clock,
    pub(crate) quarantine: Quarantine,
    pub(crate) shutdown: Shutdown,
    /// Whether this process does not ask the model for now.
    pub(crate) breaker_open: Arc<AtomicBool>,
}

impl Context {
    /// Says that the process has come to that point between two steps.
    pub(crate) fn reach(&self, point: KillPoint) {
        self.settings.process.kill_switch.reach(point);
    }

    /// The same where there may be no such point.
    pub(crate) fn reach_any(&self, point: Option<KillPoint>) {
        if let Some(point) = point {
            self.reach(point);
        }
    }
}
