//! The right to write to a recipient, over all workers, until a deadline.

use std::time::Duration;

use chrono::{DateTime, Utc};
use sqlx::{PgConnection, PgExecutor};

use crate::{id::RecipientId, interval::interval};

/// A claim on a recipient.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Claim {
    /// The recipient.
    pub recipient: RecipientId,
    /// Raised by every claim: an older claim may not post any more.
    pub attempt: i32,
}

/// A recipient that was claimed.
#[derive(Clone, Debug)]
pub struct Claimed {
    /// The claim's number.
    pub attempt: i32,
    /// Claims in a row that began and never ended.
    pub unended: i32,
    /// Where we write to.
    pub wa_address: String,
    /// When they wrote last.
    pub last_inbound_at: Option<DateTime<Utc>>,
    /// Whether a linking code is to be sent.
    pub has_codes: bool,
}

/// Claims a recipient unless somebody holds it; one of which `suspect_after` claims in a row began
/// and never ended only where `alone`. `ended` is a claim that is known to have ended, though it
/// could not be released (0 for none). `None` where it is held, or suspect, or gone.
///
/// # Errors
/// When the database does not answer.
pub async fn take(
    conn: &mut PgConnection,
    (recipient, ended): (RecipientId, i32),
    lease: Duration,
    (alone, suspect_after): (bool, i32),
) -> Result<Option<Claimed>, sqlx::Error> {
    sqlx::query_as!(
        Claimed,
        r#"update whatsapp_recipients r set attempt = attempt + 1,
               unended = case when held_until is null then 0
                   else unended + (attempt <> $5)::int end,
               held_until = clock_timestamp() + $2
           where id = $1
               and (held_until is null or held_until < clock_timestamp() or attempt = $5)
               and ($3 or unended + (held_until is not null and attempt <> $5)::int < $4)
           returning attempt, unended, wa_address, last_inbound_at,
               exists (select from whatsapp_code_sends s where s.recipient_id = r.id
                   and s.state in ('pending', 'posting')) as "has_codes!""#,
        recipient.0,
        interval(lease),
        alone,
        suspect_after,
        ended
    )
    .fetch_optional(conn)
    .await
}

/// What did not end so often is given up: the next claim is no suspect for it.
///
/// # Errors
/// When the database does not answer.
pub async fn forgive(executor: impl PgExecutor<'_>, claim: Claim) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "update whatsapp_recipients set unended = 0 where id = $1 and attempt = $2",
        claim.recipient.0,
        claim.attempt
    )
    .execute(executor)
    .await
    .map(drop)
}

/// Holds it for another `lease` from now; returns false where somebody else has claimed it since.
/// Locks the row.
///
/// # Errors
/// When the database does not answer.
pub async fn extend(
    conn: &mut PgConnection,
    claim: Claim,
    lease: Duration,
) -> Result<bool, sqlx::Error> {
    let held = sqlx::query!(
        "update whatsapp_recipients set held_until = clock_timestamp() + $3
         where id = $1 and attempt = $2",
        claim.recipient.0,
        claim.attempt,
        interval(lease)
    )
    .execute(conn)
    .await?;
    Ok(held.rows_affected() > 0)
}

/// Lets go of it, if nobody else has claimed it since.
///
/// # Errors
/// When the database does not answer.
pub async fn release(executor: impl PgExecutor<'_>, claim: Claim) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "update whatsapp_recipients set held_until = null, unended = 0
         where id = $1 and attempt = $2",
        claim.recipient.0,
        claim.attempt
    )
    .execute(executor)
    .await
    .map(drop)
}

/// After a restore: whoever held a recipient is gone.
///
/// # Errors
/// When the database does not answer.
pub async fn release_all(conn: &mut PgConnection) -> Result<(), sqlx::Error> {
    sqlx::query!("update whatsapp_recipients set held_until = null where held_until is not null")
        .execute(conn)
        .await
        .map(drop)
}
