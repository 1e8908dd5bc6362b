//! What waits for this worker's stages at the queue, and how full the streams are, as metrics: every
//! worker shows what all workers of a stage have before them, and every stream.

use std::{sync::Arc, time::Duration};

use common::{
    queue::{StageObserved, StreamName},
    stage::StageName,
};

use crate::engine::context::Context;

/// How often the queue is asked.
const EVERY: Duration = Duration::from_secs(10);

/// Asks until the soft stop.
pub(crate) async fn run(context: Arc<Context>) {
    let soft = context.shutdown.soft().clone();
    let ours: Vec<StageName> = StageName::with_queue()
        .filter(|stage| context.settings.stages.contains(stage))
        .collect();
    loop {
        for stage in &ours {
            look(&context, *stage).await;
        }
        for stream in StreamName::ALL {
            measure(&context, stream).await;
        }
        if tokio::time::timeout(EVERY, soft.cancelled()).await.is_ok() {
            break;
        }
    }
}

async fn look(context: &Context, stage: StageName) {
    let queue = &context.queue;
    match queue.topology().observe_stage(queue.context(), stage).await {
        Ok(seen) => show(context, stage.name(), seen),
        Err(error) => tracing::debug!(stage = stage.name(), %error, "looking at what waits"),
    }
}

fn show(context: &Context, stage: &'static str, seen: StageObserved) {
    let age = seen
        .oldest
        .and_then(|oldest| (context.clock.now() - oldest).to_std().ok())
        .unwrap_or_default();
    for (name, value) in [
        ("stage_waiting_messages", count(seen.waiting)),
        ("stage_in_work_messages", count(seen.in_work)),
        ("stage_oldest_age_seconds", age.as_secs_f64()),
        (
            "stage_paused",
            f64::from(u8::from(seen.paused_for.is_some())),
        ),
    ] {
        metrics::gauge!(name, "stage" => stage).set(value);
    }
}

/// How full a stream is.
async fn measure(context: &Context, stream: StreamName) {
    let queue = &context.queue;
    match queue.topology().filled(queue.context(), stream).await {
        Ok(seen) => {
            let values = [
                ("stream_bytes", seen.bytes),
                ("stream_max_bytes", seen.max_bytes),
            ];
            for (name, bytes) in values {
                metrics::gauge!(name, "stream" => seen.stream.clone()).set(precise(bytes));
            }
        }
        Err(error) => tracing::debug!(?stream, %error, "looking at how full it is"),
    }
}

/// As a gauge holds it: to the byte up to nine petabytes.
#[expect(clippy::cast_precision_loss, reason = "no stream is that large")]
fn precise(bytes: u64) -> f64 {
    bytes as f64
}

/// As a gauge holds it; beyond four billion it no longer matters.
fn count(messages: u64) -> f64 {
    f64::from(u32::try_from(messages).unwrap_or(u32::MAX))
}
