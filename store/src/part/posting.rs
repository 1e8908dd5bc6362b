//! A part on its way to Twilio.

use std::time::Duration;

use chrono::{DateTime, Utc};
use sqlx::{PgConnection, PgExecutor};

use super::ERASED;
use crate::{
    id::{PartId, ReplyId},
    interval::interval,
    recipient::Claim,
    sid::MessageSid,
};

/// Writes down that a part is being posted, in one statement, where that surely may be said: its
/// text is there, and the link that it was written under, if there is one, stands. Locks the
/// recipient, whose claim has to stand and is held for another `lease`, then the link until the
/// statement ends: whoever would end it waits. Answers which post it is; `None` says nothing yet
/// ([`intend`]).
///
/// # Errors
/// When the database does not answer.
pub async fn intend_at_once(
    executor: impl PgExecutor<'_>,
    (part, reply): (PartId, ReplyId),
    claim: Claim,
    lease: Duration,
) -> Result<Option<i32>, sqlx::Error> {
    sqlx::query_scalar!(
        "with held as (
             update whatsapp_recipients set held_until = clock_timestamp() + $4
             where id = $2 and attempt = $3
             returning id),
         written as (
             select m.link_id from whatsapp_replies r
             left join whatsapp_messages m on m.message_sid = r.message_sid
             where r.id = $5 and exists (select from held)
                 and not exists (select from whatsapp_reply_parts e
                     where e.reply_id = r.id and e.body = $6)),
         standing as (
             select id from whatsapp_user_links
             where id = (select link_id from written)
                 and verified and suspended_at is null
             for share)
         update whatsapp_reply_parts set state = 'posting', post_attempt = post_attempt + 1,
             posted_at = clock_timestamp(), not_before = null, twilio_sid = null,
             status = null, error_code = null, failed_at = null
         where id = $1 and state = 'pending'
             and exists (select from written
                 where link_id is null or exists (select from standing))
         returning post_attempt",
        part.0,
        claim.recipient.0,
        claim.attempt,
        interval(lease),
        reply.0,
        ERASED
    )
    .fetch_optional(executor)
    .await
}

/// The same step by step: the recipient's claim is held, and its link is locked by whoever has
/// asked whether it may be said. `None` where the part is not pending any more.
///
/// # Errors
/// When the database does not answer.
pub async fn intend(conn: &mut PgConnection, part: PartId) -> Result<Option<i32>, sqlx::Error> {
    sqlx::query_scalar!(
        "update whatsapp_reply_parts set state = 'posting', post_attempt = post_attempt + 1,
             posted_at = clock_timestamp(), not_before = null, twilio_sid = null,
             status = null, error_code = null, failed_at = null
         where id = $1 and state = 'pending'
         returning post_attempt",
        part.0
    )
    .fetch_optional(conn)
    .await
}

/// What came of a post that Twilio took.
#[derive(Clone, Copy, Debug)]
pub struct Taken {
    /// When it was taken; `None` where it was not this post that is open.
    pub at: Option<DateTime<Utc>>,
    /// Whether its recipient was let go of with it: nothing else is due for them.
    pub released: bool,
}

/// Twilio took it; a callback may have said so before. Lets go of the recipient with it, where
/// nothing else is due for them.
///
/// # Errors
/// When the database does not answer, or another part has that message.
pub async fn accept(
    executor: impl PgExecutor<'_>,
    (part, attempt): (PartId, i32),
    (sid, status): (&MessageSid, &str),
    claim: Claim,
) -> Result<Taken, sqlx::Error> {
    sqlx::query_as!(
        Taken,
        r#"with taken as (
               update whatsapp_reply_parts set state = 'accepted', twilio_sid = $3,
                   status = coalesce(status, $4), accepted_at = coalesce(accepted_at, now())
               where id = $1 and post_attempt = $2 and state in ('posting', 'unknown')
               returning accepted_at),
           released as (
               update whatsapp_recipients set held_until = null, unended = 0
               where id = $5 and attempt = $6 and exists (select from taken)
                   and not exists (
                       select from whatsapp_reply_parts
                       where recipient_id = $5 and id <> $1
                           and state in ('pending', 'posting', 'unknown'))
               returning id)
           select (select accepted_at from taken) as at,
               exists (select from released) as "released!""#,
        part.0,
        attempt,
        sid.as_str(),
        status,
        claim.recipient.0,
        claim.attempt
    )
    .fetch_one(executor)
    .await
}

/// Takes the message that a callback for an earlier post has named, if one has and it did not fail:
/// then that post was taken, and there is to be no other. Returns whether there was one.
///
/// # Errors
/// When the database does not answer.
pub async fn adopt_called_back(
    executor: impl PgExecutor<'_>,
    part: PartId,
) -> Result<bool, sqlx::Error> {
    let adopted = sqlx::query!(
        "update whatsapp_reply_parts p
         set state = 'accepted', twilio_sid = c.twilio_sid, status = c.status,
             accepted_at = coalesce(p.accepted_at, c.received_at)
         from (select twilio_sid, status, received_at from whatsapp_status_callbacks k
               where part_id = $1 and not exists (
                   select from whatsapp_status_callbacks f
                   where f.twilio_sid = k.twilio_sid
                       and f.status in ('failed', 'undelivered', 'canceled'))
               order by received_at desc limit 1) c
         where p.id = $1 and p.state in ('pending', 'unknown')",
        part.0
    )
    .execute(executor)
    .await?;
    Ok(adopted.rows_affected() == 1)
}

/// Nobody can say what became of the post: its callback is waited for.
///
/// # Errors
/// When the database does not answer.
pub async fn doubt(
    executor: impl PgExecutor<'_>,
    part: PartId,
    settle_after: Duration,
) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "update whatsapp_reply_parts
         set state = 'unknown', not_before = posted_at + $2, doubts = doubts + 1
         where id = $1 and state = 'posting'",
        part.0,
        interval(settle_after)
    )
    .execute(executor)
    .await
    .map(drop)
}

/// Nor could Twilio's list be asked: once more after `delay`.
///
/// # Errors
/// When the database does not answer.
pub async fn doubt_again(
    executor: impl PgExecutor<'_>,
    (part, attempt): (PartId, i32),
    delay: Duration,
) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "update whatsapp_reply_parts
         set doubts = doubts + 1, not_before = clock_timestamp() + $3
         where id = $1 and post_attempt = $2 and state = 'unknown'",
        part.0,
        attempt,
        interval(delay)
    )
    .execute(executor)
    .await
    .map(drop)
}

/// It surely was not taken: to be posted again after `delay`. A refusal `counts` against it, being
/// too busy does not.
///
/// # Errors
/// When the database does not answer.
pub async fn put_back(
    executor: impl PgExecutor<'_>,
    (part, attempt): (PartId, i32),
    delay: Duration,
    counts: bool,
) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "update whatsapp_reply_parts set state = 'pending',
             not_before = clock_timestamp() + $3, failures = failures + $4::boolean::int
         where id = $1 and post_attempt = $2 and state = 'posting'",
        part.0,
        attempt,
        interval(delay),
        counts
    )
    .execute(executor)
    .await
    .map(drop)
}

/// Twilio does not list it: to be posted once more.
///
/// # Errors
/// When the database does not answer.
pub async fn post_once_more(
    executor: impl PgExecutor<'_>,
    (part, attempt): (PartId, i32),
) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "update whatsapp_reply_parts set state = 'pending', resent = true, not_before = null
         where id = $1 and post_attempt = $2 and state = 'unknown'",
        part.0,
        attempt
    )
    .execute(executor)
    .await
    .map(drop)
}
