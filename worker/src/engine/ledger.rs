//! The ledger: every stage claims a message before it works on it, and records what came of it
//! once. Attempts fence each other: only the newest may record, and only where nothing is.

#[cfg(test)]
mod interleavings;

use std::time::Duration;

use chrono::{DateTime, Utc};
use common::sid::MessageSid;
use serde_json::Value;
use sqlx::{Connection as _, PgConnection, PgPool};
use store::message::State;

use crate::engine::stage_error::{Reason, StageError};

/// Attempts that began and never ended before a message is dead.
pub(crate) const MOST_UNENDED: i32 = 5;

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

/// How a message stands that is held.
#[derive(Debug)]
pub(crate) struct Held {
    /// Where it stands.
    state: State,
    /// When it was fetched from Twilio's log.
    pub(crate) recovered_at: Option<DateTime<Utc>>,
}

impl Held {
    /// Whether something else has settled it for good.
    pub(crate) fn is_settled(&self) -> bool {
        self.state.is_final()
    }
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
pub(crate) async fn claim(
    conn: &mut PgConnection,
    key: &StageKey,
    ended: i32,
) -> Result<Claim, StageError> {
    let found = sqlx::query!(
        r#"with message as (
             select message_sid, generation, state from whatsapp_messages
             where message_sid = $1
             for share),
         claimed as (
             insert into whatsapp_message_stages as s (message_sid, stage, generation)
             select message_sid, $2, $3 from message
             where generation <= $3 and state <> 'forgotten' and state <> all($5)
             on conflict (message_sid, stage) do update set
                 unended = case when s.generation < excluded.generation then 0
                     else s.unended + (s.in_work and s.attempt <> $4)::int end,
                 generation = excluded.generation,
                 attempt = s.attempt + 1,
                 in_work = true,
                 started_at = now()
             where s.outcome is null
             returning attempt, unended)
         select m.generation, m.state as "state: State", c.attempt as "attempt?", c.unended as "unended?"
         from message m left join claimed c on true"#,
        key.message_sid.as_str(),
        key.stage,
        key.generation,
        ended,
        &State::final_words() as &[&str]
    )
    .fetch_optional(&mut *conn)
    .await?
    .ok_or_else(|| {
        StageError::Permanent(Reason::Inconsistent, anyhow::anyhow!("not in the ledger"))
    })?;
    if let (Some(number), Some(unended)) = (found.attempt, found.unended) {
        return Ok(if unended >= MOST_UNENDED {
            Claim::Exhausted(unended)
        } else {
            let key = key.clone();
            Claim::Mine(Attempt { key, number })
        });
    }
    match settled(key, found.generation, found.state) {
        Some(claim) => Ok(claim),
        None => resume(conn, key).await,
    }
}

/// What is claimed of a message that has nothing to work on for this key.
fn settled(key: &StageKey, generation: i32, state: State) -> Option<Claim> {
    if state == State::Forgotten {
        Some(Claim::Forgotten)
    } else if key.generation < generation || state.is_final() {
        Some(Claim::Done)
    } else {
        None
    }
}

/// Takes up what follows from an outcome, whose follower may have died; that counts too. A replay
/// begins the count anew, and waits until this is written down.
async fn resume(conn: &mut PgConnection, key: &StageKey) -> Result<Claim, StageError> {
    let mut transaction = conn.begin().await?;
    let message = sqlx::query!(
        r#"select generation, state as "state: State" from whatsapp_messages
           where message_sid = $1 for share"#,
        key.message_sid.as_str()
    )
    .fetch_one(&mut *transaction)
    .await?;
    if let Some(claim) = settled(key, message.generation, message.state) {
        return Ok(claim);
    }
    let row = sqlx::query!(
        r#"update whatsapp_message_stages
           set follows = case when generation < $3 then 1 else follows + 1 end, generation = $3
           where message_sid = $1 and stage = $2 and outcome is not null
           returning outcome as "outcome!", follows"#,
        key.message_sid.as_str(),
        key.stage,
        key.generation
    )
    .fetch_optional(&mut *transaction)
    .await?;
    transaction.commit().await?;
    let Some(row) = row else {
        let error = anyhow::anyhow!("its outcome was taken back meanwhile");
        return Err(StageError::RetryAfter(Duration::ZERO, error));
    };
    Ok(if row.follows > MOST_UNENDED {
        Claim::Exhausted(row.follows)
    } else {
        Claim::Resume(row.outcome)
    })
}

/// Says that what follows from the outcome was done.
pub(crate) async fn delivered(pool: &PgPool, key: &StageKey) -> Result<(), StageError> {
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
pub(crate) async fn take_back(pool: &PgPool, key: &StageKey) -> Result<(), StageError> {
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
pub(crate) async fn unended(pool: &PgPool, key: &StageKey, ended: i32) -> Result<i32, StageError> {
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

impl Attempt {
    /// Makes sure, at the start of the recording transaction, that the attempt is still mine;
    /// nobody can claim the message until that transaction ends. Returns how the message stands.
    pub(crate) async fn hold(&self, conn: &mut PgConnection) -> Result<Held, StageError> {
        // The message is locked before its stage, as a claim locks them.
        let held = sqlx::query_as!(
            Held,
            r#"select m.state as "state: State", m.recovered_at
             from whatsapp_messages m
             join whatsapp_message_stages s on s.message_sid = m.message_sid
             where m.message_sid = $1 and s.stage = $2 and s.attempt = $3 and s.generation = $4
                 and s.outcome is null
             for update of m, s"#,
            self.key.message_sid.as_str(),
            self.key.stage,
            self.number,
            self.key.generation
        )
        .fetch_optional(conn)
        .await?;
        held.ok_or(StageError::Fenced)
    }

    /// Records the outcome, in the transaction of its effects.
    pub(crate) async fn record(
        &self,
        conn: &mut PgConnection,
        outcome: &Value,
    ) -> Result<(), StageError> {
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
            Err(StageError::Fenced)
        }
    }

    /// Ends the attempt without an outcome: the next one does not count it.
    pub(crate) async fn end(&self, pool: &PgPool, error: &str) -> Result<(), StageError> {
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
