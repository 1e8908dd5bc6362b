//! Cancelling requests that are not finished: final for every stage, and each request still gets
//! a final reply of its own, in its own language.

use common::sid::MessageSid;
use sqlx::PgConnection;

use super::turn::Turn;
use crate::{
    failure::Failure,
    reply::{self, ReplyKind, quoted},
};

/// A request that is still to be carried out.
pub(super) struct Pending {
    pub(super) message_sid: String,
    pub(super) body: Option<String>,
    pub(super) language: Option<String>,
}

/// Cancels a request. Whoever is reading it finds it so when they record.
pub(super) async fn cancel(
    turn: &Turn<'_>,
    conn: &mut PgConnection,
    request: &Pending,
) -> Result<(), Failure> {
    let recipient = sqlx::query_scalar!(
        "with cancelled as (
             update whatsapp_messages set state = 'cancelled', replied_at = now()
             where message_sid = $1 returning identity)
         select r.id from whatsapp_recipients r join cancelled using (identity)",
        request.message_sid
    )
    .fetch_optional(&mut *conn)
    .await?;
    let (Some(recipient), Ok(sid)) = (recipient, MessageSid::parse(&request.message_sid)) else {
        return Ok(());
    };
    let language = request.language.as_deref().and_then(|tag| tag.parse().ok());
    let text = turn.context.texts.say(
        language.unwrap_or(turn.language),
        "cancelled",
        &[("request", quoted(request.body.as_deref()).into())],
    );
    // It goes out before the command's answer: that one's publish names the recipient.
    reply::write(conn, recipient, &sid, ReplyKind::Final, &text).await?;
    Ok(())
}
