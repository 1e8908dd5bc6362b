//! A limit that all processes share: the generic cell rate algorithm as one Redis script, by the
//! time of the Redis server. A key that was judged once is not counted again.

use std::time::Duration;

use redis::{AsyncCommands as _, Script, aio::ConnectionManager};

/// KEYS: the limit's state; the memory of this key's judgement.
/// ARGV: the interval between two (µs), the burst, how long a judgement is remembered (ms).
/// Answers the microseconds to wait: 0 is allowed.
const GCRA: &str = r"
local judged = redis.call('GET', KEYS[2])
if judged then return tonumber(judged) end
local clock = redis.call('TIME')
local now = clock[1] * 1000000 + clock[2]
local interval, burst = tonumber(ARGV[1]), tonumber(ARGV[2])
local due = tonumber(redis.call('GET', KEYS[1]) or now)
if due < now then due = now end
local wait = due + interval - now - interval * burst
if wait <= 0 then
  wait = 0
  redis.call('SET', KEYS[1], string.format('%.0f', due + interval),
    'PX', math.ceil((due + interval - now) / 1000) + 1000)
end
if tonumber(ARGV[3]) > 0 then
  redis.call('SET', KEYS[2], string.format('%.0f', wait), 'PX', ARGV[3])
end
return wait
";

/// KEYS: the limit's state. ARGV: the interval between two (µs), the burst, the pause (µs).
/// Nothing is allowed until the pause is over, and then one after the other.
const PAUSE: &str = r"
local clock = redis.call('TIME')
local now = clock[1] * 1000000 + clock[2]
local interval, burst, pause = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3])
local paused = now + pause + interval * (burst - 1)
local due = tonumber(redis.call('GET', KEYS[1]) or now)
if due < paused then
  redis.call('SET', KEYS[1], string.format('%.0f', paused),
    'PX', math.ceil((paused - now) / 1000) + 1000)
end
return 0
";

/// So many a period, with a burst of the same size.
#[derive(Clone)]
pub struct SharedLimit {
    redis: ConnectionManager,
    script: Script,
    name: String,
    interval_micros: u64,
    burst: u32,
    remember: Duration,
}

impl SharedLimit {
    /// `many` in every `period`; judgements of one key are remembered for `remember`, or not at
    /// all where that is zero.
    #[must_use]
    pub fn new(
        redis: ConnectionManager,
        name: String,
        many: u32,
        period: Duration,
        remember: Duration,
    ) -> Self {
        let period_micros = u64::try_from(period.as_micros()).unwrap_or(u64::MAX);
        Self {
            redis,
            script: Script::new(GCRA),
            name,
            interval_micros: period_micros / u64::from(many.max(1)),
            burst: many,
            remember,
        }
    }

    /// Judges one event of `who`: how long to wait, zero when it is allowed.
    ///
    /// # Errors
    /// When Redis does not answer.
    pub async fn judge(&self, who: &str, key: &str) -> Result<Duration, redis::RedisError> {
        let mut redis = self.redis.clone();
        let wait: u64 = self
            .script
            .key(format!("{}:{who}", self.name))
            .key(self.judged(key))
            .arg(self.interval_micros)
            .arg(self.burst)
            .arg(u64::try_from(self.remember.as_millis()).unwrap_or(u64::MAX))
            .invoke_async(&mut redis)
            .await?;
        Ok(Duration::from_micros(wait))
    }

    /// Allows `who` nothing for a while, whoever asks, and no burst afterwards.
    ///
    /// # Errors
    /// When Redis does not answer.
    pub async fn pause(&self, who: &str, pause: Duration) -> Result<(), redis::RedisError> {
        let mut redis = self.redis.clone();
        let _: u64 = Script::new(PAUSE)
            .key(format!("{}:{who}", self.name))
            .arg(self.interval_micros)
            .arg(self.burst)
            .arg(u64::try_from(pause.as_micros()).unwrap_or(u64::MAX))
            .invoke_async(&mut redis)
            .await?;
        Ok(())
    }

    /// Has everybody follow a decision about `key` that was made elsewhere: how long to wait, zero
    /// when it was allowed.
    ///
    /// # Errors
    /// When Redis does not answer.
    pub async fn decide(&self, key: &str, wait: Duration) -> Result<(), redis::RedisError> {
        let mut redis = self.redis.clone();
        redis::cmd("SET")
            .arg(self.judged(key))
            .arg(u64::try_from(wait.as_micros()).unwrap_or(u64::MAX))
            .arg("PX")
            .arg(u64::try_from(self.remember.as_millis()).unwrap_or(u64::MAX))
            .query_async(&mut redis)
            .await
    }

    /// Where the judgement of a key is remembered.
    fn judged(&self, key: &str) -> String {
        format!("{}:judged:{key}", self.name)
    }
}

/// The name of the limit of what people write, under that prefix.
#[must_use]
pub fn of_senders(prefix: &str) -> String {
    format!("{prefix}:limit")
}

/// What the limit of that name has judged about these keys, as far as it remembers: whether they
/// were refused.
///
/// # Errors
/// When Redis does not answer.
pub async fn were_refused(
    redis: &ConnectionManager,
    name: &str,
    keys: &[&str],
) -> Result<Vec<bool>, redis::RedisError> {
    if keys.is_empty() {
        return Ok(Vec::new());
    }
    let mut redis = redis.clone();
    let names: Vec<String> = keys
        .iter()
        .map(|key| format!("{name}:judged:{key}"))
        .collect();
    let judged: Vec<Option<u64>> = redis.mget(names).await?;
    Ok(judged.into_iter().map(|wait| wait > Some(0)).collect())
}

impl std::fmt::Debug for SharedLimit {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "SharedLimit({})", self.name)
    }
}
