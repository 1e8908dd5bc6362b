//! The end of a link, in one place for all ways to it. In one transaction: the link is gone, what
//! waited for a project under it is cancelled, its conversations are due to be cleared in Redis,
//! and the record says so. What is being read under it finds it gone and makes no proposal.

use parser::Language;
use sqlx::PgConnection;
use store::{RecipientId, link::Holder};
use uuid::Uuid;

use super::{Entry, Event, Origin, note};
use crate::{
    announcement::Announcement,
    recipient::{self, Recipient},
    reply::{self, Notice, Parting, quoted},
    sid::MessageSid,
    texts::{Texts, Value},
};

/// Why a link ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ending {
    /// Somebody who may has asked for it.
    Asked,
    /// Its account has proven another phone, or this one anew.
    Replaced,
    /// Its number belongs to somebody else by now, who has proven that.
    ChangedHands,
}

impl Ending {
    fn outcome(self) -> &'static str {
        match self {
            Self::Asked => "asked",
            Self::Replaced => "replaced",
            Self::ChangedHands => "changed_hands",
        }
    }
}

/// A request that waited for a project, and was cancelled with its link.
#[derive(Clone)]
pub struct Dropped {
    /// The message.
    pub message_sid: MessageSid,
    /// Its language.
    pub language: Option<Language>,
    body: Option<String>,
    identity: Option<String>,
    generation: i32,
}

impl Dropped {
    /// Its final reply, as somebody is told who may read what it said.
    #[must_use]
    pub fn text(&self, texts: &Texts, language: Language) -> String {
        let request = ("request", quoted(self.body.as_deref()).into());
        let language = self.language.unwrap_or(language);
        texts.say(language, "cancelled", &[request])
    }
}

/// A link that ended, and what there is to be said about it.
#[derive(Clone)]
pub struct Ended {
    /// The link that was.
    pub link: Uuid,
    /// Its account.
    pub user: Uuid,
    /// What waited under it, in order. Each is owed a final reply.
    pub dropped: Vec<Dropped>,
    /// Who wrote under it: who wrote last comes first.
    holders: Vec<Recipient>,
}

/// What is said on the phone about the end of its link.
#[derive(Clone, Copy, Debug)]
pub enum Telling<'a> {
    /// The text of this name, where Foco's pages are at this address.
    Notice(&'a str, &'a str),
    /// Nothing: whoever holds the phone did it, and is answered.
    Answered,
    /// Nothing, and nothing of what was written: another person holds the phone.
    Stranger,
}

/// The link of an account, standing or suspended.
///
/// # Errors
/// When the database does not answer.
pub async fn of_user(conn: &mut PgConnection, user: Uuid) -> Result<Option<Uuid>, sqlx::Error> {
    sqlx::query_scalar!(
        "select id from whatsapp_user_links where user_id = $1 and verified",
        user
    )
    .fetch_optional(conn)
    .await
}

/// Ends a link; `None` where it has ended before. Waits for whoever records something under it.
///
/// # Errors
/// When the database does not answer.
pub async fn end(
    conn: &mut PgConnection,
    link: Uuid,
    ending: Ending,
    origin: Origin<'_>,
) -> Result<Option<Ended>, sqlx::Error> {
    let Some(holder) = store::link::end(conn, link).await? else {
        return Ok(None);
    };
    let entry = Entry::new(Event::Unlink, ending.outcome());
    settle(conn, (link, holder), origin, entry).await.map(Some)
}

/// Suspends a link whose number has changed hands: from now on it is nobody's. `None` where it
/// was before.
///
/// # Errors
/// When the database does not answer.
pub async fn suspend(
    conn: &mut PgConnection,
    link: Uuid,
    origin: Origin<'_>,
) -> Result<Option<Ended>, sqlx::Error> {
    let Some(holder) = store::link::suspend(conn, link).await? else {
        return Ok(None);
    };
    let entry = Entry::new(Event::Suspend, Ending::ChangedHands.outcome());
    settle(conn, (link, holder), origin, entry).await.map(Some)
}

