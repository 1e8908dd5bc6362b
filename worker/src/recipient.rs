//! Who we write to. A row for everybody who ever wrote, since replies and WhatsApp's 24 hours
//! hang on it.

use chrono::{DateTime, Utc};
use common::{identity::Identity, identity::WaAddress, sender::SenderHash};
use sqlx::PgConnection;
use uuid::Uuid;

/// Notes that somebody wrote: where replies go from now on, and since when.
/// Answers the recipient's id.
pub(crate) async fn wrote(
    conn: &mut PgConnection,
    identity: &Identity,
    sender: &SenderHash,
    address: &WaAddress,
    at: DateTime<Utc>,
) -> Result<Uuid, sqlx::Error> {
    sqlx::query_scalar!(
        "insert into whatsapp_recipients as r
             (id, identity, sender_hash, wa_address, last_inbound_at)
         values ($1, $2, $3, $4, $5)
         on conflict (identity) do update set
             sender_hash = excluded.sender_hash,
             wa_address = case when excluded.last_inbound_at >= coalesce(r.last_inbound_at, '-infinity')
                 then excluded.wa_address else r.wa_address end,
             last_inbound_at = greatest(r.last_inbound_at, excluded.last_inbound_at)
         returning id",
        Uuid::now_v7(),
        identity.reveal(),
        sender.as_str(),
        address.reveal(),
        at
    )
    .fetch_one(conn)
    .await
}

/// Frees what was held until this recipient would write, and what waits for a repetition after it
/// could not be delivered: who writes can be reached. What was written under a link that has ended
/// meanwhile is given up: it may be somebody else who writes. Answers a reply of theirs, if any.
pub(crate) async fn release_held(
    conn: &mut PgConnection,
    recipient: Uuid,
) -> Result<Option<Uuid>, sqlx::Error> {
    let touched = sqlx::query!(
        r#"update whatsapp_reply_parts p
           set state = case when m.link_id is not null and l.id is null then 'failed'
                   else 'pending' end,
               failed_at = case when m.link_id is not null and l.id is null then now()
                   else p.failed_at end,
               told = p.told or (m.link_id is not null and l.id is null),
               not_before = null
           from whatsapp_replies r
           left join whatsapp_messages m on m.message_sid = r.message_sid
           left join whatsapp_user_links l
               on l.id = m.link_id and l.verified and l.suspended_at is null
           where r.id = p.reply_id and r.recipient_id = $1
               and (p.state = 'held'
                   or (p.state = 'pending' and p.status in ('failed', 'undelivered')))
           returning p.reply_id, m.link_id is not null and l.id is null as "ended!""#,
        recipient
    )
    .fetch_all(conn)
    .await?;
    let freed = touched.into_iter().find(|part| !part.ended);
    Ok(freed.map(|part| part.reply_id))
}
