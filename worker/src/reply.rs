//! Replies as the stages write them; see [`common::reply`].

use common::texts::Texts;
use parser::Language;
use sqlx::PgConnection;
use store::RecipientId;

pub(crate) use common::reply::{
    Parting, ReplyKind, beginning_of, bold, quoted, write, write_parting,
};

use crate::send::error_code;

/// The text of a final reply, with a line after it where an earlier answer failed for good and
/// the person has not been told yet.
pub(crate) async fn with_news_of_failure(
    conn: &mut PgConnection,
    texts: &Texts,
    language: Language,
    recipient: RecipientId,
    text: String,
) -> Result<String, sqlx::Error> {
    let codes = store::part::note_told(conn, recipient).await?;
    let Some(code) = codes.first() else {
        return Ok(text);
    };
    let class = error_code::of_failure(code.unwrap_or_default()).class;
    Ok(format!(
        "{text}\n\n{}",
        texts.say(language, class.user_text(), &[])
    ))
}