/// What the end of a link leaves, whatever ended it.
async fn settle(
    conn: &mut PgConnection,
    (link, holder): (Uuid, Holder),
    origin: Origin<'_>,
    entry: Entry<'_>,
) -> Result<Ended, sqlx::Error> {
    let user = holder.user_id;
    let identities = [holder.phone, holder.wa_user_id];
    let identities: Vec<String> = identities.into_iter().flatten().collect();
    let holders = recipient::of(conn, &identities).await?;
    let senders: Vec<String> = holders.iter().map(|of| of.sender.to_string()).collect();
    store::ended_link::insert(conn, link, &senders).await?;
    let entry = Entry {
        user: Some(user),
        link: Some(link),
        sender: holders.first().map(|holder| holder.sender.as_str()),
        ..entry
    };
    note(conn, origin, entry).await?;
    let dropped = drop_waiting(conn, link).await?;
    withhold(conn, link, &holders).await?;
    Ok(Ended {
        link,
        user,
        dropped,
        holders,
    })
}

/// Gives up at once what waits under the link to be posted; whatever is due again after its end is
/// withheld where it would be posted ([`reply::why_withheld`]).
async fn withhold(
    conn: &mut PgConnection,
    link: Uuid,
    holders: &[Recipient],
) -> Result<(), sqlx::Error> {
    let holders: Vec<RecipientId> = holders.iter().map(|holder| holder.id).collect();
    store::part::withhold_of_link(conn, link, &holders).await
}

/// Cancels what waits for a project under a link.
async fn drop_waiting(conn: &mut PgConnection, link: Uuid) -> Result<Vec<Dropped>, sqlx::Error> {
    let rows = store::message::cancel_waiting_of_link(conn, link).await?;
    let dropped = rows.into_iter().filter_map(|row| {
        Some(Dropped {
            message_sid: MessageSid::parse(&row.message_sid).ok()?,
            language: row.language.and_then(|tag| tag.parse().ok()),
            body: row.body,
            identity: row.identity,
            generation: row.generation,
        })
    });
    Ok(dropped.collect())
}

impl Ended {
    /// Writes down what is said about it, and the final replies of what was dropped.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn tell(
        &self,
        conn: &mut PgConnection,
        texts: &Texts,
        telling: Telling<'_>,
    ) -> Result<Vec<Announcement>, sqlx::Error> {
        let mut told = Vec::new();
        if let (Telling::Notice(name, page), Some(holder)) = (telling, self.holders.first()) {
            told.extend(self.notify(conn, texts, holder, (name, page)).await?);
        }
        for dropped in &self.dropped {
            let of = |holder: &&Recipient| Some(&holder.identity) == dropped.identity.as_ref();
            let Some(holder) = self.holders.iter().find(of) else {
                continue;
            };
            let (text, parting) = match telling {
                Telling::Stranger => {
                    let language = dropped.language.unwrap_or(Language::En);
                    (
                        texts.say(language, "failed-not-linked", &[]),
                        Parting::Plain,
                    )
                }
                _ => (dropped.text(texts, Language::En), Parting::Quoting),
            };
            let sid = &dropped.message_sid;
            let reply = reply::write_parting(conn, holder.id, sid, &text, parting).await?;
            told.push(holder.announce(reply, dropped.generation));
        }
        Ok(told)
    }

    async fn notify(
        &self,
        conn: &mut PgConnection,
        texts: &Texts,
        holder: &Recipient,
        (name, page): (&str, &str),
    ) -> Result<Option<Announcement>, sqlx::Error> {
        let language = recipient::language_of(conn, &holder.identity).await?;
        let notice = Notice {
            key: &format!("unlinked:{}", self.link),
            text: &texts.say(language, name, &[("link", Value::from(page))]),
            not_after: None,
        };
        let reply = reply::notify(conn, holder.id, &notice).await?;
        Ok(reply.map(|reply| holder.announce(reply, 1)))
    }

    /// Whether somebody of this identity wrote under it.
    #[must_use]
    pub fn is_of(&self, identity: &str) -> bool {
        self.holders
            .iter()
            .any(|holder| holder.identity == identity)
    }
}
