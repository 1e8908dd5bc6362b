//! `focobot forget PHONE`: erases a person from tables, streams and Redis. Only the SIDs of their
//! messages stay, as `forgotten`, which is final for every stage and for reconcile.

mod ledger;
mod proposals;
mod redis_keys;
mod streams;

use std::process::ExitCode;

use common::{
    cache,
    identity::Identity,
    queue::Queue,
    settings::{self, Environment, RedisSettings},
    store_marks::StoreMarks,
};
use redis::aio::ConnectionManager;
use serde::Serialize;
use serde_json::json;
use sqlx::PgPool;
use store::operation::Operation;

use crate::{args, connections};

/// Rounds after which somebody who goes on writing is given up on.
const MOST_ROUNDS: usize = 20;
/// Exit code of arguments that do not suffice.
const WRONG_ARGUMENTS: u8 = 2;

/// A person, under every name that they have here.
struct Person {
    /// Canonical phones and business-scoped ids.
    identities: Vec<String>,
    /// Their hashes, by every key of `FOCO_SECRET`.
    hashes: Vec<String>,
}

/// How much was erased.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
struct Erased {
    /// Messages of theirs, of which the SIDs stay.
    messages: u64,
    /// Answers to them.
    replies: u64,
    links: u64,
    claims: u64,
    dead_letters: u64,
    /// Drafts that were made of their messages.
    proposals: u64,
    /// Proposals that became work: the message was taken out of these.
    proposals_kept: u64,
    /// Messages on the streams, done with or not.
    queued: u64,
    /// Keys in Redis: sessions and limits.
    sessions: u64,
}

impl Erased {
    fn add(&mut self, other: Self) {
        self.messages += other.messages;
        self.replies += other.replies;
        self.links += other.links;
        self.claims += other.claims;
        self.dead_letters += other.dead_letters;
        self.proposals += other.proposals;
        self.proposals_kept += other.proposals_kept;
        self.queued += other.queued;
        self.sessions += other.sessions;
    }
}

/// Where it is erased.
struct Stores {
    pool: PgPool,
    queue: Queue,
    redis: ConnectionManager,
    redis_prefix: String,
}

/// Erases a person, or says what it would touch.
pub(crate) async fn run(
    env: &Environment,
    person: &Identity,
    yes: bool,
    json: bool,
) -> anyhow::Result<ExitCode> {
    let redis = RedisSettings::load(env)?;
    let stores = Stores {
        pool: connections::database(env).await?,
        queue: connections::queue(env).await?,
        redis: cache::connect(&redis)?,
        redis_prefix: redis.prefix,
    };
    let person = find(env, &stores.pool, person).await?;
    if !yes {
        let messages = ledger::count(&stores.pool, &person).await?;
        eprintln!("focobot: would erase this person and {messages} messages; add --yes to do it");
        return Ok(ExitCode::from(WRONG_ARGUMENTS));
    }
    let (pool, by) = (stores.pool.clone(), args::sender::operator(env));
    let operation = Operation::begin(&pool, "forget", &by, &json!({})).await?;
    // Rows go that somebody may have marked as committed.
    let marks = StoreMarks::of(&stores.queue);
    marks.begin_anew().await?;
    let erased = erase(&stores, &person).await?;
    marks.begin_anew().await?;
    operation.end(&pool, &json!({"erased": erased})).await?;
    stores.queue.close().await;
    if json {
        println!("{}", json!({"erased": erased}));
    } else {
        print(&erased);
    }
    Ok(ExitCode::SUCCESS)
}

/// Erases round by round, until a round finds nothing: who was at work on a message while it was
/// forgotten may have written once more.
async fn erase(stores: &Stores, person: &Person) -> anyhow::Result<Erased> {
    let mut all = Erased::default();
    for _ in 0..MOST_ROUNDS {
        let mut round = Erased::default();
        // Written down before anything is taken away: whoever has a message in hand finds it so.
        let queued = streams::find(&stores.queue, person).await?;
        ledger::note(&stores.pool, &queued).await?;
        ledger::erase(&stores.pool, person, &mut round).await?;
        round.queued = streams::erase(&stores.queue, &queued).await?;
        round.sessions = redis_keys::erase(stores, person).await?;
        // Last: who is stopped before finds the person under the same names again.
        ledger::unlink(&stores.pool, person, &mut round).await?;
        if round == Erased::default() {
            return Ok(all);
        }
        all.add(round);
    }
    anyhow::bail!("they go on writing; what was there is erased: run it again")
}

/// All names of a person: a phone and the business-scoped ids that were seen with it.
async fn find(env: &Environment, pool: &PgPool, named: &Identity) -> anyhow::Result<Person> {
    let keys = settings::hash_keys(env)?;
    let linked = sqlx::query!(
        "select phone, wa_user_id from whatsapp_user_links
         where verified and (phone = $1 or wa_user_id = $1)",
        named.reveal()
    )
    .fetch_all(pool)
    .await?;
    let mut identities = vec![named.reveal().to_owned()];
    for link in linked {
        identities.extend(link.phone.into_iter().chain(link.wa_user_id));
    }
    identities.sort_unstable();
    identities.dedup();
    let hashes = identities.iter().flat_map(|identity| {
        let identity = Identity::from_stored(identity);
        let hashes: Vec<String> = keys
            .senders(&identity)
            .map(|hash| hash.to_string())
            .collect();
        hashes
    });
    Ok(Person {
        hashes: hashes.collect(),
        identities,
    })
}

fn print(erased: &Erased) {
    println!("Erased:");
    for (count, what) in [
        (erased.messages, "messages (their SIDs stay, as forgotten)"),
        (erased.replies, "replies"),
        (erased.links, "links"),
        (erased.claims, "claims"),
        (erased.dead_letters, "dead letters"),
        (erased.proposals, "drafts made of their messages"),
        (erased.queued, "messages on the streams"),
        (erased.sessions, "keys in Redis"),
    ] {
        println!("{count:>8}  {what}");
    }
    if erased.proposals_kept > 0 {
        println!(
            "{:>8}  proposals became work and stay, without the message that they were made of",
            erased.proposals_kept
        );
    }
    println!("Not ours to erase: Twilio's log, backups, traces that were exported.");
}
