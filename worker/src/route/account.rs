//! Whose phone it is.

use common::{
    link::{self, Origin, Telling},
    payload::InboundMessage,
    phone::PhoneNumber,
};
use sqlx::PgConnection;
use uuid::Uuid;

pub(crate) use common::link::Link;

use super::aftermath::Aftermath;
use crate::context::Context;

/// The sender's link, by phone or by business-scoped id; what is recorded under it comes before
/// its end. Where the webhook shows both and the link knew only one, the pair is kept, so that a
/// sender whose phone becomes hidden is still known. A phone whose business-scoped id is another
/// one by now belongs to somebody else: its link is suspended.
pub(super) async fn find(
    context: &Context,
    conn: &mut PgConnection,
    message: &InboundMessage,
    aftermath: &mut Aftermath,
) -> Result<Option<Link>, sqlx::Error> {
    let identity = message.from.identity();
    let phone = identity.phone().map(PhoneNumber::reveal);
    let external = external_id(message);
    // Once more after a suspension: the id by itself may be somebody's.
    for _ in 0..2 {
        let found = sqlx::query!(
            "select id, user_id, phone, wa_user_id from whatsapp_user_links
             where verified and suspended_at is null
                 and (phone = $1 or wa_user_id = $2)
             order by phone is not distinct from $1 desc
             limit 1
             for share",
            phone,
            external
        )
        .fetch_optional(&mut *conn)
        .await?;
        let Some(row) = found else { return Ok(None) };
        if matches!((&row.wa_user_id, &external), (Some(known), Some(shown)) if known != shown) {
            changed_hands(context, conn, row.id, message, aftermath).await?;
            continue;
        }
        let knows_all = (row.phone.is_some() || phone.is_none())
            && (row.wa_user_id.is_some() || external.is_none());
        if !knows_all {
            keep_pair(conn, row.id, phone, external.as_deref()).await?;
        }
        return Ok(Some(Link {
            id: row.id,
            user_id: row.user_id,
        }));
    }
    Ok(None)
}

/// Keeps what the link did not know, unless another link has it.
async fn keep_pair(
    conn: &mut PgConnection,
    link: Uuid,
    phone: Option<&str>,
    external: Option<&str>,
) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "update whatsapp_user_links set phone = coalesce(phone, $2),
             wa_user_id = coalesce(wa_user_id, $3)
         where id = $1 and not exists (
             select from whatsapp_user_links
             where verified and id <> $1 and (phone = $2 or wa_user_id = $3))",
        link,
        phone,
        external
    )
    .execute(conn)
    .await
    .map(drop)
}

/// Suspends a link; whoever has the number now is told nothing of what was written under it.
async fn changed_hands(
    context: &Context,
    conn: &mut PgConnection,
    link: Uuid,
    message: &InboundMessage,
    aftermath: &mut Aftermath,
) -> Result<(), sqlx::Error> {
    let origin = Origin::Chat(&message.message_sid);
    let Some(ended) = link::suspend(conn, link, origin).await? else {
        return Ok(());
    };
    tracing::warn!(%link, "a linked number has changed hands; its link is suspended");
    metrics::counter!("links_suspended_total").increment(1);
    let told = ended.tell(conn, &context.texts, Telling::Stranger).await?;
    aftermath.note(ended.link, told);
    Ok(())
}

/// The sender's business-scoped id, without Twilio's prefix.
pub(super) fn external_id(message: &InboundMessage) -> Option<String> {
    let shown = message
        .external_user_id
        .as_ref()
        .map(common::personal::PersonalText::reveal);
    let shown = shown.map(|id| id.strip_prefix("whatsapp:").unwrap_or(id).to_owned());
    shown
        .filter(|id| !id.is_empty())
        .or_else(|| match message.from.identity() {
            common::identity::Identity::BusinessScoped(id) => Some(id),
            common::identity::Identity::Phone(_) => None,
        })
}
