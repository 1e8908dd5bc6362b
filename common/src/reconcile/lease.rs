//! The right to look, until a deadline that is moved on while the look goes on. A row and not a
//! lock: while Twilio is called, no transaction is open and no connection is held.

use std::time::Duration;

use chrono::{DateTime, Utc};
use sqlx::{PgPool, postgres::types::PgInterval};
use uuid::Uuid;

use super::ReconcileError;

/// How long it counts without a sign of life: one call of Twilio's API, and some.
const LASTS: Duration = Duration::from_mins(1);

/// How far the last look came.
#[derive(Clone, Copy, Debug)]
pub(super) struct Mark {
    pub(super) watermark: Option<DateTime<Utc>>,
    /// The inbound stream's creation time then.
    pub(super) stream_created: Option<DateTime<Utc>>,
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
             returning watermark, stream_created",
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
            },
        }))
    }

    /// A sign of life.
    pub(super) async fn extend(&self, pool: &PgPool) -> Result<(), ReconcileError> {
        let extended = sqlx::query!(
            "update whatsapp_reconciliation set held_until = clock_timestamp() + $2
             where holder = $1 and held_until > clock_timestamp()",
            self.holder,
            interval(LASTS)
        )
        .execute(pool)
        .await?;
        still_mine(extended.rows_affected())
    }

    /// Writes down that everything before that moment was seen.
    pub(super) async fn seen(
        &self,
        pool: &PgPool,
        watermark: DateTime<Utc>,
        stream_created: DateTime<Utc>,
    ) -> Result<(), ReconcileError> {
        let written = sqlx::query!(
            "update whatsapp_reconciliation
             set watermark = $2, stream_created = $3, looked_at = clock_timestamp(),
                 held_until = clock_timestamp() + $4
             where holder = $1 and held_until > clock_timestamp()",
            self.holder,
            watermark,
            stream_created,
            interval(LASTS)
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
