//! Streams and consumers against what ingest and worker would make with these settings.

use common::{
    queue::{DriftError, Queue, StreamName},
    settings::Environment,
};

use super::{Check, Lines};
use crate::connections;

const NAME: &str = "streams";
/// Most differences that are listed.
const MOST: usize = 10;

pub(super) async fn check(env: &Environment) -> Lines {
    let queue = connections::queue(env).await?;
    let found = queue.topology().differences(queue.context()).await;
    let (missing, found): (Vec<DriftError>, Vec<DriftError>) =
        found.into_iter().partition(is_missing);
    let mut lines: Vec<Check> = those_missing(&missing).into_iter().collect();
    lines.extend(found.iter().take(MOST).map(line));
    if missing.is_empty() {
        lines.extend(too_full(&queue).await?);
    }
    if lines.is_empty() {
        let detail = "all streams and consumers are as these settings ask, and have room";
        lines.push(Check::ok(NAME, detail));
    }
    Ok(lines)
}

/// What is wrong with one of them, and what mends it.
fn line(error: &DriftError) -> Check {
    match error {
        DriftError::Different {
            what,
            setting: "max_bytes",
            asked,
            got,
            ..
        } => Check::wrong(
            NAME,
            format!("{what}: max_bytes is {got}, these settings ask for {asked}"),
            "give all programs the same FOCO_STREAM_MAX_BYTES and restart one worker, which makes it \
             so; where its log says that NATS has no room, NATS_MAX_FILE up: focobot sizing",
        ),
        DriftError::Different {
            what,
            setting,
            asked,
            got,
            ..
        } => Check::wrong(
            NAME,
            format!("{what}: {setting} is {got}, these settings ask for {asked}"),
            "give all programs the same settings and restart one worker, which makes it so; or \
             look who else changed it",
        ),
        DriftError::NoRoom { .. } => Check::wrong(
            NAME,
            error.to_string(),
            "NATS_MAX_FILE up, or FOCO_STREAM_MAX_BYTES down",
        ),
        DriftError::Refused { what, error } => Check::wrong(
            NAME,
            format!("{what}: {error}"),
            "start ingest or worker once, which makes what is missing; check FOCO_STREAM_PREFIX",
        ),
    }
}

/// Streams that will soon refuse.
async fn too_full(queue: &Queue) -> anyhow::Result<Vec<Check>> {
    let mut lines = Vec::new();
    for stream in StreamName::ALL {
        let filled = queue.topology().filled(queue.context(), stream).await?;
        if filled.is_too_full() {
            let detail = format!("{} is {} % full", filled.stream, filled.percent());
            let fix = "FOCO_STREAM_MAX_BYTES and NATS_MAX_FILE up, by focobot sizing";
            lines.push(Check::wrong(NAME, detail, fix));
        }
    }
    Ok(lines)
}

/// JetStream's words for what is not there.
fn is_missing(error: &DriftError) -> bool {
    matches!(error, DriftError::Refused { error, .. } if error.contains("not found"))
}

/// One line for all of them: streams first, whose consumers are missing with them.
fn those_missing(missing: &[DriftError]) -> Option<Check> {
    let names: Vec<&str> = missing
        .iter()
        .map(|error| match error {
            DriftError::Refused { what, .. }
            | DriftError::Different { what, .. }
            | DriftError::NoRoom { what, .. } => what.as_str(),
        })
        .collect();
    let (first, more) = names.split_first()?;
    let detail = match more.len() {
        0 => format!("{first} is missing"),
        more => format!("{first} and {more} more are missing"),
    };
    let fix = "start ingest or worker once, which makes what is missing; or FOCO_STREAM_PREFIX";
    Some(Check::wrong(NAME, detail, fix))
}
