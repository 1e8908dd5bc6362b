//! Who is at work: every worker says in Redis, again and again, which stages it runs and how it
//! finds the model, and every ingester that it is there; each how many connections to PostgreSQL it
//! may hold. What it said expires by itself, so a process that died is soon not counted.

use std::{collections::BTreeSet, time::Duration};

use redis::{AsyncCommands, RedisError, aio::ConnectionManager};
use serde::{Deserialize, Serialize};
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

/// How often each says so.
const EVERY: Duration = Duration::from_secs(5);
/// How long it counts.
const LASTS_SECONDS: u64 = 15;
/// How many keys Redis looks at in one step.
const STEP: usize = 1000;

/// What a process says.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
pub struct ProcessInfo {
    /// The stages that it runs; none where it is an ingester.
    pub stages: Vec<String>,
    /// Its release.
    pub version: String,
    /// Whether it does not ask the model for now; absent where it runs no model.
    pub breaker_open: Option<bool>,
    /// Most connections to PostgreSQL that it may hold; a release that does not say so held 20.
    #[serde(default = "of_earlier_release")]
    pub connections: u32,
    /// What is wrong with the database, where it is not as its release asks for it.
    #[serde(default)]
    pub schema_wrong: Option<String>,
    /// Why all its stages rest: a store went back. In the word that its `/readyz` has for it.
    #[serde(default)]
    pub rests: Option<String>,
}

fn of_earlier_release() -> u32 {
    20
}

/// What a process is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Runs stages.
    Worker,
    /// Takes webhooks.
    Ingest,
}

impl Kind {
    fn name(self) -> &'static str {
        match self {
            Self::Worker => "worker",
            Self::Ingest => "ingest",
        }
    }
}

/// What workers say is wrong with the database, each sentence once.
#[must_use]
pub fn schema_wrong(workers: &[ProcessInfo]) -> Vec<String> {
    let said = workers
        .iter()
        .filter_map(|worker| worker.schema_wrong.clone());
    said.collect::<BTreeSet<_>>().into_iter().collect()
}

/// One process, as the registry knows it.
#[derive(Clone, Debug)]
pub struct Registration {
    redis: ConnectionManager,
    key: String,
}

impl Registration {
    /// A key of its own.
    #[must_use]
    pub fn new(redis: ConnectionManager, prefix: &str, kind: Kind) -> Self {
        let number = Uuid::new_v4().simple();
        let key = format!("{prefix}:{}:{number}", kind.name());
        Self { redis, key }
    }

    /// Says so until it is to stop, and then leaves; at once where something of it has `changed`.
    pub async fn keep<F: Future<Output = ()>>(
        self,
        stop: &CancellationToken,
        info: impl Fn() -> ProcessInfo,
        changed: impl Fn() -> F,
    ) {
        loop {
            if let Err(error) = self.heartbeat(&info()).await {
                tracing::debug!(%error, "saying that this process is there");
            }
            tokio::select! {
                () = stop.cancelled() => break,
                () = tokio::time::sleep(EVERY) => {}
                () = changed() => {}
            }
        }
        if let Err(error) = self.deregister().await {
            tracing::debug!(%error, "saying that this process leaves");
        }
    }

    async fn heartbeat(&self, info: &ProcessInfo) -> Result<(), RedisError> {
        let text = serde_json::to_string(info).unwrap_or_default();
        let mut redis = self.redis.clone();
        redis.set_ex(&self.key, text, LASTS_SECONDS).await
    }

    async fn deregister(&self) -> Result<(), RedisError> {
        let mut redis = self.redis.clone();
        redis.del(&self.key).await
    }
}

/// Every process of a kind that said so lately.
///
/// # Errors
/// When Redis does not answer.
pub async fn live_processes(
    redis: &ConnectionManager,
    prefix: &str,
    kind: Kind,
) -> Result<Vec<ProcessInfo>, RedisError> {
    let mut redis = redis.clone();
    let (mut cursor, mut keys) = (0_u64, Vec::<String>::new());
    loop {
        let (next, found): (u64, Vec<String>) = redis::cmd("SCAN")
            .arg(cursor)
            .arg("MATCH")
            .arg(format!("{prefix}:{}:*", kind.name()))
            .arg("COUNT")
            .arg(STEP)
            .query_async(&mut redis)
            .await?;
        keys.extend(found);
        if next == 0 {
            break;
        }
        cursor = next;
    }
    // A scan may show a key twice.
    keys.sort_unstable();
    keys.dedup();
    if keys.is_empty() {
        return Ok(Vec::new());
    }
    let said: Vec<Option<String>> = redis.mget(keys).await?;
    let said = said.into_iter().flatten();
    Ok(said
        .filter_map(|text| serde_json::from_str(&text).ok())
        .collect())
}
