//! Facts that come back: what became of a reply at Twilio, and refusals over the limit. They
//! arrive late, twice and in any order, so every fact is kept once and states only move forward.

mod asynchronous;
mod callback;
mod code;

use std::{sync::Arc, time::Duration};

use common::{
    kill_point::KillPoint,
    payload::{Callback, Refused, StatusPayload, decode},
    sid::MessageSid,
    stage::StageName,
};

use store::{PartId, part::Post};

use self::{
    asynchronous::{Failed, SideEffects},
    callback::Bound,
};
use crate::{
    engine::{
        attempts, context::Context, delivery::Delivery, failure::Findings,
        isolation::SUSPECT_AFTER, stage::Stage, stage_error::StageError,
    },
    send::lock_out,
};

/// The status stage.
pub(crate) struct Status {
    pub(crate) context: Arc<Context>,
}

impl Stage for Status {
    fn name(&self) -> &'static str {
        StageName::Status.name()
    }

    fn attempt_limit(&self) -> Duration {
        self.context.settings.nats.ack_wait * 3
    }

    fn may_give_up(&self, _: &Delivery) -> bool {
        true
    }

    async fn process(
        &self,
        delivery: &Delivery,
        findings: &mut Findings,
    ) -> Result<(), StageError> {
        let pool = &self.context.pool;
        let suspect = attempts::unended(pool, delivery).await? >= SUSPECT_AFTER;
        let _guard = self.context.isolation.enter(suspect).await;
        attempts::begin(pool, delivery, findings).await?;
        let worked = self.work(delivery).await;
        attempts::end(pool, delivery).await;
        worked
    }
}

impl Status {
    async fn work(&self, delivery: &Delivery) -> Result<(), StageError> {
        match decode(delivery.payload())? {
            StatusPayload::Callback(callback) => self.called_back(delivery, &callback).await,
            StatusPayload::Refused(refused) => {
                delivery.is_of_message(&refused.message_sid);
                self.refused(&refused).await
            }
        }
    }

    async fn called_back(
        &self,
        delivery: &Delivery,
        callback: &Callback,
    ) -> Result<(), StageError> {
        delivery.is_of_reply(&callback.message_sid);
        if self.recorded_at_once(delivery, callback).await? {
            return self.finish("recorded", SideEffects::default()).await;
        }
        let mut transaction = self.context.pool.begin().await?;
        let conn = &mut *transaction;
        if let Some(side_effects) = code::called_back(&self.context, conn, callback).await? {
            transaction.commit().await?;
            return self.finish("recorded", side_effects).await;
        }
        let wrote_at = if callback::is_failure(callback) {
            callback::lock_recipient(conn, callback).await?
        } else {
            None
        };
        let mut side_effects = SideEffects::default();
        let kept = callback::kept(callback);
        let (bound, answered) = callback::bind(conn, callback).await?;
        if let Some(sid) = answered {
            delivery.is_of_message(&sid);
        }
        let outcome = match bound {
            // Another program may send from the same number.
            Bound::NotOurs => "not_ours",
            // About a post that has failed, and was followed by another.
            Bound::Superseded => {
                store::callback::keep(conn, &kept, None).await?;
                "superseded"
            }
            Bound::Doubled => {
                // The one case in which a person may get a reply twice: Twilio took a post that
                // had been given up.
                tracing::warn!("an earlier post was taken after all");
                metrics::counter!("replies_doubled_total").increment(1);
                store::callback::keep(conn, &kept, None).await?;
                "doubled"
            }
            Bound::Earlier(part) if part.is_posting => {
                store::callback::keep(conn, &kept, Some(part.id)).await?;
                "recorded"
            }
            Bound::Part(part) if callback::is_failure(callback) => {
                let first = store::callback::keep(conn, &kept, Some(part.id)).await?;
                let failed = Failed {
                    part: &part,
                    callback,
                    wrote_at,
                };
                side_effects = failed.store(&self.context, conn, first).await?;
                "recorded"
            }
            Bound::Earlier(part) | Bound::Part(part) => {
                store::part::move_forward(conn, (part.id, Post::Any), &kept).await?;
                "recorded"
            }
        };
        transaction.commit().await?;
        self.finish(outcome, side_effects).await
    }

    /// Records what nearly every callback is, good news of the last post of a part, in one
    /// statement; whether it was that.
    async fn recorded_at_once(
        &self,
        delivery: &Delivery,
        callback: &Callback,
    ) -> Result<bool, StageError> {
        let Some(job) = callback.job.filter(|_| !callback::is_failure(callback)) else {
            return Ok(false);
        };
        let mut conn = self.context.pool.acquire().await?;
        let part = (PartId(job.part_id), Post::Last(job.attempt));
        let kept = callback::kept(callback);
        let Some(answered) = store::part::move_forward(&mut conn, part, &kept).await? else {
            return Ok(false);
        };
        if let Some(sid) = answered.and_then(|sid| MessageSid::parse(&sid).ok()) {
            delivery.is_of_message(&sid);
        }
        Ok(true)
    }

    /// Once a callback is stored: does what a failure leads to.
    async fn finish(
        &self,
        outcome: &'static str,
        side_effects: SideEffects,
    ) -> Result<(), StageError> {
        self.context.reach(KillPoint::StatusRecorded);
        if let Some(entry) = side_effects.stop {
            lock_out::rest(&self.context, entry.code, entry.sentence).await;
        }
        if let Some(due) = side_effects.due {
            self.context.queue.publish(due).await?;
        }
        metrics::counter!("status_callbacks_total", "outcome" => outcome).increment(1);
        Ok(())
    }

    /// A refusal is final, whether the message came into the ledger or not.
    async fn refused(&self, refused: &Refused) -> Result<(), StageError> {
        let (pool, sid) = (&self.context.pool, &refused.message_sid);
        store::message::note_refused(pool, sid, refused.refused_at).await?;
        self.context.reach(KillPoint::StatusRecorded);
        Ok(())
    }
}
