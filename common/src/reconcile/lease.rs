//! The right to look, until a deadline that is moved on for as long as the look goes on. A row and
//! not a lock: while Twilio is called, no transaction is open and no connection is held. The row also
//! says how far looks have come.

use std::time::Duration;

use chrono::{DateTime, Utc};
use sqlx::{PgPool, postgres::types::PgInterval};
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

fn interval(duration: Duration) -> PgInterval {
    PgInterval {
        months: 0,
        days: 0,
        microseconds: i64::try_from(duration.as_micros()).unwrap_or(i64::MAX),
    }
}

impl Lease {
    /// Takes it unless somebody has it, or the last look ended less than `rest` ago.
    pub(super) async fn take(pool: &PgPool, rest: Duration) -> Result<Option<Self>, sqlx::Error> {
        let holder = Uuid::new_v4();
        let row = sqlx::query!(
            "update whatsapp_reconciliation
             set holder = $1, held_until = clock_timestamp() + $2
             where (held_until is null or held_until < clock_timestamp())
                 and (looked_at is null or looked_at <= clock_timestamp() - $3::interval)
             returning watermark, stream_created, progress, looked_again_at",
            holder,
            interval(LASTS),
            interval(rest)
        )
        .fetch_optional(pool)
        .await?;
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
            let extended = sqlx::query!(
                "update whatsapp_reconciliation set held_until = clock_timestamp() + $2
                 where holder = $1 and held_until > clock_timestamp()",
                self.holder,
                interval(LASTS)
            )
            .execute(pool)
            .await;
            match extended {
                Ok(done) if done.rows_affected() == 1 => {}
                Ok(_) => return ReconcileError::Overtaken,
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
        let written = sqlx::query!(
            "update whatsapp_reconciliation
             set progress = $2, looked_at = clock_timestamp(),
                 held_until = clock_timestamp() + $3
             where holder = $1 and held_until > clock_timestamp()",
            self.holder,
            progress,
            interval(LASTS)
        )
        .execute(pool)
        .await?;
        still_mine(written.rows_affected())
    }

    /// Writes down that everything before a moment was seen. That never becomes earlier; of a stream
    /// that was made anew it is said once all that it lost is queued.
    pub(super) async fn seen(
        &self,
        pool: &PgPool,
        reading: &Reading,
    ) -> Result<(), ReconcileError> {
        let written = sqlx::query!(
            "update whatsapp_reconciliation
             set watermark = greatest(watermark, $2),
                 stream_created = case when $5 then coalesce(stream_created, $3) else $3 end,
                 looked_at = clock_timestamp(),
                 looked_again_at = coalesce(looked_again_at, clock_timestamp()),
                 held_until = clock_timestamp() + $4
             where holder = $1 and held_until > clock_timestamp()",
            self.holder,
            reading.seen(),
            reading.stream_created,
            interval(LASTS),
            reading.has_left()
        )
        .execute(pool)
        .await?;
        still_mine(written.rows_affected())
    }

    /// Writes down that the last days were looked through once more.
    pub(super) async fn seen_again(&self, pool: &PgPool) -> Result<(), ReconcileError> {
        let written = sqlx::query!(
            "update whatsapp_reconciliation set looked_again_at = clock_timestamp()
             where holder = $1 and held_until > clock_timestamp()",
            self.holder
        )
        .execute(pool)
        .await?;
        still_mine(written.rows_affected())
    }

    /// Ends it.
    pub(super) async fn give_back(self, pool: &PgPool) -> Result<(), sqlx::Error> {
        sqlx::query!(
            "update whatsapp_reconciliation set holder = null, held_until = null
             where holder = $1",
            self.holder
        )
        .execute(pool)
        .await
        .map(drop)
    }
}

fn still_mine(rows: u64) -> Result<(), ReconcileError> {
    if rows == 1 {
        Ok(())
    } else {
        Err(ReconcileError::Overtaken)
    }
}
