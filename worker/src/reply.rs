//! Writing replies: into rows before anything is sent, one final reply a message and at most one
//! of each interim kind, in parts that Twilio takes.

use common::{sid::MessageSid, texts::Texts, trace::Trace};
use parser::Language;
use sqlx::PgConnection;
use uuid::Uuid;

use crate::send::error_code;

/// Twilio takes 1600 characters (error 21617); how it counts is undocumented, so stay below.
const MOST_CHARACTERS: usize = 1500;
/// Characters of a message that are quoted.
const QUOTED: usize = 60;

/// Which reply of a message it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ReplyKind {
    /// Settles the message.
    Final,
    /// Asks which project a request is for.
    ChooseProject,
    /// It takes a while.
    Working,
    /// The model is away and the request waits.
    WaitingModel,
    /// Something failed and somebody will look at it.
    FailedForNow,
}

impl ReplyKind {
    fn as_str(self) -> &'static str {
        match self {
            Self::Final => "final",
            Self::ChooseProject => "choose_project",
            Self::Working => "working",
            Self::WaitingModel => "waiting_model",
            Self::FailedForNow => "failed_for_now",
        }
    }
}

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
    let class = error_code::look_up(code.unwrap_or_default()).class;
    Ok(format!(
        "{text}\n\n{}",
        texts.say(language, class.user_text(), &[])
    ))
}

/// Writes a reply and its parts. A message that has one of that kind keeps it.
/// Answers the reply's id.
pub(crate) async fn write(
    conn: &mut PgConnection,
    recipient: Uuid,
    message_sid: &MessageSid,
    kind: ReplyKind,
    text: &str,
) -> Result<Uuid, sqlx::Error> {
    let id = Uuid::now_v7();
    let written = sqlx::query!(
        r#"insert into whatsapp_replies (id, recipient_id, message_sid, kind, traceparent)
         values ($1, $2, $3, $4, coalesce($5,
             (select m.traceparent from whatsapp_messages m where m.message_sid = $3)))
         on conflict on constraint whatsapp_replies_one_of_a_kind do nothing
         returning (select m.received_at from whatsapp_messages m
             where m.message_sid = $3 and m.may_be_answered) as "perhaps_since?""#,
        id,
        recipient,
        message_sid.as_str(),
        kind.as_str(),
        Trace::current().map(|trace| trace.traceparent())
    )
    .fetch_optional(&mut *conn)
    .await?;
    let Some(written) = written else {
        return existing(conn, message_sid, kind).await;
    };
    for (number, body) in (1_i32..).zip(split(text)) {
        sqlx::query!(
            // One that Twilio may have is looked for before it is posted.
            "insert into whatsapp_reply_parts (id, reply_id, part, body, state, posted_at)
             values ($1, $2, $3, $4,
                 case when $5::timestamptz is null then 'pending' else 'unknown' end, $5)",
            Uuid::now_v7(),
            id,
            number,
            body,
            written.perhaps_since
        )
        .execute(&mut *conn)
        .await?;
    }
    Ok(id)
}

async fn existing(
    conn: &mut PgConnection,
    message_sid: &MessageSid,
    kind: ReplyKind,
) -> Result<Uuid, sqlx::Error> {
    sqlx::query_scalar!(
        "select id from whatsapp_replies where message_sid = $1 and kind = $2",
        message_sid.as_str(),
        kind.as_str()
    )
    .fetch_one(conn)
    .await
}

/// The beginning of a text, on one line and without WhatsApp's marks of emphasis.
pub(crate) fn quoted(text: Option<&str>) -> String {
    let plain = text.unwrap_or_default().replace(['*', '_', '~', '`'], " ");
    let line = plain.split_whitespace().collect::<Vec<_>>().join(" ");
    match line.char_indices().nth(QUOTED) {
        Some((end, _)) => format!("{}…", line[..end].trim_end()),
        None => line,
    }
}

/// Cuts a text at lines, else at words, else anywhere; several parts are numbered.
fn split(text: &str) -> Vec<String> {
    let numbering = " (99/99)".len();
    let mut parts = Vec::new();
    let mut rest = text.trim();
    while rest.chars().count() > MOST_CHARACTERS {
        let end = rest
            .char_indices()
            .nth(MOST_CHARACTERS - numbering)
            .map_or(rest.len(), |(index, _)| index);
        let head = &rest[..end];
        let cut = head
            .rfind('\n')
            .or_else(|| head.rfind(' '))
            .filter(|&at| at > 0)
            .unwrap_or(end);
        parts.push(rest[..cut].trim_end().to_owned());
        rest = rest[cut..].trim_start();
    }
    if parts.is_empty() {
        return vec![rest.to_owned()];
    }
    parts.push(rest.to_owned());
    let total = parts.len();
    (1..)
        .zip(parts)
        .map(|(n, part)| format!("{part} ({n}/{total})"))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_message_is_quoted_short_and_plain() {
        assert_eq!(quoted(Some("Fix *login*\n_today_")), "Fix login today");
        let long = quoted(Some(&"palabra ".repeat(20)));
        assert!(
            long.chars().count() <= QUOTED + 1 && long.ends_with("pala…"),
            "{long}"
        );
        assert_eq!(quoted(None), "");
    }

    #[test]
    fn a_short_text_is_one_part() {
        assert_eq!(split("hola\n"), ["hola"]);
    }

    #[test]
    fn a_long_text_is_cut_at_lines_and_numbered() {
        let line = "palabra ".repeat(20);
        let text = vec![line.trim(); 30].join("\n");
        let parts = split(&text);
        assert_eq!(parts.len(), 4);
        for (n, part) in (1..).zip(&parts) {
            assert!(part.chars().count() <= MOST_CHARACTERS, "{n}");
            assert!(part.ends_with(&format!("palabra ({n}/4)")), "{part}");
        }
        let words = |text: &str| text.matches("palabra").count();
        assert_eq!(
            parts.iter().map(|part| words(part)).sum::<usize>(),
            words(&text)
        );
    }

    #[test]
    fn a_text_without_any_space_is_cut_all_the_same() {
        let parts = split(&"ñ".repeat(4000));
        assert!(
            parts
                .iter()
                .all(|part| part.chars().count() <= MOST_CHARACTERS)
        );
        assert_eq!(parts.concat().matches('ñ').count(), 4000);
    }
}
