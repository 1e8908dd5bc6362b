//! A claim that was proven becomes its account's link, in place of the one before it, and of one
//! whose number has changed hands.

use chrono::{DateTime, Utc};
use sqlx::PgConnection;
use uuid::Uuid;

use super::{
    Entry, Event, Link, Origin,
    ending::{Ending, Telling, end, of_user},
    note,
};
use crate::{announcement::Announcement, sender::SenderHash, texts::Texts};

/// That a claim's account holds a sender.
#[derive(Clone, Copy)]
pub struct Proof<'a> {
    /// The claim.
    pub claim: Uuid,
    /// Its account.
    pub user: Uuid,
    /// The canonical phone; `None` where WhatsApp hides it.
    pub phone: Option<&'a str>,
    /// The business-scoped id, where it is known.
    pub wa_user_id: Option<&'a str>,
    /// The sender's keyed hash.
    pub sender: &'a SenderHash,
    /// When.
    pub at: DateTime<Utc>,
}

/// A link that was made.
#[derive(Clone, Debug)]
pub struct Established {
    /// The link.
    pub link: Link,
    /// What is to be said to those who were unlinked by it.
    pub told: Vec<Announcement>,
    /// Links that it ended.
    pub ended: Vec<Uuid>,
}

/// Whether another account holds the sender. A suspended link holds nothing.
///
/// # Errors
/// When the database does not answer.
pub async fn is_held_by_another(
    conn: &mut PgConnection,
    user: Uuid,
    phone: Option<&str>,
    wa_user_id: Option<&str>,
) -> Result<bool, sqlx::Error> {
    sqlx::query_scalar!(
        r#"select exists(select from whatsapp_user_links
               where verified and suspended_at is null and user_id <> $3
                   and (phone = $1 or wa_user_id = $2)) as "held!""#,
        phone,
        wa_user_id,
        user
    )
    .fetch_one(conn)
    .await
}

/// Makes the link. The claim's row has to be locked, and held by nobody else.
///
/// # Errors
/// When the database does not answer, or two accounts prove the same sender at the same moment.
pub async fn establish(
    conn: &mut PgConnection,
    texts: &Texts,
    link_url: &str,
    proof: &Proof<'_>,
    origin: Origin<'_>,
) -> Result<Established, sqlx::Error> {
    let (mut told, mut ended) = (Vec::new(), Vec::new());
    if let Some(before) = of_user(conn, proof.user).await?
        && let Some(end) = end(conn, before, Ending::Replaced, origin).await?
    {
        // Whoever proves the same phone anew need not be told that it was unlinked.
        let same = [proof.phone, proof.wa_user_id].into_iter().flatten();
        let telling = if same.into_iter().any(|identity| end.is_of(identity)) {
            Telling::Answered
        } else {
            Telling::Notice("unlinked-replaced", link_url)
        };
        told.extend(end.tell(conn, texts, telling).await?);
        ended.push(end.link);
    }
    for of_another in suspended(conn, proof).await? {
        if let Some(end) = end(conn, of_another, Ending::ChangedHands, origin).await? {
            told.extend(end.tell(conn, texts, Telling::Stranger).await?);
            ended.push(end.link);
        }
    }
    let sender = (proof.phone, proof.wa_user_id);
    store::link::prove(conn, proof.claim, sender, proof.at).await?;
    let entry = Entry {
        user: Some(proof.user),
        link: Some(proof.claim),
        sender: Some(proof.sender.as_str()),
        ..Entry::new(Event::Link, "done")
    };
    note(conn, origin, entry).await?;
    Ok(Established {
        link: Link {
            id: proof.claim,
            user_id: proof.user,
        },
        told,
        ended,
    })
}

/// Links of others that name this sender and are suspended.
async fn suspended(conn: &mut PgConnection, proof: &Proof<'_>) -> Result<Vec<Uuid>, sqlx::Error> {
    sqlx::query_scalar!(
        "select id from whatsapp_user_links
         where verified and suspended_at is not null and user_id <> $3
             and (phone = $1 or wa_user_id = $2)",
        proof.phone,
        proof.wa_user_id,
        proof.user
    )
    .fetch_all(conn)
    .await
}
