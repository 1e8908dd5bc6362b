//! `focobot sender PHONE`: what is known of somebody who writes; and for support, ending a lock
//! after wrong codes, or a link. The number itself is printed nowhere.

use std::process::ExitCode;

use chrono::{DateTime, Utc};
use common::{
    announcement::Announcement,
    cache,
    clock::Clock,
    conversation::Conversations,
    identity::Identity,
    link::{self, Ending, Entry, Event, Origin, Telling},
    recipient::{self, Recipient, WINDOW},
    settings::{self, Environment, RedisSettings},
    texts::Texts,
};
use serde::Serialize;
use sqlx::{PgConnection, PgPool};
use uuid::Uuid;

use crate::{
    args::{self, time::shown},
    connections,
};

/// What is to be done beside looking.
#[derive(Clone, Copy, Debug, clap::Args)]
pub(crate) struct Actions {
    /// Forget wrong codes: a locked sender may try again at once.
    #[arg(long)]
    unlock: bool,
    /// End the link; the phone is told.
    #[arg(long)]
    unlink: bool,
}

/// What is printed.
#[derive(Debug, Serialize)]
struct Standing {
    /// The keyed hash that stands for them in logs and subjects.
    sender: String,
    linked: bool,
    linked_at: Option<DateTime<Utc>>,
    /// Since when the number is known to have changed hands.
    suspended_at: Option<DateTime<Utc>>,
    user_id: Option<Uuid>,
    locked_until: Option<DateTime<Utc>>,
    wrong_codes: i32,
    last_inbound: Option<DateTime<Utc>>,
    /// Until when free text reaches them.
    window_until: Option<DateTime<Utc>>,
    /// Requests that wait for a project.
    waiting: i64,
    /// Parts of replies that are to be sent.
    due: i64,
    /// Parts of replies that are held until they write.
    held: i64,
    unlocked: bool,
    unlinked: bool,
}

/// Looks, and does what is asked for first.
pub(crate) async fn run(
    env: &Environment,
    who: &str,
    actions: Actions,
    json: bool,
) -> anyhow::Result<ExitCode> {
    let pool = connections::database(env).await?;
    let identity = args::sender::found(&pool, who).await?;
    let mut unlocked = false;
    let mut unlinked = false;
    if actions.unlock {
        unlocked = unlock(env, &pool, &identity).await?;
    }
    if actions.unlink {
        unlinked = unlink(env, &pool, &identity).await?;
    }
    let mut sender = look(env, &pool, &identity).await?;
    (sender.unlocked, sender.unlinked) = (unlocked, unlinked);
    if json {
        println!("{}", serde_json::to_string(&sender)?);
    } else {
        sender.print(actions);
    }
    Ok(ExitCode::SUCCESS)
}

async fn look(env: &Environment, pool: &PgPool, identity: &Identity) -> anyhow::Result<Standing> {
    let mut conn = pool.acquire().await?;
    let known = sqlx::query!(
        r#"select r.sender_hash, r.last_inbound_at, r.locked_until, r.wrong_codes,
               (select count(*) from whatsapp_messages m
                where m.identity = r.identity and m.state = 'waiting_project') as "waiting!",
               (select count(*) from whatsapp_reply_parts p where p.recipient_id = r.id
                and p.state in ('pending', 'posting', 'unknown')) as "due!",
               (select count(*) from whatsapp_reply_parts p
                where p.recipient_id = r.id and p.state = 'held') as "held!"
           from whatsapp_recipients r where r.identity = $1"#,
        identity.reveal()
    )
    .fetch_optional(&mut *conn)
    .await?;
    let link = sqlx::query!(
        "select user_id, linked_at, suspended_at from whatsapp_user_links
         where verified and (phone = $1 or wa_user_id = $1)
         order by suspended_at nulls first limit 1",
        identity.reveal()
    )
    .fetch_optional(&mut *conn)
    .await?;
    let now = Clock::system().now();
    let hash = match &known {
        Some(known) => known.sender_hash.clone(),
        None => settings::hash_keys(env)?.sender(identity).to_string(),
    };
    let last_inbound = known.as_ref().and_then(|known| known.last_inbound_at);
    Ok(Standing {
        sender: hash,
        linked: link
            .as_ref()
            .is_some_and(|link| link.suspended_at.is_none()),
        linked_at: link.as_ref().and_then(|link| link.linked_at),
        suspended_at: link.as_ref().and_then(|link| link.suspended_at),
        user_id: link.map(|link| link.user_id),
        locked_until: known
            .as_ref()
            .and_then(|known| known.locked_until)
            .filter(|until| *until > now),
        wrong_codes: known.as_ref().map_or(0, |known| known.wrong_codes),
        last_inbound,
        window_until: last_inbound
            .map(|at| at + WINDOW)
            .filter(|until| *until > now),
        waiting: known.as_ref().map_or(0, |known| known.waiting),
        due: known.as_ref().map_or(0, |known| known.due),
        held: known.map_or(0, |known| known.held),
        unlocked: false,
        unlinked: false,
    })
}

