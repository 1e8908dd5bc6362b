//! Fetches from Twilio's log what never reached us, every few minutes and whenever the connection
//! to NATS is there again: while it was not, webhooks were turned away.

use std::{sync::Arc, time::Duration};

use common::{
    message_log::MessageLog,
    reconcile::{From, ReconcileError, Reconciler},
};
use redis::aio::ConnectionManager;

use crate::engine::context::Context;

/// How often the log is looked through, all workers together.
const EVERY: Duration = Duration::from_mins(3);
/// How soon a look is followed by the next one where there is more to read.
const AT_ONCE: Duration = Duration::from_secs(1);
/// How soon after the connection was lost it is looked through once more: what was turned away last
/// was too young before.
const ONCE_MORE: Duration = Duration::from_secs(75);
/// How soon the first look after one that succeeded is tried again where it fails: a worker that
/// starts may be waiting for its servers.
const AFTER_FAILURE: Duration = Duration::from_secs(10);

/// How a look ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Looked {
    /// All was read, or another worker looks.
    AtEnd,
    /// There is more to read.
    NotAtEnd,
    /// It did not come to its end.
    Failed,
}

/// What looks.
///
/// # Errors
/// When the system's certificates cannot be read.
pub(crate) fn reconciler(
    context: &Context,
    redis: ConnectionManager,
) -> Result<Reconciler, reqwest::Error> {
    let settings = &context.settings;
    Ok(Reconciler {
        pool: context.pool.clone(),
        queue: context.queue.clone(),
        redis,
        redis_prefix: settings.redis.prefix.clone(),
        log: MessageLog::new(&settings.twilio)?,
        keys: settings.process.keys.clone(),
        clock: context.clock.clone(),
        kill_switch: settings.process.kill_switch.clone(),
    })
}

/// Looks until the soft stop.
pub(crate) async fn run(context: Arc<Context>, reconciler: Reconciler) {
    let soft = context.shutdown.soft().clone();
    let mut reconnected = context.queue.reconnections();
    let (mut rest, mut pause) = (Duration::ZERO, EVERY);
    let mut had_failed = false;
    loop {
        // A look that is cut off leaves nothing half done, and another worker may look at once.
        let looked = look(&context, &reconciler, rest).await;
        if soft.is_cancelled() {
            return;
        }
        match looked {
            Looked::AtEnd => {}
            Looked::NotAtEnd => pause = AT_ONCE,
            Looked::Failed if had_failed => {}
            Looked::Failed => pause = AFTER_FAILURE,
        }
        had_failed = looked == Looked::Failed;
        tokio::select! {
            () = soft.cancelled() => return,
            _ = reconnected.changed() => (rest, pause) = (Duration::ZERO, ONCE_MORE),
            () = tokio::time::sleep(pause) => {
                // Another worker may have looked just now.
                rest = if pause == EVERY { EVERY / 2 } else { Duration::ZERO };
                pause = EVERY;
            }
        }
    }
}

/// Looks once.
async fn look(context: &Context, reconciler: &Reconciler, rest: Duration) -> Looked {
    let end = context.shutdown.soft().cancelled();
    match reconciler.look_until(From::LastLook(rest), end).await {
        Ok(None) => Looked::AtEnd,
        Ok(Some(report)) => {
            let queued = u64::try_from(report.queued).unwrap_or(u64::MAX);
            if queued > 0 {
                tracing::warn!(queued, "messages had never reached us, and are queued now");
            }
            metrics::counter!("messages_recovered_total").increment(queued);
            let now = context.clock.now().timestamp();
            let now = f64::from(u32::try_from(now).unwrap_or(u32::MAX));
            metrics::gauge!("reconciled_timestamp_seconds").set(now);
            if report.left > 0 {
                tracing::error!(
                    left = report.left,
                    "FOCO_INBOUND has no room for what is missing"
                );
            }
            if report.has_more {
                Looked::NotAtEnd
            } else {
                Looked::AtEnd
            }
        }
        Err(error) => {
            if let ReconcileError::Database(error) = &error {
                context.schema.report_if_so(error);
            }
            tracing::warn!(%error, "comparing Twilio's log");
            metrics::counter!("reconcile_failures_total").increment(1);
            Looked::Failed
        }
    }
}
