//! Every interleaving of two workers on one message, each killed between any two of its steps,
//! on a real PostgreSQL: one effect, one outcome, and never an acknowledgement without both.

use std::{str::FromStr, time::Duration};

use serde_json::json;
use sqlx::{
    AssertSqlSafe, Connection, Executor, PgConnection, PgPool, PgTransaction,
    migrate::Migrator,
    postgres::{PgConnectOptions, PgPoolOptions},
};

use super::{Attempt, Claim, StageKey, claim};
use crate::engine::stage_error::StageError;
use common::sid::MessageSid;

/// The steps of a stage: claim; begin and hold; effect and record; commit; publish; acknowledge.
const STEPS: usize = 6;

/// A database of this test's own, and a pool that does not wait for a lock: a step that would
/// have to wait is one that did not happen yet.
async fn database() -> PgPool {
    #[expect(clippy::disallowed_methods, reason = "set by cargo xtask test")]
    let admin = std::env::var("DATABASE_URL_ADMIN").expect("run me with cargo xtask test");
    let name = format!("ledger_{:016x}", rand::random::<u64>());
    let mut conn = PgConnection::connect(&admin).await.unwrap();
    conn.execute(AssertSqlSafe(format!("create database {name}")))
        .await
        .unwrap();
    let options = PgConnectOptions::from_str(&admin).unwrap().database(&name);
    let mut conn = PgConnection::connect_with(&options).await.unwrap();
    for migrator in [
        sqlx::migrate!("../migrations/standalone"),
        sqlx::migrate!("../migrations"),
    ] {
        let mut migrator = Migrator {
            migrations: migrator.migrations,
            ..Migrator::DEFAULT
        };
        migrator.set_ignore_missing(true);
        migrator.run(&mut conn).await.unwrap();
    }
    conn.execute("create table effects (message_sid text)")
        .await
        .unwrap();
    PgPoolOptions::new()
        .max_connections(4)
        .connect_with(options.options([("lock_timeout", "5ms")]))
        .await
        .unwrap()
}

/// What the queue knows of the message.
#[derive(Default)]
struct Queue {
    published: Vec<serde_json::Value>,
    acknowledged: bool,
}

/// A worker somewhere on its way.
struct Worker {
    pool: PgPool,
    key: StageKey,
    attempt: Option<Attempt>,
    transaction: Option<PgTransaction<'static>>,
    outcome: Option<serde_json::Value>,
    step: usize,
}

impl Worker {
    fn new(pool: &PgPool, key: &StageKey) -> Self {
        Self {
            pool: pool.clone(),
            key: key.clone(),
            attempt: None,
            transaction: None,
            outcome: None,
            step: 0,
        }
    }

    /// Takes one step, unless it would have to wait for a lock or the worker has given up.
    async fn step(&mut self, queue: &mut Queue) {
        let result = match self.step {
            0 => self.claim().await,
            1 => self.hold().await,
            2 => self.record().await,
            3 => self.commit().await,
            4 => {
                queue.published.push(self.outcome.clone().unwrap());
                self.step = 5;
                Ok(())
            }
            5 => {
                queue.acknowledged = true;
                self.step = STEPS;
                Ok(())
            }
            _ => Ok(()),
        };
        match result {
            Ok(()) | Err(StageError::Unavailable(_) | StageError::Transient(_)) => {}
            // It has lost the message: it neither publishes nor acknowledges.
            Err(StageError::Fenced) => {
                self.transaction = None;
                self.step = STEPS;
            }
            Err(failure) => panic!("{failure}"),
        }
    }

    async fn claim(&mut self) -> Result<(), StageError> {
        let mut conn = self.pool.acquire().await?;
        match claim(&mut conn, &self.key, 0).await? {
            Claim::Mine(attempt) => {
                self.attempt = Some(attempt);
                self.step = 1;
            }
            Claim::Resume(outcome) => {
                self.outcome = Some(outcome);
                self.step = 4;
            }
            Claim::Done | Claim::Forgotten => self.step = 5,
            Claim::Exhausted(unended) => panic!("{unended} unended attempts of three"),
        }
        Ok(())
    }

    async fn hold(&mut self) -> Result<(), StageError> {
        let mut transaction = self.pool.begin().await?;
        self.attempt
            .as_ref()
            .unwrap()
            .hold(&mut transaction)
            .await?;
        self.transaction = Some(transaction);
        self.step = 2;
        Ok(())
    }

