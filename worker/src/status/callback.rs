//! Which part a callback is about, and how far it moves that part forward.

use chrono::{DateTime, Utc};
use common::{payload::Callback, sid::MessageSid};
use sqlx::PgConnection;
use uuid::Uuid;

use crate::engine::stage_error::StageError;

/// The part that a callback is about.
#[derive(Clone, Debug)]
pub(super) struct BoundPart {
    pub(super) id: Uuid,
    pub(super) reply_id: Uuid,
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
        "select p.id, reply_id, post_attempt, posted_at, failures, state, twilio_sid, status, (
                 select message_sid from whatsapp_replies r where r.id = p.reply_id
             ) as message_sid
         from whatsapp_reply_parts p
         where p.id = $1 or twilio_sid = $2
         order by twilio_sid is not distinct from $2 desc
         limit 1
         for update",
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
        id: row.id,
        reply_id: row.reply_id,
        post_attempt: row.post_attempt,
        posted_at: row.posted_at,
        failures: row.failures,
        is_posting: row.state == "posting",
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

/// Keeps the callback; returns whether it is the first of its kind.
pub(super) async fn keep(
    conn: &mut PgConnection,
    callback: &Callback,
    part: Option<Uuid>,
) -> Result<bool, StageError> {
    let kept = sqlx::query!(
        "insert into whatsapp_status_callbacks
             (twilio_sid, status, part_id, error_code, received_at)
         values ($1, $2, $3, $4, $5)
         on conflict (twilio_sid, status) do nothing",
        callback.message_sid.as_str(),
        callback.status,
        part,
        callback.error_code,
        callback.received_at
    )
    .execute(conn)
    .await?;
    Ok(kept.rows_affected() == 1)
}

/// Of which post a part is that is moved forward.
#[derive(Clone, Copy, Debug)]
pub(super) enum Post {
    /// Whichever: that was looked at.
    Any,
    /// The last one, of this number, where no other part has that message, and nothing says that it
    /// has failed; else nothing is done.
    Last(i32),
}

/// Keeps a callback that is no failure. Binds Twilio's message to the part and moves its status
/// forward, never back: queued < sent < delivered < read; failed and undelivered are final. An
/// unknown status moves nothing. Returns the message that the part answers, if it answers one;
/// `None` where nothing was done.
pub(super) async fn move_forward(
    conn: &mut PgConnection,
    (part, post): (Uuid, Post),
    callback: &Callback,
) -> Result<Option<Option<MessageSid>>, StageError> {
    let order = [
        "accepted",
        "scheduled",
        "queued",
        "sending",
        "sent",
        "delivered",
        "read",
    ];
    let last = match post {
        Post::Any => None,
        Post::Last(attempt) => Some(attempt),
    };
    let row = sqlx::query!(
        r#"with moved as (
             update whatsapp_reply_parts set
                 twilio_sid = coalesce(twilio_sid, $2),
                 state = case
                     when state in ('pending', 'posting', 'unknown', 'held') then 'accepted'
                     -- Given up, and taken after all.
                     when state = 'failed' and twilio_sid is null then 'accepted'
                     else state end,
                 accepted_at = coalesce(accepted_at, $4),
                 withheld = null,
                 status = case
                     when status in ('failed', 'undelivered') then status
                     when coalesce(array_position($5::text[], $3), 0)
                         > coalesce(array_position($5::text[], status), 0) then $3
                     else status end,
                 sent_at = case when $3 = 'sent' then $4 else sent_at end,
                 delivered_at = case when $3 = 'delivered' then $4 else delivered_at end,
                 read_at = case when $3 = 'read' then $4 else read_at end
             where id = $1 and ($6::integer is null or twilio_sid = $2
                 or (twilio_sid is null and post_attempt = $6
                     and not exists (select from whatsapp_reply_parts o where o.twilio_sid = $2)
                     and not exists (
                         select from whatsapp_status_callbacks f
                         where f.twilio_sid = $2 and f.status in ('failed', 'undelivered'))))
             returning id, reply_id),
         kept as (
             insert into whatsapp_status_callbacks
                 (twilio_sid, status, part_id, error_code, received_at)
             select $2, $3, id, $7, $4 from moved
             on conflict (twilio_sid, status) do nothing)
         select r.message_sid as "message_sid?"
         from moved join whatsapp_replies r on r.id = moved.reply_id"#,
        part,
        callback.message_sid.as_str(),
        callback.status,
        callback.received_at,
        &order.map(str::to_owned),
        last,
        callback.error_code
    )
    .fetch_optional(conn)
    .await?;
    let answered = |sid: Option<String>| sid.and_then(|sid| MessageSid::parse(&sid).ok());
    Ok(row.map(|row| answered(row.message_sid)))
}
