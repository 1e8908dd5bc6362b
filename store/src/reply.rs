//! `whatsapp_replies`: what we say, written before it is sent. A reply is written with its parts
//! ([`crate::part`]), in one statement, and never changed.

use chrono::{DateTime, TimeDelta, Utc};
use sqlx::PgConnection;
use uuid::Uuid;

use crate::{
    id::{RecipientId, ReplyId, uuids},
    part::ERASED,
    sid::MessageSid,
    word::words,
};

words! {
    /// Which reply of a message it is. A notice answers none, and is of no such kind.
    pub enum Kind {
        /// Settles the message.
        Final = "final",
        /// Asks which project a request is for.
        ChooseProject = "choose_project",
        /// It takes a while.
        Working = "working",
        /// The model is away and the request waits.
        WaitingModel = "waiting_model",
        /// Something failed and somebody will look at it.
        FailedForNow = "failed_for_now",
    }
}

/// A reply to a message.
#[derive(Clone, Debug)]
pub struct Answer<'a> {
    /// Who gets it.
    pub recipient: RecipientId,
    /// The message.
    pub message_sid: &'a MessageSid,
    /// Which of its replies it is.
    pub kind: Kind,
    /// The trace that it is part of, where that is not its message's.
    pub traceparent: Option<String>,
    /// Whether it is posted although the link has ended under which the message was written.
    pub outlives_link: bool,
    /// How long it is of use, where that ends.
    pub of_use: Option<TimeDelta>,
}

/// Writes a reply in these parts, to be posted. Where its message may have been answered before the
/// database was restored, Twilio is asked first: its parts are `unknown`. A message that has one of
/// that kind keeps it. Returns the reply's id.
///
/// # Errors
/// When the database does not answer.
pub async fn answer(
    conn: &mut PgConnection,
    answer: &Answer<'_>,
    parts: &[String],
) -> Result<ReplyId, sqlx::Error> {
    let id = Uuid::now_v7();
    // The parts that Twilio may have since that moment are looked for before they are posted.
    let written = sqlx::query_scalar!(
        r#"with reply as (
               insert into whatsapp_replies (id, recipient_id, message_sid, kind, traceparent,
                   outlives_link, not_after)
               values ($1, $2, $3, $4, coalesce($5,
                   (select m.traceparent from whatsapp_messages m where m.message_sid = $3)), $6,
                   now() + make_interval(secs => $7))
               on conflict on constraint whatsapp_replies_one_of_a_kind do nothing
               returning id, (select m.received_at from whatsapp_messages m
                   where m.message_sid = $3 and m.may_be_answered) as perhaps_since)
           insert into whatsapp_reply_parts
               (id, reply_id, recipient_id, part, body, state, posted_at)
           select p.id, r.id, $2, p.part, p.body,
               case when r.perhaps_since is null then 'pending' else 'unknown' end, r.perhaps_since
           from reply r, unnest($8::uuid[], $9::text[]) with ordinality as p (id, body, part)
           returning reply_id"#,
        id,
        answer.recipient.0,
        answer.message_sid.as_str(),
        answer.kind.as_str(),
        answer.traceparent,
        answer.outlives_link,
        answer.of_use.map(TimeDelta::as_seconds_f64),
        &ids(parts),
        parts
    )
    .fetch_all(&mut *conn)
    .await?;
    if written.is_empty() {
        return existing(conn, answer.message_sid, answer.kind).await;
    }
    Ok(ReplyId(id))
}

/// An id for each part.
fn ids(parts: &[String]) -> Vec<Uuid> {
    parts.iter().map(|_| Uuid::now_v7()).collect()
}

async fn existing(
    conn: &mut PgConnection,
    message_sid: &MessageSid,
    kind: Kind,
) -> Result<ReplyId, sqlx::Error> {
    let id = sqlx::query_scalar!(
        "select id from whatsapp_replies where message_sid = $1 and kind = $2",
        message_sid.as_str(),
        kind.as_str()
    )
    .fetch_one(conn)
    .await?;
    Ok(ReplyId(id))
}

/// A notice: it answers nothing.
#[derive(Clone, Debug)]
pub struct Notice<'a> {
    /// Who gets it.
    pub recipient: RecipientId,
    /// What it is about: it is written once for each key.
    pub key: &'a str,
    /// When it is no use to anybody any more.
    pub not_after: Option<DateTime<Utc>>,
    /// The trace that it is part of.
    pub traceparent: Option<String>,
}

/// Writes a notice in these parts, to be posted; returns its id, or `None` where it was written
/// before.
///
/// # Errors
/// When the database does not answer.
pub async fn notify(
    conn: &mut PgConnection,
    notice: &Notice<'_>,
    parts: &[String],
) -> Result<Option<ReplyId>, sqlx::Error> {
    let written = sqlx::query_scalar!(
        "with reply as (
             insert into whatsapp_replies
                 (id, recipient_id, kind, notice_key, not_after, traceparent)
             values ($1, $2, 'notice', $3, $4, $5)
             on conflict (notice_key) do nothing
             returning id)
         insert into whatsapp_reply_parts (id, reply_id, recipient_id, part, body, state)
         select p.id, r.id, $2, p.part, p.body, 'pending'
         from reply r, unnest($6::uuid[], $7::text[]) with ordinality as p (id, body, part)
         returning reply_id",
        Uuid::now_v7(),
        notice.recipient.0,
        notice.key,
        notice.not_after,
        notice.traceparent,
        &ids(parts),
        parts
    )
    .fetch_all(conn)
    .await?;
    Ok(written.into_iter().next().map(ReplyId))
}

/// Takes the texts out of these notices, which are settled or locked.
///
/// # Errors
/// When the database does not answer.
pub async fn erase_notices(
    conn: &mut PgConnection,
    notices: &[ReplyId],
) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "with texts as (
             update whatsapp_reply_parts set body = $2 where reply_id = any($1))
         update whatsapp_replies set erased_at = now() where id = any($1)",
        &uuids(notices),
        ERASED
    )
    .execute(conn)
    .await
    .map(drop)
}

#[cfg(test)]
mod tests {
    use super::Kind;
    use crate::written;

    #[test]
    fn the_kinds_are_those_that_the_table_takes_beside_notices() {
        let mut words: Vec<&str> = Kind::ALL.iter().map(|kind| kind.as_str()).collect();
        words.push("notice");
        assert_eq!(written::words_checked_in("whatsapp_replies", "kind"), words);
    }
}
