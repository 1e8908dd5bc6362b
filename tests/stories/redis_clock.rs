//! A Redis whose clock is set back: limits that all processes share go by that clock, and nobody
//! waits longer for that.

use std::time::Duration;

use common::{
    cache,
    settings::{Environment, RedisSettings},
    shared_limit::SharedLimit,
};
use redis::aio::ConnectionManager;

/// How far the clock is set back, in microseconds.
const A_DAY: u64 = 24 * 3_600_000_000;

/// A limit of two a minute.
struct Limited {
    redis: ConnectionManager,
    limit: SharedLimit,
    name: String,
}

impl Limited {
    fn new() -> Self {
        let environment = Environment::of_process().unwrap();
        let settings = RedisSettings::load(&environment);
        let redis = cache::connect(&settings.unwrap()).unwrap();
        let name = format!("t{:016x}:limit", rand::random::<u64>());
        let minute = Duration::from_mins(1);
        let limit = SharedLimit::new(redis.clone(), name.clone(), 2, minute, Duration::ZERO);
        Self { redis, limit, name }
    }

    async fn wait(&self) -> Duration {
        self.limit.judge("somebody", "").await.unwrap()
    }

    /// As though what stands there had been written by a clock that was a day ahead.
    async fn clock_is_set_back(&self, keys: &[&str]) {
        for key in keys {
            let key = format!("{}:{key}", self.name);
            let mut redis = self.redis.clone();
            let _: u64 = redis::cmd("INCRBY")
                .arg(key)
                .arg(A_DAY)
                .query_async(&mut redis)
                .await
                .unwrap();
        }
    }
}

const BOTH: [&str; 2] = ["somebody", "at:somebody"];

#[tokio::test]
async fn after_a_clock_is_set_back_nobody_waits_longer_than_the_limit_asks() {
    let limited = Limited::new();
    for _ in 0..2 {
        assert_eq!(limited.wait().await, Duration::ZERO);
    }
    assert!(!limited.wait().await.is_zero());
    limited.clock_is_set_back(&BOTH).await;
    let after = limited.wait().await;
    let interval = Duration::from_secs(30);
    assert!(!after.is_zero() && after <= interval, "{after:?}");
    // By the clock of now, so that the wait ends.
    let again = limited.wait().await;
    assert!(again <= after, "{again:?} after {after:?}");
}

#[tokio::test]
async fn a_pause_ends_although_the_clock_is_set_back() {
    let limited = Limited::new();
    let pause = Duration::from_secs(20);
    limited.limit.pause("somebody", pause).await.unwrap();
    let before = limited.wait().await;
    assert!(!before.is_zero() && before <= pause, "{before:?}");
    limited.clock_is_set_back(&BOTH).await;
    // Another pause, which is shorter, does not lengthen it.
    let shorter = Duration::from_millis(1);
    limited.limit.pause("somebody", shorter).await.unwrap();
    let after = limited.wait().await;
    assert!(
        !after.is_zero() && after <= pause,
        "{after:?} after {before:?}"
    );
}

#[tokio::test]
async fn what_nobody_knows_the_time_of_is_believed_for_an_hour_at_most() {
    let limited = Limited::new();
    for _ in 0..2 {
        limited.wait().await;
    }
    // A release that did not say when it wrote.
    let mut redis = limited.redis.clone();
    let at = format!("{}:at:somebody", limited.name);
    let _: u64 = redis::cmd("DEL")
        .arg(at)
        .query_async(&mut redis)
        .await
        .unwrap();
    limited.clock_is_set_back(&["somebody"]).await;
    let most = Duration::from_hours(1) + Duration::from_mins(1);
    assert!(limited.wait().await <= most);
}
