//! `whatsapp_link_codes`: when an account asked for codes.

use sqlx::PgConnection;
use uuid::Uuid;

/// Counts one. Under the lock of the account's requests, so that none slips past the count.
///
/// # Errors
/// When the database does not answer, or the account is gone.
pub async fn insert(conn: &mut PgConnection, user: Uuid) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "insert into whatsapp_link_codes (user_id) values ($1)",
        user
    )
    .execute(conn)
    .await
    .map(drop)
}

/// Forgets these.
///
/// # Errors
/// When the database does not answer.
pub async fn delete(conn: &mut PgConnection, ids: &[i64]) -> Result<(), sqlx::Error> {
    sqlx::query!("delete from whatsapp_link_codes where id = any($1)", ids)
        .execute(conn)
        .await
        .map(drop)
}
