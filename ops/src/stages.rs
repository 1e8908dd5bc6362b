//! `focobot pause` and `focobot resume`: a stage rests at the queue, for all workers.

use std::{process::ExitCode, time::Duration};

use clap::ValueEnum;
use common::{clock::Clock, queue::QueueStage, settings::Environment};
use serde_json::json;

use crate::connections;

/// A paused stage rests until it is resumed: longer than anybody runs this.
const FOR_EVER: Duration = Duration::from_hours(24 * 365 * 50);

/// A stage, on the command line.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub(crate) enum Stage {
    /// Commands, VERIFY, and requests on their way to be understood.
    Route,
    /// From a request to a proposal.
    Parse,
    /// Replies, to Twilio.
    Send,
    /// What Twilio says became of them.
    Status,
    /// The filing of dead letters.
    Dead,
}

impl From<Stage> for QueueStage {
    fn from(stage: Stage) -> Self {
        match stage {
            Stage::Route => Self::Route,
            Stage::Parse => Self::Parse,
            Stage::Send => Self::Send,
            Stage::Status => Self::Status,
            Stage::Dead => Self::Dead,
        }
    }
}

/// Lets a stage rest, or ends its rest.
pub(crate) async fn run(
    env: &Environment,
    stage: QueueStage,
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
