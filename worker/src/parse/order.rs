//! One sender's requests come out in the order in which they came in. They are read side by side,
//! and what was read early waits for an older one; where that one's worker has died, or it waits
//! for the model, the later one goes back to the queue until it has come out.

use std::time::Duration;

use anyhow::anyhow;
use common::payload::ParseRequest;
use sqlx::PgConnection;
use tokio::time::{Instant, sleep};

use crate::engine::{
    context::Context,
    stage_error::{Schedule, StageError},
};

/// How often the ledger is looked at.
const LOOK: Duration = Duration::from_millis(100);

/// How long nothing is heard of a request before it is not waited for.
const SILENCE: Duration = Duration::from_mins(10);

/// How many older requests are looked at, the oldest first. As many as are in work at once, and more:
/// what is looked at does not grow with how many wait.
const MOST_LOOKED_AT: i64 = 64;

/// Where the sender's older requests stand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Older {
    /// All have come out, or nothing has been heard of them for long ([`SILENCE`]).
    Out,
    /// One is being read, as far as the ledger knows, or was handed on just now.
    InWork,
    /// One is to be read again, and nobody does.
    Waits,
    /// The same, and its sender was told that it waits for the model.
    WaitsForModel,
}

/// A request that comes back later, since an older one goes first.
pub(super) struct Later {
    /// Whether that one waits for the model, as this one does with it.
    pub(super) for_model: bool,
    /// How it goes back to the queue.
    pub(super) failure: StageError,
}

/// Whether a request is read now.
pub(super) enum ReadOrder {
    /// It is, and comes out when it has been read: nothing older is under way. Nor will be, since
    /// its sender's messages are routed in their order.
    First,
    /// It is, and comes out after an older one that is being read.
    BehindAnother,
    /// It is not: an older one waits.
    Later(Later),
}

/// Looks before a request is read.
pub(super) async fn before_reading(
    conn: &mut PgConnection,
    context: &Context,
    request: &ParseRequest,
) -> Result<ReadOrder, StageError> {
    let for_model = match older(conn, context, request).await? {
        Older::Out => return Ok(ReadOrder::First),
        Older::InWork => return Ok(ReadOrder::BehindAnother),
        Older::Waits => false,
        Older::WaitsForModel => true,
    };
    let failure = if for_model {
        put_off(context.settings.database.timings.settle)
    } else {
        put_off(Schedule::BUSY.delay(2))
    };
    Ok(ReadOrder::Later(Later { for_model, failure }))
}

/// Before what was read is stored: waits a little for an older one that is being read.
pub(super) async fn wait_for_older(
    context: &Context,
    request: &ParseRequest,
) -> Result<(), StageError> {
    let end = Instant::now() + context.settings.nats.ack_wait;
    loop {
        let mut conn = context.pool.acquire().await?;
        let older = older(&mut conn, context, request).await?;
        drop(conn);
        match older {
            Older::Out => return Ok(()),
            Older::InWork if Instant::now() < end && !context.shutdown.soft().is_cancelled() => {
                sleep(LOOK).await;
            }
            _ => return Err(put_off(Schedule::BUSY.delay(2))),
        }
    }
}

fn put_off(delay: Duration) -> StageError {
    StageError::RetryAfter(delay, anyhow!("an older request of this sender goes first"))
}

async fn older(
    conn: &mut PgConnection,
    context: &Context,
    request: &ParseRequest,
) -> Result<Older, StageError> {
    let found = sqlx::query!(
        r#"select count(*) as "many!",
               coalesce(bool_and(coalesce(o.in_work, o.updated_at > now() - interval '10 seconds')),
                   true) as "in_work!",
               coalesce(bool_or(exists (select from whatsapp_replies r
                   where r.message_sid = o.message_sid and r.kind = 'waiting_model')), false)
                   as "for_model!"
           from (select o.message_sid, o.updated_at, s.in_work
               from whatsapp_messages m
               join whatsapp_messages o on o.identity = m.identity
               left join whatsapp_message_stages s
                   on s.message_sid = o.message_sid and s.stage = 'parse'
               where m.message_sid = $1 and o.state = 'routed' and s.outcome is null
                   and o.received_at > m.received_at - interval '1 day'
                   and (o.stream_created, o.stream_sequence)
                       < (m.stream_created, m.stream_sequence)
                   and coalesce(s.started_at, o.updated_at) > now() - make_interval(secs => $2)
               order by o.stream_created, o.stream_sequence
               limit $3) o"#,
        request.message_sid.as_str(),
        // While PostgreSQL was in trouble nothing could be heard.
        (SILENCE + context.health.trouble_within(SILENCE).unwrap_or_default()).as_secs_f64(),
        MOST_LOOKED_AT
    )
    .fetch_one(conn)
    .await?;
    Ok(match (found.many, found.in_work, found.for_model) {
        (0, ..) => Older::Out,
        (_, true, _) => Older::InWork,
        (_, false, false) => Older::Waits,
        (_, false, true) => Older::WaitsForModel,
    })
}