    async fn record(&mut self) -> Result<(), StageError> {
        let attempt = self.attempt.as_ref().unwrap();
        let outcome = json!({"by": attempt.number});
        let transaction = self.transaction.as_mut().unwrap();
        sqlx::query("insert into effects values ($1)")
            .bind(self.key.message_sid.as_str())
            .execute(&mut **transaction)
            .await?;
        attempt.record(transaction, &outcome).await?;
        self.outcome = Some(outcome);
        self.step = 3;
        Ok(())
    }

    async fn commit(&mut self) -> Result<(), StageError> {
        self.transaction.take().unwrap().commit().await?;
        self.step = 4;
        Ok(())
    }

    /// Dies here: what it had begun in the database is rolled back.
    async fn die(mut self) {
        if let Some(transaction) = self.transaction.take() {
            transaction.rollback().await.unwrap();
        }
    }
}

/// Every order in which the first `a` steps of one worker and the first `b` of another can be
/// taken; true is the first worker.
fn orders(a: usize, b: usize) -> Vec<Vec<bool>> {
    let with = |first: bool, rest: Vec<Vec<bool>>| {
        rest.into_iter()
            .map(move |order| [vec![first], order].concat())
            .collect::<Vec<_>>()
    };
    match (a, b) {
        (0, 0) => vec![vec![]],
        (_, 0) => with(true, orders(a - 1, 0)),
        (0, _) => with(false, orders(0, b - 1)),
        _ => [with(true, orders(a - 1, b)), with(false, orders(a, b - 1))].concat(),
    }
}

async fn new_message(pool: &PgPool) -> MessageSid {
    let sid = MessageSid::parse(&format!("SM{:032x}", rand::random::<u128>())).unwrap();
    sqlx::query("insert into whatsapp_messages (message_sid, received_at) values ($1, now())")
        .bind(sid.as_str())
        .execute(pool)
        .await
        .unwrap();
    sid
}

/// A replay; it waits while the first worker records.
async fn raise_generation(pool: &PgPool, message_sid: &MessageSid) -> bool {
    sqlx::query("update whatsapp_messages set generation = 2 where message_sid = $1")
        .bind(message_sid.as_str())
        .execute(pool)
        .await
        .is_ok()
}

/// Runs one order and then a last worker that nobody kills; `replayed` raises the generation
/// before the second worker begins.
async fn holds_in(pool: &PgPool, order: &[bool], replayed: bool) {
    let message_sid = new_message(pool).await;
    let first = StageKey {
        message_sid: message_sid.clone(),
        stage: store::stage::Stage::Route,
        generation: 1,
    };
    let second = StageKey {
        generation: if replayed { 2 } else { 1 },
        ..first.clone()
    };
    let mut queue = Queue::default();
    let mut workers = [Worker::new(pool, &first), Worker::new(pool, &second)];
    let mut raised = !replayed;
    for is_first in order {
        if !is_first && !raised {
            raised = raise_generation(pool, &message_sid).await;
            if !raised {
                continue;
            }
        }
        workers[usize::from(!is_first)].step(&mut queue).await;
    }
    for worker in workers {
        worker.die().await;
    }
    let effects = || async {
        sqlx::query_scalar::<_, i64>("select count(*) from effects where message_sid = $1")
            .bind(message_sid.as_str())
            .fetch_one(pool)
            .await
            .unwrap()
    };
    let settled = effects().await == 1 && !queue.published.is_empty();
    // An acknowledgement of an older generation may come first: its replay is its successor.
    assert!(
        settled || !queue.acknowledged || replayed,
        "acknowledged too early: {order:?}"
    );
    let mut last = Worker::new(pool, if raised { &second } else { &first });
    let deadline = tokio::time::Instant::now() + Duration::from_secs(30);
    while last.step < STEPS {
        assert!(
            tokio::time::Instant::now() < deadline,
            "the last worker waits: {order:?}"
        );
        last.step(&mut queue).await;
    }
    assert!(queue.acknowledged, "{order:?}");
    assert_eq!(effects().await, 1, "{order:?}");
    queue.published.dedup();
    assert_eq!(
        queue.published.len(),
        1,
        "different outcomes were published: {order:?}"
    );
}

async fn hold_in_every_order(replayed: bool) {
    let pool = database().await;
    let mut count = 0;
    for a in 0..=STEPS {
        for b in 0..=STEPS {
            for order in orders(a, b) {
                holds_in(&pool, &order, replayed).await;
                count += 1;
            }
        }
    }
    // Sum of the binomials: nothing was left out.
    assert_eq!(count, 3431);
}

#[tokio::test]
async fn two_workers_in_every_order_and_killed_anywhere_have_one_effect() {
    hold_in_every_order(false).await;
}

#[tokio::test]
async fn a_replay_beside_the_first_delivery_in_every_order_has_one_effect() {
    hold_in_every_order(true).await;
}
