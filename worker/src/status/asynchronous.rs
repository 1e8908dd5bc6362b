//! A reply that Twilio took and could not deliver: what is done about it stands in the table of
//! error codes, and the person may still get it.

use std::time::Duration;

use common::{
    payload::{Callback, Due},
    queue::{Outgoing, headers},
    sender::SenderHash,
    trace::{self, Trace},
};
use sqlx::PgConnection;

use super::callback::BoundPart;
use crate::{
    context::Context,
    failure::{Failure, Reason},
    outcome::due_message,
    send::error_code::{self, Class, Entry},
    send::lock_out,
};

/// Posts of one part at most, the first included.
const MOST_POSTS: i32 = 4;
/// How much longer every repetition waits, times `TWILIO_SETTLE_SECONDS`.
const PATIENCE: [u32; 3] = [1, 20, 240];

/// What a failure leads to, once it is stored.
#[derive(Default)]
pub(super) struct Aftermath {
    /// The part is due again.
    pub(super) due: Option<Outgoing>,
    /// Nothing can be sent at all.
    pub(super) stop: Option<Entry>,
}

/// Stores a failure, once, and says what follows. A redelivery repeats what follows.
pub(super) async fn failed(
    context: &Context,
    conn: &mut PgConnection,
    part: &BoundPart,
    callback: &Callback,
    first: bool,
) -> Result<Aftermath, Failure> {
    let entry = error_code::look_up(callback.error_code.unwrap_or_default());
    if first {
        // What has arrived cannot fail any more: the callbacks overtook each other.
        if matches!(part.status.as_deref(), Some("delivered" | "read")) {
            return Ok(Aftermath::default());
        }
        let (state, delay) = next_state(context, entry.class, part.post_attempt);
        tracing::warn!(
            code = callback.error_code,
            what = entry.sentence,
            state,
            "not delivered"
        );
        let labels = [("class", entry.class.name()), ("state", state)];
        metrics::counter!("replies_undelivered_total", &labels).increment(1);
        store(conn, part, callback, state, delay).await?;
        if state == "failed" {
            file(context, conn, part, &entry).await?;
        }
    }
    Ok(Aftermath {
        due: due_again(context, conn, part).await?,
        stop: (first && entry.class == Class::Stop).then_some(entry),
    })
}

/// Where the part goes from here, and after which time.
fn next_state(context: &Context, class: Class, posts: i32) -> (&'static str, Duration) {
    let settle = context.settings.database.timings.settle;
    match class {
        Class::Hold => ("held", Duration::ZERO),
        Class::Stop => ("pending", lock_out::rest_time(context)),
        Class::Retry if posts < MOST_POSTS => {
            let patience = usize::try_from(posts - 1)
                .ok()
                .and_then(|n| PATIENCE.get(n));
            ("pending", settle * patience.copied().unwrap_or(1))
        }
        Class::Retry | Class::Never | Class::Operator => ("failed", Duration::ZERO),
    }
}

async fn store(
    conn: &mut PgConnection,
    part: &BoundPart,
    callback: &Callback,
    state: &str,
    delay: Duration,
) -> Result<(), Failure> {
    sqlx::query!(
        "update whatsapp_reply_parts set state = $2, status = $3, error_code = $4,
             failed_at = $5, not_before = clock_timestamp() + make_interval(secs => $6),
             -- The next post makes another message of Twilio's.
             twilio_sid = case when $2 = 'failed' then coalesce(twilio_sid, $7) end
         where id = $1",
        part.id,
        state,
        callback.status,
        callback.error_code,
        callback.received_at,
        delay.as_secs_f64(),
        callback.message_sid.as_str()
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Files the dead letter in the transaction that knows of the failure: no stage has the message
/// in hand any more, so nothing is to be terminated.
async fn file(
    context: &Context,
    conn: &mut PgConnection,
    part: &BoundPart,
    entry: &Entry,
) -> Result<(), Failure> {
    let Some((message, about)) = due_message_of(context, conn, part, "failed").await? else {
        return Ok(());
    };
    let reason = Reason::Refused.as_str();
    let labels = [("stage", "send"), ("reason", reason)];
    metrics::counter!("dead_letters_total", &labels).increment(1);
    let reply = part.reply_id.to_string();
    sqlx::query!(
        "insert into whatsapp_dead_letters (source, message_sid, sender_hash, stage, reason, error,
             attempts, subject, payload, headers)
         values ($1, $2, $3, 'send', $4, $5, $6, $7, $8, $9)
         on conflict (source) do nothing",
        format!("callback:{}:{}", part.id, part.post_attempt),
        about.message_sid,
        about.sender_hash,
        reason,
        format!(
            "Twilio's error {}, by callback: {}",
            entry.code, entry.sentence
        ),
        part.post_attempt,
        message.subject,
        &message.payload[..],
        serde_json::json!({
            headers::DEAD_REPLY: reply,
            trace::TRACEPARENT: Trace::of(&message.headers).map(|trace| trace.traceparent()),
        })
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// The message that says so, if the part is due again.
async fn due_again(
    context: &Context,
    conn: &mut PgConnection,
    part: &BoundPart,
) -> Result<Option<Outgoing>, Failure> {
    let found = due_message_of(context, conn, part, "pending").await?;
    Ok(found.map(|(message, _)| message))
}

/// Whom a part is for.
struct About {
    message_sid: Option<String>,
    sender_hash: String,
}

/// The queue's message for a part that is in that state.
async fn due_message_of(
    context: &Context,
    conn: &mut PgConnection,
    part: &BoundPart,
    state: &str,
) -> Result<Option<(Outgoing, About)>, Failure> {
    let row = sqlx::query!(
        r#"select c.id as recipient_id, c.sender_hash, r.message_sid as "message_sid?",
               r.traceparent
           from whatsapp_reply_parts p
           join whatsapp_replies r on r.id = p.reply_id
           join whatsapp_recipients c on c.id = r.recipient_id
           where p.id = $1 and p.state = $2"#,
        part.id,
        state
    )
    .fetch_optional(conn)
    .await?;
    let Some(row) = row else { return Ok(None) };
    let Some(sender) = SenderHash::from_stored(&row.sender_hash) else {
        return Ok(None);
    };
    let due = Due {
        recipient_id: row.recipient_id,
        reply_id: part.reply_id,
    };
    let mut message = due_message(context, &sender, due, part.post_attempt);
    // Apart from the ids of generations: the part is due for another post.
    message.id = format!("again:{}:{}", part.id, part.post_attempt);
    if let Some(trace) = row.traceparent.as_deref().and_then(Trace::from_stored) {
        trace.put(&mut message.headers);
    }
    let about = About {
        message_sid: row.message_sid,
        sender_hash: row.sender_hash,
    };
    Ok(Some((message, about)))
}
