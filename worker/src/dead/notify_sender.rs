//! Telling the sender of a message, in their language, that something went wrong with it: for
//! whoever no longer has the message in hand, but only its row.

use common::{
    identity::{Identity, WaAddress},
    payload::Due,
    queue::Outgoing,
    sender::SenderHash,
    sid::MessageSid,
};
use sqlx::PgConnection;

use crate::{
    engine::{context::Context, outbox::due_message, stage_error::StageError},
    recipient,
    reply::{self, ReplyKind},
};

/// Writes the reply; returns what announces it once it is committed. `None` where the sender of
/// the message is not known.
pub(crate) async fn notify_sender(
    context: &Context,
    conn: &mut PgConnection,
    sid: &MessageSid,
    kind: ReplyKind,
    text: &str,
) -> Result<Option<Outgoing>, StageError> {
    let row = sqlx::query!(
        r#"select language, generation, body, received_at, routed_at, sender_hash as "sender_hash!",
               identity as "identity!", wa_address as "wa_address!"
           from whatsapp_messages
           where message_sid = $1 and identity is not null and wa_address is not null"#,
        sid.as_str()
    )
    .fetch_optional(&mut *conn)
    .await?;
    let Some(row) = row else { return Ok(None) };
    let (Some(sender), Ok(address)) = (
        SenderHash::from_stored(&row.sender_hash),
        WaAddress::parse(&row.wa_address),
    ) else {
        return Ok(None);
    };
    let identity = Identity::from_stored(&row.identity);
    let at = row.received_at;
    let recipient = recipient::wrote(conn, (&identity, None), &sender, &address, at).await?;
    if row.routed_at.is_none() {
        // It was not routed, which would have done this.
        store::part::release_held(conn, recipient.id).await?;
    }
    let of_text = row.body.as_deref().and_then(parser::detect_language);
    let language = row.language.and_then(|tag| tag.parse().ok()).or(of_text);
    let language = language.unwrap_or(parser::Language::En);
    let text = context.texts.say(language, text, &[]);
    let reply = reply::write(conn, recipient.id, sid, kind, &text).await?;
    let due = Due {
        recipient_id: recipient.id.0,
        reply_id: reply.0,
    };
    Ok(Some(due_message(context, &sender, due, row.generation)))
}
