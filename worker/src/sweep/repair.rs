//! What the ledger has as handed on, and no stage took up: published again under the same ids.
//! Each reads what is not settled, by indexes that hold nothing else.

use chrono::{DateTime, TimeDelta, Utc};
use common::{
    payload::ParseRequest,
    queue::{ConsumerName, PublishId},
    sender::SenderHash,
    sid::MessageSid,
};
use serde_json::Value;
use uuid::Uuid;

use super::{again, due};
use crate::{
    dead,
    engine::{context::Context, outbox, stage_error::StageError},
    reply::ReplyKind,
    route::WAITS,
};

/// What is younger may still be on its way.
const YOUNG: TimeDelta = TimeDelta::minutes(2);
/// Rows of one look, as the statements have it.
pub(super) const MOST: usize = 500;

/// The moment before which nothing of that consumer's can still be on its way: its oldest waiting
/// message's, or a little ago where none waits.
async fn settled_before(
    context: &Context,
    consumer: ConsumerName,
) -> Result<DateTime<Utc>, StageError> {
    let oldest = context
        .queue
        .topology()
        .oldest_waiting(context.queue.context(), consumer)
        .await;
    let oldest = oldest.map_err(|error| StageError::Unavailable(error.into()))?;
    let young = context.clock.now() - YOUNG;
    Ok(oldest.map_or(young, |oldest| oldest.min(young)))
}

