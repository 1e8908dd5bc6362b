//! Says that this worker is there, with what `focobot status` wants to know of it.

use std::sync::{Arc, atomic::Ordering};

use common::{
    process_registry::{Kind, ProcessInfo, Registration},
    stage::StageName,
};
use redis::aio::ConnectionManager;

use crate::engine::context::Context;

/// Says so until the soft stop, and then leaves.
pub(crate) async fn run(context: Arc<Context>, redis: ConnectionManager) {
    let registration = Registration::new(redis, &context.settings.redis.prefix, Kind::Worker);
    let soft = context.shutdown.soft().clone();
    let changed = || async {
        tokio::select! {
            () = context.schema.changed() => {}
            () = context.stores.changed() => {}
        }
    };
    registration.keep(&soft, || info(&context), changed).await;
}

fn info(context: &Context) -> ProcessInfo {
    let settings = &context.settings;
    let asks = settings.model.is_some() && settings.stages.contains(&StageName::Parse);
    let names = settings.stages.iter().map(|stage| stage.name().to_owned());
    ProcessInfo {
        stages: names.collect(),
        version: env!("CARGO_PKG_VERSION").to_owned(),
        connections: settings.database.max_connections,
        breaker_open: asks.then(|| context.breaker_open.load(Ordering::Relaxed)),
        schema_wrong: context.schema.said(),
        rests: context.stores.resting().map(|why| why.name().to_owned()),
    }
}
