//! The ledger: every stage claims a message before it works on it, and records what came of it
//! once. Attempts fence each other: only the newest may record, and only where nothing is.

#[cfg(test)]
mod interleavings;

use common::sid::MessageSid;
use serde_json::Value;
use sqlx::{PgConnection, PgPool};

use crate::failure::{Failure, Reason};

/// Attempts that began and never ended before a message is dead.
pub(crate) const MOST_UNENDED: i32 = 5;
/// States of a message that are final for every stage. What failed was discarded, and answered so.
pub(crate) const FINAL_STATES: [&str; 4] = ["cancelled", "refused", "forgotten", "failed"];

/// A stage's work on one generation of a message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct StageKey {
    pub(crate) message_sid: MessageSid,
    /// `route` or `parse`.
    pub(crate) stage: &'static str,
    pub(crate) generation: i32,
}

/// The right to work on a message, until somebody else claims it.
#[derive(Clone, Debug)]
pub(crate) struct Attempt {
    pub(crate) key: StageKey,
    /// Raised by every claim.
    pub(crate) number: i32,
}

/// What a claim found.
#[derive(Debug)]
pub(crate) enum Claim {
    /// Mine to work on: nobody did before, or their attempt ended without an outcome, or it
    /// began and never ended.
    Mine(Attempt),
    /// The outcome stands; only what follows from it is to be repeated.
    Resume(Value),
    /// Nothing to do: an older generation, or a message that is settled for good.
    Done,
    /// Its sender was forgotten: what it says goes too.
    Forgotten,
    /// Too many attempts began and never ended.
    Exhausted(i32),
}

/// Claims a message for a stage. `ended` is an attempt of the same delivery that is known to
/// have ended (0 for none).
pub(crate) async fn claim(pool: &PgPool, key: &StageKey, ended: i32) -> Result<Claim, Failure> {
    let mut transaction = pool.begin().await?;
    let sid = key.message_sid.as_str();
    let message = sqlx::query!(
        "select generation, state from whatsapp_messages where message_sid = $1 for share",
        sid
    )
    .fetch_optional(&mut *transaction)
    .await?
    .ok_or_else(|| Failure::Fail(Reason::Inconsistent, anyhow::anyhow!("not in the ledger")))?;
    if message.state == "forgotten" {
        return Ok(Claim::Forgotten);
    }
    if key.generation < message.generation || FINAL_STATES.contains(&message.state.as_str()) {
        return Ok(Claim::Done);
    }
    let claimed = sqlx::query!(
        "insert into whatsapp_message_stages as s (message_sid, stage, generation)
         values ($1, $2, $3)
         on conflict (message_sid, stage) do update set
             unended = case when s.generation < excluded.generation then 0
                 else s.unended + (s.in_work and s.attempt <> $4)::int end,
             generation = excluded.generation,
             attempt = s.attempt + 1,
             in_work = true,
             started_at = now()
         where s.outcome is null
         returning attempt, unended",
        sid,
        key.stage,
        key.generation,
        ended
    )
    .fetch_optional(&mut *transaction)
    .await?;
    let claim = match claimed {
        Some(row) if row.unended >= MOST_UNENDED => Claim::Exhausted(row.unended),
        Some(row) => Claim::Mine(Attempt {
            key: key.clone(),
            number: row.attempt,
        }),
        None => resume(&mut transaction, key).await?,
    };
    transaction.commit().await?;
    Ok(claim)
}

/// Takes up what follows from an outcome, whose follower may have died; that counts too. A replay
/// begins the count anew.
async fn resume(conn: &mut PgConnection, key: &StageKey) -> Result<Claim, Failure> {
    let row = sqlx::query!(
        r#"update whatsapp_message_stages
           set follows = case when generation < $3 then 1 else follows + 1 end, generation = $3
           where message_sid = $1 and stage = $2
           returning outcome as "outcome!", follows"#,
        key.message_sid.as_str(),
        key.stage,
        key.generation
    )
    .fetch_one(conn)
    .await?;
    Ok(if row.follows > MOST_UNENDED {
        Claim::Exhausted(row.follows)
    } else {
        Claim::Resume(row.outcome)
    })
}

