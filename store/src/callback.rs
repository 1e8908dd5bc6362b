//! `whatsapp_status_callbacks`: every callback of Twilio's once, and never changed. Its status is
//! Twilio's own word, of which there may be new ones any day, and so no enum.

use chrono::{DateTime, Utc};
use sqlx::PgConnection;

use crate::{id::PartId, sid::MessageSid};

/// What Twilio says of a message that we sent.
#[derive(Clone, Copy, Debug)]
pub struct Callback<'a> {
    /// The message.
    pub twilio_sid: &'a MessageSid,
    /// Twilio's word.
    pub status: &'a str,
    /// Twilio's error code.
    pub error_code: Option<i32>,
    /// When it came.
    pub received_at: DateTime<Utc>,
}

/// Keeps a callback, with the part that it is about; returns whether it is the first of its kind.
/// Good news are kept as they move their part forward ([`crate::part::move_forward`]).
///
/// # Errors
/// When the database does not answer.
pub async fn keep(
    conn: &mut PgConnection,
    callback: &Callback<'_>,
    part: Option<PartId>,
) -> Result<bool, sqlx::Error> {
    let kept = sqlx::query!(
        "insert into whatsapp_status_callbacks
             (twilio_sid, status, part_id, error_code, received_at)
         values ($1, $2, $3, $4, $5)
         on conflict (twilio_sid, status) do nothing",
        callback.twilio_sid.as_str(),
        callback.status,
        part.map(|part| part.0),
        callback.error_code,
        callback.received_at
    )
    .execute(conn)
    .await?;
    Ok(kept.rows_affected() == 1)
}
