//! Repeating what is missing of a message: written down and published in one transaction, for whose
//! end the stage waits.

use common::{
    payload::{ParsePayload, encode},
    queue::{Headers, Outgoing, PublishId, Queue, StreamName, headers},
    recipient::Recipient,
    sender::SenderHash,
};
use sqlx::{PgConnection, PgPool};
use store::message::Lost;

use super::{
    candidates::Candidate,
    decision::{self, Decision, Missing, Settled},
};

/// Judges a message, and repeats what is missing of it as part of that operation, if there is one.
pub(super) async fn decide(
    pool: &PgPool,
    queue: &Queue,
    (candidate, settled): (&Candidate, &Settled),
    operation: Option<i64>,
) -> anyhow::Result<Decision> {
    let mut transaction = pool.begin().await?;
    let mut judged = decision::decide(&mut transaction, candidate, settled).await?;
    if operation.is_some() && matches!(judged, Decision::Missing(Missing::Route)) {
        transaction.rollback().await?;
        begin_row(pool, candidate, settled).await?;
        transaction = pool.begin().await?;
        judged = decision::decide(&mut transaction, candidate, settled).await?;
    }
    let (Some(operation), Decision::Missing(missing)) = (operation, &judged) else {
        return Ok(judged);
    };
    let conn = &mut *transaction;
    let generation = match missing {
        Missing::Route | Missing::Parse(_) => {
            store::message::raise_generation(conn, &candidate.sid).await?
        }
        Missing::Send(..) => current(conn, candidate.sid.as_str()).await?,
    };
    let message = match missing {
        Missing::Route => candidate.kept.as_ref().map(|kept| Outgoing {
            subject: kept.subject.clone(),
            id: PublishId::replay(&candidate.sid, generation),
            headers: of_copy(&kept.headers, generation),
            payload: kept.payload.clone(),
        }),
        Missing::Parse(request) => {
            let (sender, trace) = of_row(conn, candidate.sid.as_str()).await?;
            sender.map(|sender| Outgoing {
                subject: queue.topology().subject(StreamName::Parse, &sender),
                id: PublishId::replay(&candidate.sid, generation),
                headers: as_replay(trace, generation),
                payload: encode(&ParsePayload::V1((**request).clone())).into(),
            })
        }
        Missing::Send(recipient, reply) => {
            let recipient = Recipient::find(conn, *recipient).await?;
            recipient.map(|recipient| Outgoing {
                id: PublishId::replay(&candidate.sid, generation),
                ..recipient
                    .announce(*reply, generation)
                    .outgoing(queue.topology())
            })
        }
    };
    let Some(message) = message else {
        return Ok(Decision::Skip("its sender is not known any more"));
    };
    store::operation::note_repeated(
        conn,
        operation,
        (&candidate.sid, missing.stage(), generation),
    )
    .await?;
    queue.publish(message).await?;
    transaction.commit().await?;
    Ok(judged)
}

/// A message that was fetched from Twilio's log still says so.
fn of_copy(first: &Headers, generation: i32) -> Headers {
    let text = |name: &str| first.get(name).map(ToString::to_string);
    let mut with = as_replay(text("traceparent"), generation);
    if let Some(recovered) = text(headers::RECOVERED) {
        with.insert(headers::RECOVERED, recovered.as_str());
    }
    with
}

fn as_replay(trace: Option<String>, generation: i32) -> Headers {
    let mut with = Headers::new();
    with.insert(headers::GENERATION, generation.to_string().as_str());
    if let Some(first) = trace {
        with.insert(headers::REPLAY_OF, first.as_str());
    }
    with
}

/// Of a message that the ledger has lost Twilio may have answers: it is asked before one is sent.
/// Committed before anything is published; its place is where it first came in.
async fn begin_row(pool: &PgPool, candidate: &Candidate, settled: &Settled) -> anyhow::Result<()> {
    let Some(kept) = &candidate.kept else {
        return Ok(());
    };
    let (_, hash) = kept.subject.rsplit_once('.').unwrap_or_default();
    let lost = Lost {
        message_sid: &candidate.sid,
        received_at: candidate.received_at,
        sender_hash: SenderHash::from_stored(hash).map(|hash| hash.to_string()),
        place: (settled.stream_created, i64::try_from(kept.sequence)?),
    };
    Ok(store::message::note_unrouted(pool, &lost).await?)
}

async fn current(conn: &mut PgConnection, sid: &str) -> Result<i32, sqlx::Error> {
    sqlx::query_scalar!(
        "select generation from whatsapp_messages where message_sid = $1",
        sid
    )
    .fetch_one(conn)
    .await
}

async fn of_row(
    conn: &mut PgConnection,
    sid: &str,
) -> Result<(Option<SenderHash>, Option<String>), sqlx::Error> {
    let row = sqlx::query!(
        "select sender_hash, traceparent from whatsapp_messages where message_sid = $1",
        sid
    )
    .fetch_one(conn)
    .await?;
    let sender = row.sender_hash.as_deref().and_then(SenderHash::from_stored);
    Ok((sender, row.traceparent))
}
