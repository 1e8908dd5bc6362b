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
    let before = context.clock.now() - WAITS;
    let rows = store::message::expire_waiting(conn, before, MOST).await?;
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
        let reply = reply::write(conn, row.recipient, &sid, ReplyKind::Final, &text).await?;
        told.push(Told {
            sender,
            due: Due {
                recipient_id: row.recipient.0,
                reply_id: reply.0,
            },
            generation: row.generation,
        });
    }
    Ok(told)
}