/// Says that what follows from the outcome was done.
pub(crate) async fn followed(pool: &PgPool, key: &StageKey) -> Result<(), Failure> {
    sqlx::query!(
        "update whatsapp_message_stages set follows = 0
         where message_sid = $1 and stage = $2 and follows > 0",
        key.message_sid.as_str(),
        key.stage
    )
    .execute(pool)
    .await?;
    Ok(())
}

/// Says that doing what follows from the outcome has ended, for this time: that counts nothing.
pub(crate) async fn take_back(pool: &PgPool, key: &StageKey) -> Result<(), Failure> {
    sqlx::query!(
        "update whatsapp_message_stages set follows = follows - 1
         where message_sid = $1 and stage = $2 and generation = $3 and follows > 0",
        key.message_sid.as_str(),
        key.stage,
        key.generation
    )
    .execute(pool)
    .await?;
    Ok(())
}

/// How many attempts on this generation began and never ended, as far as the ledger knows now: to
/// find an outcome, or to do what follows from it.
pub(crate) async fn unended(pool: &PgPool, key: &StageKey, ended: i32) -> Result<i32, Failure> {
    let counted = sqlx::query_scalar!(
        r#"select case when outcome is null then unended + (in_work and attempt <> $4)::int
               else follows end as "unended!"
           from whatsapp_message_stages
           where message_sid = $1 and stage = $2 and generation = $3"#,
        key.message_sid.as_str(),
        key.stage,
        key.generation,
        ended
    )
    .fetch_optional(pool)
    .await?;
    Ok(counted.unwrap_or(0))
}

/// Whether the stage ever claimed the message.
pub(crate) async fn knows(pool: &PgPool, key: &StageKey) -> Result<bool, Failure> {
    let found = sqlx::query_scalar!(
        r#"select exists(select from whatsapp_message_stages
               where message_sid = $1 and stage = $2) as "found!""#,
        key.message_sid.as_str(),
        key.stage
    )
    .fetch_one(pool)
    .await?;
    Ok(found)
}

impl Attempt {
    /// Makes sure, at the start of the recording transaction, that the attempt is still mine;
    /// nobody can claim the message until that transaction ends.
    pub(crate) async fn hold(&self, conn: &mut PgConnection) -> Result<(), Failure> {
        // The message before its stage, as a claim takes them.
        sqlx::query!(
            "select generation from whatsapp_messages where message_sid = $1 for update",
            self.key.message_sid.as_str()
        )
        .fetch_optional(&mut *conn)
        .await?;
        let held = sqlx::query_scalar!(
            "select attempt from whatsapp_message_stages
             where message_sid = $1 and stage = $2 and attempt = $3 and generation = $4
                 and outcome is null
             for update",
            self.key.message_sid.as_str(),
            self.key.stage,
            self.number,
            self.key.generation
        )
        .fetch_optional(conn)
        .await?;
        held.map(drop).ok_or(Failure::Lost)
    }

    /// Records the outcome, in the transaction of its effects.
    pub(crate) async fn record(
        &self,
        conn: &mut PgConnection,
        outcome: &Value,
    ) -> Result<(), Failure> {
        let recorded = sqlx::query!(
            "update whatsapp_message_stages
             set outcome = $4, in_work = false, ended_at = now(), last_error = null
             where message_sid = $1 and stage = $2 and attempt = $3 and outcome is null",
            self.key.message_sid.as_str(),
            self.key.stage,
            self.number,
            outcome
        )
        .execute(conn)
        .await?;
        if recorded.rows_affected() == 1 {
            Ok(())
        } else {
            Err(Failure::Lost)
        }
    }

    /// Ends the attempt without an outcome: the next one does not count it.
    pub(crate) async fn end(&self, pool: &PgPool, error: &str) -> Result<(), Failure> {
        sqlx::query!(
            "update whatsapp_message_stages set in_work = false, last_error = $4
             where message_sid = $1 and stage = $2 and attempt = $3 and outcome is null",
            self.key.message_sid.as_str(),
            self.key.stage,
            self.number,
            error
        )
        .execute(pool)
        .await?;
        Ok(())
    }
}
