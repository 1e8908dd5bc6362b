//! Publishes again, under the same ids, what a next stage never took up: after NATS lost what it
//! had, the ledger still knows what is to be done.

use std::{sync::Arc, time::Duration};

use chrono::{DateTime, TimeDelta, Utc};
use common::{
    payload::{Due, ParseRequest},
    queue::{ConsumerName, Outgoing},
    sender::SenderHash,
    sid::MessageSid,
    trace::Trace,
};
use uuid::Uuid;

use crate::{
    bad_news,
    context::Context,
    expiry,
    failure::Failure,
    outcome::{self, due_message},
    overdue,
    reply::ReplyKind,
    retention,
};

/// How often the ledger is looked through.
const EVERY: Duration = Duration::from_secs(30);
/// What is younger may still be on its way.
const YOUNG: chrono::Duration = chrono::Duration::minutes(2);
/// Rows of one look.
const MOST: i64 = 500;

/// Sweeps until the soft stop. One worker at a time does, whoever is first.
pub(crate) async fn run(context: Arc<Context>) {
    let soft = context.shutdown.soft().clone();
    while tokio::time::timeout(EVERY, soft.cancelled()).await.is_err() {
        match sweep(&context).await {
            Ok(0) => {}
            Ok(count) => {
                tracing::warn!(count, "published again what no stage had taken up");
                metrics::counter!("sweep_published_total").increment(count);
            }
            Err(failure) => tracing::warn!(%failure, "sweeping"),
        }
    }
}

/// One look; answers how many messages were published again.
async fn sweep(context: &Context) -> Result<u64, Failure> {
    let mut transaction = context.pool.begin().await?;
    let mine = sqlx::query_scalar!(
        r#"select pg_try_advisory_xact_lock(hashtext('focobot.sweep')) as "mine!""#
    )
    .fetch_one(&mut *transaction)
    .await?;
    if !mine {
        return Ok(0);
    }
    // It holds the lock, and does nothing else, for as long as the look takes.
    sqlx::query!("set local idle_in_transaction_session_timeout = 0")
        .execute(&mut *transaction)
        .await?;
    let expired = expiry::expire(context).await?;
    if expired > 0 {
        tracing::info!(expired, "requests waited too long for a project");
        metrics::counter!("requests_expired_total").increment(expired);
    }
    let announced = overdue::announce(context).await?;
    tracing::debug!(announced, "what was put off is due");
    context
        .sessions
        .of_links()
        .clear(&context.pool, None)
        .await?;
    codes(context).await?;
    let erased = retention::erase(context).await?;
    if erased > 0 {
        tracing::info!(erased, "texts were old enough to be erased");
        metrics::counter!("texts_erased_total").increment(erased);
    }
    // Each whatever came of the others: what one cannot find must not hide what the next would.
    let published = [
        unparsed(context).await,
        unsent(context).await,
        discarded(context).await,
    ];
    transaction.commit().await?;
    published.into_iter().sum()
}

/// The moment before which nothing of that consumer's can still be on its way: its oldest waiting
/// message's, or a little ago where none waits.
async fn settled_before(
    context: &Context,
    consumer: ConsumerName,
) -> Result<DateTime<Utc>, Failure> {
    let oldest = context
        .queue
        .topology()
        .oldest_waiting(context.queue.context(), consumer)
        .await;
    let oldest = oldest.map_err(|error| Failure::Away(error.into()))?;
    let young = context.clock.now() - YOUNG;
    Ok(oldest.map_or(young, |oldest| oldest.min(young)))
}

/// Requests that were routed and have no outcome: the ledger still has them as they were captured.
async fn unparsed(context: &Context) -> Result<u64, Failure> {
    let before = settled_before(context, ConsumerName::Parse).await?;
    // Few, if any: only then are the outcomes of all that was routed since gone through.
    let oldest = sqlx::query_scalar!(
        "select min(m.routed_at) from whatsapp_messages m
         where m.state = 'routed' and m.routed_at < $1 and m.routed_at > now() - interval '30 days'
             and not exists (
                 select from whatsapp_message_stages p
                 where p.message_sid = m.message_sid and p.stage = 'parse'
                     and (p.outcome is not null or p.started_at >= $1))",
        before
    )
    .fetch_one(&context.pool)
    .await?;
    let Some(oldest) = oldest else { return Ok(0) };
    let rows = sqlx::query!(
        r#"select n -> 'request' as "request!", m.generation, m.traceparent,
               m.sender_hash as "sender_hash!"
           from whatsapp_message_stages s
           cross join jsonb_array_elements(s.outcome -> 'next') n
           join whatsapp_messages m on m.message_sid = n #>> '{request,message_sid}'
           where s.stage = 'route' and s.ended_at < $1
               and s.ended_at > $3 and n ->> 'to' = 'parse/1'
               and m.state = 'routed' and m.sender_hash is not null and not exists (
                   select from whatsapp_message_stages p
                   where p.message_sid = m.message_sid and p.stage = 'parse'
                       and (p.outcome is not null or p.started_at >= $1))
           order by s.ended_at limit $2"#,
        before,
        MOST,
        // A claim's clock and its outcome's are one, but for what a transaction takes.
        oldest - TimeDelta::minutes(5)
    )
    .fetch_all(&context.pool)
    .await?;
    let mut published = 0;
    for row in rows {
        let Some(sender) = SenderHash::from_stored(&row.sender_hash) else {
            continue;
        };
        let Ok(mut request) = serde_json::from_value::<ParseRequest>(row.request) else {
            continue;
        };
        request.generation = row.generation;
        let message = outcome::parse_message(context, &sender, request);
        published += again(context, message, row.traceparent).await?;
    }
    Ok(published)
}

