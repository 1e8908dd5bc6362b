//! Requests that waited a day for a project: whoever wrote them is told that the waiting is over,
//! as the final reply. Done with the sweep; a request expires once, by its row's lock.

use common::{payload::Due, sender::SenderHash, sid::MessageSid};
use sqlx::PgConnection;

use crate::{
    engine::{context::Context, outbox::due_message, stage_error::StageError},
    reply::{self, ReplyKind, quoted},
    route::WAITS,
};

/// Requests of one look.
const MOST: i64 = 200;

/// A reply that was written.
struct Told {
    sender: SenderHash,
    due: Due,
    generation: i32,
}

/// Ends the waiting of what waited too long; returns how many that were.
pub(crate) async fn expire(context: &Context) -> Result<u64, StageError> {
    let mut transaction = context.pool.begin().await?;
    let told = settle(context, &mut transaction).await?;
    transaction.commit().await?;
    // What is not published now, the sweep publishes later.
    let count = told.len();
    for told in told {
        let message = due_message(context, &told.sender, told.due, told.generation);
        context.queue.publish(message).await?;
    }
    Ok(u64::try_from(count).unwrap_or(u64::MAX))
}

async fn settle(context: &Context, conn: &mut PgConnection) -> Result<Vec<Told>, StageError> {
    let rows = sqlx::query!(
        r#"update whatsapp_messages m
           set state = 'replied', error_code = 'expired', replied_at = now()
           from (select message_sid from whatsapp_messages
               where state = 'waiting_project' and received_at < $1
               order by received_at limit $2 for update skip locked) late, whatsapp_recipients r
           where m.message_sid = late.message_sid and r.identity = m.identity
           returning m.message_sid, m.body, m.language, m.generation,
               m.sender_hash as "sender_hash!", r.id as recipient"#,
        context.clock.now() - WAITS,
        MOST
    )
    .fetch_all(&mut *conn)
    .await?;
    let mut told = Vec::with_capacity(rows.len());
    for row in rows {
        let (Ok(sid), Some(sender)) = (
            MessageSid::parse(&row.message_sid),
            SenderHash::from_stored(&row.sender_hash),
        ) else {
            continue;
        };
        let language = row.language.and_then(|tag| tag.parse().ok());
        let language = language.unwrap_or(parser::Language::En);
        let request = ("request", quoted(row.body.as_deref()).into());
        let text = context.texts.say(language, "expired", &[request]);
        let reply_id = reply::write(conn, row.recipient, &sid, ReplyKind::Final, &text).await?;
        told.push(Told {
            sender,
            due: Due {
                recipient_id: row.recipient,
                reply_id,
            },
            generation: row.generation,
        });
    }
    Ok(told)
}
