//! A reply that Twilio took and could not deliver: what is done about it stands in the table of
//! error codes, and the person may still get it.

use std::time::Duration;

use chrono::{DateTime, Utc};
use common::{
    payload::{Callback, Due},
    queue::{Outgoing, PublishId},
    sender::SenderHash,
    trace::Trace,
};
use sqlx::PgConnection;
use store::part::{Failure, Withheld};

use super::callback::{self, BoundPart};
use crate::{
    dead,
    engine::{
        context::Context,
        outbox::due_message,
        stage_error::{Reason, StageError},
    },
    send::{
        error_code::{self, Class, Entry},
        lock_out, withholding,
    },
};

/// How long a repetition waits, one after the other, times `TWILIO_SETTLE_SECONDS`: half a minute,
/// ten minutes, two hours, eight.
const PATIENCE: [u32; 4] = [1, 20, 240, 960];

/// What a failure leads to, once it is stored.
#[derive(Default)]
pub(super) struct SideEffects {
    /// The part is due again.
    pub(super) due: Option<Outgoing>,
    /// Nothing can be sent at all.
    pub(super) stop: Option<Entry>,
}

/// A failure that Twilio reports.
pub(super) struct Failed<'a> {
    pub(super) part: &'a BoundPart,
    pub(super) callback: &'a Callback,
    /// When its recipient last wrote.
    pub(super) wrote_at: Option<DateTime<Utc>>,
}

impl Failed<'_> {
    /// Stores it, where it is news, and says what follows. A redelivery repeats what follows.
    pub(super) async fn store(
        &self,
        context: &Context,
        conn: &mut PgConnection,
        is_news: bool,
    ) -> Result<SideEffects, StageError> {
        let entry = error_code::of_failure(self.callback.error_code.unwrap_or_default());
        if is_news {
            // What has arrived cannot fail any more: the callbacks overtook each other.
            if matches!(self.part.status.as_deref(), Some("delivered" | "read")) {
                return Ok(SideEffects::default());
            }
            let failure = self.leads_to(context, entry.class);
            let state = failure.state().as_str();
            tracing::warn!(
                code = self.callback.error_code,
                what = entry.sentence,
                state,
                "not delivered"
            );
            let labels = [("class", entry.class.name()), ("state", state)];
            metrics::counter!("replies_undelivered_total", &labels).increment(1);
            let kept = callback::kept(self.callback);
            store::part::fail_called_back(conn, self.part.id, failure, &kept).await?;
            if entry.class == Class::OptedOut {
                let why = Withheld::OptedOut;
                store::part::withhold_failed(conn, self.part.id, why).await?;
                store::part::withhold(conn, self.part.reply, why).await?;
                withholding::count(why);
            } else if failure == Failure::Final {
                store::part::fail_after(conn, self.part.id).await?;
                let (code, what) = (entry.code, entry.sentence);
                let error = format!("Twilio's error {code}, by callback: {what}");
                dead::insert_reply(context, conn, self.part.id, (Reason::Refused, &error)).await?;
            }
        }
        Ok(SideEffects {
            due: due_again(context, conn, self.part).await?,
            stop: (is_news && entry.class == Class::Stop).then_some(entry),
        })
    }

    /// What it makes of the part.
    fn leads_to(&self, context: &Context, class: Class) -> Failure {
        let settle = context.settings.database.timings.settle;
        let before = usize::try_from(self.part.failures).unwrap_or(usize::MAX);
        let again = |times: &u32| Failure::Again(settle * *times);
        let has_written = self.wrote_at > self.part.posted_at;
        match class {
            // The 24 hours have begun anew meanwhile.
            Class::Hold if has_written => Some(Failure::Again(Duration::ZERO)),
            Class::Hold => Some(Failure::Held),
            Class::Stop => Some(Failure::Again(lock_out::rest_time(context))),
            Class::Retry => PATIENCE.get(before).map(again),
            Class::Once => PATIENCE.first().filter(|_| before == 0).map(again),
            Class::Never | Class::Operator | Class::OptedOut => None,
        }
        .unwrap_or(Failure::Final)
    }
}

/// The message that says so, if the part is due again.
async fn due_again(
    context: &Context,
    conn: &mut PgConnection,
    part: &BoundPart,
) -> Result<Option<Outgoing>, StageError> {
    let row = sqlx::query!(
        r#"select c.id as recipient_id, c.sender_hash, r.traceparent
           from whatsapp_reply_parts p
           join whatsapp_replies r on r.id = p.reply_id
           join whatsapp_recipients c on c.id = r.recipient_id
           where p.id = $1 and p.state = 'pending'"#,
        part.id.0
    )
    .fetch_optional(conn)
    .await?;
    let Some(row) = row else { return Ok(None) };
    let Some(sender) = SenderHash::from_stored(&row.sender_hash) else {
        return Ok(None);
    };
    let due = Due {
        recipient_id: row.recipient_id,
        reply_id: part.reply.0,
    };
    let mut message = due_message(context, &sender, due, part.post_attempt);
    message.id = PublishId::another_post(part.id, part.post_attempt);
    if let Some(trace) = row.traceparent.as_deref().and_then(Trace::from_stored) {
        trace.put(&mut message.headers);
    }
    Ok(Some(message))
}
