//! Erasing a person from our tables, a few messages at a time.

use chrono::{DateTime, Utc};
use sqlx::{PgConnection, PgPool, error::DatabaseError};
use uuid::Uuid;

use super::{Erased, Person, proposals, streams::Queued};

/// Messages of one transaction.
const STEP: i64 = 200;
/// How often a step is begun again that stood in a worker's way.
const MOST_TRIES: u32 = 8;
/// PostgreSQL's words for that: deadlock, and a lock that was waited for in vain.
const IN_THE_WAY: [&str; 2] = ["40P01", "55P03"];

/// Messages that would be erased.
pub(super) async fn count(pool: &PgPool, person: &Person) -> anyhow::Result<i64> {
    let count = sqlx::query_scalar!(
        r#"select count(*) as "count!" from whatsapp_messages
           where identity = any($1) or sender_hash = any($2)"#,
        &person.identities,
        &person.hashes
    )
    .fetch_one(pool)
    .await?;
    Ok(count)
}

/// Ends links and claims.
pub(super) async fn unlink(
    pool: &PgPool,
    person: &Person,
    erased: &mut Erased,
) -> anyhow::Result<()> {
    let ended = store::link::forget(pool, &person.identities).await?;
    let links = ended.iter().filter(|verified| **verified).count();
    erased.links += u64::try_from(links)?;
    erased.claims += u64::try_from(ended.len() - links)?;
    Ok(())
}

/// Makes sure that the ledger knows what is on the streams, as forgotten.
pub(super) async fn note(pool: &PgPool, queued: &[Queued]) -> anyhow::Result<()> {
    let known = queued.iter().filter_map(|queued| {
        let sid = queued.message_sid.as_ref()?;
        Some((sid.to_string(), queued.stored_at))
    });
    let (sids, times): (Vec<String>, Vec<DateTime<Utc>>) = known.unzip();
    Ok(store::message::note_forgotten(pool, &sids, &times).await?)
}

/// Erases messages with all that hangs on them, then the recipient.
pub(super) async fn erase(
    pool: &PgPool,
    person: &Person,
    erased: &mut Erased,
) -> anyhow::Result<()> {
    loop {
        let step = again_if_in_the_way(async || messages(pool, person).await).await?;
        let was_last = step.messages == 0;
        erased.add(step);
        if was_last {
            break;
        }
    }
    erased.add(again_if_in_the_way(async || rest(pool, person).await).await?);
    Ok(())
}

/// Workers lock the same rows in another order: who stands in the way begins again.
async fn again_if_in_the_way(
    step: impl AsyncFn() -> Result<Erased, sqlx::Error>,
) -> anyhow::Result<Erased> {
    let mut tries = 0;
    loop {
        tries += 1;
        let error = match step().await {
            Ok(erased) => return Ok(erased),
            Err(error) => error,
        };
        let code = error.as_database_error().and_then(DatabaseError::code);
        if tries >= MOST_TRIES || !code.is_some_and(|code| IN_THE_WAY.contains(&&*code)) {
            return Err(error.into());
        }
    }
}

/// A message that is erased.
struct Found {
    sid: String,
    user_id: Option<Uuid>,
    proposal_id: Option<Uuid>,
}

/// One step.
async fn messages(pool: &PgPool, person: &Person) -> Result<Erased, sqlx::Error> {
    let mut transaction = pool.begin().await?;
    let conn = &mut *transaction;
    let found = sqlx::query_as!(
        Found,
        "select message_sid as sid, user_id, proposal_id from whatsapp_messages
         where message_sid in (
             select message_sid from whatsapp_messages
             where identity = any($1) or sender_hash = any($2) limit $3)
         order by message_sid for update",
        &person.identities,
        &person.hashes,
        STEP
    )
    .fetch_all(&mut *conn)
    .await?;
    let sids: Vec<String> = found.iter().map(|found| found.sid.clone()).collect();
    let mut erased = Erased {
        messages: u64::try_from(sids.len()).unwrap_or(u64::MAX),
        dead_letters: blank(conn, &sids).await?,
        ..Erased::default()
    };
    for message in &found {
        if let Some(proposal) = message.proposal_id {
            proposals::erase(conn, message.user_id, proposal, &mut erased).await?;
        }
    }
    transaction.commit().await?;
    Ok(erased)
}

/// Blanks the rows of these messages, what the stages made of them, and their dead letters.
async fn blank(conn: &mut PgConnection, sids: &[String]) -> Result<u64, sqlx::Error> {
    store::message::forget(conn, sids).await?;
    store::stage::erase_of_messages(conn, sids).await?;
    store::dead_letter::delete_of_messages(conn, sids).await
}

/// What does not hang on a message in the ledger.
async fn rest(pool: &PgPool, person: &Person) -> Result<Erased, sqlx::Error> {
    let mut transaction = pool.begin().await?;
    let conn = &mut *transaction;
    let letters = store::dead_letter::delete_of_senders(conn, &person.hashes).await?;
    let replies = sqlx::query_scalar!(
        r#"select count(*) as "count!" from whatsapp_replies r
           join whatsapp_recipients c on c.id = r.recipient_id where c.identity = any($1)"#,
        &person.identities
    )
    .fetch_one(&mut *conn)
    .await?;
    // Their replies and the parts of these go with them.
    store::recipient::forget(conn, &person.identities).await?;
    take_out_hashes(conn, person).await?;
    transaction.commit().await?;
    Ok(Erased {
        dead_letters: letters,
        replies: u64::try_from(replies).unwrap_or_default(),
        ..Erased::default()
    })
}

/// Takes their hashes out of what is kept as a record.
async fn take_out_hashes(conn: &mut PgConnection, person: &Person) -> Result<(), sqlx::Error> {
    store::operation::forget(conn, &person.hashes).await?;
    store::link_event::forget(conn, &person.hashes).await?;
    // Their conversations in Redis are erased with them.
    store::ended_link::forget(conn, &person.hashes).await
}
