//! Phones of people who never wrote to us: of claims whose code was never typed, and of those whom
//! a code or a notice was sent. Kept while a callback may still come, and a while to look at.

use chrono::{DateTime, TimeDelta, Utc};
use sqlx::PgConnection;
use store::RecipientId;
use uuid::Uuid;

use super::{Step, count};
use crate::engine::stage_error::StageError;

/// How long after a code is void, or after the last thing that was done for them.
const WEEK: TimeDelta = TimeDelta::days(7);
/// When codes were asked for counts for an hour.
const DAY: TimeDelta = TimeDelta::days(1);

/// A recipient's place among those who never wrote.
pub(super) type Position = (DateTime<Utc>, Uuid);

/// Forgets the next of them after that position. They count as no texts.
pub(super) async fn forget(
    conn: &mut PgConnection,
    now: DateTime<Utc>,
    position: &mut Option<Position>,
) -> Result<Step, StageError> {
    let claims = claims(conn, now - WEEK).await?;
    let asked = codes_asked_for(conn, now - DAY).await?;
    let seen = recipients(conn, now - WEEK, position).await?;
    let mut step = Step::of(claims, 0);
    step += Step::of(asked, 0);
    step += Step::of(seen, 0);
    Ok(step)
}

/// What was claimed and never proven, with the sends of its codes. One without a code waits for it.
async fn claims(conn: &mut PgConnection, before: DateTime<Utc>) -> Result<u64, sqlx::Error> {
    let ids = sqlx::query_scalar!(
        "select id from whatsapp_user_links
         where not verified and verification_code_expires_at < $1
         order by verification_code_expires_at limit 100 for update skip locked",
        before
    )
    .fetch_all(&mut *conn)
    .await?;
    store::link::delete_claims(conn, &ids).await?;
    Ok(count(ids.len()))
}

async fn codes_asked_for(
    conn: &mut PgConnection,
    before: DateTime<Utc>,
) -> Result<u64, sqlx::Error> {
    let ids = sqlx::query_scalar!(
        r#"select id as "id!" from (
               select id, made_at from whatsapp_link_codes order by id limit 100) oldest
           where made_at < $1"#,
        before
    )
    .fetch_all(&mut *conn)
    .await?;
    store::link_code::delete(conn, &ids).await?;
    Ok(count(ids.len()))
}

/// Whom a verified link names has a phone that is known in any case, and stays.
async fn recipients(
    conn: &mut PgConnection,
    before: DateTime<Utc>,
    position: &mut Option<Position>,
) -> Result<u64, sqlx::Error> {
    let (at, id) = position.take().unwrap_or_default();
    let rows = sqlx::query!(
        "select id, updated_at from whatsapp_recipients
         where last_inbound_at is null and updated_at < $1 and updated_at >= $2
             and (updated_at, id) > ($2, $3)
         order by updated_at, id limit 100",
        before,
        at,
        id
    )
    .fetch_all(&mut *conn)
    .await?;
    let seen = count(rows.len());
    if seen == super::ROWS {
        *position = rows.last().map(|row| (row.updated_at, row.id));
    }
    let ids: Vec<Uuid> = rows.into_iter().map(|row| row.id).collect();
    let ids = sqlx::query_scalar!(
        "select c.id from whatsapp_recipients c
         where c.id = any($1) and c.last_inbound_at is null and c.updated_at < $2
             and not exists (
                 select from whatsapp_user_links l
                 where l.verified and (l.phone = c.identity or l.wa_user_id = c.identity))
             and not exists (
                 select from whatsapp_code_sends s
                 where s.recipient_id = c.id and s.updated_at >= $2)
             and not exists (
                 select from whatsapp_replies r
                 where r.recipient_id = c.id
                     and (r.message_sid is not null or r.created_at >= $2))
         for update of c skip locked",
        &ids,
        before
    )
    .fetch_all(&mut *conn)
    .await?;
    let ids: Vec<RecipientId> = ids.into_iter().map(RecipientId).collect();
    store::recipient::delete(conn, &ids).await?;
    Ok(seen)
}
