//! What follows from a recorded outcome: the session's new state and every publish. A redelivery
//! repeats just this, under the same ids.

use common::{
    announcement::Announcement,
    kill_point::KillPoint,
    payload::{Due, ParsePayload, ParseRequest, encode},
    queue::{Headers, Outgoing, PublishId, StreamName},
    sender::SenderHash,
    trace::Trace,
};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use uuid::Uuid;

use crate::{
    engine::{
        context::Context,
        ledger::StageKey,
        stage_error::{Reason, StageError},
    },
    session::SessionWrite,
};

/// All that follows. Stored as JSON in the ledger, so its versions are those of a payload.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(crate) struct Outcome {
    /// The session as it shall be.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) session: Option<SessionWrite>,
    /// What is published, in order.
    #[serde(default)]
    pub(crate) next: Vec<Next>,
    /// Links that ended: their conversations are cleared. The sweep clears what is left over.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) ended: Vec<Uuid>,
}

/// One publish.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(tag = "to")]
pub(crate) enum Next {
    /// A request to be understood.
    #[serde(rename = "parse/1")]
    Parse {
        /// Whose it is.
        sender: SenderHash,
        /// The request; its generation is that of its message.
        request: ParseRequest,
    },
    /// A recipient has something due.
    #[serde(rename = "due/1")]
    Due {
        /// Whose it is.
        sender: SenderHash,
        /// What is due.
        due: Due,
    },
}

impl From<Announcement> for Next {
    fn from(announcement: Announcement) -> Self {
        Self::Due {
            sender: announcement.sender,
            due: announcement.due,
        }
    }
}

impl Outcome {
    /// As it is stored.
    pub(crate) fn to_value(&self) -> Result<Value, StageError> {
        serde_json::to_value(self)
            .map_err(|e| StageError::Permanent(Reason::Inconsistent, e.into()))
    }
}

/// Where the process may be killed while an outcome is delivered.
pub(crate) struct DeliverPoints {
    /// The outcome is committed.
    pub(crate) recorded: Option<KillPoint>,
    /// The session is written.
    pub(crate) session_written: Option<KillPoint>,
    /// All is published.
    pub(crate) delivered: Option<KillPoint>,
}

/// Does what follows: first the session, then the publishes.
pub(crate) async fn deliver(
    context: &Context,
    key: &StageKey,
    outcome: Value,
    points: &DeliverPoints,
) -> Result<(), StageError> {
    context.reach_any(points.recorded);
    let outcome: Outcome = serde_json::from_value(outcome)
        .map_err(|error| StageError::Permanent(Reason::UnknownVersion, error.into()))?;
    if let Some(write) = &outcome.session {
        context.sessions.write(write, context.clock.now()).await?;
    }
    if !outcome.ended.is_empty() {
        let conversations = context.sessions.of_links();
        conversations
            .clear(&context.pool, Some(&outcome.ended))
            .await?;
    }
    context.reach_any(points.session_written);
    for next in outcome.next {
        let trace = trace_of_another(context, key, &next).await?;
        let mut message = outgoing(context, key, next);
        if let Some(trace) = trace {
            trace.put(&mut message.headers);
        }
        context.queue.publish(message).await?;
    }
    context.reach_any(points.delivered);
    Ok(())
}

/// A request of another message, that waited until now, goes on in that message's trace.
async fn trace_of_another(
    context: &Context,
    key: &StageKey,
    next: &Next,
) -> Result<Option<Trace>, StageError> {
    let sid = match next {
        Next::Parse { request, .. } if request.message_sid != key.message_sid => {
            &request.message_sid
        }
        _ => return Ok(None),
    };
    let stored = sqlx::query_scalar!(
        "select traceparent from whatsapp_messages where message_sid = $1",
        sid.as_str()
    )
    .fetch_optional(&context.pool)
    .await?;
    Ok(stored.flatten().as_deref().and_then(Trace::from_stored))
}

/// The message of a publish. Its id carries the generation, so that a replay is not swallowed as
/// a duplicate of what it repeats.
fn outgoing(context: &Context, key: &StageKey, next: Next) -> Outgoing {
    match next {
        Next::Parse {
            sender,
            mut request,
        } => {
            // A request of this very message is of the generation that is being worked on.
            if request.message_sid == key.message_sid {
                request.generation = key.generation;
            }
            parse_message(context, &sender, request)
        }
        Next::Due { sender, due } => {
            let mut message = due_message(context, &sender, due, key.generation);
            message.id = message.id.announced_by(&key.message_sid);
            message
        }
    }
}

/// Asks for a request to be understood.
pub(crate) fn parse_message(
    context: &Context,
    sender: &SenderHash,
    request: ParseRequest,
) -> Outgoing {
    Outgoing {
        subject: context.queue.topology().subject(StreamName::Parse, sender),
        id: PublishId::request(&request.message_sid, request.generation),
        headers: Headers::new(),
        payload: encode(&ParsePayload::V1(request)).into(),
    }
}

/// Says that a recipient has something due.
pub(crate) fn due_message(
    context: &Context,
    sender: &SenderHash,
    due: Due,
    generation: i32,
) -> Outgoing {
    let announcement = Announcement {
        sender: sender.clone(),
        due,
        generation,
    };
    announcement.outgoing(context.queue.topology())
}
