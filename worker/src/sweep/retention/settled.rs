//! What is settled and old: no answer is to be sent, no dead letter to be replayed, and no request
//! that waited until then is still to be read.

use chrono::{DateTime, Utc};
use sqlx::PgConnection;
use store::ReplyId;

use super::{Step, count, empty};
use crate::engine::stage_error::StageError;

/// A message's place among those that have their text.
pub(super) type Position = (DateTime<Utc>, String);

/// The next messages after that position, oldest first: those that are settled lose their texts.
/// The others are passed until all were looked through.
pub(super) async fn messages(
    conn: &mut PgConnection,
    before: DateTime<Utc>,
    position: &mut Option<Position>,
) -> Result<Step, StageError> {
    let (at, sid) = position.take().unwrap_or_default();
    let rows = sqlx::query!(
        "select message_sid, received_at from whatsapp_messages
         where erased_at is null and received_at < $1 and received_at >= $2
             and (received_at, message_sid) > ($2, $3)
         order by received_at, message_sid limit 100",
        before,
        at,
        sid
    )
    .fetch_all(&mut *conn)
    .await?;
    let found = count(rows.len());
    if found == super::ROWS {
        *position = rows
            .last()
            .map(|row| (row.received_at, row.message_sid.clone()));
    }
    let sids: Vec<String> = rows.into_iter().map(|row| row.message_sid).collect();
    let settled = those_settled(&mut *conn, &sids).await?;
    if !settled.is_empty() {
        empty(conn, &settled).await?;
    }
    Ok(Step::of(found, count(settled.len())))
}

/// Those of these messages with which nothing is to be done any more, locked.
async fn those_settled(
    conn: &mut PgConnection,
    sids: &[String],
) -> Result<Vec<String>, sqlx::Error> {
    sqlx::query_scalar!(
        "select m.message_sid from whatsapp_messages m
         where m.message_sid = any($1) and m.erased_at is null
             and m.state in ('proposed', 'replied', 'failed', 'cancelled', 'refused', 'forgotten')
             and not exists (
                 select from whatsapp_replies r join whatsapp_reply_parts p on p.reply_id = r.id
                 where r.message_sid = m.message_sid
                     and p.state in ('pending', 'posting', 'unknown', 'held'))
             and not exists (
                 select from whatsapp_dead_letters d
                 where d.state = 'open' and d.message_sid = m.message_sid)
             and not exists (
                 select from whatsapp_dead_letters d
                 where d.state = 'open' and d.stage = 'send' and d.sender_hash = m.sender_hash)
             and not exists (
                 select from whatsapp_message_stages s
                 cross join jsonb_array_elements(s.outcome -> 'next') n
                 join whatsapp_messages w on w.message_sid = n #>> '{request,message_sid}'
                 where s.message_sid = m.message_sid
                     and w.state in ('received', 'waiting_project', 'routed', 'dead'))
         for update of m skip locked",
        sids
    )
    .fetch_all(conn)
    .await
}

/// What was said to people who had asked nothing.
pub(super) async fn notices(
    conn: &mut PgConnection,
    before: DateTime<Utc>,
) -> Result<Step, StageError> {
    let ids = sqlx::query_scalar!(
        "select r.id from whatsapp_replies r
         join whatsapp_recipients c on c.id = r.recipient_id
         where r.kind = 'notice' and r.erased_at is null and r.created_at < $1
             and not exists (
                 select from whatsapp_reply_parts p
                 where p.reply_id = r.id
                     and p.state in ('pending', 'posting', 'unknown', 'held'))
             and not exists (
                 select from whatsapp_dead_letters d
                 where d.state = 'open' and d.stage = 'send' and d.sender_hash = c.sender_hash)
         order by r.created_at limit 100",
        before
    )
    .fetch_all(&mut *conn)
    .await?;
    let ids: Vec<ReplyId> = ids.into_iter().map(ReplyId).collect();
    store::reply::erase_notices(conn, &ids).await?;
    let erased = count(ids.len());
    Ok(Step::of(erased, erased))
}

/// Dead letters that were replayed or discarded so long ago. Their headers hold no text.
pub(super) async fn dead_letters(
    conn: &mut PgConnection,
    before: DateTime<Utc>,
) -> Result<Step, StageError> {
    let ids = sqlx::query_scalar!(
        "select id from whatsapp_dead_letters
         where state <> 'open' and settled_at < $1 and octet_length(payload) > 0
         order by settled_at limit 100 for update skip locked",
        before
    )
    .fetch_all(&mut *conn)
    .await?;
    store::dead_letter::erase_payloads(conn, &ids).await?;
    let erased = count(ids.len());
    Ok(Step::of(erased, erased))
}
