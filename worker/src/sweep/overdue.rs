//! What was put off for longer than the queue waits is announced again when its time has come.
//! Done with the sweep.

use common::queue::PublishId;

use crate::{
    engine::{context::Context, stage_error::StageError},
    sweep,
};

/// Recipients of one look.
const MOST: i64 = 500;

/// Announces what is due by now; returns how many recipients that concerns.
pub(crate) async fn announce(context: &Context) -> Result<u64, StageError> {
    let rows = sqlx::query!(
        r#"select distinct on (r.recipient_id) p.id as part, p.post_attempt,
               p.not_before as "not_before!", r.id, r.recipient_id, c.sender_hash, r.traceparent
           from whatsapp_reply_parts p
           join whatsapp_replies r on r.id = p.reply_id
           join whatsapp_recipients c on c.id = r.recipient_id
           where p.state in ('pending', 'unknown') and p.not_before < now() - interval '10 seconds'
               and c.held_until is null
           order by r.recipient_id, r.position, p.part limit $1"#,
        MOST
    )
    .fetch_all(&context.pool)
    .await?;
    let mut announced = 0;
    for row in rows {
        let reply = (row.recipient_id, row.id);
        let Some(mut message) = sweep::due(context, reply, &row.sender_hash, row.post_attempt)
        else {
            continue;
        };
        let until = row.not_before.timestamp_millis();
        message.id = PublishId::put_off(row.part, row.post_attempt, until);
        announced += sweep::again(context, message, row.traceparent).await?;
    }
    Ok(announced)
}
