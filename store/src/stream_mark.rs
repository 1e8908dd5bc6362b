//! `whatsapp_stream_marks`: how far each stream of NATS was seen to have come.

use chrono::{DateTime, Utc};
use sqlx::PgConnection;

/// Notes that streams were seen with less than they had, unless that is noted.
///
/// # Errors
/// When the database does not answer.
pub async fn note_back(conn: &mut PgConnection, streams: &[String]) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "update whatsapp_stream_marks set went_back_at = now()
         where stream = any($1) and went_back_at is null",
        streams
    )
    .execute(conn)
    .await
    .map(drop)
}

/// Raises marks: which streams, when they were created, their highest sequences. One that was made
/// anew counts anew, and no other goes back. Locks the rows in one order, since several may do it
/// at once.
///
/// # Errors
/// When the database does not answer.
pub async fn raise(
    conn: &mut PgConnection,
    streams: &[String],
    created: &[DateTime<Utc>],
    last: &[i64],
) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "insert into whatsapp_stream_marks as m (stream, created, last_sequence)
         select stream, created, last from unnest($1::text[], $2::timestamptz[], $3::bigint[])
             s (stream, created, last) order by stream
         on conflict (stream) do update set
             created = excluded.created, last_sequence = excluded.last_sequence,
             went_back_at = case when m.created = excluded.created then m.went_back_at end
         where m.created <> excluded.created or m.last_sequence < excluded.last_sequence",
        streams,
        created,
        last
    )
    .execute(conn)
    .await
    .map(drop)
}

/// Notes that all that went back were mended.
///
/// # Errors
/// When the database does not answer.
pub async fn note_mended(conn: &mut PgConnection) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "update whatsapp_stream_marks set went_back_at = null where went_back_at is not null"
    )
    .execute(conn)
    .await
    .map(drop)
}
