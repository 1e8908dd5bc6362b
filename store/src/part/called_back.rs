//! What Twilio says of a part afterwards.

use std::time::Duration;

use sqlx::PgConnection;

use super::State;
use crate::{callback::Callback, id::PartId};

/// Twilio's words for what arrives, in the order in which they follow each other.
const ORDER: [&str; 7] = [
    "accepted",
    "scheduled",
    "queued",
    "sending",
    "sent",
    "delivered",
    "read",
];

/// Of which post a part is that is moved forward.
#[derive(Clone, Copy, Debug)]
pub enum Post {
    /// Whichever: that was looked at, with the part locked.
    Any,
    /// The last one, of this number, where no other part has that message, and nothing says that it
    /// has failed; else nothing is done.
    Last(i32),
}

/// Keeps a callback that is no failure. Binds Twilio's message to the part and moves its status
/// forward, never back: queued < sent < delivered < read; failed and undelivered are final. An
/// unknown status moves nothing. Returns the message that the part answers, if it answers one;
/// `None` where nothing was done.
///
/// # Errors
/// When the database does not answer.
pub async fn move_forward(
    conn: &mut PgConnection,
    (part, post): (PartId, Post),
    callback: &Callback<'_>,
) -> Result<Option<Option<String>>, sqlx::Error> {
    let last = match post {
        Post::Any => None,
        Post::Last(attempt) => Some(attempt),
    };
    sqlx::query_scalar!(
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
        part.0,
        callback.twilio_sid.as_str(),
        callback.status,
        callback.received_at,
        &ORDER.map(str::to_owned),
        last,
        callback.error_code
    )
    .fetch_optional(conn)
    .await
}

/// What a failure that Twilio reports makes of a part.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Failure {
    /// Posted again after so long.
    Again(Duration),
    /// Held until its recipient writes.
    Held,
    /// Failed for good.
    Final,
}

impl Failure {
    /// Where the part stands from now on.
    #[must_use]
    pub const fn state(self) -> State {
        match self {
            Self::Again(_) => State::Pending,
            Self::Held => State::Held,
            Self::Final => State::Failed,
        }
    }

    fn delay(self) -> Duration {
        match self {
            Self::Again(delay) => delay,
            Self::Held | Self::Final => Duration::ZERO,
        }
    }
}

/// Writes down that what Twilio took was not delivered, and what follows. Recipient and part are
/// locked.
///
/// # Errors
/// When the database does not answer.
pub async fn fail_called_back(
    conn: &mut PgConnection,
    part: PartId,
    failure: Failure,
    callback: &Callback<'_>,
) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "update whatsapp_reply_parts set state = $2, status = $3, error_code = $4,
             failed_at = $5, not_before = clock_timestamp() + make_interval(secs => $6),
             failures = failures + 1,
             -- The next post makes another message of Twilio's.
             twilio_sid = case when $2 = 'failed' then coalesce(twilio_sid, $7) end
         where id = $1",
        part.0,
        failure.state().as_str(),
        callback.status,
        callback.error_code,
        callback.received_at,
        failure.delay().as_secs_f64(),
        callback.twilio_sid.as_str()
    )
    .execute(conn)
    .await
    .map(drop)
}
