//! Looks through the ledger, one worker at a time: publishes again what a next stage never took up,
//! announces what is due, ends what waited too long, clears, erases. Each step stands alone: one
//! that fails or takes too long never stops another. What people wait for comes first.

mod expiry;
mod overdue;
mod repair;
mod retention;

use std::{sync::Arc, time::Duration};

use common::{payload::Due, queue::Outgoing, sender::SenderHash, trace::Trace};
use uuid::Uuid;

use self::retention::Retention;
use crate::engine::{context::Context, outbox::due_message, stage_error::StageError};

/// How often the ledger is looked through.
const EVERY: Duration = Duration::from_secs(30);
/// How long one step may take.
const PATIENCE: Duration = Duration::from_mins(1);
/// The same where texts are erased: many rows, and nobody waits for it.
const PATIENCE_WITH_ERASING: Duration = Duration::from_mins(3);
/// The steps, by the names that metrics have.
pub(crate) const STEPS: [&str; 9] = [
    "unparsed",
    "unsent",
    "codes",
    "overdue",
    "discarded",
    "expire",
    "clear",
    "attempts",
    "erase",
];

/// What one look leaves to the next.
#[derive(Default)]
struct Sweep {
    /// The recipient after which what was never sent is looked for.
    unsent_after: Uuid,
    retention: Retention,
}

/// Sweeps until the soft stop. One worker at a time does, whoever is first.
pub(crate) async fn run(context: Arc<Context>) {
    let soft = context.shutdown.soft().clone();
    let mut sweep = Sweep::default();
    while tokio::time::timeout(EVERY, soft.cancelled()).await.is_err() {
        if let Err(failure) = sweep.look(&context).await {
            context.note(&failure);
            tracing::warn!(%failure, "sweeping");
        }
    }
}

impl Sweep {
    async fn look(&mut self, context: &Context) -> Result<(), StageError> {
        let mut transaction = context.pool.begin().await?;
        let mine = sqlx::query_scalar!(
            r#"select pg_try_advisory_xact_lock(hashtext('focobot.sweep')) as "mine!""#
        )
        .fetch_one(&mut *transaction)
        .await?;
        if !mine {
            return Ok(());
        }
        // It holds the lock, and does nothing else, for as long as the look takes.
        sqlx::query!("set local idle_in_transaction_session_timeout = 0")
            .execute(&mut *transaction)
            .await?;
        self.repair(context).await;
        self.tidy(context).await;
        transaction.commit().await?;
        Ok(())
    }

    /// What people wait for.
    async fn repair(&mut self, context: &Context) {
        let mut published = step(context, "unparsed", PATIENCE, repair::unparsed(context)).await;
        let after = &mut self.unsent_after;
        let unsent = async {
            let (count, next) = repair::unsent(context, *after).await?;
            *after = next;
            Ok(count)
        };
        published += step(context, "unsent", PATIENCE, unsent).await;
        step(context, "codes", PATIENCE, repair::codes(context)).await;
        let announced = step(context, "overdue", PATIENCE, overdue::announce(context)).await;
        tracing::debug!(announced, "what was put off is due");
        published += step(context, "discarded", PATIENCE, repair::discarded(context)).await;
        if published > 0 {
            tracing::warn!(published, "published again what no stage had taken up");
            metrics::counter!("sweep_published_total").increment(published);
        }
    }

    /// What nobody waits for.
    async fn tidy(&mut self, context: &Context) {
        let expired = step(context, "expire", PATIENCE, expiry::expire(context)).await;
        if expired > 0 {
            tracing::info!(expired, "requests waited too long for a project");
            metrics::counter!("requests_expired_total").increment(expired);
        }
        let links = context.sessions.of_links();
        let cleared = async { Ok(links.clear(&context.pool, None).await?) };
        step(context, "clear", PATIENCE, cleared).await;
        let forgotten = async { Ok(store::delivery_attempt::forget_old(&context.pool).await?) };
        step(context, "attempts", PATIENCE, forgotten).await;
        let erased = self.retention.erase(context);
        let erased = step(context, "erase", PATIENCE_WITH_ERASING, erased).await;
        if erased > 0 {
            tracing::info!(erased, "texts were old enough to be erased");
            metrics::counter!("texts_erased_total").increment(erased);
        }
    }
}

/// One step; what it answers, or nothing where it failed. Cut off by the soft stop, since whatever
/// it leaves undone is found again.
async fn step(
    context: &Context,
    name: &'static str,
    patience: Duration,
    work: impl Future<Output = Result<u64, StageError>>,
) -> u64 {
    let work = context.shutdown.soft().run_until_cancelled(work);
    let failure = match tokio::time::timeout(patience, work).await {
        Ok(None) => return 0,
        Ok(Some(Ok(count))) => return count,
        Ok(Some(Err(failure))) => {
            context.note(&failure);
            failure.to_string()
        }
        Err(_elapsed) => format!("not done within {} s", patience.as_secs()),
    };
    tracing::warn!(step = name, failure, "a step of the sweep");
    metrics::counter!("sweep_failures_total", "step" => name).increment(1);
    0
}

/// The message that says that something is due for a recipient: a reply, or what its id stands for.
pub(crate) fn due(
    context: &Context,
    (recipient_id, reply_id): (Uuid, Uuid),
    sender_hash: &str,
    generation: i32,
) -> Option<Outgoing> {
    let sender = SenderHash::from_stored(sender_hash)?;
    let due = Due {
        recipient_id,
        reply_id,
    };
    Some(due_message(context, &sender, due, generation))
}

/// Publishes in the trace of what it is about; returns 1 unless the stream had it already.
pub(crate) async fn again(
    context: &Context,
    mut message: Outgoing,
    traceparent: Option<String>,
) -> Result<u64, StageError> {
    if let Some(trace) = traceparent.as_deref().and_then(Trace::from_stored) {
        trace.put(&mut message.headers);
    }
    let stored = context.queue.publish(message).await?;
    Ok(u64::from(!stored.duplicate))
}
