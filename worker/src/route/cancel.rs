//! Cancelling requests that are not finished: final for every stage, and each request still gets
//! a final reply of its own, in its own language.

use common::sid::MessageSid;
use sqlx::PgConnection;

use super::turn::Turn;
use crate::{
    failure::Failure,
    reply::{self, ReplyKind},
};

/// How much of a request is quoted.
const QUOTED: usize = 60;

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

/// The beginning of a text, on one line and without WhatsApp's marks of emphasis.
pub(super) fn quoted(text: Option<&str>) -> String {
    let plain = text.unwrap_or_default().replace(['*', '_', '~', '`'], " ");
    let line = plain.split_whitespace().collect::<Vec<_>>().join(" ");
    match line.char_indices().nth(QUOTED) {
        Some((end, _)) => format!("{}…", line[..end].trim_end()),
        None => line,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_request_is_quoted_short_and_plain() {
        assert_eq!(quoted(Some("Fix *login*\n_today_")), "Fix login today");
        let long = quoted(Some(&"palabra ".repeat(20)));
        assert!(
            long.chars().count() <= QUOTED + 1 && long.ends_with("palabra pal…"),
            "{long}"
        );
        assert_eq!(quoted(None), "");
    }
}
