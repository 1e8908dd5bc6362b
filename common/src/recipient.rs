//! People whom we write to, as far as other programs than a worker need to know them.

use parser::Language;
use sqlx::PgConnection;
use uuid::Uuid;

use crate::sender::SenderHash;

/// Countries in which people speak Spanish, by their calling codes.
const SPANISH: [&str; 20] = [
    "+52", "+34", "+51", "+53", "+54", "+56", "+57", "+58", "+240", "+502", "+503", "+504", "+505",
    "+506", "+507", "+591", "+593", "+595", "+598", "MX.",
];

/// Somebody whom we write to.
#[derive(Clone, Debug)]
pub struct Recipient {
    /// The recipient's row.
    pub id: Uuid,
    /// Keyed hash of the identity, as it was when they wrote last.
    pub sender: SenderHash,
    pub(crate) identity: String,
}

/// The recipients of these identities: who wrote last comes first.
///
/// # Errors
/// When the database does not answer.
pub async fn of(
    conn: &mut PgConnection,
    identities: &[String],
) -> Result<Vec<Recipient>, sqlx::Error> {
    let rows = sqlx::query!(
        "select id, identity, sender_hash from whatsapp_recipients
         where identity = any($1) order by last_inbound_at desc nulls last",
        identities
    )
    .fetch_all(conn)
    .await?;
    let recipients = rows.into_iter().filter_map(|row| {
        Some(Recipient {
            id: row.id,
            sender: SenderHash::from_stored(&row.sender_hash)?,
            identity: row.identity,
        })
    });
    Ok(recipients.collect())
}

/// The language that somebody was answered in last, else the one of their country.
///
/// # Errors
/// When the database does not answer.
pub async fn language_of(conn: &mut PgConnection, identity: &str) -> Result<Language, sqlx::Error> {
    let last = sqlx::query_scalar!(
        "select language from whatsapp_messages where identity = $1 and language is not null
         order by received_at desc limit 1",
        identity
    )
    .fetch_optional(conn)
    .await?;
    let last = last.flatten().and_then(|tag| tag.parse().ok());
    Ok(last.unwrap_or_else(|| of_country(identity)))
}

fn of_country(identity: &str) -> Language {
    if SPANISH.iter().any(|code| identity.starts_with(code)) {
        Language::Es
    } else {
        Language::En
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_never_wrote_is_written_to_in_the_language_of_the_country() {
        for (identity, language) in [
            ("+525555550100", Language::Es),
            ("+5491155550100", Language::Es),
            ("+5511955550100", Language::En),
            ("+14155550100", Language::En),
            ("MX.1A2B", Language::Es),
        ] {
            assert_eq!(of_country(identity), language, "{identity}");
        }
    }
}
