//! Labelled messages: what the file of an evaluation set holds, one JSON object per line.

use chrono::{DateTime, NaiveDate, Utc};
use serde::Deserialize;
use timezone::Zone;

use crate::{Kind, Language, Priority};

/// A message with the proposal that it should produce.
#[derive(Debug, Clone, Deserialize)]
pub struct Labelled {
    /// Its name in the file.
    pub id: String,
    /// The message as it was received.
    pub text: String,
    /// When it was sent.
    pub sent_at: DateTime<Utc>,
    /// The sender's IANA time zone.
    pub timezone: Zone,
    /// `en`, `es` or `mixed`.
    pub language: String,
    /// What is expected.
    pub expect: Expected,
    /// What the message exercises, for slicing.
    pub tags: Vec<String>,
}

/// The expected proposal.
#[derive(Debug, Clone, Deserialize)]
pub struct Expected {
    /// Whether the message asks for any work.
    pub actionable: bool,
    /// The expected items, compared as a set.
    pub items: Vec<ExpectedItem>,
    /// The expected total in hours.
    pub total_hours: Option<f64>,
    /// The language to answer in.
    pub language_reply: Language,
}

/// One expected item.
#[derive(Debug, Clone, Deserialize)]
pub struct ExpectedItem {
    /// Folded words that the title has to contain.
    pub title_contains: Vec<String>,
    /// Hours stated for this item.
    pub hours: Option<f64>,
    /// Its due date.
    pub due: Option<NaiveDate>,
    /// Its priority.
    pub priority: Priority,
    /// Its kind.
    pub kind: Kind,
}
