//! A sender as an operator names it: a phone number, Twilio's address, or the keyed hash that
//! stands in logs and subjects.

use common::{
    identity::{Identity, WaAddress},
    phone::PhoneNumber,
    sender::SenderHash,
    settings::{self, Environment},
};
use sqlx::PgPool;

/// The hashes of a sender, by every key of `FOCO_SECRET`; a hash stands for itself.
///
/// # Errors
/// When it is neither, or `FOCO_SECRET` is needed and missing.
pub(crate) fn hashes(env: &Environment, text: &str) -> anyhow::Result<Vec<String>> {
    if let Some(hash) = SenderHash::from_stored(text) {
        return Ok(vec![hash.to_string()]);
    }
    let identity = identity(text)?;
    let keys = settings::hash_keys(env)?;
    Ok(keys
        .senders(&identity)
        .map(|hash| hash.to_string())
        .collect())
}

/// The identity of a phone number or address.
///
/// # Errors
/// When it is neither.
pub(crate) fn identity(text: &str) -> anyhow::Result<Identity> {
    if text.starts_with("whatsapp:") {
        return Ok(WaAddress::parse(text)?.identity());
    }
    let phone = PhoneNumber::parse_typed(text)?;
    Ok(WaAddress::of_phone(&phone).identity())
}

/// Who works with this command, as it is written down: the account on this machine, to which the
/// role in the database is added.
pub(crate) fn operator(env: &Environment) -> String {
    env.get("USER").unwrap_or("somebody").to_owned()
}

/// The identity of a sender who may be named by the keyed hash too, if they ever wrote.
///
/// # Errors
/// When it is none of these, nobody has that hash, or the database does not answer.
pub(crate) async fn found(pool: &PgPool, text: &str) -> anyhow::Result<Identity> {
    let Some(hash) = SenderHash::from_stored(text) else {
        return identity(text);
    };
    let known = sqlx::query_scalar!(
        "select identity from whatsapp_recipients where sender_hash = $1 limit 1",
        hash.as_str()
    )
    .fetch_optional(pool)
    .await?;
    let known = known.ok_or_else(|| anyhow::anyhow!("nobody with the hash {hash} has written"))?;
    Ok(Identity::from_stored(&known))
}
