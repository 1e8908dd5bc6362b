//! People whom we write to, as far as other programs than a worker need to know them.

use chrono::{DateTime, TimeDelta, Utc};
use parser::Language;
use sqlx::PgConnection;
use store::{RecipientId, recipient::Contact};
use uuid::Uuid;

use crate::{
    announcement::Announcement,
    identity::{Identity, WaAddress},
    payload::Due,
    phone::PhoneNumber,
    sender::SenderHash,
};

/// Free text is taken for 24 hours after the last inbound message; ten minutes are kept as a
/// margin for clocks and queues.
pub const WINDOW: TimeDelta = TimeDelta::minutes(24 * 60 - 10);

/// Somebody whom we write to.
#[derive(Clone)]
pub struct Recipient {
    /// The recipient's row.
    pub id: RecipientId,
    /// Keyed hash of the identity, as it was when they wrote last.
    pub sender: SenderHash,
    pub(crate) identity: String,
}

impl Recipient {
    /// The one of that row.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn find(
        conn: &mut PgConnection,
        id: RecipientId,
    ) -> Result<Option<Self>, sqlx::Error> {
        let row = sqlx::query!(
            "select identity, sender_hash from whatsapp_recipients where id = $1",
            id.0
        )
        .fetch_optional(conn)
        .await?;
        Ok(row.and_then(|row| {
            Some(Self {
                id,
                sender: SenderHash::from_stored(&row.sender_hash)?,
                identity: row.identity,
            })
        }))
    }

    /// The canonical phone or the business-scoped id, in clear.
    #[must_use]
    pub fn identity(&self) -> &str {
        &self.identity
    }

    /// Says that something is due for them: a reply, or a linking code.
    #[must_use]
    pub fn announce(&self, what: impl Into<Uuid>, generation: i32) -> Announcement {
        Announcement {
            sender: self.sender.clone(),
            due: Due {
                recipient_id: self.id.0,
                reply_id: what.into(),
            },
            generation,
        }
    }
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
            id: RecipientId(row.id),
            sender: SenderHash::from_stored(&row.sender_hash)?,
            identity: row.identity,
        })
    });
    Ok(recipients.collect())
}

/// The recipient that a phone is, whether it ever wrote to us or not; and when it wrote last.
///
/// # Errors
/// When the database does not answer.
pub async fn of_phone(
    conn: &mut PgConnection,
    phone: &PhoneNumber,
    sender: &SenderHash,
) -> Result<(Recipient, Option<DateTime<Utc>>), sqlx::Error> {
    let address = WaAddress::of_phone(phone);
    let contact = Contact {
        identity: phone.reveal(),
        sender_hash: sender.as_str(),
        wa_address: address.reveal(),
    };
    let (id, last_inbound_at) = store::recipient::find_or_begin(conn, contact).await?;
    let recipient = Recipient {
        id,
        sender: sender.clone(),
        identity: phone.reveal().to_owned(),
    };
    Ok((recipient, last_inbound_at))
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
    if Identity::from_stored(identity).is_of_spanish_speaker() {
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
            ("US.1A2B", Language::En),
            ("+18095550100", Language::Es),
            ("+240222555010", Language::Es),
        ] {
            assert_eq!(of_country(identity), language, "{identity}");
        }
    }
}
