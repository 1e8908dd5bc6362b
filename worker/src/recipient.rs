//! Who we write to, as the stages learn of it.

use chrono::{DateTime, Utc};
use common::{identity::Identity, identity::WaAddress, sender::SenderHash};
use sqlx::PgConnection;
use store::recipient::Contact;

pub(crate) use store::recipient::Writer as Recipient;

/// Notes that somebody wrote: where replies go from now on, and since when; and which
/// business-scoped id they have shown, if they did.
pub(crate) async fn wrote(
    conn: &mut PgConnection,
    (identity, shown): (&Identity, Option<String>),
    sender: &SenderHash,
    address: &WaAddress,
    at: DateTime<Utc>,
) -> Result<Recipient, sqlx::Error> {
    let contact = Contact {
        identity: identity.reveal(),
        sender_hash: sender.as_str(),
        wa_address: address.reveal(),
    };
    store::recipient::wrote(conn, contact, at, shown.as_deref()).await
}
