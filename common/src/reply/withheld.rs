//! Whether a reply may still be said. Decided where it is about to be posted, and so for whatever
//! made it due: what was written under a link is told to nobody once that link has ended.

use sqlx::PgConnection;
use uuid::Uuid;

use crate::link;

/// What stands in the place of a text that was erased.
pub const ERASED: &str = "…";

/// Why a reply is told to nobody any more.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Withheld {
    /// The link under which it was written has ended or is suspended: somebody else may hold the
    /// number.
    LinkEnded,
    /// Its text was erased.
    Erased,
}

impl Withheld {
    /// All reasons.
    pub const ALL: [Self; 2] = [Self::LinkEnded, Self::Erased];

    /// The word in the database and in metrics.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::LinkEnded => "link_ended",
            Self::Erased => "erased",
        }
    }

    /// In words, for an operator.
    #[must_use]
    pub fn words(self) -> &'static str {
        match self {
            Self::LinkEnded => "the answer is told to nobody: its phone was unlinked since",
            Self::Erased => "the answer's text was erased",
        }
    }
}

/// Why a reply is told to nobody; `None` where it may be said. A link that stands does so until the
/// transaction ends: whoever would end it waits, and who asks here waits for an end under way.
///
/// What says that the link has ended outlives it, until another account has the phone.
///
/// The statement of `worker/src/send/intent.rs` lets through by itself what none of this concerns: a
/// reason that is added here is added there.
///
/// # Errors
/// When the database does not answer.
pub async fn why_withheld(
    conn: &mut PgConnection,
    reply: Uuid,
) -> Result<Option<Withheld>, sqlx::Error> {
    let row = sqlx::query!(
        r#"select m.link_id as "link_id?", m.user_id as "user_id?", r.outlives_link, c.identity,
               exists(select from whatsapp_reply_parts p
                   where p.reply_id = r.id and p.body = $2) as "erased!"
           from whatsapp_replies r join whatsapp_recipients c on c.id = r.recipient_id
           left join whatsapp_messages m on m.message_sid = r.message_sid
           where r.id = $1"#,
        reply,
        ERASED
    )
    .fetch_optional(&mut *conn)
    .await?;
    let Some(row) = row else { return Ok(None) };
    if row.erased {
        return Ok(Some(Withheld::Erased));
    }
    let Some(link) = row.link_id else {
        return Ok(None);
    };
    let stands = sqlx::query_scalar!(
        "select id from whatsapp_user_links
         where id = $1 and verified and suspended_at is null for share",
        link
    )
    .fetch_optional(&mut *conn)
    .await?;
    if stands.is_some() {
        return Ok(None);
    }
    let (user, identity) = (row.user_id.unwrap_or_default(), Some(row.identity.as_str()));
    let outlives =
        row.outlives_link && !link::is_held_by_another(conn, user, identity, identity).await?;
    Ok((!outlives).then_some(Withheld::LinkEnded))
}
