//! A limit that all processes share: the generic cell rate algorithm as one Redis script, by the
//! time of the Redis server. A key that was judged once is not counted again.
//!
//! That clock may be set back, by an operator, a virtual machine or a failover to another server.
//! So beside what is due stands when that was written: a clock that is before that has been set back
//! by as much at least, and what is due moves with it. For the limit no time has passed then. A clock
//! that is set forward cannot be told from time that has passed; it allows one burst more.

use std::time::Duration;

use redis::{AsyncCommands as _, Script, aio::ConnectionManager};

/// Longest pause, in microseconds: what is due later than that allows was not written by us, or by a
/// clock that nobody knows of.
const LONGEST_PAUSE: u64 = 3_600_000_000;

/// Reads what is due by the clock of now, and writes it. Of both scripts; `KEYS[1]` and `KEYS[2]` are
/// the limit's state and when it was written, `ARGV[1]` to `ARGV[3]` the interval between two (µs),
/// the burst, and the longest pause (µs).
const STATE: &str = r"
local clock = redis.call('TIME')
local now = clock[1] * 1000000 + clock[2]
local interval, burst = tonumber(ARGV[1]), tonumber(ARGV[2])
local due = tonumber(redis.call('GET', KEYS[1]) or now)
local set_back = tonumber(redis.call('GET', KEYS[2]) or now) - now
if set_back > 0 then due = due - set_back end
local furthest = now + interval * burst + tonumber(ARGV[3])
local is_off = set_back > 0 or due > furthest
if due > furthest then due = furthest end
if due < now then due = now end
local function write(due)
  local lasts = math.ceil((due - now) / 1000) + 1000
  redis.call('SET', KEYS[1], string.format('%.0f', due), 'PX', lasts)
  redis.call('SET', KEYS[2], string.format('%.0f', now), 'PX', lasts)
end
";

/// `KEYS[3]`: the memory of this key's decision. `ARGV[4]`: how long it is remembered (ms).
/// Returns the microseconds to wait: 0 is allowed.
const JUDGE: &str = r"
local wait = due + interval - now - interval * burst
if wait <= 0 then
  wait = 0
  write(due + interval)
elseif is_off then
  write(due)
end
if tonumber(ARGV[4]) > 0 then
  redis.call('SET', KEYS[3], string.format('%.0f', wait), 'PX', ARGV[4])
end
return wait
";

/// Before all else: a decision that was made before.
const JUDGED: &str = r"
local judged = redis.call('GET', KEYS[3])
if judged then return tonumber(judged) end
";

/// `ARGV[4]`: the pause (µs). Nothing is allowed until it is over, and then one after the other.
const PAUSE: &str = r"
local paused = now + tonumber(ARGV[4]) + interval * (burst - 1)
if due < paused then write(paused) elseif is_off then write(due) end
return 0
";

/// So many a period, with a burst of the same size.
#[derive(Clone)]
pub struct SharedLimit {
    redis: ConnectionManager,
    judging: Script,
    pausing: Script,
    name: String,
    interval_micros: u64,
    burst: u32,
    remember: Duration,
}

impl SharedLimit {
    /// `many` in every `period`; decisions on one key are remembered for `remember`, or not at
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
            judging: Script::new(&[JUDGED, STATE, JUDGE].concat()),
            pausing: Script::new(&[STATE, PAUSE].concat()),
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
            .judging
            .key(self.state(who))
            .key(self.written(who))
            .key(self.judged(key))
            .arg(self.interval_micros)
            .arg(self.burst)
            .arg(LONGEST_PAUSE)
            .arg(u64::try_from(self.remember.as_millis()).unwrap_or(u64::MAX))
            .invoke_async(&mut redis)
            .await?;
        Ok(Duration::from_micros(wait))
    }

    /// Allows `who` nothing for a while, an hour at most, whoever asks, and no burst afterwards.
    ///
    /// # Errors
    /// When Redis does not answer.
    pub async fn pause(&self, who: &str, pause: Duration) -> Result<(), redis::RedisError> {
        let mut redis = self.redis.clone();
        let micros = u64::try_from(pause.as_micros()).unwrap_or(u64::MAX);
        let _: u64 = self
            .pausing
            .key(self.state(who))
            .key(self.written(who))
            .arg(self.interval_micros)
            .arg(self.burst)
            .arg(LONGEST_PAUSE)
            .arg(micros.min(LONGEST_PAUSE))
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

    /// Where it stands when the next one of `who` is due.
    fn state(&self, who: &str) -> String {
        format!("{}:{who}", self.name)
    }

    /// Where it stands when that was written.
    fn written(&self, who: &str) -> String {
        format!("{}:at:{who}", self.name)
    }

    /// Where the decision on a key is remembered.
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