/// The message that says that something is due for a recipient: a reply, or what its id stands for.
pub(crate) fn due(
    context: &Context,
    (recipient_id, reply_id): (Uuid, Uuid),
    sender_hash: &str,
    generation: i32,
) -> Option<Outgoing> {
    let sender = SenderHash::from_stored(sender_hash)?;
    let due = Due {
        recipient_id,
        reply_id,
    };
    Some(due_message(context, &sender, due, generation))
}

/// Publishes in the trace of what it is about; answers 1 unless the stream had it already.
pub(crate) async fn again(
    context: &Context,
    mut message: Outgoing,
    traceparent: Option<String>,
) -> Result<u64, Failure> {
    if let Some(trace) = traceparent.as_deref().and_then(Trace::from_stored) {
        trace.put(&mut message.headers);
    }
    let stored = context.queue.publish(message).await?;
    Ok(u64::from(!stored.duplicate))
}

/// Messages whose dead letters an operator has discarded: their senders get the final reply that
/// nobody else will write.
async fn discarded(context: &Context) -> Result<u64, Failure> {
    let sids = sqlx::query_scalar!(
        "select m.message_sid from whatsapp_messages m
         where m.state = 'dead' and exists (
             select from whatsapp_dead_letters d
             where d.message_sid = m.message_sid and d.state = 'discarded'
                 and d.stage in ('route', 'parse'))
         and not exists (
             select from whatsapp_dead_letters d
             where d.message_sid = m.message_sid and d.state = 'open')
         order by m.received_at limit $1",
        MOST
    )
    .fetch_all(&context.pool)
    .await?;
    let mut told = 0;
    for sid in sids.iter().filter_map(|sid| MessageSid::parse(sid).ok()) {
        told += give_up(context, &sid).await?;
    }
    Ok(told)
}

/// Settles one message as failed for good.
async fn give_up(context: &Context, sid: &MessageSid) -> Result<u64, Failure> {
    let mut transaction = context.pool.begin().await?;
    let settled = sqlx::query!(
        "update whatsapp_messages set state = 'failed', failed_at = now(), replied_at = now()
         where message_sid = $1 and state = 'dead' returning traceparent",
        sid.as_str()
    )
    .fetch_optional(&mut *transaction)
    .await?;
    let Some(settled) = settled else {
        return Ok(0);
    };
    let message =
        bad_news::write(context, &mut transaction, sid, ReplyKind::Final, "failed").await?;
    transaction.commit().await?;
    match message {
        Some(message) => again(context, message, settled.traceparent).await,
        None => Ok(0),
    }
}

/// Linking codes that were asked for and never sent, while they are of use. A release before the
/// one that sends them may have had the announcement, so it is another one each minute.
async fn codes(context: &Context) -> Result<(), Failure> {
    let before = settled_before(context, ConsumerName::Send).await?;
    let rows = sqlx::query!(
        "select s.id, s.recipient_id, c.sender_hash
         from whatsapp_code_sends s join whatsapp_recipients c on c.id = s.recipient_id
         where s.state in ('pending', 'posting') and s.updated_at < $1 and s.expires_at > now()
         limit $2",
        before,
        MOST
    )
    .fetch_all(&context.pool)
    .await?;
    for row in rows {
        let Some(mut message) = due(context, (row.recipient_id, row.id), &row.sender_hash, 1)
        else {
            continue;
        };
        let minute = context.clock.now().timestamp() / 60;
        message.id = format!("code:{}:{minute}", row.id);
        context.queue.publish(message).await?;
    }
    Ok(())
}

/// Replies that were written and never sent.
async fn unsent(context: &Context) -> Result<u64, Failure> {
    let before = settled_before(context, ConsumerName::Send).await?;
    let rows = sqlx::query!(
        r#"select distinct on (r.recipient_id) r.id, r.recipient_id, c.sender_hash,
               coalesce(m.generation, 1) as "generation!", r.traceparent
           from whatsapp_reply_parts p
           join whatsapp_replies r on r.id = p.reply_id
           join whatsapp_recipients c on c.id = r.recipient_id
           left join whatsapp_messages m on m.message_sid = r.message_sid
           where p.state in ('pending', 'posting', 'unknown') and p.updated_at < $1
               and r.created_at < $1 and (p.not_before is null or p.not_before < $1)
           order by r.recipient_id, r.position limit $2"#,
        before,
        MOST
    )
    .fetch_all(&context.pool)
    .await?;
    let mut published = 0;
    for row in rows {
        let reply = (row.recipient_id, row.id);
        let Some(message) = due(context, reply, &row.sender_hash, row.generation) else {
            continue;
        };
        published += again(context, message, row.traceparent).await?;
    }
    Ok(published)
}
