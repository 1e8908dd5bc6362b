//! Which part a callback is about, and how far it moves that part forward.

use chrono::{DateTime, Utc};
use common::{payload::Callback, sid::MessageSid};
use sqlx::PgConnection;
use store::{PartId, ReplyId, part::State};

use crate::engine::stage_error::StageError;

/// The part that a callback is about.
#[derive(Clone, Debug)]
pub(super) struct BoundPart {
    pub(super) id: PartId,
    pub(super) reply: ReplyId,
    pub(super) post_attempt: i32,
    /// When its last post began.
    pub(super) posted_at: Option<DateTime<Utc>>,
    /// Its posts that failed before.
    pub(super) failures: i32,
    /// Whether another post is under way.
    pub(super) is_posting: bool,
    /// Twilio's last word on it, before this callback.
    pub(super) status: Option<String>,
}

/// What a callback is about.
#[derive(Debug)]
pub(super) enum Bound {
    /// The last post of this part.
    Part(BoundPart),
    /// An earlier post of this part, which was taken after all: no other is needed, unless one is
    /// under way.
    Earlier(BoundPart),
    /// An earlier post, which has failed.
    Superseded,
    /// An earlier post that had been given up, and was followed by one that Twilio took too.
    Doubled,
    /// No message of ours.
    NotOurs,
}

/// Whether it says that the message will not arrive.
pub(super) fn is_failure(callback: &Callback) -> bool {
    matches!(callback.status.as_str(), "failed" | "undelivered")
}

/// Waits for whoever writes or is written to: what a failure leads to depends on when they last
/// wrote. Before the part, as everybody else does.
pub(super) async fn lock_recipient(
    conn: &mut PgConnection,
    callback: &Callback,
) -> Result<Option<DateTime<Utc>>, StageError> {
    let row = sqlx::query_scalar!(
        "select c.last_inbound_at from whatsapp_recipients c
         where c.id = (select r.recipient_id from whatsapp_reply_parts p
             join whatsapp_replies r on r.id = p.reply_id
             where p.id = $1 or p.twilio_sid = $2
             order by p.twilio_sid is not distinct from $2 desc limit 1)
         for update",
        callback.job.map(|job| job.part_id),
        callback.message_sid.as_str()
    )
    .fetch_optional(conn)
    .await?;
    Ok(row.flatten())
}

/// Finds the part, by the job in the callback's address, else by the message that Twilio named
/// before; and locks it. Returns the message that it answers, too.
pub(super) async fn bind(
    conn: &mut PgConnection,
    callback: &Callback,
) -> Result<(Bound, Option<MessageSid>), StageError> {
    let sid = callback.message_sid.as_str();
    let row = sqlx::query!(
        r#"select p.id, reply_id, post_attempt, posted_at, failures, state as "state: State",
             twilio_sid, status, (
                 select message_sid from whatsapp_replies r where r.id = p.reply_id
             ) as message_sid
         from whatsapp_reply_parts p
         where p.id = $1 or twilio_sid = $2
         order by twilio_sid is not distinct from $2 desc
         limit 1
         for update"#,
        callback.job.map(|job| job.part_id),
        sid
    )
    .fetch_optional(&mut *conn)
    .await?;
    let Some(row) = row else {
        return Ok((Bound::NotOurs, None));
    };
    let answered = row.message_sid.as_deref();
    let answered = answered.and_then(|sid| MessageSid::parse(sid).ok());
    let known_to_have_failed = sqlx::query_scalar!(
        r#"select exists(select from whatsapp_status_callbacks
               where twilio_sid = $1 and status in ('failed', 'undelivered')) as "failed!""#,
        sid
    )
    .fetch_one(conn)
    .await?;
    let of_last_post = callback
        .job
        .is_none_or(|job| job.attempt == row.post_attempt);
    let part = BoundPart {
        id: PartId(row.id),
        reply: ReplyId(row.reply_id),
        post_attempt: row.post_attempt,
        posted_at: row.posted_at,
        failures: row.failures,
        is_posting: row.state == State::Posting,
        status: row.status,
    };
    let bound = match row.twilio_sid.as_deref() {
        Some(known) if known == sid => Bound::Part(part),
        // The same failure again, whose follow-up may not have been published.
        None if of_last_post && (!known_to_have_failed || is_failure(callback)) => {
            Bound::Part(part)
        }
        _ if known_to_have_failed || is_failure(callback) => Bound::Superseded,
        None => Bound::Earlier(part),
        Some(_) => Bound::Doubled,
    };
    Ok((bound, answered))
}

/// What the database keeps of it.
pub(super) fn kept(callback: &Callback) -> store::callback::Callback<'_> {
    store::callback::Callback {
        twilio_sid: &callback.message_sid,
        status: &callback.status,
        error_code: callback.error_code,
        received_at: callback.received_at,
    }
}
