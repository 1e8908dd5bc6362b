//! `focobot dead replay`: back into the stream it was taken from, under a new generation, so that
//! no de-duplication swallows it; what was done already is not done again, by the ledger.

use std::process::ExitCode;

use common::{
    payload::{OutboundPayload, ParsePayload, decode, encode},
    queue::{Headers, Outgoing, PublishId, Queue, headers},
    reply::why_withheld,
    settings::Environment,
    sid::MessageSid,
};
use sqlx::{PgConnection, PgPool};
use store::{RecipientId, ReplyId, message::State};
use tokio::sync::OnceCell;
use uuid::Uuid;

use super::{
    filter::Scope,
    settle::{self, Settled, Words},
};
use crate::{args, connections};

const WORDS: Words = Words {
    verb: "replay",
    done: "Replayed",
};

/// A dead letter on its way back.
struct Letter {
    id: i64,
    stage: String,
    subject: String,
    payload: Vec<u8>,
    message_sid: Option<String>,
    /// The trace in which it began, however often it was replayed since.
    trace: Option<String>,
    /// The reply that failed, for a letter of send's.
    reply: Option<Uuid>,
}

/// Replays those of the scope that are open.
pub(super) async fn run(
    env: &Environment,
    scope: &Scope,
    rate: u32,
    json: bool,
) -> anyhow::Result<ExitCode> {
    let pool = connections::database(env).await?;
    let traces = connections::traces(env)?;
    let by = args::sender::operator(env);
    let queue = OnceCell::new();
    let replay = |id| {
        let (pool, queue, by) = (&pool, &queue, &by);
        async move {
            // A dry run and a wrong scope need no NATS.
            let queue = queue.get_or_try_init(|| connections::queue(env)).await?;
            replay(pool, queue, id, by).await
        }
    };
    let code = settle::each(env, &pool, scope, rate, (WORDS, json), replay).await?;
    if let Some(queue) = queue.get() {
        queue.close().await;
    }
    traces.end().await;
    Ok(code)
}

/// Raises the message's generation, publishes, and marks the letter; all of it, or the letter stays
/// open and can be replayed again, which the ledger makes harmless.
async fn replay(pool: &PgPool, queue: &Queue, id: i64, by: &str) -> anyhow::Result<Settled> {
    let mut transaction = pool.begin().await?;
    let letter = sqlx::query_as!(
        Letter,
        r#"select id, stage, subject, payload, message_sid,
               coalesce(headers ->> 'Foco-Replay-Of', headers ->> 'traceparent') as trace,
               (headers ->> 'Foco-Dead-Reply')::uuid as reply
           from whatsapp_dead_letters where id = $1 and state = 'open' for update"#,
        id
    )
    .fetch_optional(&mut *transaction)
    .await?;
    let Some(letter) = letter else {
        return Ok(Settled::Skipped(settle::SETTLED));
    };
    // The send stage decides it once more, as it is about to post.
    if let Some(reply) = letter.reply
        && let Some(why) = why_withheld(&mut transaction, ReplyId(reply)).await?
    {
        return Ok(Settled::Skipped(why.words()));
    }
    let generation = match raise_generation(&mut transaction, &letter).await? {
        Ok(generation) => generation,
        Err(why) => return Ok(Settled::Skipped(why)),
    };
    if letter.stage == "send" {
        release_failed_parts(&mut transaction, &letter).await?;
    }
    // Before the commit, whose lock the worker waits for: what is marked as replayed is stored.
    queue.publish(outgoing(&letter, generation)).await?;
    store::dead_letter::mark_replayed(&mut transaction, letter.id, by).await?;
    transaction.commit().await?;
    Ok(Settled::Done)
}

/// The generation to replay under, or why the message is settled for good.
async fn raise_generation(
    conn: &mut PgConnection,
    letter: &Letter,
) -> anyhow::Result<Result<i32, &'static str>> {
    let sid = letter.message_sid.as_deref();
    let Some(sid) = sid.and_then(|sid| MessageSid::parse(sid).ok()) else {
        return Ok(Ok(1));
    };
    let known = sqlx::query_scalar!(
        r#"select state as "state: State" from whatsapp_messages where message_sid = $1 for update"#,
        sid.as_str()
    )
    .fetch_optional(&mut *conn)
    .await?;
    let Some(state) = known else {
        return Ok(Ok(1));
    };
    match state {
        State::Forgotten => Ok(Err("its sender was forgotten")),
        // A reply is sent again; the work on its message goes on under the generation it has.
        _ if letter.stage == "send" => Ok(Ok(1)),
        State::Refused => Ok(Err("refused: over the limit")),
        State::Cancelled => Ok(Err("taken back by its sender")),
        State::Received
        | State::WaitingProject
        | State::Routed
        | State::Proposed
        | State::Replied
        | State::Failed
        | State::Dead => Ok(Ok(store::message::revive(conn, &sid).await?)),
    }
}

/// A reply that Twilio refused for good is due again. A letter that names none, or cannot be read,
/// releases nothing: what is due is sent as it goes back.
async fn release_failed_parts(conn: &mut PgConnection, letter: &Letter) -> anyhow::Result<()> {
    let (Some(reply), Ok(OutboundPayload::V1(due))) = (letter.reply, decode(&letter.payload))
    else {
        return Ok(());
    };
    // The worker's claim waits for this lock: else it could look before the commit, and find
    // nothing due.
    sqlx::query!(
        "select id from whatsapp_recipients where id = $1 for update",
        due.recipient_id
    )
    .fetch_optional(&mut *conn)
    .await?;
    let of = (RecipientId(due.recipient_id), ReplyId(reply));
    Ok(store::part::revive(conn, of).await?)
}

/// The message as it goes back.
fn outgoing(letter: &Letter, generation: i32) -> Outgoing {
    let mut with = Headers::new();
    with.insert(headers::GENERATION, generation.to_string().as_str());
    if let Some(first) = &letter.trace {
        with.insert(headers::REPLAY_OF, first.as_str());
    }
    let payload = match letter.stage.as_str() {
        "parse" => match decode(&letter.payload) {
            Ok(ParsePayload::V1(mut request)) => {
                request.generation = generation;
                encode(&ParsePayload::V1(request))
            }
            // It could not be read then; perhaps a newer worker can now.
            Err(_) => letter.payload.clone(),
        },
        _ => letter.payload.clone(),
    };
    Outgoing {
        subject: letter.subject.clone(),
        id: PublishId::replay(letter.id, generation),
        headers: with,
        payload: payload.into(),
    }
}
