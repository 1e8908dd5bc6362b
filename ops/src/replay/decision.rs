//! What is missing of a message, by what the ledger has.

use chrono::{DateTime, TimeDelta, Utc};
use common::{
    payload::ParseRequest,
    queue::{ConsumerName, DriftError, Queue, StreamName},
    reply::why_withheld,
    sender::Lane,
    stage::StageName,
};
use sqlx::PgConnection;
use store::{
    RecipientId, ReplyId,
    dead_letter::State as LetterState,
    message::State,
    part::{State as PartState, Withheld},
};

use super::candidates::Candidate;

/// How far the server's clock may be behind ours.
const CLOCKS: TimeDelta = TimeDelta::seconds(5);

/// What is done with a message.
#[derive(Debug)]
pub(super) enum Decision {
    /// Something is missing.
    Missing(Missing),
    /// Nothing to do, and why.
    Skip(&'static str),
}

/// What is missing.
#[derive(Debug)]
pub(super) enum Missing {
    /// It was never routed.
    Route,
    /// The request that it makes was never read.
    Parse(Box<ParseRequest>),
    /// Its answer was written and never sent: the recipient, and the reply.
    Send(RecipientId, ReplyId),
}

impl Missing {
    /// The stage that is repeated.
    pub(super) fn stage(&self) -> &'static str {
        match self {
            Self::Route => StageName::Route.name(),
            Self::Parse(_) => StageName::Parse.name(),
            Self::Send(..) => StageName::Send.name(),
        }
    }
}

impl Decision {
    /// In words, for an operator.
    pub(super) fn words(&self) -> &'static str {
        match self {
            Self::Skip(why) => why,
            Self::Missing(Missing::Route) => "missing: never routed",
            Self::Missing(Missing::Parse(_)) => "missing: the request was never read",
            Self::Missing(Missing::Send(..)) => "missing: the answer was never sent",
        }
    }
}

/// What the queue says: the moments before which nothing is on its way any more.
#[derive(Clone, Copy, Debug)]
pub(super) struct Settled {
    /// When the stream of what came in was created.
    pub(super) stream_created: DateTime<Utc>,
    route: DateTime<Utc>,
    parse: DateTime<Utc>,
    send: DateTime<Utc>,
}

impl Settled {
    /// Looks what waits.
    pub(super) async fn look(queue: &Queue, now: DateTime<Utc>) -> Result<Self, DriftError> {
        let before = async |consumers: Vec<ConsumerName>| {
            let mut before = now - CLOCKS;
            for consumer in consumers {
                let topology = queue.topology();
                let oldest = topology.oldest_waiting(queue.context(), consumer).await?;
                before = oldest.map_or(before, |oldest| oldest.min(before));
            }
            Ok(before)
        };
        let topology = queue.topology();
        let created = topology.created_at(queue.context(), StreamName::Inbound);
        Ok(Self {
            stream_created: DateTime::from_timestamp_millis(created.await?).unwrap_or_default(),
            route: before(Lane::all().map(ConsumerName::Route).collect()).await?,
            parse: before(vec![ConsumerName::Parse]).await?,
            send: before(vec![ConsumerName::Send]).await?,
        })
    }
}

/// What the ledger has of a message.
struct Known {
    state: State,
    generation: i32,
    is_routed: bool,
    routed_at: Option<DateTime<Utc>>,
    is_read: bool,
    replayed_at: Option<DateTime<Utc>>,
}

/// Judges a message, whose row the transaction locks.
pub(super) async fn decide(
    conn: &mut PgConnection,
    candidate: &Candidate,
    settled: &Settled,
) -> anyhow::Result<Decision> {
    let stored_at = candidate.kept.as_ref().map(|kept| kept.stored_at);
    let came_at = stored_at.unwrap_or(candidate.received_at);
    if let Some(why) = buried(conn, candidate.sid.as_str()).await? {
        return Ok(Decision::Skip(why));
    }
    let Some(known) = known(conn, candidate.sid.as_str()).await? else {
        return Ok(never_routed(candidate, came_at, settled));
    };
    if let Some(why) = final_word(known.state) {
        return Ok(Decision::Skip(why));
    }
    let since_then = |at: DateTime<Utc>| known.replayed_at.map_or(at, |replayed| at.max(replayed));
    if !known.is_routed {
        return Ok(never_routed(candidate, since_then(came_at), settled));
    }
    if known.state == State::Routed && !known.is_read {
        let routed_at = known.routed_at.unwrap_or(came_at);
        let request = request(conn, candidate.sid.as_str()).await?;
        return Ok(never_read(
            request,
            since_then(routed_at),
            settled,
            known.generation,
        ));
    }
    unsent(conn, candidate.sid.as_str(), since_then, settled).await
}

/// States that nothing is repeated in.
fn final_word(state: State) -> Option<&'static str> {
    Some(match state {
        State::Refused => "refused: over the limit",
        State::Cancelled => "taken back by its sender",
        State::Forgotten => "its sender was forgotten",
        State::Failed => "given up, and answered so",
        State::Dead => "a dead letter: focobot dead replay",
        State::WaitingProject => "waits for a project",
        State::Received | State::Routed | State::Proposed | State::Replied => return None,
    })
}

