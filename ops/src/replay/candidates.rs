//! The messages of the scope, oldest first: as the stream keeps them, and those that only the ledger
//! knows.

use std::collections::{BTreeMap, HashSet};

use chrono::{DateTime, TimeDelta, Utc};
use common::{
    payload::{InboundMessage, InboundPayload, decode},
    queue::{Kept, Queue, StreamName, StreamScan},
    sender::HashKeys,
    sid::MessageSid,
};
use sqlx::PgPool;

/// How far the server's clock may be behind Twilio's.
const CLOCKS: TimeDelta = TimeDelta::minutes(5);

/// What is looked for.
#[derive(Clone, Debug)]
pub(super) struct Span {
    pub(super) since: DateTime<Utc>,
    pub(super) until: DateTime<Utc>,
    /// Their hashes; everybody's where this is `None`.
    pub(super) senders: Option<Vec<String>>,
    /// All where there are none.
    pub(super) sids: Vec<String>,
}

/// A message of the scope.
#[derive(Clone)]
pub(super) struct Candidate {
    pub(super) sid: MessageSid,
    pub(super) received_at: DateTime<Utc>,
    /// As it came in, where the stream still has it.
    pub(super) kept: Option<Kept>,
}

/// Finds them.
pub(super) async fn find(
    pool: &PgPool,
    queue: &Queue,
    keys: &HashKeys,
    span: &Span,
) -> anyhow::Result<Vec<Candidate>> {
    let mut found = on_stream(queue, keys, span).await?;
    for candidate in in_ledger(pool, span).await? {
        found.entry(candidate.sid.clone()).or_insert(candidate);
    }
    let mut found: Vec<Candidate> = found.into_values().collect();
    found.sort_by_key(|candidate| {
        let place = candidate.kept.as_ref().map(|kept| kept.sequence);
        (candidate.received_at, place)
    });
    Ok(found)
}

/// Under its first place on the stream: what comes later are copies.
async fn on_stream(
    queue: &Queue,
    keys: &HashKeys,
    span: &Span,
) -> anyhow::Result<BTreeMap<MessageSid, Candidate>> {
    let sids: HashSet<&String> = span.sids.iter().collect();
    let senders = span.senders.as_deref();
    let is_meant = |message: &InboundMessage| {
        let of_sender = |senders: &[String]| {
            let identity = message.from.identity();
            let mut hashes = keys.senders(&identity);
            hashes.any(|hash| senders.iter().any(|sender| *sender == *hash.as_str()))
        };
        (span.since..=span.until).contains(&message.received_at)
            && (sids.is_empty() || sids.contains(&message.message_sid.to_string()))
            && senders.is_none_or(of_sender)
    };
    let what = StreamScan {
        stream: StreamName::Inbound,
        subjects: Vec::new(),
        since: Some(span.since - CLOCKS),
        headers_only: false,
    };
    let mut reader = queue.topology().scan(queue.context(), what).await?;
    let mut found = BTreeMap::new();
    loop {
        let batch = reader.next().await?;
        if batch.is_empty() {
            break;
        }
        for kept in batch {
            let Ok(InboundPayload::V1(message)) = decode(&kept.payload) else {
                continue;
            };
            if is_meant(&message) {
                let sid = message.message_sid.clone();
                found.entry(sid.clone()).or_insert(Candidate {
                    sid,
                    received_at: message.received_at,
                    kept: Some(kept),
                });
            }
        }
    }
    reader.end().await;
    Ok(found)
}

async fn in_ledger(pool: &PgPool, span: &Span) -> Result<Vec<Candidate>, sqlx::Error> {
    let sids = (!span.sids.is_empty()).then_some(span.sids.as_slice());
    let rows = sqlx::query!(
        "select message_sid, received_at from whatsapp_messages
         where received_at between $1 and $2 and ($3::text[] is null or sender_hash = any($3))
             and ($4::text[] is null or message_sid = any($4))",
        span.since,
        span.until,
        span.senders.as_deref(),
        sids
    )
    .fetch_all(pool)
    .await?;
    let candidates = rows.into_iter().filter_map(|row| {
        Some(Candidate {
            sid: MessageSid::parse(&row.message_sid).ok()?,
            received_at: row.received_at,
            kept: None,
        })
    });
    Ok(candidates.collect())
}
