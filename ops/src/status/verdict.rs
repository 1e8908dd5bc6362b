//! The one line: the worst thing first, and the next command.

use common::store_marks::MEND;

use super::Status;

/// Twilio's log is compared every three minutes; this is late.
const LOG_LATE_SECONDS: i64 = 900;
/// A message that waits longer is late.
const LATE_SECONDS: i64 = 60;

/// Decides what is wrong, if anything is.
pub(super) fn decide(status: &mut Status) {
    let found = problem(status);
    status.ok = found.is_none();
    status.verdict =
        found.unwrap_or_else(|| "ok: every stage has workers and is up to date".into());
}

fn problem(status: &Status) -> Option<String> {
    if let Some(said) = status.stores.first() {
        return Some(format!("{said}: {MEND}"));
    }
    let stages = &status.stages;
    let queued = stages.iter().map(|stage| (stage.stage, stage.workers));
    let others = status.without_queue.iter();
    let mut all = queued.chain(others.map(|stage| (stage.stage, stage.workers)));
    if let Some((name, _)) = all.find(|(_, workers)| *workers == Some(0)) {
        return Some(format!(
            "no worker runs {name}: start one with: worker --stages {name}"
        ));
    }
    if let Some(stage) = stages.iter().find(|stage| stage.paused) {
        let name = stage.stage;
        return Some(match stage.paused_seconds {
            Some(_) => format!("{name} rests, Twilio refuses us: focobot doctor"),
            None => format!("{name} is paused: focobot resume {name}"),
        });
    }
    if stages.iter().any(|stage| stage.workers.is_none()) {
        return Some("Redis does not answer, workers cannot be counted: focobot doctor".into());
    }
    if let Some(said) = status.schema_wrong.first() {
        return Some(format!(
            "PostgreSQL is not as this release asks for it ({said}): focobot doctor"
        ));
    }
    if status.model_breaker.open > 0 {
        return Some("the model cannot answer and is not asked for now: focobot doctor".into());
    }
    if let Some(full) = status.streams.iter().find(|stream| stream.too_full) {
        return Some(format!(
            "{} is {} % full and then refuses: focobot sizing, then FOCO_STREAM_MAX_BYTES",
            full.stream, full.percent
        ));
    }
    let late = |seconds: Option<i64>| seconds.is_some_and(|seconds| seconds > LATE_SECONDS);
    if let Some(stage) = stages.iter().find(|stage| late(stage.oldest_seconds)) {
        let seconds = stage.oldest_seconds.unwrap_or_default();
        return Some(format!(
            "{} is {seconds} s late: focobot doctor, then the log of its workers",
            stage.stage
        ));
    }
    if let Some(seconds) = status.reconciled_seconds.filter(|&s| s > LOG_LATE_SECONDS) {
        return Some(format!(
            "Twilio's log was last compared {seconds} s ago: see that a worker runs reconcile"
        ));
    }
    (status.dead > 0).then(|| format!("{} dead letters: focobot dead list", status.dead))
}
