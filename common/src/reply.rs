//! What we say, written into rows before anything is sent: one final reply a message and at most
//! one of each interim kind; and notices, which answer no message. In parts that Twilio takes.

mod text;

use chrono::{DateTime, Utc};
use sqlx::PgConnection;
use uuid::Uuid;

pub use self::text::{beginning_of, bold, quoted};
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

/// Writes a reply and its parts. A message that has one of that kind keeps it.
/// Answers the reply's id.
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
    let id = Uuid::now_v7();
    let written = sqlx::query!(
        r#"insert into whatsapp_replies (id, recipient_id, message_sid, kind, traceparent)
         values ($1, $2, $3, $4, coalesce($5,
             (select m.traceparent from whatsapp_messages m where m.message_sid = $3)))
         on conflict on constraint whatsapp_replies_one_of_a_kind do nothing
         returning (select m.received_at from whatsapp_messages m
             where m.message_sid = $3 and m.may_be_answered) as "perhaps_since?""#,
        id,
        recipient,
        message_sid.as_str(),
        kind.as_str(),
        Trace::current().map(|trace| trace.traceparent())
    )
    .fetch_optional(&mut *conn)
    .await?;
    let Some(written) = written else {
        return existing(conn, message_sid, kind).await;
    };
    write_parts(conn, id, text, written.perhaps_since).await?;
    Ok(id)
}

/// Those that Twilio may have since then are looked for before they are posted.
async fn write_parts(
    conn: &mut PgConnection,
    reply: Uuid,
    text: &str,
    perhaps_since: Option<DateTime<Utc>>,
) -> Result<(), sqlx::Error> {
    for (number, body) in (1_i32..).zip(text::split(text)) {
        sqlx::query!(
            "insert into whatsapp_reply_parts (id, reply_id, part, body, state, posted_at)
             values ($1, $2, $3, $4,
                 case when $5::timestamptz is null then 'pending' else 'unknown' end, $5)",
            Uuid::now_v7(),
            reply,
            number,
            body,
            perhaps_since
        )
        .execute(&mut *conn)
        .await?;
    }
    Ok(())
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

/// Writes a notice; answers its id, or `None` where it was written before.
///
/// # Errors
/// When the database does not answer.
pub async fn notify(
    conn: &mut PgConnection,
    recipient: Uuid,
    notice: &Notice<'_>,
) -> Result<Option<Uuid>, sqlx::Error> {
    let id = Uuid::now_v7();
    let written = sqlx::query!(
        "insert into whatsapp_replies (id, recipient_id, kind, notice_key, not_after, traceparent)
         values ($1, $2, 'notice', $3, $4, $5)
         on conflict (notice_key) do nothing",
        id,
        recipient,
        notice.key,
        notice.not_after,
        Trace::current().map(|trace| trace.traceparent())
    )
    .execute(&mut *conn)
    .await?;
    if written.rows_affected() == 0 {
        return Ok(None);
    }
    write_parts(conn, id, notice.text, None).await?;
    Ok(Some(id))
}
