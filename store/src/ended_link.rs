//! `whatsapp_ended_links`: links whose conversations are still to be cleared in Redis.

use sqlx::{PgConnection, PgExecutor};
use uuid::Uuid;

/// Has the conversations of a link cleared, under these keyed hashes of its senders. In the
/// transaction that ends it.
///
/// # Errors
/// When the database does not answer.
pub async fn insert(
    conn: &mut PgConnection,
    link: Uuid,
    senders: &[String],
) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "insert into whatsapp_ended_links (link_id, sender_hashes) values ($1, $2)
         on conflict (link_id) do nothing",
        link,
        senders
    )
    .execute(conn)
    .await
    .map(drop)
}

/// Its conversations are cleared.
///
/// # Errors
/// When the database does not answer.
pub async fn delete(executor: impl PgExecutor<'_>, link: Uuid) -> Result<(), sqlx::Error> {
    sqlx::query!("delete from whatsapp_ended_links where link_id = $1", link)
        .execute(executor)
        .await
        .map(drop)
}

/// Forgets those of these senders, whose conversations are erased by themselves.
///
/// # Errors
/// When the database does not answer.
pub async fn forget(conn: &mut PgConnection, hashes: &[String]) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "delete from whatsapp_ended_links where sender_hashes && $1",
        hashes
    )
    .execute(conn)
    .await
    .map(drop)
}
