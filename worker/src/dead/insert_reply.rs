//! The dead letter of a reply that will not be sent, in the transaction that fails it, so that none
//! fails unseen. What comes after it for the same person goes on.

use common::{
    payload::{Due, OutboundPayload, encode},
    queue::{StreamName, headers},
    sender::SenderHash,
    trace,
};
use sqlx::PgConnection;
use store::{PartId, dead_letter::Letter};
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
    let letter = Letter {
        source: &format!("reply:{part}:{}", Uuid::now_v7()),
        message_sid: row.message_sid.as_deref(),
        sender_hash: &row.sender_hash,
        stage: "send",
        reason: reason.as_str(),
        error,
        attempts: row.post_attempt,
        subject: &topology.subject(StreamName::Outbound, &sender),
        payload: &encode(&OutboundPayload::V1(due)),
        headers: serde_json::json!({
            headers::DEAD_REPLY: row.reply_id.to_string(),
            trace::TRACEPARENT: row.traceparent,
        }),
    };
    Ok(store::dead_letter::file(conn, &letter).await?)
}
