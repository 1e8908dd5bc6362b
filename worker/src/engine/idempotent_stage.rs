//! The way of a message through a stage that the ledger guards: decode, claim, work, record
//! (inside `work`, in one transaction with the effects), then what follows from the outcome.

use std::{sync::Arc, time::Duration};

use anyhow::anyhow;
use common::{kill_point::KillPoint, store_marks::MarkedRow};
use serde_json::Value;
use sqlx::PgConnection;

use crate::engine::{
    attempts,
    context::Context,
    delivery::Delivery,
    failure::Findings,
    isolation::{Guard, SUSPECT_AFTER},
    ledger::{self, Attempt, Claim, StageKey},
    outbox::{self, DeliverPoints},
    stage::Stage,
    stage_error::{Reason, StageError},
};

/// What differs between the stages that the ledger guards.
pub(crate) trait IdempotentStage: Send + Sync + 'static {
    /// The payload, decoded.
    type Payload: Send + Sync;

    /// Which stage of the ledger it is.
    const STAGE: store::stage::Stage;
    /// Where the process may be killed after the claim.
    const CLAIMED: KillPoint;
    /// Where it may be killed while what follows is done.
    const DELIVER: DeliverPoints;

    /// Longest that one attempt may take.
    fn attempt_limit(&self) -> Duration;

    /// Reads the payload and names the work.
    fn decode(&self, delivery: &Delivery) -> Result<(StageKey, Self::Payload), StageError>;

    /// Makes sure that the message is in the ledger, before it is claimed.
    fn register(
        &self,
        conn: &mut PgConnection,
        delivery: &Delivery,
        payload: &Self::Payload,
    ) -> impl Future<Output = Result<(), StageError>> + Send;

    /// Works, and records the outcome in one transaction with its effects.
    fn work(
        &self,
        attempt: &Attempt,
        delivery: &Delivery,
        payload: Self::Payload,
    ) -> impl Future<Output = Result<Value, StageError>> + Send;
}

/// A guarded stage as a stage.
pub(crate) struct Idempotent<S> {
    pub(crate) context: Arc<Context>,
    pub(crate) inner: S,
}

impl<S: IdempotentStage> Stage for Idempotent<S> {
    fn name(&self) -> &'static str {
        S::STAGE.as_str()
    }

    fn attempt_limit(&self) -> Duration {
        self.inner.attempt_limit()
    }

    fn may_give_up(&self, delivery: &Delivery) -> bool {
        delivery.is_claimed()
    }

    async fn process(
        &self,
        delivery: &Delivery,
        findings: &mut Findings,
    ) -> Result<(), StageError> {
        let context = &self.context;
        let (key, payload) = self.inner.decode(delivery)?;
        delivery.is_of_message(&key.message_sid);
        let _guard = self.guard(delivery, &key).await?;
        // From the claim on the ledger counts.
        attempts::begin(&context.pool, delivery, findings).await?;
        let claim = self.claim(delivery, &key, &payload).await;
        attempts::end(&context.pool, delivery).await;
        let claim = claim?;
        delivery.claimed();
        let outcome = match claim {
            Claim::Done => return Ok(()),
            Claim::Forgotten => return delivery.erase(&context.queue).await,
            Claim::Resume(outcome) => return self.resume(&key, outcome).await,
            Claim::Exhausted(unended) => {
                *findings = Findings::counted(unended);
                let error = anyhow!("{unended} attempts began and never ended");
                return Err(StageError::Permanent(Reason::Unended, error));
            }
            Claim::Mine(attempt) => {
                let switch = &context.settings.process.kill_switch;
                switch.reach_with(S::CLAIMED, Some(&key.message_sid));
                *findings = Findings::counted(attempt.number);
                delivery.attempt_began(attempt.number);
                self.work(&attempt, delivery, payload).await?
            }
        };
        outbox::deliver(context, &key, outcome, &S::DELIVER).await
    }
}

impl<S: IdempotentStage> Idempotent<S> {
    /// Beside others, or alone with a suspect. Both before the claim: who waits has not begun, so
    /// that nothing is counted against it if the suspect strikes.
    async fn guard(&self, delivery: &Delivery, key: &StageKey) -> Result<Guard, StageError> {
        let pool = &self.context.pool;
        let suspect = delivery.delivered() > 1
            && (ledger::unended(pool, key, delivery.ended_attempt()).await? >= SUSPECT_AFTER
                || attempts::unended(pool, delivery).await? >= SUSPECT_AFTER);
        if suspect {
            tracing::warn!("worked on alone");
        }
        Ok(self.context.isolation.enter(suspect).await)
    }

    /// Makes sure that the message is in the ledger, and claims it there.
    async fn claim(
        &self,
        delivery: &Delivery,
        key: &StageKey,
        payload: &S::Payload,
    ) -> Result<Claim, StageError> {
        let mut conn = self.context.pool.acquire().await?;
        self.inner.register(&mut conn, delivery, payload).await?;
        ledger::claim(&mut conn, key, delivery.ended_attempt()).await
    }

    /// Does once more what follows from an outcome. However that ends, it is written down: only what
    /// began and never ended counts.
    async fn resume(&self, key: &StageKey, outcome: Value) -> Result<(), StageError> {
        let context = &self.context;
        let delivered = outbox::deliver(context, key, outcome, &S::DELIVER).await;
        match delivered {
            Ok(()) => Ok(store::stage::end_following(&context.pool, key).await?),
            Err(failure @ (StageError::Indeterminate(_) | StageError::Fenced)) => Err(failure),
            Err(failure) => {
                store::stage::give_up_following(&context.pool, key).await?;
                Err(failure)
            }
        }
    }

    /// Works; an attempt that ends without an outcome is ended in the ledger too.
    async fn work(
        &self,
        attempt: &Attempt,
        delivery: &Delivery,
        payload: S::Payload,
    ) -> Result<Value, StageError> {
        let failure = match self.inner.work(attempt, delivery, payload).await {
            Ok(outcome) => {
                self.context.stores.note(MarkedRow::Outcome {
                    message_sid: attempt.key.message_sid.to_string(),
                    stage: S::STAGE.as_str().to_owned(),
                });
                return Ok(outcome);
            }
            Err(failure @ (StageError::Indeterminate(_) | StageError::Fenced)) => {
                return Err(failure);
            }
            Err(failure) => failure,
        };
        delivery.attempt_ended(attempt.number);
        match attempt.end(&self.context.pool, &failure.to_string()).await {
            Ok(()) => Err(failure),
            // Not written down: stay in hand until it can be.
            Err(away) => Err(away),
        }
    }
}
