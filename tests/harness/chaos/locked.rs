//! Trouble of another kind: nothing is killed, and somebody holds a table all the time, as a plain
//! `create index` does while it builds.

use std::time::Duration;

use sqlx::AssertSqlSafe;
use tokio::time::{Instant, sleep_until};

use super::{Counters, say, world::World};

/// How often a line says how far it is.
const TELL: Duration = Duration::from_secs(10);

/// Holds a table against every writer until then.
pub(super) async fn holds(table: &str, world: &World, counters: &Counters, end: Instant) {
    let mut transaction = world.pool.begin().await.expect("the database");
    let lock = AssertSqlSafe(format!("lock table {table} in share mode"));
    let locked = sqlx::raw_sql(lock).execute(&mut *transaction).await;
    locked.expect("the lock");
    while Instant::now() < end {
        sleep_until(end.min(Instant::now() + TELL)).await;
        let left = end.duration_since(Instant::now()).as_secs();
        say(&format!("{left:5} s left: {}", counters.line()));
    }
    transaction.rollback().await.expect("the end of the lock");
}
