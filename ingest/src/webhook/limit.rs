//! How many messages a sender may write. Redis decides for all ingesters together; in process a
//! flood guard stands before it, and the same limit takes its place while it is away. What is
//! decided without Redis is told to it later, so that every ingester decides alike.

use std::{
    num::NonZeroU32,
    sync::{Mutex, MutexGuard, PoisonError},
    time::{Duration, Instant},
};

use common::{
    breaker::Breaker,
    sender::SenderHash,
    shared_limit::{self, SharedLimit},
    sid::MessageSid,
};
use governor::{
    DefaultKeyedRateLimiter, Quota, RateLimiter,
    clock::{Clock as _, DefaultClock},
};
use redis::aio::ConnectionManager;
use tokio::sync::mpsc;

use super::decision_cache::DecisionCache;
pub(crate) use super::decision_cache::Verdict;

const MINUTE: Duration = Duration::from_mins(1);
/// How long Redis is left alone once it did not answer.
const SPARED: Duration = Duration::from_secs(1);
/// How long Redis remembers a decision: as long as the stream's duplicate window.
const REMEMBER: Duration = Duration::from_hours(1);
/// How long one question to Redis may hold up a message; at most two are asked.
const PATIENCE: Duration = Duration::from_millis(200);
/// The flood guard lets so many times the limit through to Redis.
const FLOOD: u32 = 10;
/// Decisions that wait to be told to Redis; further ones stay in this process.
const MOST_UNTOLD: usize = 10_000;
/// How long Redis is left alone after it could not be told.
const PAUSE: Duration = Duration::from_millis(250);

/// The limit of every sender.
pub(crate) struct Limit {
    shared: SharedLimit,
    redis: ConnectionManager,
    breaker: Breaker,
    /// Prefix of the keys that say who was told to wait.
    told_prefix: String,
    flood: DefaultKeyedRateLimiter<u64>,
    alone: DefaultKeyedRateLimiter<u64>,
    told: DefaultKeyedRateLimiter<u64>,
    decisions: Mutex<DecisionCache>,
    /// What was decided without Redis: the message, and how long its sender has to wait.
    decided: mpsc::Sender<(MessageSid, Duration)>,
    untold: tokio::sync::Mutex<mpsc::Receiver<(MessageSid, Duration)>>,
    clock: DefaultClock,
}

impl Limit {
    /// `per_minute` messages a minute, as many at once. Keys in Redis begin with `prefix`.
    pub(crate) fn new(redis: ConnectionManager, prefix: &str, per_minute: NonZeroU32) -> Self {
        let name = shared_limit::of_senders(prefix);
        let many = per_minute.get();
        let now = Instant::now();
        let (decided, untold) = mpsc::channel(MOST_UNTOLD);
        Self {
            shared: SharedLimit::new(redis.clone(), name.clone(), many, MINUTE, REMEMBER),
            redis,
            breaker: Breaker::new(now, 1, SPARED),
            told_prefix: format!("{name}:told"),
            flood: RateLimiter::keyed(Quota::per_minute(per_minute.saturating_mul(ten()))),
            alone: RateLimiter::keyed(Quota::per_minute(per_minute)),
            told: RateLimiter::keyed(Quota::per_minute(NonZeroU32::MIN)),
            decisions: Mutex::new(DecisionCache::new(now)),
            decided,
            untold: tokio::sync::Mutex::new(untold),
            clock: DefaultClock::default(),
        }
    }

    /// Decides about one message.
    pub(crate) async fn judge(&self, sender: &SenderHash, sid: &MessageSid) -> Verdict {
        let who = compact(sender);
        if let Some(verdict) = self.decisions().recall(sid) {
            return verdict;
        }
        if let Some(wait) = self.ask(&self.flood, who) {
            return self.refuse_flood(who, sid, wait);
        }
        if !self.breaker.may_try(Instant::now()) {
            return self.judge_alone(who, sid);
        }
        let question = self.shared.judge(sender.as_str(), sid.as_str());
        match tokio::time::timeout(PATIENCE, question).await {
            Ok(Ok(wait)) => {
                self.breaker.succeed();
                self.follow(sender, sid, wait).await
            }
            Ok(Err(error)) => self.redis_is_away(&error, who, sid),
            Err(late) => self.redis_is_away(&late, who, sid),
        }
    }

    /// Does as Redis decided.
    async fn follow(&self, sender: &SenderHash, sid: &MessageSid, wait: Duration) -> Verdict {
        if wait.is_zero() {
            let (verdict, new) = self.decisions().keep(sid, Verdict::Allowed);
            if new {
                // So that a sender has no fresh allowance when Redis goes away.
                drop(self.alone.check_key(&compact(sender)));
            }
            return verdict;
        }
        let tell = self.is_first_of_minute(sender, sid).await;
        self.decisions()
            .keep(sid, Verdict::Refused { wait, tell })
            .0
    }

