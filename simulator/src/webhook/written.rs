//! What is written on a phone, as the control API takes it.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use serde::Deserialize;

use super::delivery::Signing;

/// What a phone writes.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Inbound {
    /// The phone, or a business-scoped id such as `whatsapp:MX.1A2B3C`.
    pub from: String,
    /// The text.
    #[serde(default)]
    pub body: String,
    /// A random one where it is missing.
    #[serde(default)]
    pub message_sid: Option<String>,
    /// Our sender where it is missing.
    #[serde(default)]
    pub to: Option<String>,
    /// Parameters to add or to replace; null takes one away.
    #[serde(default)]
    pub params: BTreeMap<String, Option<String>>,
    /// Times that the same message is posted, all at once.
    #[serde(default = "once")]
    pub repeat: usize,
    /// How the request is signed.
    #[serde(default)]
    pub signature: Signing,
    /// When it was sent, for the log; now where it is missing.
    #[serde(default)]
    pub sent_at: Option<DateTime<Utc>>,
    /// It enters the log and nobody is called, as if Twilio had given up.
    #[serde(default)]
    pub lost: bool,
}

fn once() -> usize {
    1
}
