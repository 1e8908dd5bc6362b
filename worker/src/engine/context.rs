//! What every stage of a worker shares.

use std::sync::{Arc, atomic::AtomicBool};

use common::{clock::Clock, kill_point::KillPoint, queue::Queue, shutdown::Shutdown, texts::Texts};
use schema::Watch;
use sqlx::PgPool;

use crate::{
    engine::{
        health::Health, isolation::Isolation, stage_error::StageError, store_watch::StoreWatch,
    },
    session::Sessions,
    settings::Settings,
};

/// Connections, settings, texts.
pub(crate) struct Context {
    pub(crate) settings: Arc<Settings>,
    pub(crate) pool: PgPool,
    pub(crate) queue: Queue,
    pub(crate) sessions: Sessions,
    pub(crate) texts: Texts,
    pub(crate) clock: Clock,
    pub(crate) isolation: Isolation,
    pub(crate) shutdown: Shutdown,
    /// Whose fault it is that PostgreSQL does not get something done.
    pub(crate) health: Arc<Health>,
    /// Whether the database is as this release asks for it.
    pub(crate) schema: Arc<Watch>,
    /// Whether PostgreSQL has what was committed.
    pub(crate) stores: Arc<StoreWatch>,
    /// Whether this process does not ask the model for now.
    pub(crate) breaker_open: Arc<AtomicBool>,
}

impl Context {
    /// Notes what a failure says of the database, for whoever asks how this process is.
    pub(crate) fn note(&self, failure: &StageError) {
        match failure {
            StageError::Schema(error) => self.schema.report(error.root_cause().to_string()),
            StageError::Unavailable(_) | StageError::Transient(_) => self.health.in_trouble(),
            _ => {}
        }
    }

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