/// Requests that were routed and have no outcome: the ledger still has them as they were captured.
pub(super) async fn unparsed(context: &Context) -> Result<u64, StageError> {
    let before = settled_before(context, ConsumerName::Parse).await?;
    let rows = sqlx::query!(
        r#"select m.message_sid, m.generation, m.traceparent, m.identity, m.received_at,
               m.sender_hash as "sender_hash!", (
                   select n -> 'request' from whatsapp_message_stages s
                   cross join jsonb_array_elements(s.outcome -> 'next') n
                   where s.message_sid = m.message_sid and s.stage = 'route'
                       and s.ended_at < $1 and n ->> 'to' = 'parse/1'
                       and n #>> '{request,message_sid}' = m.message_sid limit 1) as request
           from whatsapp_messages m
           where m.state = 'routed' and m.routed_at < $1
               and m.routed_at > now() - interval '30 days' and m.sender_hash is not null
               and not exists (
                   select from whatsapp_message_stages p
                   where p.message_sid = m.message_sid and p.stage = 'parse'
                       and (p.outcome is not null or p.started_at >= $1))
           order by m.routed_at limit 500"#,
        before
    )
    .fetch_all(&context.pool)
    .await?;
    let mut published = 0;
    for row in rows {
        let request = match (row.request, row.identity) {
            (None, Some(identity)) => {
                let asked = (row.message_sid.as_str(), identity.as_str(), row.received_at);
                released(context, asked, before).await?
            }
            (request, _) => request,
        };
        let request = request.and_then(|found| serde_json::from_value::<ParseRequest>(found).ok());
        let sender = SenderHash::from_stored(&row.sender_hash);
        let (Some(mut request), Some(sender)) = (request, sender) else {
            continue;
        };
        request.generation = row.generation;
        let message = outbox::parse_message(context, &sender, request);
        published += again(context, message, row.traceparent).await?;
    }
    Ok(published)
}

/// A request that waited for a project, as the message captured it that chose one: the sender's
/// within a day, which may have been fetched from Twilio's log a week late.
async fn released(
    context: &Context,
    (sid, identity, at): (&str, &str, DateTime<Utc>),
    before: DateTime<Utc>,
) -> Result<Option<Value>, StageError> {
    let week = TimeDelta::days(7);
    let found = sqlx::query_scalar!(
        r#"select n -> 'request' as "request?"
           from whatsapp_messages o
           join whatsapp_message_stages s on s.message_sid = o.message_sid and s.stage = 'route'
           cross join jsonb_array_elements(s.outcome -> 'next') n
           where o.identity = $2 and o.received_at between $3 and $4 and s.ended_at < $5
               and n ->> 'to' = 'parse/1' and n #>> '{request,message_sid}' = $1
           limit 1"#,
        sid,
        identity,
        at - week,
        at + WAITS + week,
        before
    )
    .fetch_optional(&context.pool)
    .await?;
    Ok(found.flatten())
}

/// Messages whose dead letters an operator has discarded: their senders get the final reply that
/// nobody else will write.
pub(super) async fn discarded(context: &Context) -> Result<u64, StageError> {
    let sids = sqlx::query_scalar!(
        "select m.message_sid from whatsapp_messages m
         cross join lateral (
             select bool_or(d.state = 'discarded' and d.stage in ('route', 'parse')) as discarded,
                 bool_or(d.state = 'open') as open
             from whatsapp_dead_letters d where d.message_sid = m.message_sid) letters
         where m.state = 'dead' and letters.discarded and not letters.open
         order by m.received_at limit 500"
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
async fn give_up(context: &Context, sid: &MessageSid) -> Result<u64, StageError> {
    let mut transaction = context.pool.begin().await?;
    let Some(traceparent) = store::message::fail_dead(&mut transaction, sid).await? else {
        return Ok(0);
    };
    let message =
        dead::notify_sender(context, &mut transaction, sid, ReplyKind::Final, "failed").await?;
    transaction.commit().await?;
    match message {
        Some(message) => again(context, message, traceparent).await,
        None => Ok(0),
    }
}

/// Linking codes that were asked for and never sent, while they are of use. A release before the
/// one that sends them may have had the announcement, so it is another one each minute.
pub(super) async fn codes(context: &Context) -> Result<u64, StageError> {
    let before = settled_before(context, ConsumerName::Send).await?;
    let rows = sqlx::query!(
        "select s.id, s.recipient_id, c.sender_hash
         from whatsapp_code_sends s join whatsapp_recipients c on c.id = s.recipient_id
         where s.state in ('pending', 'posting') and s.updated_at < $1 and s.expires_at > now()
         limit 500",
        before
    )
    .fetch_all(&context.pool)
    .await?;
    for row in rows {
        let Some(mut message) = due(context, (row.recipient_id, row.id), &row.sender_hash, 1)
        else {
            continue;
        };
        let minute = context.clock.now().timestamp() / 60;
        message.id = PublishId::unsent_code(row.id, minute);
        context.queue.publish(message).await?;
    }
    Ok(0)
}

/// Replies that were written and never sent: of the recipients after that one, a bounded number.
/// Returns how many were published again, and the recipient after which the next look goes on;
/// with those that do not move it comes to the others nevertheless.
pub(super) async fn unsent(context: &Context, after: Uuid) -> Result<(u64, Uuid), StageError> {
    let before = settled_before(context, ConsumerName::Send).await?;
    let rows = sqlx::query!(
        r#"select p.id as "id!", c.id as recipient_id, c.sender_hash,
               coalesce(m.generation, 1) as "generation!", p.traceparent
           from (
               select distinct on (p.recipient_id) r.id, p.recipient_id, r.message_sid,
                   r.traceparent
               from whatsapp_reply_parts p
               join whatsapp_replies r on r.id = p.reply_id
               where p.state in ('pending', 'posting', 'unknown') and p.recipient_id > $2
                   and p.updated_at < $1 and r.created_at < $1
                   and (p.not_before is null or p.not_before < $1)
               order by p.recipient_id, r.position limit 500) p
           join whatsapp_recipients c on c.id = p.recipient_id
           left join whatsapp_messages m on m.message_sid = p.message_sid
           order by c.id"#,
        before,
        after
    )
    .fetch_all(&context.pool)
    .await?;
    let next = rows
        .get(MOST - 1)
        .map_or(Uuid::nil(), |last| last.recipient_id);
    let mut published = 0;
    for row in rows {
        let reply = (row.recipient_id, row.id);
        let Some(message) = due(context, reply, &row.sender_hash, row.generation) else {
            continue;
        };
        published += again(context, message, row.traceparent).await?;
    }
    Ok((published, next))
}
