//! What is old is erased: texts of what is settled after `FOCO_RETENTION_DAYS`, of what never was
//! after `FOCO_UNSETTLED_RETENTION_DAYS`, phones of people who never wrote after a week. SIDs,
//! states and times stay. Done with the sweep, as its last step: a bounded number of rows at a time,
//! each in a transaction of its own, with more time than what people wait for has.

mod never_wrote;
mod settled;
mod unsettled;

use chrono::{DateTime, Utc};
use sqlx::{PgConnection, PgPool, Postgres, Transaction};

use crate::engine::{context::Context, stage_error::StageError};

/// Transactions of one look, so that it ends.
const MOST_STEPS: usize = 20;

/// Where the looking through goes on: a look reads a bounded number, also of what may not be erased
/// yet.
#[derive(Default)]
pub(crate) struct Retention {
    /// Settled messages up to here were looked at.
    message: Option<settled::Position>,
    /// The same of recipients who never wrote.
    recipient: Option<never_wrote::Position>,
}

impl Retention {
    /// Erases what is old enough; returns how many messages, notices and dead letters that were.
    pub(crate) async fn erase(&mut self, context: &Context) -> Result<u64, StageError> {
        let now = context.clock.now();
        let mut erased = 0;
        for _ in 0..MOST_STEPS {
            let step = self.step(context, now).await?;
            erased += step.erased;
            if step.at_end {
                break;
            }
        }
        Ok(erased)
    }

    /// A step of each kind.
    async fn step(&mut self, context: &Context, now: DateTime<Utc>) -> Result<Step, StageError> {
        let before = now - context.settings.retention;
        let unsettled_before = now - context.settings.unsettled_retention;
        let mut transaction = begin(&context.pool).await?;
        let mut step = unsettled::erase(&mut transaction, unsettled_before).await?;
        transaction.commit().await?;
        let mut transaction = begin(&context.pool).await?;
        step += settled::messages(&mut transaction, before, &mut self.message).await?;
        step += settled::notices(&mut transaction, before).await?;
        step += settled::dead_letters(&mut transaction, before).await?;
        transaction.commit().await?;
        let mut transaction = begin(&context.pool).await?;
        step += never_wrote::forget(&mut transaction, now, &mut self.recipient).await?;
        transaction.commit().await?;
        Ok(step)
    }
}

/// What a step did.
#[derive(Clone, Copy)]
struct Step {
    /// Messages, notices and dead letters without their texts now.
    erased: u64,
    /// Whether nothing is left to look at.
    at_end: bool,
}

impl Step {
    /// One that found so many rows, of the hundred that it looked for.
    fn of(found: u64, erased: u64) -> Self {
        Self {
            erased,
            at_end: found < ROWS,
        }
    }
}

impl std::ops::AddAssign for Step {
    fn add_assign(&mut self, other: Self) {
        self.erased += other.erased;
        self.at_end &= other.at_end;
    }
}

/// Rows of one step, as the statements have it: what a transaction locks.
const ROWS: u64 = 100;

/// A transaction in which a statement may take longer than elsewhere.
async fn begin(pool: &PgPool) -> Result<Transaction<'static, Postgres>, sqlx::Error> {
    let mut transaction = pool.begin().await?;
    sqlx::query!("set local statement_timeout = '60s'")
        .execute(&mut *transaction)
        .await?;
    Ok(transaction)
}

/// Takes the texts out of these messages, of what the stages captured of them, and of the answers.
async fn empty(conn: &mut PgConnection, sids: &[String]) -> Result<(), sqlx::Error> {
    store::message::erase_texts(conn, sids).await?;
    store::stage::erase_of_messages(conn, sids).await?;
    store::part::erase_texts_of_messages(conn, sids).await
}

/// As many as the database says that it changed.
fn count(rows: usize) -> u64 {
    u64::try_from(rows).unwrap_or(u64::MAX)
}
