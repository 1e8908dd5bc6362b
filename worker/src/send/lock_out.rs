//! When Twilio refuses our credentials or has suspended the account, nothing can be sent: the
//! stage rests at the queue, for all workers, instead of burning through what is waiting.

use std::time::{Duration, SystemTime};

use common::queue::ConsumerName;

use crate::engine::context::Context;

/// How long the stage rests before it tries again: a minute by default.
pub(crate) fn rest_time(context: &Context) -> Duration {
    context.settings.database.timings.settle * 2
}

/// Rests the send stage and says so, loudly.
pub(crate) async fn rest(context: &Context, code: i32, sentence: &str) {
    metrics::counter!("twilio_locked_out_total").increment(1);
    tracing::error!(code, sentence, "nothing can be sent; the send stage rests");
    let time = (SystemTime::from(context.clock.now()), rest_time(context));
    let (queue, topology) = (context.queue.context(), context.queue.topology());
    if let Err(error) = topology.rest(queue, ConsumerName::Send, time).await {
        tracing::warn!(%error, "resting the send stage");
    }
}