    /// Whether this is the message whose answer tells its sender to wait.
    async fn is_first_of_minute(&self, sender: &SenderHash, sid: &MessageSid) -> bool {
        let key = format!("{}:{sender}", self.told_prefix);
        let mut redis = self.redis.clone();
        let mut pipeline = redis::pipe();
        let milliseconds = u64::try_from(MINUTE.as_millis()).unwrap_or(60_000);
        pipeline
            .cmd("SET")
            .arg(&key)
            .arg(sid.as_str())
            .arg("NX")
            .arg("PX")
            .arg(milliseconds)
            .ignore();
        pipeline.cmd("GET").arg(&key);
        let question = pipeline.query_async::<(Option<String>,)>(&mut redis);
        let may_tell = self.told.check_key(&compact(sender)).is_ok();
        match tokio::time::timeout(PATIENCE, question).await {
            Ok(Ok((first,))) => first.as_deref() == Some(sid.as_str()),
            _ => may_tell,
        }
    }

    /// Decides without Redis.
    fn judge_alone(&self, who: u64, sid: &MessageSid) -> Verdict {
        let decisions = self.decisions();
        // Under the lock, so that a message that comes twice at once is counted once.
        if let Some(verdict) = decisions.recall(sid) {
            return verdict;
        }
        let verdict = match self.ask(&self.alone, who) {
            None => Verdict::Allowed,
            Some(wait) => Verdict::Refused {
                wait,
                tell: self.told.check_key(&who).is_ok(),
            },
        };
        self.decide(decisions, sid, verdict)
    }

    /// Refuses what the flood guard stops. While Redis answers its sender has been told by now.
    fn refuse_flood(&self, who: u64, sid: &MessageSid, wait: Duration) -> Verdict {
        let tell = !self.breaker.is_closed() && self.told.check_key(&who).is_ok();
        self.decide(self.decisions(), sid, Verdict::Refused { wait, tell })
    }

    /// Keeps a decision that was made without Redis, for it to be told.
    fn decide(
        &self,
        mut decisions: MutexGuard<'_, DecisionCache>,
        sid: &MessageSid,
        verdict: Verdict,
    ) -> Verdict {
        let (verdict, new) = decisions.keep(sid, verdict);
        if new {
            drop(self.decided.try_send((sid.clone(), verdict.wait())));
        }
        verdict
    }

    /// Tells Redis what was decided without it, for as long as it is polled: a message that comes
    /// again, to another ingester, is decided alike.
    pub(crate) async fn tell_redis(&self) {
        let mut untold = self.untold.lock().await;
        while let Some((sid, wait)) = untold.recv().await {
            while let Err(error) = self.shared.decide(sid.as_str(), wait).await {
                tracing::debug!(%error, "Redis is told later");
                tokio::time::sleep(PAUSE).await;
            }
        }
    }

    fn redis_is_away(&self, error: &dyn std::fmt::Display, who: u64, sid: &MessageSid) -> Verdict {
        metrics::counter!("limit_redis_failures_total").increment(1);
        if self.breaker.fail(Instant::now()) {
            tracing::warn!(%error, "Redis does not answer: limiting alone until it does");
        }
        self.judge_alone(who, sid)
    }

    /// How long `who` has to wait, if at all.
    fn ask(&self, limiter: &DefaultKeyedRateLimiter<u64>, who: u64) -> Option<Duration> {
        limiter
            .check_key(&who)
            .err()
            .map(|not_until| not_until.wait_time_from(self.clock.now()))
    }

    /// Drops who has been idle; called every now and then.
    pub(crate) fn forget_idle(&self) {
        for limiter in [&self.flood, &self.alone, &self.told] {
            limiter.retain_recent();
            limiter.shrink_to_fit();
        }
        self.decisions().age(Instant::now());
    }

    fn decisions(&self) -> MutexGuard<'_, DecisionCache> {
        self.decisions
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }
}

const fn ten() -> NonZeroU32 {
    match NonZeroU32::new(FLOOD) {
        Some(ten) => ten,
        None => NonZeroU32::MIN,
    }
}

/// The 16 hex digits as a number, which takes a fraction of the room.
fn compact(sender: &SenderHash) -> u64 {
    u64::from_str_radix(sender.as_str(), 16).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use common::settings::{Environment, RedisSettings};

    use super::*;

    /// Resident memory of this process, in bytes.
    fn resident() -> usize {
        let pages = std::fs::read_to_string("/proc/self/statm").unwrap();
        pages.split(' ').nth(1).unwrap().parse::<usize>().unwrap() * 4096
    }

    #[tokio::test]
    async fn a_million_senders_fit_in_128_mib() {
        let env = Environment::of([("REDIS_URL", "redis://127.0.0.1:1")]);
        let redis = common::cache::connect(&RedisSettings::load(&env).unwrap()).unwrap();
        let before = resident();
        let limit = Limit::new(redis, "t", NonZeroU32::new(10).unwrap());
        for n in 0..1_000_000_u64 {
            let who = n.wrapping_mul(0x9e37_79b9_7f4a_7c15);
            let sid = MessageSid::parse(&format!("SM{n:032x}")).unwrap();
            assert_eq!(limit.ask(&limit.flood, who), None);
            assert_eq!(limit.judge_alone(who, &sid), Verdict::Allowed);
        }
        let grown = resident().saturating_sub(before) / (1024 * 1024);
        assert!(grown < 128, "{grown} MiB");
        assert_eq!(limit.flood.len(), 1_000_000);
        // Who was counted once is as good as new within seconds, and then dropped.
        let deadline = Instant::now() + Duration::from_mins(1);
        while limit.flood.len() + limit.alone.len() > 0 {
            assert!(Instant::now() < deadline, "idle senders are never dropped");
            limit.forget_idle();
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
    }
}
