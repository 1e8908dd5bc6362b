//! `whatsapp_dead_letters`: what a stage gave up on, with all that is needed to look at it and to
//! replay it.

use serde_json::Value;
use sqlx::{PgConnection, PgExecutor};

use crate::word::words;

words! {
    /// Where a dead letter stands.
    pub enum State {
        /// Nobody has done anything about it.
        Open = "open",
        /// An operator has put it back where it came from.
        Replayed = "replayed",
        /// It will not be worked on again.
        Discarded = "discarded",
    }
}

impl State {
    /// Whether a letter that stands here may come to stand there, or stays: it is settled once.
    #[must_use]
    pub const fn may_become(self, next: Self) -> bool {
        match (self, next) {
            (Self::Open, Self::Replayed | Self::Discarded) => true,
            _ => self as u8 == next as u8,
        }
    }
}

/// A dead letter.
pub struct Letter<'a> {
    /// Where it was taken from: it is filed once for each.
    pub source: &'a str,
    /// The message, where it could be told.
    pub message_sid: Option<&'a str>,
    /// The sender's keyed hash.
    pub sender_hash: &'a str,
    /// The stage that gave up.
    pub stage: &'a str,
    /// The class of why.
    pub reason: &'a str,
    /// What went wrong, without content.
    pub error: &'a str,
    /// How many attempts there were.
    pub attempts: i32,
    /// Where it was taken from, and goes back to.
    pub subject: &'a str,
    /// The payload as it was.
    pub payload: &'a [u8],
    /// The headers as they were.
    pub headers: Value,
}

/// Files a letter as `open`, once; a row that is there stays as it is.
///
/// # Errors
/// When the database does not answer.
pub async fn file(conn: &mut PgConnection, letter: &Letter<'_>) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "insert into whatsapp_dead_letters (source, message_sid, sender_hash, stage, reason, error,
             attempts, subject, payload, headers)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
         on conflict (source) do nothing",
        letter.source,
        letter.message_sid,
        letter.sender_hash,
        letter.stage,
        letter.reason,
        letter.error,
        letter.attempts,
        letter.subject,
        letter.payload,
        letter.headers
    )
    .execute(conn)
    .await
    .map(drop)
}

/// Writes down that an operator has put it back. The letter is locked, and was found `open`.
///
/// # Errors
/// When the database does not answer.
pub async fn mark_replayed(conn: &mut PgConnection, id: i64, by: &str) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "update whatsapp_dead_letters set state = 'replayed', settled_at = now(),
             settled_by = $2 || ' as ' || session_user
         where id = $1",
        id,
        by
    )
    .execute(conn)
    .await
    .map(drop)
}

/// Discards it, by an operator; returns whether it was `open`.
///
/// # Errors
/// When the database does not answer.
pub async fn discard(
    executor: impl PgExecutor<'_>,
    id: i64,
    by: &str,
) -> Result<bool, sqlx::Error> {
    let discarded = sqlx::query!(
        "update whatsapp_dead_letters set state = 'discarded', settled_at = now(),
             settled_by = $2 || ' as ' || session_user
         where id = $1 and state = 'open'",
        id,
        by
    )
    .execute(executor)
    .await?;
    Ok(discarded.rows_affected() == 1)
}

/// Discards what is old, with what it holds of these messages, which are locked.
///
/// # Errors
/// When the database does not answer.
pub async fn discard_erased_of_messages(
    conn: &mut PgConnection,
    sids: &[String],
) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "update whatsapp_dead_letters
         set payload = '', state = 'discarded', settled_at = now(), settled_by = 'retention'
         where message_sid = any($1) and state = 'open'",
        sids
    )
    .execute(conn)
    .await
    .map(drop)
}

/// The same for letters that are about no message. They are locked, and were found `open`.
///
/// # Errors
/// When the database does not answer.
pub async fn discard_erased(conn: &mut PgConnection, ids: &[i64]) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "update whatsapp_dead_letters
         set payload = '', state = 'discarded', settled_at = now(), settled_by = 'retention'
         where id = any($1)",
        ids
    )
    .execute(conn)
    .await
    .map(drop)
}

/// Takes the payloads out of these letters, which are settled and locked.
///
/// # Errors
/// When the database does not answer.
pub async fn erase_payloads(conn: &mut PgConnection, ids: &[i64]) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "update whatsapp_dead_letters set payload = '' where id = any($1)",
        ids
    )
    .execute(conn)
    .await
    .map(drop)
}

/// Deletes those of these messages, which are locked; returns how many.
///
/// # Errors
/// When the database does not answer.
pub async fn delete_of_messages(
    conn: &mut PgConnection,
    sids: &[String],
) -> Result<u64, sqlx::Error> {
    let letters = sqlx::query!(
        "delete from whatsapp_dead_letters where message_sid = any($1)",
        sids
    )
    .execute(conn)
    .await?;
    Ok(letters.rows_affected())
}

/// Deletes those of these senders, by their keyed hashes; returns how many.
///
/// # Errors
/// When the database does not answer.
pub async fn delete_of_senders(
    conn: &mut PgConnection,
    hashes: &[String],
) -> Result<u64, sqlx::Error> {
    let letters = sqlx::query!(
        "delete from whatsapp_dead_letters where sender_hash = any($1)",
        hashes
    )
    .execute(conn)
    .await?;
    Ok(letters.rows_affected())
}

#[cfg(test)]
mod tests {
    use super::State;
    use crate::written;

    const TABLE: &str = "whatsapp_dead_letters";

    #[test]
    fn the_states_are_those_that_the_table_takes() {
        let words: Vec<&str> = State::ALL.iter().map(|state| state.as_str()).collect();
        assert_eq!(written::words_checked_in(TABLE, "state"), words);
    }

    #[test]
    fn every_statement_keeps_to_the_transitions() {
        let states = (State::ALL, State::as_str as fn(State) -> _);
        written::all_follow((TABLE, 4), states, State::may_become);
    }
}
