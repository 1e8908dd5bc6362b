//! Says that this worker is there, with what `focobot status` wants to know of it, and shows which
//! stages rest.

use std::sync::{Arc, atomic::Ordering};

use clap::ValueEnum;
use common::{
    presence::{EVERY, Place, Presence},
    queue::QueueStage,
};
use redis::aio::ConnectionManager;

use crate::{context::Context, settings::StageName};

/// Says so until the soft stop, and then leaves.
pub(crate) async fn run(context: Arc<Context>, redis: ConnectionManager) {
    let place = Place::new(redis, &context.settings.redis.prefix);
    let soft = context.shutdown.soft().clone();
    loop {
        if let Err(error) = place.say(&presence(&context)).await {
            tracing::debug!(%error, "saying that this worker is there");
        }
        count_rests(&context).await;
        if tokio::time::timeout(EVERY, soft.cancelled()).await.is_ok() {
            break;
        }
    }
    if let Err(error) = place.leave().await {
        tracing::debug!(%error, "saying that this worker leaves");
    }
}

fn presence(context: &Context) -> Presence {
    let settings = &context.settings;
    let asks = settings.model.is_some() && settings.stages.contains(&StageName::Parse);
    let names = settings
        .stages
        .iter()
        .filter_map(StageName::to_possible_value);
    Presence {
        stages: names.map(|value| value.get_name().to_owned()).collect(),
        version: env!("CARGO_PKG_VERSION").to_owned(),
        breaker_open: asks.then(|| context.breaker_open.load(Ordering::Relaxed)),
    }
}

/// Whether each stage of ours rests at the queue: by an operator, or because Twilio refuses us.
async fn count_rests(context: &Context) {
    let running = presence(context).stages;
    for stage in QueueStage::ALL {
        let Some(consumer) = stage.consumers().into_iter().next() else {
            continue;
        };
        if !running.iter().any(|name| name == stage.name()) {
            continue;
        }
        let topology = context.queue.topology();
        if let Ok(seen) = topology.observe(context.queue.context(), consumer).await {
            let value = if seen.paused_for.is_some() { 1.0 } else { 0.0 };
            metrics::gauge!("stage_paused", "stage" => stage.name()).set(value);
        }
    }
}