fn never_routed(candidate: &Candidate, came_at: DateTime<Utc>, settled: &Settled) -> Decision {
    if came_at >= settled.route {
        Decision::Skip("still on its way")
    } else if candidate.kept.is_none() {
        Decision::Skip("not on the stream any more: focobot reconcile")
    } else {
        Decision::Missing(Missing::Route)
    }
}

fn never_read(
    request: Option<serde_json::Value>,
    since: DateTime<Utc>,
    settled: &Settled,
    generation: i32,
) -> Decision {
    if since >= settled.parse {
        return Decision::Skip("still on its way");
    }
    let request = request.and_then(|json| serde_json::from_value::<ParseRequest>(json).ok());
    match request {
        Some(mut request) => {
            request.generation = generation + 1;
            Decision::Missing(Missing::Parse(Box::new(request)))
        }
        None => Decision::Skip("its request is not kept any more"),
    }
}

async fn known(conn: &mut PgConnection, sid: &str) -> Result<Option<Known>, sqlx::Error> {
    let row = sqlx::query!(
        r#"select state as "state: State", generation, routed_at from whatsapp_messages
           where message_sid = $1 for update"#,
        sid
    )
    .fetch_optional(&mut *conn)
    .await?;
    let Some(row) = row else { return Ok(None) };
    let stages = sqlx::query!(
        r#"select (select p.outcome is not null from whatsapp_message_stages p
                where p.message_sid = $1 and p.stage = 'parse') as is_read,
             exists(select from whatsapp_message_stages r where r.message_sid = $1
                and r.stage = 'route' and r.outcome is not null) as "is_routed!",
             (select max(at) from whatsapp_replays where message_sid = $1) as replayed_at"#,
        sid
    )
    .fetch_one(conn)
    .await?;
    Ok(Some(Known {
        state: row.state,
        generation: row.generation,
        is_routed: stages.is_routed,
        routed_at: row.routed_at,
        is_read: stages.is_read.unwrap_or_default(),
        replayed_at: stages.replayed_at,
    }))
}

/// Whether it is among the dead letters, also where it never came into the ledger.
async fn buried(conn: &mut PgConnection, sid: &str) -> Result<Option<&'static str>, sqlx::Error> {
    let letter = sqlx::query_scalar!(
        r#"select state as "state: LetterState" from whatsapp_dead_letters
           where message_sid = $1 and stage in ('route', 'parse') and state <> 'replayed'
           order by state = 'open' desc limit 1"#,
        sid
    )
    .fetch_optional(conn)
    .await?;
    Ok(letter.map(|state| match state {
        LetterState::Open => "a dead letter: focobot dead replay",
        LetterState::Replayed | LetterState::Discarded => "a dead letter that was discarded",
    }))
}

/// The request that a message makes, as its sender's routing captured it: that of the message itself,
/// or of the one that chose a project.
async fn request(
    conn: &mut PgConnection,
    sid: &str,
) -> Result<Option<serde_json::Value>, sqlx::Error> {
    let found = sqlx::query_scalar!(
        r#"select n -> 'request' as "request?" from whatsapp_messages mine
           join whatsapp_messages m on m.identity = mine.identity
           join whatsapp_message_stages s on s.message_sid = m.message_sid and s.stage = 'route'
           cross join jsonb_array_elements(s.outcome -> 'next') n
           where mine.message_sid = $1 and n ->> 'to' = 'parse/1'
               and n #>> '{request,message_sid}' = $1 limit 1"#,
        sid
    )
    .fetch_optional(conn)
    .await?;
    Ok(found.flatten())
}

/// Whether an answer of it is written and not sent.
async fn unsent(
    conn: &mut PgConnection,
    sid: &str,
    since_then: impl Fn(DateTime<Utc>) -> DateTime<Utc>,
    settled: &Settled,
) -> anyhow::Result<Decision> {
    let part = sqlx::query!(
        r#"select r.recipient_id, r.id, p.state as "state: PartState", p.updated_at, p.not_before,
             p.withheld as "withheld: Withheld"
         from whatsapp_reply_parts p join whatsapp_replies r on r.id = p.reply_id
         where r.message_sid = $1 and p.state <> 'accepted'
         order by p.state = 'failed', r.position, p.part limit 1"#,
        sid
    )
    .fetch_optional(&mut *conn)
    .await?;
    let Some(part) = part else {
        return Ok(Decision::Skip("nothing is missing"));
    };
    if let Some(why) = why_withheld(conn, ReplyId(part.id)).await? {
        return Ok(Decision::Skip(why.words()));
    }
    if let Some(why) = part.withheld {
        return Ok(Decision::Skip(why.words()));
    }
    Ok(match part.state {
        PartState::Failed => Decision::Skip("the answer failed: focobot dead replay"),
        PartState::Held => {
            Decision::Skip("the answer waits until they write: the 24 hours are over")
        }
        PartState::Pending | PartState::Posting | PartState::Unknown | PartState::Accepted => {
            let since = part
                .not_before
                .unwrap_or(part.updated_at)
                .max(part.updated_at);
            if since_then(since) >= settled.send {
                Decision::Skip("still on its way")
            } else {
                Decision::Missing(Missing::Send(
                    RecipientId(part.recipient_id),
                    ReplyId(part.id),
                ))
            }
        }
    })
}
