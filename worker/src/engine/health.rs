//! Whose fault it is that PostgreSQL does not get something done. A server that is slow is no
//! message's fault, however long it lasts: only what fails while a small write is quick, and while
//! the stage serves others or nobody else asks, is given up.

use std::{
    collections::HashMap,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use common::{database_error::Trouble, settings::Timings};
use sqlx::PgPool;
use tokio::time::{Instant, timeout};

/// How long what was seen of the server holds: many ask at once.
const FRESH: Duration = Duration::from_secs(1);
/// A server that did its work for so long has not been in trouble all the time.
const BREAK: Duration = Duration::from_mins(1);

/// One for a process.
pub(crate) struct Health {
    /// PostgreSQL's time-out for a statement: a small write that takes longer is slow.
    statement: Duration,
    /// How long a message that fails alone is tried.
    patience: Duration,
    next: AtomicU64,
    /// Who is stuck now: by delivery, the sender.
    stuck: Mutex<HashMap<u64, String>>,
    /// When each stage was done with a message last.
    served: Mutex<HashMap<&'static str, Instant>>,
    /// From when until when a server of ours was last in trouble.
    trouble: Mutex<Option<(Instant, Instant)>>,
    /// When a small write was last tried, and whether it was quick.
    tried: tokio::sync::Mutex<Option<(Instant, bool)>>,
}

impl Health {
    pub(crate) fn new(timings: Timings) -> Arc<Self> {
        Arc::new(Self {
            statement: timings.statement,
            patience: timings.ack_wait * 30,
            next: AtomicU64::new(0),
            stuck: Mutex::default(),
            served: Mutex::default(),
            trouble: Mutex::default(),
            tried: tokio::sync::Mutex::default(),
        })
    }

    /// A server of ours is away, or does not get something done.
    pub(crate) fn in_trouble(&self) {
        let now = Instant::now();
        let mut trouble = lock(&self.trouble);
        let from = match *trouble {
            Some((from, until)) if now - until < BREAK => from,
            _ => now,
        };
        *trouble = Some((from, now));
    }

    /// How long a server of ours was in trouble without a break, where that was within `time`: what
    /// was not heard of meanwhile says nothing.
    pub(crate) fn trouble_within(&self, time: Duration) -> Option<Duration> {
        let (from, until) = (*lock(&self.trouble))?;
        (until.elapsed() < time).then(|| until - from)
    }

    /// That stage is done with a message.
    pub(crate) fn served(&self, stage: &'static str) {
        lock(&self.served).insert(stage, Instant::now());
    }

    /// A message of that sender is stuck in that stage, until what this answers is dropped.
    pub(crate) fn stuck(self: &Arc<Self>, stage: &'static str, sender: &str) -> Streak {
        let number = self.next.fetch_add(1, Ordering::Relaxed);
        lock(&self.stuck).insert(number, sender.to_owned());
        Streak {
            health: Arc::clone(self),
            number,
            stage,
            sender: sender.to_owned(),
            alone_since: None,
        }
    }

    /// Whether as little as can be written comes down to PostgreSQL's disk soon.
    pub(crate) async fn is_quick(&self, pool: &PgPool) -> bool {
        let mut tried = self.tried.lock().await;
        if let Some((at, quick)) = *tried
            && at.elapsed() < FRESH
        {
            return quick;
        }
        let writing = async {
            let mut conn = pool.acquire().await?;
            // A line in the log of changes, which whoever replicates them passes over.
            sqlx::query!(r#"select pg_logical_emit_message(true, 'focobot', '')::text as "at""#)
                .fetch_one(&mut *conn)
                .await
        };
        let quick = match timeout(self.statement, writing).await {
            Ok(Ok(_)) => true,
            // Where it is forbidden to us nobody can say.
            Ok(Err(error)) => Trouble::of(&error) == Trouble::Schema,
            Err(_elapsed) => false,
        };
        *tried = Some((Instant::now(), quick));
        quick
    }
}

/// A message whose statements are not done.
pub(crate) struct Streak {
    health: Arc<Health>,
    number: u64,
    stage: &'static str,
    sender: String,
    /// Since when it is the only one that fails.
    alone_since: Option<Instant>,
}

impl Streak {
    /// Once more: whether it has failed alone for so long that it is its own fault.
    pub(crate) async fn is_its_own_fault(&mut self, pool: &PgPool) -> bool {
        let now = Instant::now();
        if !self.is_alone() || !self.health.is_quick(pool).await {
            self.alone_since = None;
            return false;
        }
        let since = *self.alone_since.get_or_insert(now);
        since.elapsed() >= self.health.patience
    }

    /// Whether nobody else fails, or its stage serves others all the same.
    fn is_alone(&self) -> bool {
        let recent = self.health.patience / 2;
        let served = lock(&self.health.served).get(self.stage).copied();
        served.is_some_and(|at| at.elapsed() < recent)
            || lock(&self.health.stuck)
                .values()
                .all(|sender| *sender == self.sender)
    }
}

impl Drop for Streak {
    fn drop(&mut self) {
        lock(&self.health.stuck).remove(&self.number);
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use common::settings::Environment;

    use super::*;

    fn health() -> Arc<Health> {
        Health::new(Timings::load(&Environment::of([])).unwrap())
    }

    #[test]
    fn who_is_stuck_beside_others_is_not_alone_unless_its_stage_serves_somebody() {
        let health = health();
        let one = health.stuck("route", "a");
        let same = health.stuck("parse", "a");
        assert!(one.is_alone() && same.is_alone());
        let other = health.stuck("route", "b");
        assert!(!one.is_alone() && !other.is_alone());
        health.served("route");
        assert!(one.is_alone() && other.is_alone() && !same.is_alone());
        drop((one, other));
        assert!(same.is_alone());
    }

    #[tokio::test(start_paused = true)]
    async fn trouble_lasts_until_a_minute_without_it() {
        let health = health();
        assert_eq!(health.trouble_within(BREAK), None);
        for _ in 0..3 {
            health.in_trouble();
            tokio::time::advance(BREAK / 2).await;
        }
        assert_eq!(health.trouble_within(BREAK), Some(BREAK));
        tokio::time::advance(BREAK).await;
        assert_eq!(health.trouble_within(BREAK), None);
        health.in_trouble();
        assert_eq!(health.trouble_within(BREAK), Some(Duration::ZERO));
    }
}
