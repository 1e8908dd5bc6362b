//! What we say, written into rows before anything is sent: one final reply a message and at most
//! one of each interim kind; and notices, which answer no message. In parts that Twilio takes.

mod text;
mod withheld;

use chrono::{DateTime, TimeDelta, Utc};
use sqlx::PgConnection;
use uuid::Uuid;

pub use self::{
    text::{beginning_of, bold, quoted},
    withheld::{ERASED, Withheld, why_withheld},
};
use crate::{sid::MessageSid, trace::Trace};

/// Which reply of a message it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ReplyKind {
    /// Settles the message.
    Final,
    /// Asks which project a request is for.
    ChooseProject,
    /// It takes a while.
    Working,
    /// The model is away and the request waits.
    WaitingModel,
    /// Something failed and somebody will look at it.
    FailedForNow,
}

impl ReplyKind {
    fn as_str(self) -> &'static str {
        match self {
            Self::Final => "final",
            Self::ChooseProject => "choose_project",
            Self::Working => "working",
            Self::WaitingModel => "waiting_model",
            Self::FailedForNow => "failed_for_now",
        }
    }
}

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
    recipient: Uuid,
    message_sid: &MessageSid,
    kind: ReplyKind,
    text: &str,
) -> Result<Uuid, sqlx::Error> {
    insert(conn, recipient, (message_sid, kind), text, None).await
}

/// The same for a final reply that says that the link has ended, and is posted all the same.
///
/// # Errors
/// When the database does not answer.
pub async fn write_parting(
    conn: &mut PgConnection,
    recipient: Uuid,
    message_sid: &MessageSid,
    text: &str,
    parting: Parting,
) -> Result<Uuid, sqlx::Error> {
    let answers = (message_sid, ReplyKind::Final);
    insert(conn, recipient, answers, text, Some(parting)).await
}

async fn insert(
    conn: &mut PgConnection,
    recipient: Uuid,
    (message_sid, kind): (&MessageSid, ReplyKind),
    text: &str,
    parting: Option<Parting>,
) -> Result<Uuid, sqlx::Error> {
    let id = Uuid::now_v7();
    let of_use = (parting == Some(Parting::Quoting)).then_some(OF_USE);
    let parts = Parts::of(text);
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
        recipient,
        message_sid.as_str(),
        kind.as_str(),
        Trace::current().map(|trace| trace.traceparent()),
        parting.is_some(),
        of_use.map(TimeDelta::as_seconds_f64),
        &parts.ids,
        &parts.bodies
    )
    .fetch_all(&mut *conn)
    .await?;
    if written.is_empty() {
        return existing(conn, message_sid, kind).await;
    }
    Ok(id)
}

/// A text in the parts that Twilio takes, at least one.
struct Parts {
    ids: Vec<Uuid>,
    bodies: Vec<String>,
}

impl Parts {
    fn of(text: &str) -> Self {
        let bodies = text::split(text);
        let ids = bodies.iter().map(|_| Uuid::now_v7()).collect();
        Self { ids, bodies }
    }
}

async fn existing(
    conn: &mut PgConnection,
    message_sid: &MessageSid,
    kind: ReplyKind,
) -> Result<Uuid, sqlx::Error> {
    sqlx::query_scalar!(
        "select id from whatsapp_replies where message_sid = $1 and kind = $2",
        message_sid.as_str(),
        kind.as_str()
    )
    .fetch_one(conn)
    .await
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
    recipient: Uuid,
    notice: &Notice<'_>,
) -> Result<Option<Uuid>, sqlx::Error> {
    let id = Uuid::now_v7();
    let parts = Parts::of(notice.text);
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
        id,
        recipient,
        notice.key,
        notice.not_after,
        Trace::current().map(|trace| trace.traceparent()),
        &parts.ids,
        &parts.bodies
    )
    .fetch_all(&mut *conn)
    .await?;
    Ok(written.into_iter().next())
}
