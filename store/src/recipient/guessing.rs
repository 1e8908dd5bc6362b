//! Who guesses codes: wrong ones are counted at whoever sends them. The row is locked by whoever
//! has asked whether it may try.

use chrono::{DateTime, Utc};
use sqlx::PgConnection;

use crate::id::RecipientId;

/// What was counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct WrongCodes {
    /// Wrong codes in a row since the last right one or the last lock.
    pub wrong_codes: i32,
    /// Locks in a row.
    pub code_locks: i32,
}

/// Counts a wrong code that came at `at`; what was before `forgotten` counts nothing.
///
/// # Errors
/// When the database does not answer.
pub async fn count_wrong_code(
    conn: &mut PgConnection,
    recipient: RecipientId,
    (forgotten, at): (DateTime<Utc>, DateTime<Utc>),
) -> Result<WrongCodes, sqlx::Error> {
    sqlx::query_as!(
        WrongCodes,
        "update whatsapp_recipients set
             wrong_codes = case when wrong_code_at > $2 then wrong_codes else 0 end + 1,
             code_locks = case when greatest(wrong_code_at, locked_until) > $2
                 then code_locks else 0 end,
             wrong_code_at = $3
         where id = $1 returning wrong_codes, code_locks",
        recipient.0,
        forgotten,
        at
    )
    .fetch_one(conn)
    .await
}

/// Takes no code from them until then: the lock of that number in a row.
///
/// # Errors
/// When the database does not answer.
pub async fn lock_codes(
    conn: &mut PgConnection,
    recipient: RecipientId,
    locks: i32,
    until: DateTime<Utc>,
) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "update whatsapp_recipients set wrong_codes = 0, code_locks = $2, locked_until = $3
         where id = $1",
        recipient.0,
        locks,
        until
    )
    .execute(conn)
    .await
    .map(drop)
}

/// Forgets wrong codes and locks; returns whether there was something.
///
/// # Errors
/// When the database does not answer.
pub async fn forgive_wrong_codes(
    conn: &mut PgConnection,
    recipient: RecipientId,
) -> Result<bool, sqlx::Error> {
    let forgiven = sqlx::query!(
        "update whatsapp_recipients
         set wrong_codes = 0, code_locks = 0, wrong_code_at = null, locked_until = null
         where id = $1 and (wrong_codes > 0 or code_locks > 0 or locked_until is not null)",
        recipient.0
    )
    .execute(conn)
    .await?;
    Ok(forgiven.rows_affected() > 0)
}
