//! What was never settled: a request that waits, a reply that is held until somebody writes, a dead
//! letter that nobody looked at. It has a longer time, and then it ends as failed, without a word:
//! nobody expects an answer any more, and one without its text is none.

use chrono::{DateTime, Utc};
use sqlx::PgConnection;
use store::ReplyId;

use super::{Step, count, empty};
use crate::engine::stage_error::StageError;

/// Ends and erases what came before that moment.
pub(super) async fn erase(
    conn: &mut PgConnection,
    before: DateTime<Utc>,
) -> Result<Step, StageError> {
    let mut step = messages(conn, before).await?;
    step += notices(conn, before).await?;
    step += dead_letters(conn, before).await?;
    Ok(step)
}

async fn messages(conn: &mut PgConnection, before: DateTime<Utc>) -> Result<Step, StageError> {
    let sids = sqlx::query_scalar!(
        "select message_sid from whatsapp_messages
         where erased_at is null and received_at < $1
         order by received_at limit 100 for update skip locked",
        before
    )
    .fetch_all(&mut *conn)
    .await?;
    store::message::fail_unsettled(conn, &sids).await?;
    store::part::fail_erased_of_messages(conn, &sids).await?;
    store::dead_letter::discard_erased_of_messages(conn, &sids).await?;
    empty(conn, &sids).await?;
    let erased = count(sids.len());
    Ok(Step::of(erased, erased))
}

/// What was to be said to people who had asked nothing.
async fn notices(conn: &mut PgConnection, before: DateTime<Utc>) -> Result<Step, StageError> {
    let ids = sqlx::query_scalar!(
        "select id from whatsapp_replies
         where kind = 'notice' and erased_at is null and created_at < $1
         order by created_at limit 100 for update skip locked",
        before
    )
    .fetch_all(&mut *conn)
    .await?;
    let ids: Vec<ReplyId> = ids.into_iter().map(ReplyId).collect();
    store::part::fail_erased_of_notices(conn, &ids).await?;
    store::reply::erase_notices(conn, &ids).await?;
    let erased = count(ids.len());
    Ok(Step::of(erased, erased))
}

/// Dead letters that are about no message of the ledger; the others end with theirs, so that
/// nobody is told of it now.
async fn dead_letters(conn: &mut PgConnection, before: DateTime<Utc>) -> Result<Step, StageError> {
    let ids = sqlx::query_scalar!(
        "select id from whatsapp_dead_letters d
         where state = 'open' and dead_at < $1 and not exists (
             select from whatsapp_messages m
             where m.message_sid = d.message_sid and m.erased_at is null)
         order by dead_at limit 100 for update skip locked",
        before
    )
    .fetch_all(&mut *conn)
    .await?;
    store::dead_letter::discard_erased(conn, &ids).await?;
    let erased = count(ids.len());
    Ok(Step::of(erased, erased))
}
