//! What the streams have and the ledger lost. Messages go to the end of their lanes again, all of
//! them that are not worked on, so that their order stays; those that still wait, under their first
//! generation, are passed over there.

use std::collections::HashSet;

use common::{
    kill_point::{KillPoint, KillSwitch},
    payload::{InboundMessage, InboundPayload, Refused, StatusPayload, decode},
    queue::{Headers, Kept, Outgoing, PublishId, Queue, Reader, StreamName, StreamScan, headers},
    reconcile::not_in_ledger,
    sid::MessageSid,
};
use sqlx::PgPool;

use super::Report;

async fn reader(queue: &Queue, stream: StreamName) -> anyhow::Result<Reader> {
    let what = StreamScan {
        stream,
        subjects: Vec::new(),
        since: None,
        headers_only: false,
    };
    Ok(queue.topology().scan(queue.context(), what).await?)
}

/// Refused stays refused: written down again.
pub(super) async fn refusals(
    pool: &PgPool,
    queue: &Queue,
    really: bool,
    report: &mut Report,
) -> anyhow::Result<()> {
    // On the other one are those of a release before this one.
    for stream in [StreamName::Refused, StreamName::Status] {
        refusals_on(stream, (pool, queue), really, report).await?;
    }
    Ok(())
}

async fn refusals_on(
    stream: StreamName,
    (pool, queue): (&PgPool, &Queue),
    really: bool,
    report: &mut Report,
) -> anyhow::Result<()> {
    let mut reader = reader(queue, stream).await?;
    loop {
        let batch = reader.next().await?;
        if batch.is_empty() {
            break;
        }
        let found = batch.iter().filter_map(|kept| refusal(&kept.payload));
        let (sids, times): (Vec<String>, Vec<_>) = found
            .map(|refused| (refused.message_sid.to_string(), refused.refused_at))
            .unzip();
        report.refusals += if really {
            store::message::note_refused_all(pool, &sids, &times).await?
        } else {
            let count = sqlx::query_scalar!(
                r#"select count(*) as "count!" from unnest($1::text[]) s (sid) where not exists (
                       select from whatsapp_messages m where m.message_sid = s.sid)"#,
                &sids
            )
            .fetch_one(pool)
            .await?;
            u64::try_from(count)?
        };
    }
    reader.end().await;
    Ok(())
}

fn refusal(payload: &[u8]) -> Option<Refused> {
    match decode(payload) {
        Ok(StatusPayload::Refused(refused)) => Some(refused),
        _ => None,
    }
}

/// Every message that the ledger does not have as worked on, oldest first. What comes in meanwhile
/// is behind its sender's copies, or is copied too. Only counted where there is no `switch`.
pub(super) async fn messages(
    pool: &PgPool,
    queue: &Queue,
    switch: Option<&KillSwitch>,
    report: &mut Report,
) -> anyhow::Result<()> {
    let mut reader = reader(queue, StreamName::Inbound).await?;
    let mut done = HashSet::<MessageSid>::new();
    loop {
        let batch = reader.next().await?;
        if batch.is_empty() {
            break;
        }
        let read: Vec<(Kept, InboundMessage)> = batch.into_iter().filter_map(original).collect();
        let messages = read.iter().map(|(_, message)| message.clone()).collect();
        let lost = not_in_ledger(pool, messages).await?;
        let lost: HashSet<MessageSid> = lost.into_iter().map(|m| m.message_sid).collect();
        for (kept, message) in read {
            let sid = &message.message_sid;
            if !lost.contains(sid) || done.contains(sid) {
                continue;
            }
            let repeated = match switch {
                Some(switch) => repeat((pool, queue, switch), kept, &message).await?,
                None => true,
            };
            if repeated {
                report.messages += 1;
                report.since.get_or_insert(message.received_at);
            }
            done.insert(message.message_sid);
        }
    }
    reader.end().await;
    Ok(())
}

/// A message that came in; neither a copy that this command has made, nor what nobody can read.
fn original(kept: Kept) -> Option<(Kept, InboundMessage)> {
    if PublishId::is_restored(kept.id()) {
        return None;
    }
    let InboundPayload::V1(message) = decode(&kept.payload).ok()?;
    Some((kept, message))
}

/// Begins the message's row, whose generation tells the copy from what came first, and publishes.
/// Stopped in between, the same command repeats it under the same id. Answers false where it is in
/// the ledger after all.
async fn repeat(
    (pool, queue, switch): (&PgPool, &Queue, &KillSwitch),
    kept: Kept,
    message: &InboundMessage,
) -> anyhow::Result<bool> {
    let mut transaction = pool.begin().await?;
    let (sid, at) = (&message.message_sid, message.received_at);
    let generation = store::message::restore(&mut transaction, sid, at).await?;
    let Some(generation) = generation else {
        return Ok(false);
    };
    queue.publish(copy(kept, message, generation)).await?;
    switch.reach_with(KillPoint::RestoredQueued, Some(&message.message_sid));
    transaction.commit().await?;
    Ok(true)
}

fn copy(kept: Kept, message: &InboundMessage, generation: i32) -> Outgoing {
    let mut with = Headers::new();
    with.insert(headers::GENERATION, generation.to_string().as_str());
    for (name, from) in [
        (headers::RECOVERED, headers::RECOVERED),
        (headers::REPLAY_OF, "traceparent"),
    ] {
        if let Some(value) = kept.headers.get(from) {
            with.insert(name, value.as_str());
        }
    }
    Outgoing {
        subject: kept.subject,
        id: PublishId::restored(&message.message_sid, generation),
        headers: with,
        payload: kept.payload,
    }
}
