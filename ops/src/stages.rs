//! `focobot pause` and `focobot resume`: a stage rests at the queue, for all workers.

use std::{process::ExitCode, time::Duration};

use clap::{
    ValueEnum,
    builder::{PossibleValuesParser, TypedValueParser},
};
use common::{clock::Clock, settings::Environment, stage::StageName};
use serde_json::json;

use crate::connections;

/// A paused stage rests until it is resumed: longer than anybody runs this.
const FOR_EVER: Duration = Duration::from_hours(24 * 365 * 50);

/// Reads a stage that has a queue to rest at.
pub(crate) fn parser() -> impl TypedValueParser<Value = StageName> {
    let names = StageName::with_queue().filter_map(|stage| stage.to_possible_value());
    PossibleValuesParser::new(names).try_map(|name| StageName::from_str(&name, false))
}

/// Lets a stage rest, or ends its rest.
pub(crate) async fn run(
    env: &Environment,
    stage: StageName,
    pause: bool,
    json: bool,
) -> anyhow::Result<ExitCode> {
    let queue = connections::queue(env).await?;
    let (topology, context) = (queue.topology(), queue.context());
    if pause {
        let until = std::time::SystemTime::from(Clock::system().now()) + FOR_EVER;
        topology.pause_stage(context, stage, until).await?;
    } else {
        topology.resume_stage(context, stage).await?;
    }
    let name = stage.name();
    if json {
        println!("{}", json!({"stage": name, "paused": pause}));
    } else if pause {
        println!("{name} is paused; what comes for it waits, what is in hand is finished.");
        println!("Next: focobot resume {name}");
    } else {
        println!("{name} works again.");
    }
    Ok(ExitCode::SUCCESS)
}
