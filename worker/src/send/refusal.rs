//! What follows from a refusal of Twilio's.

use anyhow::anyhow;

use super::{
    Send,
    error_code::{self, Class},
    lock_out,
    part::Part,
    recipient_claim::RecipientClaim,
};
use crate::engine::{
    delivery::Delivery,
    stage_error::{Reason, Schedule, StageError},
};

impl Send {
    /// What is done about an error of Twilio's stands in one table.
    pub(super) async fn refused(
        &self,
        claim: &RecipientClaim,
        (part, attempt): (&Part, i32),
        code: i32,
        delivery: &Delivery,
    ) -> Result<(), StageError> {
        let pool = &self.context.pool;
        let entry = error_code::of_refusal(code);
        tracing::warn!(code, what = entry.sentence, "Twilio refused a reply");
        let again = match entry.class {
            Class::Hold => return part.hold_refused(pool, claim, attempt).await,
            Class::OptedOut => return part.opted_out(pool, attempt, code).await,
            Class::Retry => Schedule::TWILIO.delay(delivery.repetition()),
            Class::Once if part.failures == 0 => Schedule::TWILIO.delay(delivery.repetition()),
            Class::Stop => {
                lock_out::rest(&self.context, code, entry.sentence).await;
                lock_out::rest_time(&self.context)
            }
            Class::Once | Class::Never | Class::Operator => {
                metrics::counter!("replies_failed_total", "class" => entry.class.name())
                    .increment(1);
                let error = format!("Twilio's error {code}: {}", entry.sentence);
                let letter = (Reason::Refused, error.as_str());
                return part.give_up(&self.context, claim, Some(code), letter).await;
            }
        };
        let counts = entry.class == Class::Once;
        store::part::put_back(pool, (part.id, attempt), again, counts).await?;
        Err(StageError::RetryAfter(
            again,
            anyhow!("Twilio's error {code}"),
        ))
    }
}
