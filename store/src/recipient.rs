//! `whatsapp_recipients`: whom we write to. A row for everybody who ever wrote, since replies and
//! WhatsApp's 24 hours hang on it, and for those whom a code or a notice was sent.

mod claim;
mod guessing;

use chrono::{DateTime, Utc};
use sqlx::PgConnection;
use uuid::Uuid;

pub use self::{
    claim::{Claim, Claimed, extend, forgive, release, release_all, take},
    guessing::{WrongCodes, count_wrong_code, forgive_wrong_codes, lock_codes},
};
use crate::id::{RecipientId, uuids};

/// Somebody's names.
#[derive(Clone, Copy)]
pub struct Contact<'a> {
    /// The canonical phone or business-scoped id.
    pub identity: &'a str,
    /// Its keyed hash.
    pub sender_hash: &'a str,
    /// Where we write to.
    pub wa_address: &'a str,
}

/// The recipient that a contact is, whether they ever wrote to us or not; and when they wrote last.
/// Who has a row keeps the address that they wrote from. Locks the row.
///
/// # Errors
/// When the database does not answer.
pub async fn find_or_begin(
    conn: &mut PgConnection,
    contact: Contact<'_>,
) -> Result<(RecipientId, Option<DateTime<Utc>>), sqlx::Error> {
    let row = sqlx::query!(
        "insert into whatsapp_recipients as r (id, identity, sender_hash, wa_address)
         values ($1, $2, $3, $4)
         on conflict (identity) do update set sender_hash = excluded.sender_hash
         returning id, last_inbound_at",
        Uuid::now_v7(),
        contact.identity,
        contact.sender_hash,
        contact.wa_address
    )
    .fetch_one(conn)
    .await?;
    Ok((RecipientId(row.id), row.last_inbound_at))
}

/// Who wrote, and what of earlier replies concerns the next one.
#[derive(Clone, Copy, Debug)]
pub struct Writer {
    /// The recipient.
    pub id: RecipientId,
    /// Something is held until they write, or waits to be repeated:
    /// [`release_held`](crate::part::release_held).
    pub has_held: bool,
    /// An answer has failed and they were not told: [`note_told`](crate::part::note_told).
    pub has_untold: bool,
}

/// Notes that somebody wrote: where replies go from now on, and since when; and which
/// business-scoped id they have shown beside their phone, if they did. Never goes back in time.
/// Locks the row.
///
/// # Errors
/// When the database does not answer.
pub async fn wrote(
    conn: &mut PgConnection,
    contact: Contact<'_>,
    at: DateTime<Utc>,
    shown: Option<&str>,
) -> Result<Writer, sqlx::Error> {
    let row = sqlx::query!(
        r#"insert into whatsapp_recipients as r
               (id, identity, sender_hash, wa_address, last_inbound_at, shown_wa_user_id, shown_at)
           values ($1, $2, $3, $4, $5, $6,
               case when $6::text is not null then $5::timestamptz end)
           on conflict (identity) do update set
               sender_hash = excluded.sender_hash,
               wa_address = case
                   when excluded.last_inbound_at >= coalesce(r.last_inbound_at, '-infinity')
                   then excluded.wa_address else r.wa_address end,
               last_inbound_at = greatest(r.last_inbound_at, excluded.last_inbound_at),
               shown_wa_user_id = case when excluded.shown_at >= coalesce(r.shown_at, '-infinity')
                   then excluded.shown_wa_user_id else r.shown_wa_user_id end,
               shown_at = greatest(r.shown_at, excluded.shown_at)
           returning id,
               exists (select from whatsapp_reply_parts p where p.recipient_id = r.id
                   and p.state = 'held')
               or exists (select from whatsapp_reply_parts p where p.recipient_id = r.id
                   and p.state = 'pending' and p.status in ('failed', 'undelivered'))
                   as "has_held!",
             exists (select from whatsapp_reply_parts p where p.recipient_id = r.id
                 and p.state = 'failed' and not p.told) as "has_untold!""#,
        Uuid::now_v7(),
        contact.identity,
        contact.sender_hash,
        contact.wa_address,
        at,
        shown
    )
    .fetch_one(conn)
    .await?;
    Ok(Writer {
        id: RecipientId(row.id),
        has_held: row.has_held,
        has_untold: row.has_untold,
    })
}

/// Writes to them at another address from now on: the form of their number that has worked.
///
/// # Errors
/// When the database does not answer.
pub async fn set_address(
    conn: &mut PgConnection,
    recipient: RecipientId,
    wa_address: &str,
) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "update whatsapp_recipients set wa_address = $2 where id = $1",
        recipient.0,
        wa_address
    )
    .execute(conn)
    .await
    .map(drop)
}

/// Notes that they are told of a guessed time zone; returns whether that is news.
///
/// # Errors
/// When the database does not answer.
pub async fn tell_timezone(
    conn: &mut PgConnection,
    recipient: RecipientId,
    timezone: &str,
) -> Result<bool, sqlx::Error> {
    let told = sqlx::query!(
        "update whatsapp_recipients set told_timezone = $2
         where id = $1 and told_timezone is distinct from $2",
        recipient.0,
        timezone
    )
    .execute(conn)
    .await?;
    Ok(told.rows_affected() > 0)
}

/// Deletes these, with what was said to them. They are locked.
///
/// # Errors
/// When the database does not answer.
pub async fn delete(
    conn: &mut PgConnection,
    recipients: &[RecipientId],
) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "delete from whatsapp_recipients where id = any($1)",
        &uuids(recipients)
    )
    .execute(conn)
    .await
    .map(drop)
}

/// Deletes those of these identities, with what was said to them.
///
/// # Errors
/// When the database does not answer.
pub async fn forget(conn: &mut PgConnection, identities: &[String]) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "delete from whatsapp_recipients where identity = any($1)",
        identities
    )
    .execute(conn)
    .await
    .map(drop)
}
