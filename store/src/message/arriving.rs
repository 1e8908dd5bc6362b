//! How a message gets its row. A row that is there is never lost by it: who comes second completes
//! it, or changes nothing.

use chrono::{DateTime, Utc};
use sqlx::{PgConnection, PgExecutor};

use crate::sid::MessageSid;

/// A message as its stage of routing has it in hand.
pub struct Arrival<'a> {
    /// Twilio's identifier.
    pub message_sid: &'a MessageSid,
    /// The generation under which it came.
    pub generation: i32,
    /// The sender's keyed hash.
    pub sender_hash: &'a str,
    /// The canonical phone or business-scoped id.
    pub identity: &'a str,
    /// Twilio's `From` as it came.
    pub wa_address: &'a str,
    /// Its text, without the digits of a code.
    pub body: &'a str,
    /// The kind of message.
    pub content: &'a str,
    /// When the stream that it is in was created, and its place there.
    pub place: (DateTime<Utc>, i64),
    /// When its webhook came.
    pub received_at: DateTime<Utc>,
    /// The trace that it is part of.
    pub traceparent: Option<String>,
    /// When it was fetched from Twilio's log, if it was.
    pub recovered_at: Option<DateTime<Utc>>,
}

/// Puts a message into the ledger as `received`, or completes a row that an operator's replay has
/// begun or that came without a stream. Any other row stays as it is. By itself, before the claim.
///
/// # Errors
/// When the database does not answer.
pub async fn register(conn: &mut PgConnection, arrival: &Arrival<'_>) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "insert into whatsapp_messages as m (message_sid, generation, sender_hash, identity,
             wa_address, body, content, stream_created, stream_sequence, received_at,
             traceparent, recovered_at, may_be_answered)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12,
             exists (select from whatsapp_reconciliation where restored_at > $10))
         on conflict (message_sid) do update set
             sender_hash = excluded.sender_hash, identity = excluded.identity,
             wa_address = excluded.wa_address, body = excluded.body,
             content = excluded.content, traceparent = excluded.traceparent,
             stream_created = coalesce(m.stream_created, excluded.stream_created),
             stream_sequence = coalesce(m.stream_sequence, excluded.stream_sequence),
             recovered_at = coalesce(m.recovered_at, excluded.recovered_at)
         where m.state = 'received' and (m.identity is null
             or (m.recovered_at is null and excluded.recovered_at is not null))",
        arrival.message_sid.as_str(),
        arrival.generation,
        arrival.sender_hash,
        arrival.identity,
        arrival.wa_address,
        arrival.body,
        arrival.content,
        arrival.place.0,
        arrival.place.1,
        arrival.received_at,
        arrival.traceparent,
        arrival.recovered_at
    )
    .execute(conn)
    .await
    .map(drop)
}

/// A message that a stream has and the ledger lost.
pub struct Lost<'a> {
    /// Twilio's identifier.
    pub message_sid: &'a MessageSid,
    /// When its webhook came.
    pub received_at: DateTime<Utc>,
    /// The sender's keyed hash, where its subject shows one.
    pub sender_hash: Option<String>,
    /// When the stream was created that it first came in, and its place there.
    pub place: (DateTime<Utc>, i64),
}

/// Begins the row of a message that the ledger has lost, as `received`: it may have been answered,
/// so that Twilio is asked before an answer is sent. A row that is there stays. By itself, before
/// anything is published.
///
/// # Errors
/// When the database does not answer.
pub async fn note_unrouted(
    executor: impl PgExecutor<'_>,
    lost: &Lost<'_>,
) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "insert into whatsapp_messages (message_sid, state, received_at, sender_hash,
             stream_created, stream_sequence, may_be_answered)
         values ($1, 'received', $2, $3, $4, $5, true)
         on conflict (message_sid) do nothing",
        lost.message_sid.as_str(),
        lost.received_at,
        lost.sender_hash,
        lost.place.0,
        lost.place.1
    )
    .execute(executor)
    .await
    .map(drop)
}

/// Begins such a row, or raises the generation of one that is still `received`, whose stages wait
/// for the end of the transaction. Answers the generation; `None` where the message was worked on.
///
/// # Errors
/// When the database does not answer.
pub async fn restore(
    conn: &mut PgConnection,
    message_sid: &MessageSid,
    received_at: DateTime<Utc>,
) -> Result<Option<i32>, sqlx::Error> {
    sqlx::query_scalar!(
        "insert into whatsapp_messages as m
             (message_sid, state, generation, received_at, may_be_answered)
         values ($1, 'received', 2, $2, true)
         on conflict (message_sid) do update
             set generation = m.generation + 1, may_be_answered = true
             where m.state = 'received'
         returning generation",
        message_sid.as_str(),
        received_at
    )
    .fetch_optional(conn)
    .await
}

/// Writes down that a message was `refused`, unless it has a row.
///
/// # Errors
/// When the database does not answer.
pub async fn note_refused(
    executor: impl PgExecutor<'_>,
    message_sid: &MessageSid,
    at: DateTime<Utc>,
) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "insert into whatsapp_messages (message_sid, state, received_at)
         values ($1, 'refused', $2)
         on conflict (message_sid) do nothing",
        message_sid.as_str(),
        at
    )
    .execute(executor)
    .await
    .map(drop)
}

/// The same for several: which, and when. Answers how many had no row.
///
/// # Errors
/// When the database does not answer.
pub async fn note_refused_all(
    executor: impl PgExecutor<'_>,
    sids: &[String],
    times: &[DateTime<Utc>],
) -> Result<u64, sqlx::Error> {
    let noted = sqlx::query!(
        "insert into whatsapp_messages (message_sid, state, received_at)
         select sid, 'refused', at from unnest($1::text[], $2::timestamptz[]) s (sid, at)
         on conflict (message_sid) do nothing",
        sids,
        times
    )
    .execute(executor)
    .await?;
    Ok(noted.rows_affected())
}

/// Writes down that messages are `forgotten` before they are routed: which, and when they came. A
/// row that is there stays, and is erased with its sender.
///
/// # Errors
/// When the database does not answer.
pub async fn note_forgotten(
    executor: impl PgExecutor<'_>,
    sids: &[String],
    times: &[DateTime<Utc>],
) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "insert into whatsapp_messages (message_sid, state, received_at)
         select sid, 'forgotten', at from unnest($1::text[], $2::timestamptz[]) s (sid, at)
         on conflict (message_sid) do nothing",
        sids,
        times
    )
    .execute(executor)
    .await
    .map(drop)
}
