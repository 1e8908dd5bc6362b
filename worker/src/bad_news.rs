//! Telling the sender of a message, in their language, that something went wrong with it: for
//! whoever no longer has the message in hand, but only its row.

use common::{payload::Due, queue::Outgoing, sender::SenderHash, sid::MessageSid};
use sqlx::PgConnection;

use crate::{
    context::Context,
    failure::Failure,
    outcome::due_message,
    reply::{self, ReplyKind},
};

/// Writes the reply; answers what announces it once it is committed. `None` where the sender of
/// the message is not known.
pub(crate) async fn write(
    context: &Context,
    conn: &mut PgConnection,
    sid: &MessageSid,
    kind: ReplyKind,
    text: &str,
) -> Result<Option<Outgoing>, Failure> {
    let row = sqlx::query!(
        r#"select m.language, m.generation, m.sender_hash, m.body, r.id as recipient
           from whatsapp_messages m join whatsapp_recipients r on r.identity = m.identity
           where m.message_sid = $1"#,
        sid.as_str()
    )
    .fetch_optional(&mut *conn)
    .await?;
    let Some(row) = row else { return Ok(None) };
    let Some(sender) = row.sender_hash.as_deref().and_then(SenderHash::from_stored) else {
        return Ok(None);
    };
    let of_text = row.body.as_deref().and_then(parser::detect_language);
    let language = row.language.and_then(|tag| tag.parse().ok()).or(of_text);
    let language = language.unwrap_or(parser::Language::En);
    let text = context.texts.say(language, text, &[]);
    let due = Due {
        recipient_id: row.recipient,
        reply_id: reply::write(conn, row.recipient, sid, kind, &text).await?,
    };
    Ok(Some(due_message(context, &sender, due, row.generation)))
}
