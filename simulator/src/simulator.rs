//! What every handler shares: settings, the world behind its lock, the client that calls webhooks,
//! and the tracker on which anything runs that outlives its request.

use std::{
    fs::{File, OpenOptions},
    future::Future,
    io::Write as _,
    sync::{Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use anyhow::Context as _;
use secrecy::ExposeSecret as _;
use serde_json::{Value, json};
use sqlx::{PgPool, postgres::PgPoolOptions};
use tokio::{sync::watch, task::JoinHandle};
use tokio_util::{sync::CancellationToken, task::TaskTracker};

use crate::{clock, settings::Settings, twilio::sender, world::World};

/// Twilio's time to connect to a webhook (`ct`).
const CONNECT_TIMEOUT: Duration = Duration::from_secs(5);

/// What every handler shares.
#[derive(Debug)]
pub struct Simulator {
    /// What it was told at start.
    pub settings: Settings,
    /// Calls webhooks.
    pub http: reqwest::Client,
    /// Foco's database, for the proposal page.
    pub database: Option<PgPool>,
    /// Ends long polls when the process stops.
    pub stop: CancellationToken,
    tracker: TaskTracker,
    world: Mutex<World>,
    revision: watch::Sender<u64>,
    record: Option<Mutex<File>>,
}

impl Simulator {
    /// An empty world with one sender.
    ///
    /// # Errors
    /// When the record file cannot be opened, or the database address cannot be read.
    pub fn new(settings: Settings, stop: CancellationToken) -> anyhow::Result<Self> {
        // reqwest is built without a TLS provider of its own. An error says that one is there.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let http = reqwest::Client::builder()
            .connect_timeout(CONNECT_TIMEOUT)
            // A webhook that was restarted should meet few connections from before.
            .pool_idle_timeout(Duration::from_secs(5))
            .timeout(Duration::from_secs(15))
            .redirect(reqwest::redirect::Policy::none())
            .no_proxy()
            .build()?;
        let database = settings.database_url.as_ref().map(|url| {
            PgPoolOptions::new()
                .max_connections(2)
                .acquire_timeout(Duration::from_secs(3))
                .connect_lazy(url.expose_secret())
                .context("DATABASE_URL is not an address of PostgreSQL")
        });
        let record = settings.record.as_ref().map(|path| {
            let file = OpenOptions::new().create(true).append(true).open(path);
            file.with_context(|| format!("{} cannot be written", path.display()))
        });
        let world = Mutex::new(fresh_world(&settings));
        Ok(Self {
            http,
            database: database.transpose()?,
            stop,
            tracker: TaskTracker::new(),
            world,
            revision: watch::Sender::new(0),
            record: record.transpose()?.map(Mutex::new),
            settings,
        })
    }

    /// Reads the world.
    pub fn look<T>(&self, read: impl FnOnce(&World) -> T) -> T {
        read(&self.world())
    }

    /// Changes the world and wakes whoever waits for a change.
    pub fn change<T>(&self, write: impl FnOnce(&mut World) -> T) -> T {
        let result = write(&mut self.world());
        self.revision.send_modify(|revision| *revision += 1);
        result
    }

    /// Forgets everything, faults included.
    pub fn reset(&self) {
        let world = fresh_world(&self.settings);
        self.change(|old| *old = world);
    }

    /// Number of changes since the start.
    #[must_use]
    pub fn revision(&self) -> u64 {
        *self.revision.borrow()
    }

    /// Waits until there has been a change after `since`, at most for `limit`.
    pub async fn wait_for_change(&self, since: u64, limit: Duration) {
        let mut revision = self.revision.subscribe();
        tokio::select! {
            _ = revision.wait_for(|now| *now > since) => {}
            () = tokio::time::sleep(limit) => {}
            () = self.stop.cancelled() => {}
        }
    }

    /// Runs something to its end, even if the caller goes away.
    pub fn spawn<F>(&self, task: F) -> JoinHandle<F::Output>
    where
        F: Future<Output: Send + 'static> + Send + 'static,
    {
        self.tracker.spawn(task)
    }

    /// Waits for what still runs, at most for `limit`.
    pub async fn drain(&self, limit: Duration) {
        self.tracker.close();
        let _ = tokio::time::timeout(limit, self.tracker.wait()).await;
    }

    /// Appends a line to the record file, if there is one.
    pub fn record(&self, kind: &str, mut entry: Value) {
        let Some(file) = &self.record else { return };
        entry["kind"] = json!(kind);
        entry["at"] = json!(clock::now());
        let mut file = file.lock().unwrap_or_else(PoisonError::into_inner);
        if let Err(error) = writeln!(file, "{entry}") {
            tracing::warn!(%error, "the record file could not be written");
        }
    }

    fn world(&self) -> MutexGuard<'_, World> {
        self.world.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn fresh_world(settings: &Settings) -> World {
    let sender = sender::configured(settings);
    World {
        senders: [sender].into(),
        ..World::default()
    }
}
