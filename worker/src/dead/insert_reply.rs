//! The dead letter of a reply that will not be sent, in the transaction that fails it, so that none
//! fails unseen. What comes after it for the same person goes on.

use common::{
    payload::{Due, OutboundPayload, encode},
    queue::{StreamName, headers},
    sender::SenderHash,
    trace,
};
use sqlx::PgConnection;
use store::PartId;
use uuid::Uuid;

use crate::engine::{
    context::Context,
    stage_error::{Reason, StageError},
};

/// Files the dead letter of a part, in the transaction that fails it: no stage has it in hand any
/// more, so nothing is to be terminated.
pub(crate) async fn insert_reply(
    context: &Context,
    conn: &mut PgConnection,
    part: PartId,
    (reason, error): (Reason, &str),
) -> Result<(), StageError> {
    let row = sqlx::query!(
        r#"select c.id as recipient_id, c.sender_hash, r.id as reply_id,
               r.message_sid as "message_sid?", r.traceparent, p.post_attempt
           from whatsapp_reply_parts p
           join whatsapp_replies r on r.id = p.reply_id
           join whatsapp_recipients c on c.id = r.recipient_id
           where p.id = $1"#,
        part.0
    )
    .fetch_one(&mut *conn)
    .await?;
    let Some(sender) = SenderHash::from_stored(&row.sender_hash) else {
        return Ok(());
    };
    let due = Due {
        recipient_id: row.recipient_id,
        reply_id: row.reply_id,
    };
    let topology = context.queue.topology();
    let labels = [("stage", "send"), ("reason", reason.as_str())];
    metrics::counter!("dead_letters_total", &labels).increment(1);
    sqlx::query!(
        "insert into whatsapp_dead_letters (source, message_sid, sender_hash, stage, reason, error,
             attempts, subject, payload, headers)
         values ($1, $2, $3, 'send', $4, $5, $6, $7, $8, $9)",
        format!("reply:{part}:{}", Uuid::now_v7()),
        row.message_sid,
        row.sender_hash,
        reason.as_str(),
        error,
        row.post_attempt,
        topology.subject(StreamName::Outbound, &sender),
        encode(&OutboundPayload::V1(due)),
        serde_json::json!({
            headers::DEAD_REPLY: row.reply_id.to_string(),
            trace::TRACEPARENT: row.traceparent,
        })
    )
    .execute(conn)
    .await?;
    Ok(())
}
