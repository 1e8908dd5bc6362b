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
    Ok(found.iter().take(MOST).map(line).collect())
}
