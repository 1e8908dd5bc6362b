//! What people wrote is erased once it is settled and `FOCO_RETENTION_DAYS` old: texts of messages
//! and answers, what the stages captured, payloads of dead letters. SIDs, states and times stay.
//! Done with the sweep, so by one worker at a time.

use chrono::{DateTime, Utc};
use common::erasure;
use sqlx::PgConnection;

use crate::{context::Context, failure::Failure};

/// Rows of one step: what a transaction locks.
const STEP: i64 = 100;
/// Steps of one look, so that the sweep's other work has its turn.
const MOST_STEPS: usize = 20;

/// Erases what is old enough; answers how many messages, notices and dead letters that were.
pub(crate) async fn erase(context: &Context) -> Result<u64, Failure> {
    let before = context.clock.now() - context.settings.retention;
    let mut erased = 0;
    for _ in 0..MOST_STEPS {
        let mut transaction = context.pool.begin().await?;
        let step = messages(&mut transaction, before).await?
            + notices(&mut transaction, before).await?
            + dead_letters(&mut transaction, before).await?;
        transaction.commit().await?;
        erased += step;
        if step == 0 || context.shutdown.soft().is_cancelled() {
            break;
        }
    }
    Ok(erased)
}

/// Messages that are settled, with all that hangs on them: no answer is to be sent, no dead letter
/// to be replayed, and no request that waited until this one is still to be read.
async fn messages(conn: &mut PgConnection, before: DateTime<Utc>) -> Result<u64, Failure> {
    let sids = sqlx::query_scalar!(
        "select m.message_sid from whatsapp_messages m
         where m.erased_at is null and m.received_at < $1
             and m.state in ('proposed', 'replied', 'failed', 'cancelled', 'refused', 'forgotten')
             and not exists (
                 select from whatsapp_replies r join whatsapp_reply_parts p on p.reply_id = r.id
                 where r.message_sid = m.message_sid and p.state not in ('accepted', 'failed'))
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
         order by m.received_at limit $2 for update of m skip locked",
        before,
        STEP
    )
    .fetch_all(&mut *conn)
    .await?;
    if sids.is_empty() {
        return Ok(0);
    }
    sqlx::query!(
        "update whatsapp_messages set body = null, erased_at = now()
         where message_sid = any($1)",
        &sids
    )
    .execute(&mut *conn)
    .await?;
    erasure::of_stages(&mut *conn, &sids).await?;
    sqlx::query!(
        "update whatsapp_reply_parts p set body = '…' from whatsapp_replies r
         where r.id = p.reply_id and r.message_sid = any($1)",
        &sids
    )
    .execute(conn)
    .await?;
    Ok(u64::try_from(sids.len()).unwrap_or(u64::MAX))
}

/// What was said to people who had asked nothing.
async fn notices(conn: &mut PgConnection, before: DateTime<Utc>) -> Result<u64, Failure> {
    let erased = sqlx::query!(
        "with old as (
             select r.id from whatsapp_replies r
             join whatsapp_recipients c on c.id = r.recipient_id
             where r.kind = 'notice' and r.erased_at is null and r.created_at < $1
                 and not exists (
                     select from whatsapp_reply_parts p
                     where p.reply_id = r.id and p.state not in ('accepted', 'failed'))
                 and not exists (
                     select from whatsapp_dead_letters d
                     where d.state = 'open' and d.stage = 'send'
                         and d.sender_hash = c.sender_hash)
             order by r.created_at limit $2),
         parts as (
             update whatsapp_reply_parts p set body = '…' from old where p.reply_id = old.id)
         update whatsapp_replies r set erased_at = now() from old where r.id = old.id",
        before,
        STEP
    )
    .execute(conn)
    .await?;
    Ok(erased.rows_affected())
}

/// Dead letters that were replayed or discarded so long ago. Their headers hold no text.
async fn dead_letters(conn: &mut PgConnection, before: DateTime<Utc>) -> Result<u64, Failure> {
    let erased = sqlx::query!(
        "update whatsapp_dead_letters set payload = ''
         where id in (
             select id from whatsapp_dead_letters
             where state <> 'open' and settled_at < $1 and octet_length(payload) > 0
             order by settled_at limit $2 for update skip locked)",
        before,
        STEP
    )
    .execute(conn)
    .await?;
    Ok(erased.rows_affected())
}
