//! `whatsapp_reconciliation`: one row, which says how far Twilio's log was compared, and who is at
//! it: whoever holds it until a deadline. Each is one statement, and no transaction stays open.

use std::time::Duration;

use chrono::{DateTime, Utc};
use serde_json::Value;
use sqlx::{PgConnection, PgExecutor};
use uuid::Uuid;

use crate::interval::interval;

/// How far looks have come.
#[derive(Clone, Debug)]
pub struct Mark {
    /// Everything before was seen.
    pub watermark: Option<DateTime<Utc>>,
    /// When the inbound stream was created then.
    pub stream_created: Option<DateTime<Utc>>,
    /// Looks under way.
    pub progress: Option<Value>,
    /// When the last days were looked through once more.
    pub looked_again_at: Option<DateTime<Utc>>,
}

/// Takes it for `lasts`, unless somebody has it, or the last look ended less than `rest` ago.
///
/// # Errors
/// When the database does not answer.
pub async fn take(
    executor: impl PgExecutor<'_>,
    holder: Uuid,
    lasts: Duration,
    rest: Duration,
) -> Result<Option<Mark>, sqlx::Error> {
    sqlx::query_as!(
        Mark,
        "update whatsapp_reconciliation
         set holder = $1, held_until = clock_timestamp() + $2
         where (held_until is null or held_until < clock_timestamp())
             and (looked_at is null or looked_at <= clock_timestamp() - $3::interval)
         returning watermark, stream_created, progress, looked_again_at",
        holder,
        interval(lasts),
        interval(rest)
    )
    .fetch_optional(executor)
    .await
}

/// Holds it for another `lasts`; returns false where somebody else has it.
///
/// # Errors
/// When the database does not answer.
pub async fn extend(
    executor: impl PgExecutor<'_>,
    holder: Uuid,
    lasts: Duration,
) -> Result<bool, sqlx::Error> {
    let extended = sqlx::query!(
        "update whatsapp_reconciliation set held_until = clock_timestamp() + $2
         where holder = $1 and held_until > clock_timestamp()",
        holder,
        interval(lasts)
    )
    .execute(executor)
    .await?;
    Ok(extended.rows_affected() == 1)
}

/// Keeps how far looks under way have come, and holds it for another `lasts`; returns false where
/// somebody else has it.
///
/// # Errors
/// When the database does not answer.
pub async fn keep(
    executor: impl PgExecutor<'_>,
    holder: Uuid,
    progress: &Value,
    lasts: Duration,
) -> Result<bool, sqlx::Error> {
    let written = sqlx::query!(
        "update whatsapp_reconciliation
         set progress = $2, looked_at = clock_timestamp(),
             held_until = clock_timestamp() + $3
         where holder = $1 and held_until > clock_timestamp()",
        holder,
        progress,
        interval(lasts)
    )
    .execute(executor)
    .await?;
    Ok(written.rows_affected() == 1)
}

/// What a look has seen.
#[derive(Clone, Copy, Debug)]
pub struct Seen {
    /// Everything before was seen.
    pub until: DateTime<Utc>,
    /// When the inbound stream was created that it was compared with.
    pub stream_created: DateTime<Utc>,
    /// Whether something is left that is still to be queued.
    pub has_left: bool,
}

/// Writes down that everything before a moment was seen. That never becomes earlier; of a stream
/// that was made anew it is said once all that it lost is queued. Returns false where somebody else
/// has it.
///
/// # Errors
/// When the database does not answer.
pub async fn note_seen(
    executor: impl PgExecutor<'_>,
    holder: Uuid,
    seen: Seen,
    lasts: Duration,
) -> Result<bool, sqlx::Error> {
    let written = sqlx::query!(
        "update whatsapp_reconciliation
         set watermark = greatest(watermark, $2),
             stream_created = case when $5 then coalesce(stream_created, $3) else $3 end,
             looked_at = clock_timestamp(),
             looked_again_at = coalesce(looked_again_at, clock_timestamp()),
             held_until = clock_timestamp() + $4
         where holder = $1 and held_until > clock_timestamp()",
        holder,
        seen.until,
        seen.stream_created,
        interval(lasts),
        seen.has_left
    )
    .execute(executor)
    .await?;
    Ok(written.rows_affected() == 1)
}

/// Writes down that the last days were looked through once more; returns false where somebody else
/// has it.
///
/// # Errors
/// When the database does not answer.
pub async fn note_seen_again(
    executor: impl PgExecutor<'_>,
    holder: Uuid,
) -> Result<bool, sqlx::Error> {
    let written = sqlx::query!(
        "update whatsapp_reconciliation set looked_again_at = clock_timestamp()
         where holder = $1 and held_until > clock_timestamp()",
        holder
    )
    .execute(executor)
    .await?;
    Ok(written.rows_affected() == 1)
}

/// Gives it back.
///
/// # Errors
/// When the database does not answer.
pub async fn give_back(executor: impl PgExecutor<'_>, holder: Uuid) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "update whatsapp_reconciliation set holder = null, held_until = null
         where holder = $1",
        holder
    )
    .execute(executor)
    .await
    .map(drop)
}

/// Has a week be read, as after a stream that was made anew.
///
/// # Errors
/// When the database does not answer.
pub async fn begin_anew(conn: &mut PgConnection) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "update whatsapp_reconciliation set progress = null, looked_at = null,
         stream_created = coalesce(stream_created, now()) - interval '1 second'"
    )
    .execute(conn)
    .await
    .map(drop)
}

/// Writes down that the database was restored just now.
///
/// # Errors
/// When the database does not answer.
pub async fn note_restored(conn: &mut PgConnection) -> Result<(), sqlx::Error> {
    sqlx::query!("update whatsapp_reconciliation set restored_at = now()")
        .execute(conn)
        .await
        .map(drop)
}
