//! Whether a reply may still be said. Decided where it is about to be posted, and so for whatever
//! made it due: what was written under a link is told to nobody once that link has ended.

use sqlx::PgConnection;
use store::{
    ReplyId,
    part::{ERASED, Withheld},
};

use crate::link;

/// Why a reply is told to nobody; `None` where it may be said. A link that stands does so until the
/// transaction ends: whoever would end it waits, and who asks here waits for an end under way.
///
/// What says that the link has ended outlives it, until another account has the phone.
///
/// The statement of [`store::part::intend_at_once`] lets through by itself what none of this concerns: a
/// reason that is added here is added there.
///
/// # Errors
/// When the database does not answer.
pub async fn why_withheld(
    conn: &mut PgConnection,
    reply: ReplyId,
) -> Result<Option<Withheld>, sqlx::Error> {
    let row = sqlx::query!(
        r#"select m.link_id as "link_id?", m.user_id as "user_id?", r.outlives_link, c.identity,
               exists(select from whatsapp_reply_parts p
                   where p.reply_id = r.id and p.body = $2) as "erased!"
           from whatsapp_replies r join whatsapp_recipients c on c.id = r.recipient_id
           left join whatsapp_messages m on m.message_sid = r.message_sid
           where r.id = $1"#,
        reply.0,
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
