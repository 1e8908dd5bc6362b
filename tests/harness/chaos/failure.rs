//! Posts that fail long after Twilio took them, and the part that a post is of.

use serde_json::Value;
use uuid::Uuid;

/// A post of which Twilio said that it did not arrive.
#[derive(Clone, Debug)]
pub(super) struct Failed {
    pub(super) sid: String,
    /// The part that it was of.
    pub(super) part: Option<Uuid>,
}

/// The part in `StatusCallback=...?job=<part>.<attempt>`.
pub(super) fn part_of(send: &Value) -> Option<Uuid> {
    let params = send["params"].as_array()?;
    let callback = params.iter().find(|pair| pair[0] == "StatusCallback")?;
    let (_, job) = callback[1].as_str()?.split_once("?job=")?;
    job.split_once('.')?.0.parse().ok()
}
