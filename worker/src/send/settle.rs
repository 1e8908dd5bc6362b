//! What became of a post without an answer: a callback may have told meanwhile, else Twilio's own
//! list does; what neither knows is posted once more.

use anyhow::anyhow;
use common::{
    payload::{Callback, Job, StatusPayload, encode},
    queue::{Headers, Outgoing, PublishId, StreamName},
    sender::SenderHash,
    sid::MessageSid,
    trace,
};
use sqlx::PgPool;
use store::PartId;

use super::{
    Send, Step,
    part::{Accepted, Part},
    recipient_claim::RecipientClaim,
    twilio::{Fate, Listed, Unlisted},
};
use crate::engine::{
    delivery::Delivery,
    stage_error::{Reason, Schedule, StageError},
};

/// Posts of a part of which nobody could say what became, before one that Twilio does not list
/// either is the last: what comes after it for that recipient waits meanwhile.
const MOST_DOUBTS: i32 = 8;
/// How far before the last post of a part an earlier one may lie, which Twilio took after all.
const EARLIER_POSTS: chrono::Duration = chrono::Duration::hours(1);

impl Part {
    /// Takes a message that Twilio lists for this part's; `None` where another part has it.
    async fn adopt(
        &self,
        pool: &PgPool,
        claim: &RecipientClaim,
        taken: (&MessageSid, &str),
    ) -> Result<Option<Accepted>, StageError> {
        match self.accepted(pool, claim, self.post_attempt, taken).await {
            Ok(accepted) => Ok(Some(accepted)),
            // Two parts never share a message: the unique constraint says whose it is.
            Err(StageError::Permanent(Reason::Inconsistent, _)) => Ok(None),
            Err(failure) => Err(failure),
        }
    }
}

impl Send {
    /// Finds out what became of a post without an answer.
    pub(super) async fn settle(
        &self,
        claim: &RecipientClaim,
        part: &Part,
        delivery: &Delivery,
    ) -> Result<Step, StageError> {
        let pool = &self.context.pool;
        let earlier = if part.resent {
            EARLIER_POSTS
        } else {
            chrono::Duration::zero()
        };
        let since = part.posted_at - earlier;
        let found = match self.twilio.find(&claim.address, &part.body, since).await {
            Ok(found) => found,
            Err(Unlisted::Refused { status, code }) => {
                self.not_told(claim, part, (status, code)).await?;
                return Ok(Step::Done);
            }
            Err(Unlisted::Unanswered(error)) => {
                let error = anyhow::Error::new(error).context("asking Twilio for recent messages");
                return Err(StageError::RetryAfter(self.settle_after(), error));
            }
        };
        // The oldest first: what was said twice in the same words is adopted in its order.
        let taken = found.iter().rev();
        for listed in taken.filter(|listed| listed.fate() == Fate::Taken) {
            let taken = (&listed.sid, listed.status.as_str());
            if !is_spoken_for(pool, &listed.sid, part.id).await?
                && let Some(accepted) = part.adopt(pool, claim, taken).await?
            {
                trace::of_reply(&listed.sid);
                tracing::info!("adopted a reply whose answer was lost");
                return Ok(Step::from(accepted));
            }
        }
        for listed in found.iter().filter(|listed| listed.fate() == Fate::Failed) {
            if !is_known(pool, &listed.sid).await? {
                return self.learn_of_failure(part, listed, delivery).await;
            }
        }
        if part.doubts >= MOST_DOUBTS {
            let posts = part.doubts;
            let error = format!("posted {posts} times, and Twilio lists none of them");
            let letter = (Reason::Refused, error.as_str());
            part.give_up(&self.context, claim, None, letter).await?;
            return Ok(Step::Done);
        }
        store::part::post_once_more(pool, (part.id, part.post_attempt)).await?;
        Ok(Step::Done)
    }

    /// Twilio refuses its list: it is asked again, later each time and as often as a part is posted of
    /// which nobody knows; then nobody will ever say, and what comes after it goes on.
    async fn not_told(
        &self,
        claim: &RecipientClaim,
        part: &Part,
        (status, code): (u16, i32),
    ) -> Result<(), StageError> {
        let refusal = format!("Twilio refuses its list of messages ({status}, error {code})");
        if part.doubts >= MOST_DOUBTS {
            let error = format!("{refusal}: nobody can say whether this was sent");
            let letter = (Reason::Refused, error.as_str());
            return part.give_up(&self.context, claim, Some(code), letter).await;
        }
        tracing::warn!(
            refusal,
            "it cannot be found out yet whether a reply was sent"
        );
        let (pool, post) = (&self.context.pool, (part.id, part.post_attempt));
        Ok(store::part::doubt_again(pool, post, self.patience(part)).await?)
    }

    /// The callback that said so was lost: it is made up for, and the status stage does the rest.
    async fn learn_of_failure(
        &self,
        part: &Part,
        listed: &Listed,
        delivery: &Delivery,
    ) -> Result<Step, StageError> {
        let callback = Callback {
            message_sid: listed.sid.clone(),
            status: listed.status.clone(),
            error_code: listed.error_code,
            job: Some(Job {
                part_id: part.id.0,
                attempt: part.post_attempt,
            }),
            received_at: self.context.clock.now(),
        };
        let sender = delivery.subject().rsplit('.').next().unwrap_or_default();
        let sender = SenderHash::from_stored(sender).ok_or_else(|| {
            StageError::Permanent(Reason::Inconsistent, anyhow!("a subject without a sender"))
        })?;
        let topology = self.context.queue.topology();
        let outgoing = Outgoing {
            subject: topology.subject(StreamName::Status, &sender),
            id: PublishId::listed(&listed.sid, &listed.status),
            headers: Headers::new(),
            payload: encode(&StatusPayload::Callback(callback)).into(),
        };
        self.context.queue.publish(outgoing).await?;
        let delay = Schedule::BUSY.delay(delivery.repetition());
        Err(StageError::RetryAfter(
            delay,
            anyhow!("Twilio lists it as failed"),
        ))
    }
}

/// Whether callbacks say that the message is of another part, or that it failed, which the list need
/// not show yet: it does not stand for this part's last post. A part that the ledger has lost is
/// written anew, and is no other.
async fn is_spoken_for(pool: &PgPool, sid: &MessageSid, part: PartId) -> Result<bool, StageError> {
    let spoken_for = sqlx::query_scalar!(
        r#"select exists(select from whatsapp_status_callbacks c
               where c.twilio_sid = $1 and (c.status in ('failed', 'undelivered')
                   or exists(select from whatsapp_reply_parts p
                       where p.id = c.part_id and p.id <> $2))) as "spoken_for!""#,
        sid.as_str(),
        part.0
    )
    .fetch_one(pool)
    .await?;
    Ok(spoken_for)
}

/// Whether a callback has named that message.
async fn is_known(pool: &PgPool, sid: &MessageSid) -> Result<bool, StageError> {
    let known = sqlx::query_scalar!(
        r#"select exists(select from whatsapp_status_callbacks
               where twilio_sid = $1 and status in ('failed', 'undelivered')) as "known!""#,
        sid.as_str()
    )
    .fetch_one(pool)
    .await?;
    Ok(known)
}
