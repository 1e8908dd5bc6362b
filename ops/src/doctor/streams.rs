//! Streams and consumers against what ingest and worker would make with these settings.

use common::{queue::DriftError, settings::Environment};

use super::{Check, Lines};
use crate::connections;

const NAME: &str = "streams";
/// Most differences that are listed.
const MOST: usize = 10;

pub(super) async fn check(env: &Environment) -> Lines {
    let queue = connections::queue(env).await?;
    let found = queue.topology().differences(queue.context()).await;
    if found.is_empty() {
        let detail = "all streams and consumers are as these settings ask";
        return Ok(vec![Check::ok(NAME, detail)]);
    }
    let (missing, found): (Vec<DriftError>, Vec<DriftError>) =
        found.into_iter().partition(is_missing);
    let line = |error: &DriftError| match error {
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
        DriftError::Refused { what, error } => Check::wrong(
            NAME,
            format!("{what}: {error}"),
            "start ingest or worker once, which makes what is missing; check FOCO_STREAM_PREFIX",
        ),
    };
    let lines = found.iter().take(MOST).map(line);
    Ok(those_missing(&missing).into_iter().chain(lines).collect())
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
            DriftError::Refused { what, .. } | DriftError::Different { what, .. } => what.as_str(),
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
