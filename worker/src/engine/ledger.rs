//! The ledger: every stage claims a message before it works on it, and records what came of it
//! once. Attempts fence each other: only the newest may record, and only where nothing is.

#[cfg(test)]
mod interleavings;

use std::time::Duration;

use chrono::{DateTime, Utc};
use serde_json::Value;
use sqlx::{Connection as _, PgConnection, PgPool};
use store::message::State;
pub(crate) use store::stage::Key as StageKey;

use crate::engine::stage_error::{Reason, StageError};

/// Attempts that began and never ended before a message is dead.
pub(crate) const MOST_UNENDED: i32 = 5;

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
    let found = store::stage::claim(conn, key, ended).await?;
    let found = found.ok_or_else(|| {
        StageError::Permanent(Reason::Inconsistent, anyhow::anyhow!("not in the ledger"))
    })?;
    if let Some((number, unended)) = found.attempt {
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
    let row = store::stage::follow(&mut transaction, key).await?;
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

/// How many attempts on this generation began and never ended, as far as the ledger knows now: to
/// find an outcome, or to do what follows from it.
pub(crate) async fn unended(pool: &PgPool, key: &StageKey, ended: i32) -> Result<i32, StageError> {
    let counted = sqlx::query_scalar!(
        r#"select case when outcome is null then unended + (in_work and attempt <> $4)::int
               else follows end as "unended!"
           from whatsapp_message_stages
           where message_sid = $1 and stage = $2 and generation = $3"#,
        key.message_sid.as_str(),
        key.stage.as_str(),
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
            self.key.stage.as_str(),
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
        if store::stage::record(conn, (&self.key, self.number), outcome).await? {
            Ok(())
        } else {
            Err(StageError::Fenced)
        }
    }

    /// Ends the attempt without an outcome: the next one does not count it.
    pub(crate) async fn end(&self, pool: &PgPool, error: &str) -> Result<(), StageError> {
        Ok(store::stage::end(pool, (&self.key, self.number), error).await?)
    }
}
