//! Whose phone it is.

use common::payload::InboundMessage;
use sqlx::PgConnection;
use uuid::Uuid;

/// A verified link.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Link {
    pub(crate) id: Uuid,
    pub(crate) user_id: Uuid,
}

/// The sender's link, by phone or by business-scoped id. Where the webhook shows both and the
/// link knew only one, the pair is kept, so that a sender whose phone becomes hidden is still
/// known; a phone whose business-scoped id is another one by now belongs to somebody else.
pub(super) async fn find(
    conn: &mut PgConnection,
    message: &InboundMessage,
) -> Result<Option<Link>, sqlx::Error> {
    let identity = message.from.identity();
    let phone = identity.phone().map(common::phone::PhoneNumber::reveal);
    let external = external_id(message);
    let found = sqlx::query!(
        "select id, user_id, wa_user_id from whatsapp_user_links
         where verified and (phone = $1 or (phone is distinct from $1 and wa_user_id = $2))
         order by phone is not distinct from $1 desc
         limit 1",
        phone,
        external
    )
    .fetch_optional(&mut *conn)
    .await?;
    let Some(row) = found else { return Ok(None) };
    match (&row.wa_user_id, &external) {
        (Some(known), Some(shown)) if known != shown => return Ok(None),
        (None, Some(shown)) => {
            sqlx::query!(
                "update whatsapp_user_links set wa_user_id = $2
                 where id = $1 and not exists (
                     select from whatsapp_user_links where verified and wa_user_id = $2)",
                row.id,
                shown
            )
            .execute(conn)
            .await?;
        }
        _ => {}
    }
    Ok(Some(Link {
        id: row.id,
        user_id: row.user_id,
    }))
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
