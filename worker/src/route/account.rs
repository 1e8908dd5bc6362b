//! Whose phone it is, and whose it was when a message was written.

use chrono::{DateTime, TimeDelta, Utc};
use common::{
    link::{self, Origin, Telling},
    payload::InboundMessage,
    phone::PhoneNumber,
};
use sqlx::PgConnection;
use store::RecipientId;
use uuid::Uuid;

pub(crate) use common::link::Link;

use super::{lateness::Lateness, side_effects::SideEffects};
use crate::engine::context::Context;

/// How long after it showed its business-scoped id a number is taken to be the same person's, for
/// a message of which nobody says the id. Carriers let a number rest for longer before they give it
/// to somebody else.
const SAME_HOLDER: TimeDelta = TimeDelta::days(30);

/// A message, and how it came.
#[derive(Clone, Copy)]
pub(super) struct Arrival<'a> {
    pub(super) message: &'a InboundMessage,
    pub(super) lateness: Lateness,
    /// The sender's recipient row.
    pub(super) recipient: RecipientId,
}

/// Who has written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Writer {
    /// Nobody whom we know.
    Stranger,
    /// Whoever holds this link, and held it then.
    Linked(Link),
    /// Perhaps not whoever holds the number's link: nothing is done for that.
    Doubtful(Doubt),
}

/// Why a message is not carried out by the link that its sender has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Doubt {
    /// It was written before that link was made.
    LinkedSince,
    /// Nobody says that it is of the same person.
    Unproven,
}

impl Doubt {
    /// The name of the text that asks to send it again.
    pub(super) fn text(self) -> &'static str {
        match self {
            Self::LinkedSince => "not-linked-then",
            Self::Unproven => "unproven",
        }
    }
}

impl Writer {
    /// The link that the message is carried out by.
    pub(super) fn link(&self) -> Option<&Link> {
        match self {
            Self::Linked(link) => Some(link),
            Self::Stranger | Self::Doubtful(_) => None,
        }
    }
}

/// The sender's link, by phone or by business-scoped id; what is recorded under it comes before
/// its end. A message is carried out only by the link that it was written under. Where the webhook
/// shows both names and the link knew only one, the pair is kept, so that a sender whose phone
/// becomes hidden is still known. A phone whose business-scoped id is another one by now belongs to
/// somebody else: its link is suspended.
pub(super) async fn find(
    context: &Context,
    conn: &mut PgConnection,
    arrival: Arrival<'_>,
    side_effects: &mut SideEffects,
) -> Result<Writer, sqlx::Error> {
    let message = arrival.message;
    let identity = message.from.identity();
    let phone = identity.phone().map(PhoneNumber::reveal);
    let external = external_id(message);
    let written_at = arrival.lateness.earliest(message.received_at);
    // Once more after a suspension: the id by itself may be somebody's.
    for _ in 0..2 {
        let found = sqlx::query!(
            r#"select id, user_id, phone, wa_user_id, linked_at > $3 as "since!"
             from whatsapp_user_links
             where verified and suspended_at is null
                 and (phone = $1 or wa_user_id = $2)
             order by linked_at > $3, phone is not distinct from $1 desc
             limit 1
             for share"#,
            phone,
            external,
            written_at
        )
        .fetch_optional(&mut *conn)
        .await?;
        let Some(row) = found else {
            return Ok(Writer::Stranger);
        };
        if row.since {
            // Nor does it say anything of who has the number now.
            return Ok(Writer::Doubtful(Doubt::LinkedSince));
        }
        if matches!((&row.wa_user_id, &external), (Some(known), Some(shown)) if known != shown) {
            changed_hands(context, conn, row.id, message, side_effects).await?;
            continue;
        }
        if let (Some(known), None) = (&row.wa_user_id, &external)
            && arrival.lateness.recovered_at.is_some()
            && !has_shown(conn, arrival.recipient, (known, written_at)).await?
        {
            return Ok(Writer::Doubtful(Doubt::Unproven));
        }
        let knows_all = (row.phone.is_some() || phone.is_none())
            && (row.wa_user_id.is_some() || external.is_none());
        if !knows_all {
            store::link::keep_pair(conn, row.id, (phone, external.as_deref())).await?;
        }
        return Ok(Writer::Linked(Link {
            id: row.id,
            user_id: row.user_id,
        }));
    }
    Ok(Writer::Stranger)
}

/// Whether the id that the sender has shown last is this one, lately before that moment or since.
async fn has_shown(
    conn: &mut PgConnection,
    recipient: RecipientId,
    (wa_user_id, written_at): (&str, DateTime<Utc>),
) -> Result<bool, sqlx::Error> {
    sqlx::query_scalar!(
        r#"select exists(select from whatsapp_recipients
               where id = $1 and shown_wa_user_id = $2 and shown_at >= $3) as "shown!""#,
        recipient.0,
        wa_user_id,
        written_at - SAME_HOLDER
    )
    .fetch_one(conn)
    .await
}

/// Suspends a link; whoever has the number now is told nothing of what was written under it.
async fn changed_hands(
    context: &Context,
    conn: &mut PgConnection,
    link: Uuid,
    message: &InboundMessage,
    side_effects: &mut SideEffects,
) -> Result<(), sqlx::Error> {
    let origin = Origin::Chat(&message.message_sid);
    let Some(ended) = link::suspend(conn, link, origin).await? else {
        return Ok(());
    };
    tracing::warn!(%link, "a linked number has changed hands; its link is suspended");
    metrics::counter!("links_suspended_total").increment(1);
    let told = ended.tell(conn, &context.texts, Telling::Stranger).await?;
    side_effects.note(ended.link, told);
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
