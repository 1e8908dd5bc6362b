//! Which of the messages in Twilio's log never reached us: neither the ledger has them, nor the
//! dead letters, nor a stream, nor the memory of those that were refused.

use std::collections::HashSet;

use chrono::{DateTime, TimeDelta, Utc};
use redis::aio::ConnectionManager;
use sqlx::PgPool;

use super::ReconcileError;
use crate::{
    payload::InboundMessage,
    queue::{DriftError, Kept, PublishId, Queue, StreamName, StreamScan},
    shared_limit,
};

/// How far the server's clock may be behind Twilio's.
const CLOCKS: TimeDelta = TimeDelta::minutes(5);

/// When the first message of the ledger came: what was sent before that is of no concern to us.
pub(super) async fn oldest(pool: &PgPool) -> Result<Option<DateTime<Utc>>, sqlx::Error> {
    sqlx::query_scalar!("select min(received_at) from whatsapp_messages")
        .fetch_one(pool)
        .await
}

/// When the newest message of the ledger came.
pub(super) async fn newest(pool: &PgPool) -> Result<Option<DateTime<Utc>>, sqlx::Error> {
    sqlx::query_scalar!("select max(received_at) from whatsapp_messages")
        .fetch_one(pool)
        .await
}

/// Those that the ledger does not have. One that came in and was never routed counts as missing:
/// NATS may have lost it in between. What is forgotten, refused or dead is there.
///
/// # Errors
/// When the database does not answer.
pub async fn of_ledger(
    pool: &PgPool,
    messages: Vec<InboundMessage>,
) -> Result<Vec<InboundMessage>, sqlx::Error> {
    if messages.is_empty() {
        return Ok(messages);
    }
    let sids: Vec<String> = messages.iter().map(|m| m.message_sid.to_string()).collect();
    let missing: HashSet<String> = sqlx::query_scalar!(
        r#"select s.sid as "sid!" from unnest($1::text[]) s (sid)
           where not exists (
                   select from whatsapp_messages m
                   left join whatsapp_message_stages g
                       on g.message_sid = m.message_sid and g.stage = 'route'
                   where m.message_sid = s.sid
                       and (m.state <> 'received' or g.outcome is not null))
               and not exists (
                   select from whatsapp_dead_letters d where d.message_sid = s.sid)"#,
        &sids
    )
    .fetch_all(pool)
    .await?
    .into_iter()
    .collect();
    let is_missing = |m: &InboundMessage| missing.contains(m.message_sid.as_str());
    Ok(messages.into_iter().filter(is_missing).collect())
}

/// Of these, oldest first, those that no stream has either: neither as a message nor as a refusal.
/// What is there and was worked off, and still is not in the ledger, was lost with the database:
/// that is for an operator's replay.
pub(super) async fn of_streams(
    queue: &Queue,
    messages: Vec<InboundMessage>,
) -> Result<Vec<InboundMessage>, ReconcileError> {
    let Some(oldest) = messages.first() else {
        return Ok(messages);
    };
    let since = oldest.received_at - CLOCKS;
    let sids = messages.iter().map(|m| m.message_sid.to_string());
    let refusal = |m: &InboundMessage| PublishId::refusal(&m.message_sid).to_string();
    let refusals: HashSet<String> = messages.iter().map(refusal).collect();
    let inbound = ids_on(queue, StreamName::Inbound, since, sids.collect()).await?;
    let mut refused = ids_on(queue, StreamName::Refused, since, refusals.clone()).await?;
    // Where a release before this one put them.
    refused.extend(ids_on(queue, StreamName::Status, since, refusals).await?);
    let is_missing = |m: &InboundMessage| {
        !inbound.contains(m.message_sid.as_str()) && !refused.contains(&refusal(m))
    };
    Ok(messages.into_iter().filter(is_missing).collect())
}

/// Of these ids, those under which something was stored since then.
async fn ids_on(
    queue: &Queue,
    stream: StreamName,
    since: DateTime<Utc>,
    ids: HashSet<String>,
) -> Result<HashSet<String>, DriftError> {
    let what = StreamScan {
        stream,
        subjects: Vec::new(),
        since: Some(since),
        headers_only: true,
    };
    let mut reader = queue.topology().scan(queue.context(), what).await?;
    let mut found = HashSet::new();
    loop {
        let batch = reader.next().await?;
        if batch.is_empty() {
            break;
        }
        let known = batch.iter().map(Kept::id);
        found.extend(known.filter(|id| ids.contains(*id)).map(str::to_owned));
    }
    reader.end().await;
    Ok(found)
}

/// Which of these the limit refused, as far as Redis remembers: an hour.
pub(super) async fn refused(
    redis: &ConnectionManager,
    prefix: &str,
    messages: &[InboundMessage],
) -> Result<Vec<bool>, redis::RedisError> {
    let sids: Vec<&str> = messages.iter().map(|m| m.message_sid.as_str()).collect();
    shared_limit::were_refused(redis, &shared_limit::of_senders(prefix), &sids).await
}
