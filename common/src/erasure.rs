//! What the stages captured of what people wrote, taken out: when a person is forgotten, and when
//! it is old.

use sqlx::PgConnection;

/// Empties the outcomes of these messages. One that is empty says that nothing follows.
///
/// # Errors
/// When the database does not answer.
pub async fn of_stages(conn: &mut PgConnection, sids: &[String]) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "update whatsapp_message_stages set outcome = '{}', last_error = null
         where message_sid = any($1) and outcome is not null",
        sids
    )
    .execute(conn)
    .await
    .map(drop)
}
