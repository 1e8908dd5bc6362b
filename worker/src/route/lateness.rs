//! A message that did not come by its webhook just now: fetched from Twilio's log, or replayed. It
//! is carried out as things stood when it was sent; and if its sender has gone on since, it changes
//! nothing of how they stand now.

use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use common::{identity::Identity, payload::InboundMessage};
use sqlx::PgConnection;

use crate::{engine::stage_error::StageError, session::Session};

/// Twilio's log has whole seconds, and nowhere is said whether they are cut or rounded.
const LOG_SECOND: TimeDelta = TimeDelta::seconds(1);

/// How a message came.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Lateness {
    /// When it was fetched from Twilio's log.
    pub(super) recovered_at: Option<DateTime<Utc>>,
    /// Whether it comes again.
    pub(super) replayed: bool,
}

impl Lateness {
    /// Whether its sender may have gone on since it was sent.
    pub(super) fn is_late(self) -> bool {
        self.replayed || self.recovered_at.is_some()
    }

    /// The earliest moment at which it may have been written, of one that came at `at`.
    pub(super) fn earliest(self, at: DateTime<Utc>) -> DateTime<Utc> {
        match self.recovered_at {
            Some(_) => at - LOG_SECOND,
            None => at,
        }
    }

    /// The latest such moment.
    pub(super) fn latest(self, at: DateTime<Utc>) -> DateTime<Utc> {
        match self.recovered_at {
            Some(_) => at + LOG_SECOND,
            None => at,
        }
    }
}

/// Whether a message of its sender's that is newer was routed already.
pub(super) async fn is_overtaken(
    conn: &mut PgConnection,
    identity: &Identity,
    message: &InboundMessage,
) -> Result<bool, StageError> {
    let newer = sqlx::query_scalar!(
        r#"select exists(select from whatsapp_messages where identity = $1
               and routed_at is not null and received_at > $2) as "newer!""#,
        identity.reveal(),
        message.received_at
    )
    .fetch_one(conn)
    .await?;
    Ok(newer)
}

/// The conversation as it stood when the message was sent: what the message before it left, unless
/// that was too long before. Redis may have it as it stands now.
pub(super) async fn session_then(
    conn: &mut PgConnection,
    message: &InboundMessage,
    lasts: Duration,
) -> Result<Option<Session>, StageError> {
    let lasts = TimeDelta::from_std(lasts);
    let left = sqlx::query_scalar!(
        r#"select s.outcome #> '{session,session}' as "session!"
           from whatsapp_messages mine
           join whatsapp_messages m on m.identity = mine.identity
           join whatsapp_message_stages s
               on s.message_sid = m.message_sid and s.stage = 'route'
           where mine.message_sid = $1 and m.received_at > $2
               and (m.received_at, m.stream_created, m.stream_sequence)
                   < (mine.received_at, mine.stream_created, mine.stream_sequence)
               and jsonb_typeof(s.outcome #> '{session,session}') = 'object'
           order by m.received_at desc, m.stream_created desc, m.stream_sequence desc
           limit 1"#,
        message.message_sid.as_str(),
        message.received_at - lasts.unwrap_or_default()
    )
    .fetch_optional(conn)
    .await?;
    Ok(left.and_then(|json| serde_json::from_value(json).ok()))
}
