//! What we say, written into rows before anything is sent: one final reply a message and at most
//! one of each interim kind; and notices, which answer no message. In parts that Twilio takes.

mod text;
mod withheld;

use chrono::{DateTime, TimeDelta, Utc};
use sqlx::PgConnection;
use store::{RecipientId, ReplyId, reply::Answer};

pub use self::{
    text::{beginning_of, bold, quoted},
    withheld::why_withheld,
};
use crate::{sid::MessageSid, trace::Trace};
pub use store::{
    part::{ERASED, Withheld},
    reply::Kind as ReplyKind,
};

/// How long a reply that quotes what was asked under a link is of use once that has ended.
const OF_USE: TimeDelta = TimeDelta::hours(1);

/// What a reply that outlives its link says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Parting {
    /// Nothing of what stood under the link.
    Plain,
    /// It quotes what was asked under it: it is of use for an hour, while the same person holds the
    /// phone.
    Quoting,
}

/// Writes a reply and its parts. It is posted while the link stands of the message that it answers,
/// if that has one. A message that has one of that kind keeps it. Returns the reply's id.
///
/// # Errors
/// When the database does not answer.
pub async fn write(
    conn: &mut PgConnection,
    recipient: RecipientId,
    message_sid: &MessageSid,
    kind: ReplyKind,
    text: &str,
) -> Result<ReplyId, sqlx::Error> {
    insert(conn, recipient, (message_sid, kind), text, None).await
}

/// The same for a final reply that says that the link has ended, and is posted all the same.
///
/// # Errors
/// When the database does not answer.
pub async fn write_parting(
    conn: &mut PgConnection,
    recipient: RecipientId,
    message_sid: &MessageSid,
    text: &str,
    parting: Parting,
) -> Result<ReplyId, sqlx::Error> {
    let answers = (message_sid, ReplyKind::Final);
    insert(conn, recipient, answers, text, Some(parting)).await
}

async fn insert(
    conn: &mut PgConnection,
    recipient: RecipientId,
    (message_sid, kind): (&MessageSid, ReplyKind),
    text: &str,
    parting: Option<Parting>,
) -> Result<ReplyId, sqlx::Error> {
    let answer = Answer {
        recipient,
        message_sid,
        kind,
        traceparent: Trace::current().map(|trace| trace.traceparent()),
        outlives_link: parting.is_some(),
        of_use: (parting == Some(Parting::Quoting)).then_some(OF_USE),
    };
    store::reply::answer(conn, &answer, &text::split(text)).await
}

/// Something that is said to a person who has asked nothing. Like every text of ours it goes out
/// within 24 hours of what they wrote last, and waits for their next message after that.
#[derive(Clone)]
pub struct Notice<'a> {
    /// What it is about: it is said once for each key.
    pub key: &'a str,
    /// What is said.
    pub text: &'a str,
    /// When it is no use to anybody any more: then it is dropped, not sent.
    pub not_after: Option<DateTime<Utc>>,
}

/// Writes a notice; returns its id, or `None` where it was written before.
///
/// # Errors
/// When the database does not answer.
pub async fn notify(
    conn: &mut PgConnection,
    recipient: RecipientId,
    notice: &Notice<'_>,
) -> Result<Option<ReplyId>, sqlx::Error> {
    let to_write = store::reply::Notice {
        recipient,
        key: notice.key,
        not_after: notice.not_after,
        traceparent: Trace::current().map(|trace| trace.traceparent()),
    };
    store::reply::notify(conn, &to_write, &text::split(notice.text)).await
}