impl Standing {
    fn print(&self, actions: Actions) {
        if actions.unlock {
            println!(
                "{}",
                if self.unlocked {
                    "Unlocked."
                } else {
                    "Was not locked."
                }
            );
        }
        if actions.unlink {
            println!(
                "{}",
                if self.unlinked {
                    "Unlinked."
                } else {
                    "Was not linked."
                }
            );
        }
        let user = self
            .user_id
            .map(|id| format!(", account {id}"))
            .unwrap_or_default();
        println!("sender      {}", self.sender);
        match (self.suspended_at, self.linked_at) {
            (Some(at), _) => println!(
                "linked      suspended since {}{user}: the number has changed hands",
                shown(at)
            ),
            (None, Some(at)) => println!("linked      since {}{user}", shown(at)),
            (None, None) => println!("linked      no"),
        }
        match self.locked_until {
            Some(until) => println!("locked      until {}: --unlock ends it", shown(until)),
            None => println!("locked      no ({} wrong codes)", self.wrong_codes),
        }
        match self.last_inbound {
            Some(at) => println!("last wrote  {}", shown(at)),
            None => println!("last wrote  never"),
        }
        match self.window_until {
            Some(until) => println!("reachable   until {}", shown(until)),
            None => println!("reachable   once they write"),
        }
        println!("waiting     {} requests for a project", self.waiting);
        println!(
            "replies     {} due, {} held until they write",
            self.due, self.held
        );
    }
}

/// Forgets wrong codes and locks; returns whether there were any.
async fn unlock(env: &Environment, pool: &PgPool, identity: &Identity) -> anyhow::Result<bool> {
    let mut transaction = pool.begin().await?;
    let known = recipient_of(&mut transaction, identity).await?;
    let Some(known) = known else {
        return Ok(false);
    };
    let unlocked = link::forgive(&mut transaction, known.id).await?;
    if unlocked {
        let entry = Entry {
            sender: Some(known.sender.as_str()),
            ..Entry::new(Event::Unlock, "done")
        };
        let operator = args::sender::operator(env);
        link::note(&mut transaction, Origin::Operator(&operator), entry).await?;
    }
    transaction.commit().await?;
    Ok(unlocked)
}

async fn recipient_of(
    conn: &mut PgConnection,
    identity: &Identity,
) -> Result<Option<Recipient>, sqlx::Error> {
    let found = recipient::of(conn, &[identity.reveal().to_owned()]).await?;
    Ok(found.into_iter().next())
}

/// Ends the sender's link, standing or suspended; returns whether there was one.
async fn unlink(env: &Environment, pool: &PgPool, identity: &Identity) -> anyhow::Result<bool> {
    let link_url = settings::link_url(env)?;
    let mut transaction = pool.begin().await?;
    let of_sender = sqlx::query!(
        "select id, suspended_at from whatsapp_user_links
         where verified and (phone = $1 or wa_user_id = $1)
         order by suspended_at nulls first limit 1",
        identity.reveal()
    )
    .fetch_optional(&mut *transaction)
    .await?;
    let Some(of_sender) = of_sender else {
        return Ok(false);
    };
    let operator = args::sender::operator(env);
    let origin = Origin::Operator(&operator);
    let ended = link::end(&mut transaction, of_sender.id, Ending::Asked, origin).await?;
    let Some(ended) = ended else {
        return Ok(false);
    };
    // Whoever has the number of a suspended link was never its holder.
    let telling = match of_sender.suspended_at {
        None => Telling::Notice("unlinked-operator", &link_url),
        Some(_) => Telling::Stranger,
    };
    let told = ended.tell(&mut transaction, &Texts::new(), telling).await?;
    transaction.commit().await?;
    if let Err(error) = follow(env, pool, told).await {
        eprintln!(
            "focobot: it is unlinked; the workers' sweep does the rest in a few minutes ({error:#})"
        );
    }
    Ok(true)
}

/// Clears the conversation in Redis, and has the phone told.
async fn follow(env: &Environment, pool: &PgPool, told: Vec<Announcement>) -> anyhow::Result<()> {
    let settings = RedisSettings::load(env)?;
    let conversations = Conversations::new(cache::connect(&settings)?, &settings.prefix);
    conversations.clear(pool, None).await?;
    let queue = connections::queue(env).await?;
    for announcement in told {
        queue
            .publish(announcement.outgoing(queue.topology()))
            .await?;
    }
    queue.close().await;
    Ok(())
}
