//! The right to look, until a deadline that is moved on for as long as the look goes on. A row and
//! not a lock: while Twilio is called, no transaction is open and no connection is held. The row also
//! says how far looks have come.

use std::time::Duration;

use chrono::{DateTime, Utc};
use sqlx::PgPool;
use store::reconciliation::Seen;
use uuid::Uuid;

use super::{
    ReconcileError,
    reading::{Progress, Reading},
};

/// How long it counts without a sign of life.
const LASTS: Duration = Duration::from_mins(1);
/// How often one is given.
const RENEWED: Duration = Duration::from_secs(15);

/// How far the last look came.
#[derive(Clone, Debug)]
pub(super) struct Mark {
    pub(super) watermark: Option<DateTime<Utc>>,
    /// The inbound stream's creation time then.
    pub(super) stream_created: Option<DateTime<Utc>>,
    pub(super) progress: Progress,
    /// When the last days were looked through once more.
    pub(super) looked_again_at: Option<DateTime<Utc>>,
}

/// Ours until it ends.
#[derive(Debug)]
pub(super) struct Lease {
    holder: Uuid,
    pub(super) mark: Mark,
}

impl Lease {
    /// Takes it unless somebody has it, or the last look ended less than `rest` ago.
    pub(super) async fn take(pool: &PgPool, rest: Duration) -> Result<Option<Self>, sqlx::Error> {
        let holder = Uuid::new_v4();
        let row = store::reconciliation::take(pool, holder, LASTS, rest).await?;
        Ok(row.map(|row| Self {
            holder,
            mark: Mark {
                watermark: row.watermark,
                stream_created: row.stream_created,
                // What another release has written is begun anew.
                progress: row
                    .progress
                    .and_then(|kept| serde_json::from_value(kept).ok())
                    .unwrap_or_default(),
                looked_again_at: row.looked_again_at,
            },
        }))
    }

    /// Does `work` while giving signs of life, whatever it waits for.
    pub(super) async fn during<T>(
        &self,
        pool: &PgPool,
        work: impl Future<Output = Result<T, ReconcileError>>,
    ) -> Result<T, ReconcileError> {
        tokio::select! {
            done = work => done,
            error = self.renew(pool) => Err(error),
        }
    }

    /// Moves the deadline on until somebody else has it.
    async fn renew(&self, pool: &PgPool) -> ReconcileError {
        loop {
            tokio::time::sleep(RENEWED).await;
            match store::reconciliation::extend(pool, self.holder, LASTS).await {
                Ok(true) => {}
                Ok(false) => return ReconcileError::Overtaken,
                // There is time for three more, and what is written down looks for itself.
                Err(error) => tracing::debug!(%error, "renewing the right to look"),
            }
        }
    }

    /// Writes down how far it came.
    pub(super) async fn keep(
        &self,
        pool: &PgPool,
        progress: &Progress,
    ) -> Result<(), ReconcileError> {
        let progress = serde_json::to_value(progress).unwrap_or_default();
        still_mine(store::reconciliation::keep(pool, self.holder, &progress, LASTS).await?)
    }

    /// Writes down that everything before a moment was seen. That never becomes earlier; of a stream
    /// that was made anew it is said once all that it lost is queued.
    pub(super) async fn seen(
        &self,
        pool: &PgPool,
        reading: &Reading,
    ) -> Result<(), ReconcileError> {
        let seen = Seen {
            until: reading.seen(),
            stream_created: reading.stream_created,
            has_left: reading.has_left(),
        };
        still_mine(store::reconciliation::note_seen(pool, self.holder, seen, LASTS).await?)
    }

    /// Writes down that the last days were looked through once more.
    pub(super) async fn seen_again(&self, pool: &PgPool) -> Result<(), ReconcileError> {
        still_mine(store::reconciliation::note_seen_again(pool, self.holder).await?)
    }

    /// Ends it.
    pub(super) async fn give_back(self, pool: &PgPool) -> Result<(), sqlx::Error> {
        store::reconciliation::give_back(pool, self.holder).await
    }
}

fn still_mine(is_mine: bool) -> Result<(), ReconcileError> {
    if is_mine {
        Ok(())
    } else {
        Err(ReconcileError::Overtaken)
    }
}
