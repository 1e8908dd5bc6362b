//! What follows from a refusal of Twilio's.

use anyhow::anyhow;

use super::{
    Send,
    error_code::{self, Class},
    lock_out,
    part::Part,
};
use crate::{
    delivery::{Delivery, Findings},
    failure::{Failure, Reason, Schedule},
};

impl Send {
    /// What is done about an error of Twilio's stands in one table.
    pub(super) async fn refused(
        &self,
        part: &Part,
        attempt: i32,
        code: i32,
        delivery: &Delivery,
    ) -> Result<(), Failure> {
        let pool = &self.context.pool;
        let entry = error_code::look_up(code);
        tracing::warn!(code, what = entry.sentence, "Twilio refused a reply");
        match entry.class {
            Class::Retry => {
                let delay = Schedule::TWILIO.delay(delivery.repetition());
                part.put_back(pool, attempt, delay).await?;
                Err(Failure::Retry(delay, anyhow!("Twilio's error {code}")))
            }
            Class::Hold => part.hold(pool).await,
            Class::Stop => {
                lock_out::rest(&self.context, code, entry.sentence).await;
                let rest = lock_out::rest_time(&self.context);
                part.put_back(pool, attempt, rest).await?;
                Err(Failure::Retry(rest, anyhow!("Twilio's error {code}")))
            }
            Class::Never | Class::Operator => {
                part.fail(pool, attempt, Some(code)).await?;
                delivery.found(Findings {
                    attempts: Some(attempt),
                    ..part.findings()
                });
                metrics::counter!("replies_failed_total", "class" => entry.class.name())
                    .increment(1);
                Err(Failure::Fail(
                    Reason::Refused,
                    anyhow!("Twilio's error {code}: {}", entry.sentence),
                ))
            }
        }
    }
}
