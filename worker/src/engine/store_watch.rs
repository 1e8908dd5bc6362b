//! Whether PostgreSQL has all that this worker and the others have committed. After a failover or a
//! restore it may have less: then every message since would be carried out and answered again, so
//! nothing is done until it is mended. Connections of the pool wait until this has decided
//! (`Admission`); the marks that it decides by are in NATS (`common/src/store_marks.rs`).

use std::{
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use common::{
    clock::Clock,
    database::{Admission, Database, Sighting},
    database_error::{Said, Trouble},
    queue::Queue,
    shutdown::Shutdown,
    store_marks::{Behind, MEND, MarkedRow, ProcessMark, Read, Rows, Standing, StoreMarks, Why},
    stream_marks::{self, StreamMarksError},
};
use sqlx::PgConnection;
use tokio::sync::{Notify, watch};
use uuid::Uuid;

/// How often what was committed is marked, and what the others have decided is read.
const EVERY: Duration = Duration::from_secs(1);
/// How long others have to mark what they committed last on a server that is gone. Longer than
/// `EVERY`.
const OTHERS_MARK: Duration = Duration::from_secs(3);
/// How long PostgreSQL may take to be looked at.
const PATIENCE: Duration = Duration::from_secs(10);
/// After so many rounds the streams are compared with their marks, and a store that went back is looked
/// at again.
const SOMETIMES: u32 = 5;
/// After so many rounds what is in force is written anew, so that it does not expire.
const WRITTEN_ANEW: u32 = 3600;

/// Why all stages of this worker rest.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Resting {
    /// PostgreSQL has less than was committed.
    PostgresWentBack,
    /// NATS has less than it had.
    NatsWentBack,
}

impl Resting {
    /// The word that `/readyz` has for it.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::PostgresWentBack => "postgresql_went_back",
            Self::NatsWentBack => "nats_went_back",
        }
    }
}

/// One for a process.
pub(crate) struct StoreWatch {
    database: Database,
    admission: Admission,
    queue: Queue,
    marks: StoreMarks,
    clock: Clock,
    process: Uuid,
    noted: Mutex<Noted>,
    resting: watch::Sender<Option<Resting>>,
    changed: Notify,
}

/// What this process has committed.
#[derive(Default)]
struct Noted {
    epoch: u64,
    rows: Rows,
    /// Whether it is marked.
    is_marked: bool,
}

