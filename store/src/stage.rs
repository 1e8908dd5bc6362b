//! `whatsapp_message_stages`: a stage's work on a message. Attempts fence each other: only the
//! newest may record, and only where nothing is. The message is locked before its stage.

use serde_json::Value;
use sqlx::{PgConnection, PgExecutor};

use crate::{message::State, sid::MessageSid, word::words};

words! {
    /// A stage whose work the ledger keeps.
    pub enum Stage {
        /// Works out what a message is.
        Route = "route",
        /// Makes a proposal of a request.
        Parse = "parse",
    }
}

/// A stage's work on one generation of a message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Key {
    /// The message.
    pub message_sid: MessageSid,
    /// The stage.
    pub stage: Stage,
    /// The message's generation.
    pub generation: i32,
}

/// What a claim found.
#[derive(Clone, Copy, Debug)]
pub struct Claimed {
    /// The message's generation.
    pub generation: i32,
    /// Where the message stands.
    pub state: State,
    /// The attempt that has begun, and how many before it began and never ended; `None` where there
    /// is nothing to work on.
    pub attempt: Option<(i32, i32)>,
}

/// Claims a message for a stage, unless it is settled for good, is of a newer generation, or the
/// stage's outcome stands. `ended` is an attempt that is known to have ended (0 for none). Shares
/// the message and locks the stage. `None` where the message has no row.
///
/// # Errors
/// When the database does not answer.
pub async fn claim(
    conn: &mut PgConnection,
    key: &Key,
    ended: i32,
) -> Result<Option<Claimed>, sqlx::Error> {
    let found = sqlx::query!(
        r#"with message as (
               select message_sid, generation, state from whatsapp_messages
               where message_sid = $1
               for share),
           claimed as (
               insert into whatsapp_message_stages as s (message_sid, stage, generation)
               select message_sid, $2, $3 from message
               where generation <= $3 and state <> 'forgotten' and state <> all($5)
               on conflict (message_sid, stage) do update set
                   unended = case when s.generation < excluded.generation then 0
                       else s.unended + (s.in_work and s.attempt <> $4)::int end,
                   generation = excluded.generation,
                   attempt = s.attempt + 1,
                   in_work = true,
                   started_at = now()
               where s.outcome is null
               returning attempt, unended)
           select m.generation, m.state as "state: State", c.attempt as "attempt?",
             c.unended as "unended?"
         from message m left join claimed c on true"#,
        key.message_sid.as_str(),
        key.stage.as_str(),
        key.generation,
        ended,
        &State::final_words() as &[&str]
    )
    .fetch_optional(conn)
    .await?;
    Ok(found.map(|found| Claimed {
        generation: found.generation,
        state: found.state,
        attempt: found.attempt.zip(found.unended),
    }))
}

/// An outcome whose follower is counted.
#[derive(Clone, Debug)]
pub struct Followed {
    /// What follows.
    pub outcome: Value,
    /// How often that was begun and did not end, this time included.
    pub follows: i32,
}

/// Counts that what follows from an outcome is taken up. The message is shared. `None` where there
/// is no outcome.
///
/// # Errors
/// When the database does not answer.
pub async fn follow(conn: &mut PgConnection, key: &Key) -> Result<Option<Followed>, sqlx::Error> {
    sqlx::query_as!(
        Followed,
        r#"update whatsapp_message_stages
           set follows = case when generation < $3 then 1 else follows + 1 end, generation = $3
           where message_sid = $1 and stage = $2 and outcome is not null
           returning outcome as "outcome!", follows"#,
        key.message_sid.as_str(),
        key.stage.as_str(),
        key.generation
    )
    .fetch_optional(conn)
    .await
}

/// Writes down that what follows from the outcome was done.
///
/// # Errors
/// When the database does not answer.
pub async fn end_following(executor: impl PgExecutor<'_>, key: &Key) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "update whatsapp_message_stages set follows = 0
         where message_sid = $1 and stage = $2 and follows > 0",
        key.message_sid.as_str(),
        key.stage.as_str()
    )
    .execute(executor)
    .await
    .map(drop)
}

/// Writes down that doing what follows has ended, for this time: that counts nothing.
///
/// # Errors
/// When the database does not answer.
pub async fn give_up_following(
    executor: impl PgExecutor<'_>,
    key: &Key,
) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "update whatsapp_message_stages set follows = follows - 1
         where message_sid = $1 and stage = $2 and generation = $3 and follows > 0",
        key.message_sid.as_str(),
        key.stage.as_str(),
        key.generation
    )
    .execute(executor)
    .await
    .map(drop)
}

/// Records the outcome of an attempt, in the transaction of its effects, with message and stage
/// locked; returns false where the attempt is not the newest any more.
///
/// # Errors
/// When the database does not answer.
pub async fn record(
    conn: &mut PgConnection,
    (key, attempt): (&Key, i32),
    outcome: &Value,
) -> Result<bool, sqlx::Error> {
    let recorded = sqlx::query!(
        "update whatsapp_message_stages
         set outcome = $4, in_work = false, ended_at = now(), last_error = null
         where message_sid = $1 and stage = $2 and attempt = $3 and outcome is null",
        key.message_sid.as_str(),
        key.stage.as_str(),
        attempt,
        outcome
    )
    .execute(conn)
    .await?;
    Ok(recorded.rows_affected() == 1)
}

/// Ends an attempt without an outcome: the next one does not count it.
///
/// # Errors
/// When the database does not answer.
pub async fn end(
    executor: impl PgExecutor<'_>,
    (key, attempt): (&Key, i32),
    error: &str,
) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "update whatsapp_message_stages set in_work = false, last_error = $4
         where message_sid = $1 and stage = $2 and attempt = $3 and outcome is null",
        key.message_sid.as_str(),
        key.stage.as_str(),
        attempt,
        error
    )
    .execute(executor)
    .await
    .map(drop)
}

/// Takes out of the outcomes of these messages what people wrote: when a person is forgotten, and
/// when it is old. One that is empty says that nothing follows. The messages are locked.
///
/// # Errors
/// When the database does not answer.
pub async fn erase_of_messages(
    conn: &mut PgConnection,
    sids: &[String],
) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "update whatsapp_message_stages set outcome = '{}', last_error = null
         where message_sid = any($1) and outcome is not null",
        sids
    )
    .execute(conn)
    .await
    .map(drop)
}

#[cfg(test)]
mod tests {
    use super::Stage;
    use crate::written;

    #[test]
    fn the_stages_are_those_that_the_table_takes() {
        let words: Vec<&str> = Stage::ALL.iter().map(|stage| stage.as_str()).collect();
        let checked = written::words_checked_in("whatsapp_message_stages", "stage");
        assert_eq!(checked, words);
    }
}
