//! Who is at work: every worker says in Redis, again and again, which stages it runs and how it
//! finds the model. What it said expires by itself, so a process that died is soon not counted.

use std::time::Duration;

use redis::{AsyncCommands, RedisError, aio::ConnectionManager};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// How often a worker says so.
pub const EVERY: Duration = Duration::from_secs(5);
/// How long it counts.
const LASTS_SECONDS: u64 = 15;
/// How many keys Redis looks at in one step.
const STEP: usize = 1000;

/// What a worker says.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub struct Presence {
    /// The stages that it runs.
    pub stages: Vec<String>,
    /// Its release.
    pub version: String,
    /// Whether it does not ask the model for now; absent where it runs no model.
    pub breaker_open: Option<bool>,
}

/// One process's place.
#[derive(Clone, Debug)]
pub struct Place {
    redis: ConnectionManager,
    key: String,
}

impl Place {
    /// A place of its own.
    #[must_use]
    pub fn new(redis: ConnectionManager, prefix: &str) -> Self {
        let key = format!("{prefix}:worker:{}", Uuid::new_v4().simple());
        Self { redis, key }
    }

    /// Says so.
    ///
    /// # Errors
    /// When Redis does not take it.
    pub async fn say(&self, presence: &Presence) -> Result<(), RedisError> {
        let text = serde_json::to_string(presence).unwrap_or_default();
        let mut redis = self.redis.clone();
        redis.set_ex(&self.key, text, LASTS_SECONDS).await
    }

    /// Leaves.
    ///
    /// # Errors
    /// When Redis does not take it.
    pub async fn leave(&self) -> Result<(), RedisError> {
        let mut redis = self.redis.clone();
        redis.del(&self.key).await
    }
}

/// Everybody who said so lately.
///
/// # Errors
/// When Redis does not answer.
pub async fn everybody(
    redis: &ConnectionManager,
    prefix: &str,
) -> Result<Vec<Presence>, RedisError> {
    let mut redis = redis.clone();
    let (mut cursor, mut keys) = (0_u64, Vec::<String>::new());
    loop {
        let (next, found): (u64, Vec<String>) = redis::cmd("SCAN")
            .arg(cursor)
            .arg("MATCH")
            .arg(format!("{prefix}:worker:*"))
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
