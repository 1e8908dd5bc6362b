//! Facts that come back: what became of a reply at Twilio, and refusals over the limit. They
//! arrive late, twice and in any order, so every fact is kept once and states only move forward.

use std::{sync::Arc, time::Duration};

use common::{
    kill_point::KillPoint,
    payload::{Callback, Refused, StatusPayload, decode},
};
use sqlx::PgConnection;
use uuid::Uuid;

use crate::{context::Context, delivery::Delivery, failure::Failure, stage::Stage};

/// The status stage.
pub(crate) struct Status {
    pub(crate) context: Arc<Context>,
}

impl Stage for Status {
    fn name(&self) -> &'static str {
        "status"
    }

    fn attempt_limit(&self) -> Duration {
        self.context.settings.nats.ack_wait * 3
    }

    async fn process(&self, delivery: &Delivery) -> Result<(), Failure> {
        match decode(delivery.payload())? {
            StatusPayload::Callback(callback) => self.called_back(&callback).await?,
            StatusPayload::Refused(refused) => self.refused(&refused).await?,
        }
        self.context.reach(KillPoint::StatusRecorded);
        Ok(())
    }
}

impl Status {
    async fn called_back(&self, callback: &Callback) -> Result<(), Failure> {
        let mut transaction = self.context.pool.begin().await?;
        let Some(part) = part_of(&mut transaction, callback).await? else {
            // Another program may send from the same number.
            metrics::counter!("status_callbacks_total", "outcome" => "not_ours").increment(1);
            return Ok(());
        };
        let first = sqlx::query!(
            "insert into whatsapp_status_callbacks
                 (twilio_sid, status, part_id, error_code, received_at)
             values ($1, $2, $3, $4, $5)
             on conflict (twilio_sid, status) do nothing",
            callback.message_sid.as_str(),
            callback.status,
            part,
            callback.error_code,
            callback.received_at
        )
        .execute(&mut *transaction)
        .await?;
        if first.rows_affected() == 1 {
            move_forward(&mut transaction, part, callback).await?;
        }
        transaction.commit().await?;
        metrics::counter!("status_callbacks_total", "outcome" => "recorded").increment(1);
        Ok(())
    }

    /// A refusal is final, whether the message came into the ledger or not.
    async fn refused(&self, refused: &Refused) -> Result<(), Failure> {
        sqlx::query!(
            "insert into whatsapp_messages (message_sid, state, received_at)
             values ($1, 'refused', $2)
             on conflict (message_sid) do nothing",
            refused.message_sid.as_str(),
            refused.refused_at
        )
        .execute(&self.context.pool)
        .await?;
        Ok(())
    }
}

/// The part that a callback is about: by its job, else by the message that Twilio named before.
async fn part_of(conn: &mut PgConnection, callback: &Callback) -> Result<Option<Uuid>, Failure> {
    let (part, attempt) = callback
        .job
        .map_or((None, None), |j| (Some(j.part_id), Some(j.attempt)));
    let found = sqlx::query!(
        "select id, post_attempt, twilio_sid from whatsapp_reply_parts
         where id = $1 or twilio_sid = $2
         order by twilio_sid is not distinct from $2 desc
         limit 1
         for update",
        part,
        callback.message_sid.as_str()
    )
    .fetch_optional(conn)
    .await?;
    let Some(row) = found else { return Ok(None) };
    let known = row.twilio_sid.as_deref();
    let of_another_post = known.is_some_and(|sid| sid != callback.message_sid.as_str());
    if of_another_post || attempt.is_some_and(|attempt| attempt != row.post_attempt) {
        // Twilio took a post that had been given up: the one case in which a person may get a
        // reply twice. It is counted, and the callback settles the part all the same.
        tracing::warn!(sid = %callback.message_sid, "an earlier post was taken after all");
        metrics::counter!("replies_doubled_total").increment(1);
    }
    Ok((!of_another_post).then_some(row.id))
}

/// Binds Twilio's message to the part and moves its status forward, never back:
/// queued < sent < delivered < read; failed and undelivered are final.
async fn move_forward(
    conn: &mut PgConnection,
    part: Uuid,
    callback: &Callback,
) -> Result<(), Failure> {
    sqlx::query!(
        "update whatsapp_reply_parts set
             twilio_sid = coalesce(twilio_sid, $2),
             state = case
                 when $3 in ('failed', 'undelivered') and state <> 'held' then 'failed'
                 when state in ('pending', 'posting', 'unknown') then 'accepted'
                 else state end,
             accepted_at = coalesce(accepted_at, $5),
             status = case
                 when status in ('failed', 'undelivered', 'read') then status
                 when $3 in ('failed', 'undelivered') then $3
                 when coalesce(array_position($6::text[], $3), 0)
                     > coalesce(array_position($6::text[], status), 0) then $3
                 else status end,
             error_code = coalesce($4, error_code),
             sent_at = case when $3 = 'sent' then $5 else sent_at end,
             delivered_at = case when $3 = 'delivered' then $5 else delivered_at end,
             read_at = case when $3 = 'read' then $5 else read_at end,
             failed_at = case when $3 in ('failed', 'undelivered') then $5 else failed_at end
         where id = $1",
        part,
        callback.message_sid.as_str(),
        callback.status,
        callback.error_code,
        callback.received_at,
        &[
            "accepted",
            "scheduled",
            "queued",
            "sending",
            "sent",
            "delivered",
            "read"
        ]
        .map(str::to_owned)
    )
    .execute(conn)
    .await?;
    Ok(())
}
