//! Sending a linking code to a phone. The code is made here, as it is sent: only its hash is
//! stored, and a post without an answer is not repeated, since nobody can say which code is on the
//! phone. Whoever waits for it asks for another.

use std::time::{Duration, Instant};

use anyhow::anyhow;
use common::{identity::WaAddress, kill_point::KillPoint, link::code, payload::Job};
use rand::rngs::SysRng;
use store::code_send::End;

use super::{
    Send,
    answered::{BUSY, LOCKED_OUT},
    code_row::CodeSend,
    error_code::{self, Class},
    lock_out,
    recipient_claim::RecipientClaim,
    twilio::{Posted, Said},
    window,
};
use crate::engine::{
    delivery::Delivery,
    stage_error::{Schedule, StageError},
};

impl Send {
    /// Sends the codes that are due for the recipient: they live for minutes, so they come first.
    pub(super) async fn codes(
        &self,
        claim: &RecipientClaim,
        delivery: &Delivery,
    ) -> Result<(), StageError> {
        let pool = &self.context.pool;
        while let Some(send) = CodeSend::next_of(pool, claim.recipient).await? {
            if send.was_being_posted {
                // Under a claim that has ended since.
                send.end(pool, End::Unknown).await?;
                continue;
            }
            self.code(claim, &send, delivery).await?;
        }
        Ok(())
    }

    async fn code(
        &self,
        claim: &RecipientClaim,
        send: &CodeSend,
        delivery: &Delivery,
    ) -> Result<(), StageError> {
        let pool = &self.context.pool;
        let now = self.context.clock.now();
        send.wait_until_due(now)?;
        if send.expires_at <= now {
            return send.end(pool, End::Void).await;
        }
        let template = self.context.settings.twilio.code_template.as_deref();
        let by_text = window::is_open(claim.last_inbound_at, now) && !send.by_template;
        if !by_text && template.is_none() {
            return send.end(pool, End::Failed(None)).await;
        }
        let soft = self.context.shutdown.soft();
        self.pace.keep(claim.recipient, soft).await?;
        let Some(code) = code::six_digits(&mut SysRng).ok() else {
            let error = anyhow!("the system gives no random numbers");
            return Err(StageError::RetryAfter(Schedule::TWILIO.delay(0), error));
        };
        let timings = self.context.settings.database.timings;
        let hash = self.context.settings.process.keys.delivered_code(&code);
        let began = Instant::now();
        let Some(attempt) = send.intend(pool, claim, timings.recipient, &hash).await? else {
            return send.end(pool, End::Void).await;
        };
        self.context.reach(KillPoint::SendCodeIntended);
        if began.elapsed() + timings.twilio + timings.statement > timings.recipient {
            return self.code_later(send, attempt, Duration::ZERO).await;
        }
        let job = Job {
            part_id: send.id.0,
            attempt,
        };
        let text = [("code", code.as_str().into())];
        let text = self.context.texts.say(send.language, "link-code", &text);
        let said = match template {
            Some(sid) if !by_text => Said::Template { sid, value: &code },
            _ => Said::Text(&text),
        };
        let posted = self.twilio.post(&send.address(claim), said, job).await;
        self.context.reach(KillPoint::SendCodePosted);
        self.record_code(claim, send, (attempt, posted), delivery)
            .await
    }

    /// Writes down what Twilio answered.
    async fn record_code(
        &self,
        claim: &RecipientClaim,
        send: &CodeSend,
        (attempt, posted): (i32, Posted),
        delivery: &Delivery,
    ) -> Result<(), StageError> {
        let pool = &self.context.pool;
        metrics::counter!("twilio_posts_total", "outcome" => posted.name()).increment(1);
        let later = |after: Option<Duration>| {
            after.unwrap_or_else(|| Schedule::TWILIO.delay(delivery.repetition()))
        };
        let code = match posted {
            Posted::Accepted { sid, status } => {
                let post = (send.id, attempt);
                return Ok(store::code_send::accept(pool, post, (&sid, &status)).await?);
            }
            Posted::Unknown => return send.end(pool, End::Unknown).await,
            Posted::NotProcessed { after } => {
                let put_back = self.code_later(send, attempt, later(after)).await;
                self.pace.pause(after.unwrap_or(BUSY)).await?;
                return put_back;
            }
            Posted::LockedOut => LOCKED_OUT,
            Posted::Refused { code } => code,
        };
        let entry = error_code::of_refusal(code);
        match entry.class {
            Class::Retry => self.code_later(send, attempt, later(None)).await,
            Class::Stop => {
                lock_out::rest(&self.context, code, entry.sentence).await;
                let rest = lock_out::rest_time(&self.context);
                self.code_later(send, attempt, rest).await
            }
            Class::Hold | Class::OptedOut | Class::Once | Class::Never | Class::Operator => {
                tracing::warn!(code, what = entry.sentence, "Twilio refused a linking code");
                let template = self.context.settings.twilio.code_template.is_some();
                let never_wrote = claim.last_inbound_at.is_none();
                send.refused(pool, code, (template, never_wrote)).await
            }
        }
    }

    /// It surely was not taken: the next try makes another code.
    async fn code_later(
        &self,
        send: &CodeSend,
        attempt: i32,
        delay: Duration,
    ) -> Result<(), StageError> {
        store::code_send::put_back(&self.context.pool, (send.id, attempt), delay).await?;
        let busy = anyhow!("a linking code is sent later");
        Err(StageError::RetryAfter(delay, busy))
    }
}

impl CodeSend {
    /// Where it goes: to the recipient's address, or its other form.
    fn address(&self, claim: &RecipientClaim) -> WaAddress {
        let other = self.other_form.then(|| claim.address.other_form());
        other.flatten().unwrap_or_else(|| claim.address.clone())
    }
}
