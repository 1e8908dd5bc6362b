//! `whatsapp_link_events`: the record of who linked and unlinked what, and of what was refused. It
//! holds no code and no phone: a sender stands there by the keyed hash, as in the logs.

use sqlx::PgConnection;
use uuid::Uuid;

use crate::{sid::MessageSid, word::words};

words! {
    /// What was done, or tried.
    pub enum Event {
        /// A code was asked for.
        Code = "code",
        /// A code was tried.
        Verify = "verify",
        /// A link was made.
        Link = "link",
        /// A link ended.
        Unlink = "unlink",
        /// A link's number has changed hands.
        Suspend = "suspend",
        /// A sender may try no code for a while.
        Lock = "lock",
        /// An operator has ended that.
        Unlock = "unlock",
    }
}

/// Where something was done from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Origin<'a> {
    /// By the signed-in account, through the linking API.
    Web,
    /// From the phone, by this message.
    Chat(&'a MessageSid),
    /// By this operator, with `focobot`.
    Operator(&'a str),
}

/// One line of the record.
#[derive(Clone, Copy, Debug)]
pub struct Entry<'a> {
    /// What was done, or tried.
    pub event: Event,
    /// `done`, or the word for why not.
    pub outcome: &'a str,
    /// The account, where it is known.
    pub user: Option<Uuid>,
    /// The link or claim, where there is one.
    pub link: Option<Uuid>,
    /// The sender's keyed hash, where it is known.
    pub sender: Option<&'a str>,
}

impl<'a> Entry<'a> {
    /// An entry about nobody yet.
    #[must_use]
    pub fn new(event: Event, outcome: &'a str) -> Self {
        Self {
            event,
            outcome,
            user: None,
            link: None,
            sender: None,
        }
    }
}

/// Writes an entry down, in the transaction of what it is about. What the same account or sender
/// is refused again and again on the web is written down once a minute: it could fill the table.
///
/// # Errors
/// When the database does not answer.
pub async fn note(
    conn: &mut PgConnection,
    origin: Origin<'_>,
    entry: Entry<'_>,
) -> Result<(), sqlx::Error> {
    let (from, message, operator) = match origin {
        Origin::Web => ("web", None, None),
        Origin::Chat(sid) => ("chat", Some(sid.as_str()), None),
        Origin::Operator(name) => ("operator", None, Some(name)),
    };
    sqlx::query!(
        "insert into whatsapp_link_events
             (event, outcome, origin, user_id, link_id, sender_hash, message_sid, operator)
         select $1, $2, $3, $4, $5, $6, $7, $8::text || ' as ' || session_user
         where $3 <> 'web' or $2 = 'done' or $1 not in ('code', 'verify') or not exists (
             select from whatsapp_link_events
             where user_id = $4 and event = $1 and outcome = $2 and origin = 'web'
                 and at > now() - interval '1 minute')",
        entry.event.as_str(),
        entry.outcome,
        from,
        entry.user,
        entry.link,
        entry.sender,
        message,
        operator
    )
    .execute(conn)
    .await
    .map(drop)
}

/// Takes these senders' keyed hashes out of the record.
///
/// # Errors
/// When the database does not answer.
pub async fn forget(conn: &mut PgConnection, hashes: &[String]) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "update whatsapp_link_events set sender_hash = null where sender_hash = any($1)",
        hashes
    )
    .execute(conn)
    .await
    .map(drop)
}

#[cfg(test)]
mod tests {
    use super::Event;
    use crate::written;

    #[test]
    fn the_events_are_those_that_the_table_takes() {
        let words: Vec<&str> = Event::ALL.iter().map(|event| event.as_str()).collect();
        assert_eq!(
            written::words_checked_in("whatsapp_link_events", "event"),
            words
        );
    }
}
