//! Replies as the stages write them; see [`common::reply`].

use common::texts::Texts;
use parser::Language;
use sqlx::PgConnection;
use uuid::Uuid;

pub(crate) use common::reply::{ReplyKind, beginning_of, bold, quoted, write};

use crate::send::error_code;

/// The text of a final reply, with a line after it where an earlier answer failed for good and
/// the person has not been told yet.
pub(crate) async fn with_news_of_failure(
    conn: &mut PgConnection,
    texts: &Texts,
    language: Language,
    recipient: Uuid,
    text: String,
) -> Result<String, sqlx::Error> {
    let codes = sqlx::query_scalar!(
        "update whatsapp_reply_parts p set told = true
         from whatsapp_replies r
         where r.id = p.reply_id and r.recipient_id = $1 and p.state = 'failed' and not p.told
         returning p.error_code",
        recipient
    )
    .fetch_all(conn)
    .await?;
    let Some(code) = codes.first() else {
        return Ok(text);
    };
    let class = error_code::of_failure(code.unwrap_or_default()).class;
    Ok(format!(
        "{text}\n\n{}",
        texts.say(language, class.user_text(), &[])
    ))
}