/// Why a round was not done. The next one begins anew.
#[derive(Debug, thiserror::Error)]
enum WatchError {
    #[error(transparent)]
    Marks(#[from] common::store_marks::MarksError),
    #[error(transparent)]
    Streams(#[from] StreamMarksError),
    #[error("PostgreSQL: {}", Said::of(.0))]
    Database(#[from] sqlx::Error),
    #[error("PostgreSQL cannot be reached ({0})")]
    Connection(String),
    #[error("PostgreSQL is in recovery")]
    InRecovery,
    #[error("others decide at the same time")]
    Overtaken,
    #[error("PostgreSQL does not answer within {} s", PATIENCE.as_secs())]
    Slow,
}

impl StoreWatch {
    /// Nothing is admitted yet.
    pub(crate) fn new(database: &Database, admission: &Admission, queue: &Queue) -> Arc<Self> {
        Arc::new(Self {
            database: database.clone(),
            admission: admission.clone(),
            marks: StoreMarks::of(queue),
            queue: queue.clone(),
            clock: Clock::system(),
            process: Uuid::new_v4(),
            noted: Mutex::default(),
            resting: watch::Sender::new(None),
            changed: Notify::new(),
        })
    }

    /// A row was committed with what it stands for. It is marked within a second.
    pub(crate) fn note(&self, row: MarkedRow) {
        let mut noted = self.noted();
        noted.rows.note(row, self.clock.now());
        noted.is_marked = false;
    }

    /// Why all stages rest, if they do.
    pub(crate) fn resting(&self) -> Option<Resting> {
        *self.resting.borrow()
    }

    /// Waits until they rest no more.
    pub(crate) async fn at_work(&self) {
        let mut resting = self.resting.subscribe();
        // The sender lives as long as this does.
        drop(resting.wait_for(Option::is_none).await);
    }

    /// Waits until they rest.
    pub(crate) async fn at_rest(&self) {
        let mut resting = self.resting.subscribe();
        drop(resting.wait_for(Option::is_some).await);
    }

    /// Waits until they rest, or no more.
    pub(crate) async fn changed(&self) {
        self.changed.notified().await;
    }

    /// Watches until the worker has stopped: what is finished then is marked too.
    pub(crate) async fn run(self: Arc<Self>, shutdown: Shutdown) {
        self.show();
        let (mut rounds, mut is_made) = (0, false);
        let mut said = String::new();
        while !shutdown.soft().is_cancelled() {
            let round = async {
                if !is_made {
                    self.marks.ensure().await?;
                    is_made = true;
                }
                self.round(rounds).await
            };
            let mut pause = EVERY;
            match round.await {
                Ok(()) => said.clear(),
                Err(WatchError::Overtaken) => pause = EVERY / 10,
                Err(error) => {
                    let error = error.to_string();
                    if error != said {
                        tracing::warn!(error, "watching whether PostgreSQL went back");
                        said = error;
                    }
                }
            }
            rounds = rounds.wrapping_add(1);
            let doubted = async {
                // One who waits says so each time that its connection is made anew.
                tokio::time::sleep(EVERY / 10).await;
                self.admission.doubted().await;
            };
            tokio::select! {
                () = shutdown.soft().cancelled() => break,
                () = tokio::time::sleep(pause) => {}
                () = doubted => {}
            }
        }
    }

    /// Marks what was committed since the last round: at the end of the process.
    pub(crate) async fn end(&self) {
        if let Err(error) = self.mark().await {
            tracing::warn!(%error, "marking what was committed last");
        }
    }

    async fn round(&self, rounds: u32) -> Result<(), WatchError> {
        let read = self.marks.read().await?;
        if let Some(standing) = &read.standing {
            self.begins_anew(standing.epoch);
        }
        if self.mark().await? {
            self.note_position().await;
        }
        match &read.standing {
            Some(Standing {
                behind: Some(behind),
                ..
            }) => {
                self.rest(behind);
                if behind.why == Why::RowsMissing && rounds.is_multiple_of(SOMETIMES) {
                    self.look_again(&read).await?;
                }
                Ok(())
            }
            standing => {
                let ours = self.admission.admitted();
                let theirs = standing.as_ref().map(|standing| &standing.database);
                let same = ours.as_ref().map(|ours| &ours.identity)
                    == theirs.map(|theirs| &theirs.identity);
                let sometimes = rounds.is_multiple_of(SOMETIMES);
                if ours.is_some() && same && !rounds.is_multiple_of(WRITTEN_ANEW) {
                    return if sometimes {
                        self.compare_streams().await
                    } else {
                        Ok(())
                    };
                }
                if self.resting() == Some(Resting::NatsWentBack) && !sometimes {
                    return Ok(());
                }
                self.decide(&read).await
            }
        }
    }

    /// An epoch that others have begun: what was committed before counts no more. A lower one is that
    /// of a bucket that was made anew.
    fn begins_anew(&self, epoch: u64) {
        let mut noted = self.noted();
        if epoch != noted.epoch {
            *noted = Noted {
                epoch,
                ..Noted::default()
            };
        }
    }

    /// How far PostgreSQL is by now: a connection that finds it less far than that is on one that went
    /// back, although it is the same.
    async fn note_position(&self) {
        let asking = async {
            let mut conn = self.database.pool.acquire().await?;
            Sighting::of(&mut conn).await
        };
        if let Ok(Ok(Some(seen))) = tokio::time::timeout(EVERY, asking).await
            && (self.admission.admitted()).is_some_and(|ours| ours.identity == seen.identity)
        {
            self.admission.saw(seen.lsn);
        }
    }

    /// Marks what this process has committed, where that has changed; returns whether it has.
    async fn mark(&self) -> Result<bool, WatchError> {
        let mark = {
            let mut noted = self.noted();
            if std::mem::replace(&mut noted.is_marked, true) || noted.rows.is_empty() {
                return Ok(false);
            }
            ProcessMark {
                epoch: noted.epoch,
                rows: noted.rows.clone(),
            }
        };
        let put = self.marks.put(self.process, &mark).await;
        if put.is_err() {
            self.noted().is_marked = false;
        }
        put?;
        Ok(true)
    }

    /// Looks at the database that is there, and admits it if it has all that is marked.
    async fn decide(&self, read: &Read) -> Result<(), WatchError> {
        let seen = self.look(read).await?;
        let before = read.standing.as_ref().map(|standing| &standing.database);
        match seen.missing {
            0 if !seen.streams.is_empty() => self.rest_of_streams(&seen.streams),
            0 => {
                let is_another = before.is_some_and(|before| {
                    before.identity != seen.database.identity || seen.database.lsn < before.lsn
                });
                if is_another {
                    // The others mark what they committed last, if it is not marked yet.
                    tokio::time::sleep(OTHERS_MARK).await;
                    let again = self.look(read).await?;
                    let stays = again.database.identity == seen.database.identity;
                    if !stays || again.missing > 0 {
                        return Err(WatchError::Overtaken);
                    }
                }
                self.replace(read, &seen.database, None).await?;
                if is_another {
                    tracing::warn!(
                        before = ?before,
                        now = ?seen.database,
                        "PostgreSQL is another one, and has all that is marked"
                    );
                }
                self.admit(&seen.database);
            }
            missing => {
                let behind = Behind {
                    why: Why::RowsMissing,
                    missing,
                    seen: seen.database.clone(),
                    at: self.clock.now(),
                };
                let before = before.unwrap_or(&seen.database).clone();
                self.replace(read, &before, Some(behind.clone())).await?;
                self.rest(&behind);
            }
        }
        Ok(())
    }

    /// Compares the streams with their marks while all is well.
    async fn compare_streams(&self) -> Result<(), WatchError> {
        let comparing = async {
            let mut conn = self.database.pool.acquire().await?;
            self.streams_behind(&mut conn).await
        };
        let compared = tokio::time::timeout(PATIENCE, comparing).await;
        let behind = compared.map_err(|_elapsed| WatchError::Slow)??;
        if !behind.is_empty() {
            self.rest_of_streams(&behind);
        }
        Ok(())
    }

    /// The streams that went back; none where the table is not there yet.
    async fn streams_behind(&self, conn: &mut PgConnection) -> Result<Vec<String>, WatchError> {
        match stream_marks::compare(conn, &self.queue).await {
            Err(StreamMarksError::Database(error)) if Trouble::of(&error) == Trouble::Schema => {
                Ok(Vec::new())
            }
            compared => Ok(compared?),
        }
    }

    fn rest_of_streams(&self, streams: &[String]) {
        self.admission.close();
        if self.resting() != Some(Resting::NatsWentBack) {
            tracing::error!("{}: {MEND}", stream_marks::what(streams));
        }
        self.change(Some(Resting::NatsWentBack));
    }

    /// While rows are missing nothing is done, so a database that has them after all can be gone on
    /// with.
    async fn look_again(&self, read: &Read) -> Result<(), WatchError> {
        let seen = self.look(read).await?;
        if seen.missing > 0 {
            return Ok(());
        }
        if !seen.streams.is_empty() {
            self.rest_of_streams(&seen.streams);
            return Ok(());
        }
        self.replace(read, &seen.database, None).await?;
        tracing::warn!(now = ?seen.database, "PostgreSQL has all that is marked after all");
        self.admit(&seen.database);
        Ok(())
    }

    async fn replace(
        &self,
        read: &Read,
        database: &Sighting,
        behind: Option<Behind>,
    ) -> Result<(), WatchError> {
        let standing = Standing {
            epoch: self.noted().epoch,
            database: database.clone(),
            behind,
        };
        if self.marks.replace(read, &standing).await? {
            Ok(())
        } else {
            Err(WatchError::Overtaken)
        }
    }

    /// Looks by a connection beside the pool, which hands out none now.
    async fn look(&self, read: &Read) -> Result<Seen, WatchError> {
        let looking = async {
            let conn = self.database.connect().await;
            let mut conn = conn.map_err(|error| WatchError::Connection(error.to_string()))?;
            let seen = self.look_by(&mut conn, read).await;
            // It was of use; an error only says that it is gone already.
            drop(sqlx::Connection::close(conn).await);
            seen
        };
        let looked = tokio::time::timeout(PATIENCE, looking).await;
        looked.map_err(|_elapsed| WatchError::Slow)?
    }

    async fn look_by(&self, conn: &mut PgConnection, read: &Read) -> Result<Seen, WatchError> {
        let database = Sighting::of(conn).await?.ok_or(WatchError::InRecovery)?;
        let epoch = read.standing.as_ref().map_or(0, |standing| standing.epoch);
        let mut marked = self.marks.of_processes(epoch).await?;
        marked.push(self.noted().rows.clone());
        let marked = Rows::together(marked);
        let missing = match marked.missing(conn, self.clock.now()).await {
            // What every other statement will say too.
            Err(error) if Trouble::of(&error) == Trouble::Schema => 0,
            missing => missing?,
        };
        let streams = self.streams_behind(conn).await?;
        Ok(Seen {
            database,
            missing,
            streams,
        })
    }

    fn admit(&self, database: &Sighting) {
        self.admission.admit(database);
        self.change(None);
    }

    fn rest(&self, behind: &Behind) {
        self.admission.close();
        if self.resting() != Some(Resting::PostgresWentBack) {
            tracing::error!("{}: {MEND}", behind.what());
        }
        self.change(Some(Resting::PostgresWentBack));
    }

    fn change(&self, resting: Option<Resting>) {
        let before = self.resting.send_replace(resting);
        if before != resting {
            self.show();
            self.changed.notify_one();
        }
    }

    fn show(&self) {
        for (store, why) in [
            ("postgresql", Resting::PostgresWentBack),
            ("nats", Resting::NatsWentBack),
        ] {
            let resting = u8::from(self.resting() == Some(why));
            metrics::gauge!("store_went_back", "store" => store).set(f64::from(resting));
        }
    }

    fn noted(&self) -> MutexGuard<'_, Noted> {
        self.noted.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// What a look has found.
struct Seen {
    database: Sighting,
    /// Marked rows that are missing.
    missing: u64,
    /// Streams that went back.
    streams: Vec<String>,
}
