//! Who we write to. A row for everybody who ever wrote, since replies and WhatsApp's 24 hours
//! hang on it.

use chrono::{DateTime, Utc};
use common::{identity::Identity, identity::WaAddress, sender::SenderHash};
use sqlx::PgConnection;
use uuid::Uuid;

/// Who wrote, and what of earlier replies concerns the next one.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Recipient {
    pub(crate) id: Uuid,
    /// Something is held until they write, or waits to be repeated: see [`release_held`].
    pub(crate) has_held: bool,
    /// An answer has failed and they were not told: see [`crate::reply::with_news_of_failure`].
    pub(crate) has_untold: bool,
}

/// Notes that somebody wrote: where replies go from now on, and since when; and which
/// business-scoped id they have shown, if they did.
pub(crate) async fn wrote(
    conn: &mut PgConnection,
    (identity, shown): (&Identity, Option<String>),
    sender: &SenderHash,
    address: &WaAddress,
    at: DateTime<Utc>,
) -> Result<Recipient, sqlx::Error> {
    sqlx::query_as!(
        Recipient,
        r#"insert into whatsapp_recipients as r
             (id, identity, sender_hash, wa_address, last_inbound_at, shown_wa_user_id, shown_at)
         values ($1, $2, $3, $4, $5, $6,
             case when $6::text is not null then $5::timestamptz end)
         on conflict (identity) do update set
             sender_hash = excluded.sender_hash,
             wa_address = case when excluded.last_inbound_at >= coalesce(r.last_inbound_at, '-infinity')
                 then excluded.wa_address else r.wa_address end,
             last_inbound_at = greatest(r.last_inbound_at, excluded.last_inbound_at),
             shown_wa_user_id = case when excluded.shown_at >= coalesce(r.shown_at, '-infinity')
                 then excluded.shown_wa_user_id else r.shown_wa_user_id end,
             shown_at = greatest(r.shown_at, excluded.shown_at)
         returning id,
             exists (select from whatsapp_reply_parts p where p.recipient_id = r.id
                 and p.state = 'held')
             or exists (select from whatsapp_reply_parts p where p.recipient_id = r.id
                 and p.state = 'pending' and p.status in ('failed', 'undelivered'))
                 as "has_held!",
             exists (select from whatsapp_reply_parts p where p.recipient_id = r.id
                 and p.state = 'failed' and not p.told) as "has_untold!""#,
        Uuid::now_v7(),
        identity.reveal(),
        sender.as_str(),
        address.reveal(),
        at,
        shown
    )
    .fetch_one(conn)
    .await
}

/// Frees what was held until this recipient would write, and what waits for a repetition after it
/// could not be delivered: who writes can be reached. Whether it may still be said is decided where
/// it is posted. Answers a reply of theirs, if any.
pub(crate) async fn release_held(
    conn: &mut PgConnection,
    recipient: Uuid,
) -> Result<Option<Uuid>, sqlx::Error> {
    let freed = sqlx::query_scalar!(
        "update whatsapp_reply_parts set state = 'pending', not_before = null
         where recipient_id = $1
             and (state = 'held'
                 or (state = 'pending' and status in ('failed', 'undelivered')))
         returning reply_id",
        recipient
    )
    .fetch_all(conn)
    .await?;
    Ok(freed.into_iter().next())
}
