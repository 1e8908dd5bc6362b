//! What goes into a parser and what comes out: the types of the seam, shared by the
//! built-in parser and the model.

use std::str::FromStr;

use chrono::{DateTime, NaiveDate};
use serde::{Deserialize, Serialize};
use timezone::Zone;

/// A language that `FocoBot` reads and answers in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Language {
    /// English.
    #[serde(rename = "en")]
    En,
    /// Spanish.
    #[serde(rename = "es")]
    Es,
}

impl Language {
    /// The ISO 639-1 tag: `en` or `es`.
    #[must_use]
    pub fn tag(self) -> &'static str {
        match self {
            Self::En => "en",
            Self::Es => "es",
        }
    }
}

/// The text is not the tag of a language that `FocoBot` speaks.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("unknown language {0:?}: use en or es")]
pub struct UnknownLanguage(pub String);

impl FromStr for Language {
    type Err = UnknownLanguage;

    fn from_str(tag: &str) -> Result<Self, UnknownLanguage> {
        match tag
            .split(['-', '_'])
            .next()
            .unwrap_or_default()
            .to_ascii_lowercase()
            .as_str()
        {
            "en" => Ok(Self::En),
            "es" => Ok(Self::Es),
            _ => Err(UnknownLanguage(tag.into())),
        }
    }
}

/// What sort of work an item is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    /// Anything that is none of the others.
    Task,
    /// A fault and its repair, in any trade.
    Bug,
    /// Something that did not exist before.
    Feature,
    /// A release, a launch, the delivery of a project.
    Milestone,
}

impl Kind {
    /// The name as it is stored: `task`, `bug`, `feature` or `milestone`.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Task => "task",
            Self::Bug => "bug",
            Self::Feature => "feature",
            Self::Milestone => "milestone",
        }
    }
}

/// How much an item presses, from least to most.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Priority {
    /// Said to be able to wait.
    Low,
    /// Nothing was said.
    Medium,
    /// Said to matter or to be wanted soon.
    High,
    /// Said to be wanted now.
    Urgent,
}

impl Priority {
    /// The name as it is stored: `low`, `medium`, `high` or `urgent`.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Low => "low",
            Self::Medium => "medium",
            Self::High => "high",
            Self::Urgent => "urgent",
        }
    }
}

/// A message to be understood, and what is known around it.
#[derive(Debug, Clone, PartialEq)]
pub struct Request<'a> {
    /// The message as it was received.
    pub text: &'a str,
    /// When the message was sent, in the sender's time zone: dates count from that day.
    pub sent_at: DateTime<Zone>,
    /// The language to answer in; without it, it is detected.
    pub language: Option<Language>,
    /// Name of the project that the proposal is for.
    pub project: &'a str,
    /// Display names of the project's members: the only possible assignees.
    pub members: &'a [String],
}

/// What a message asks for.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ParsedProposal {
    /// Title of the proposal, at most 100 characters.
    pub summary: String,
    /// Whether the message asks for any work; without work there are no items.
    pub actionable: bool,
    /// The language to answer in.
    pub language: Language,
    /// What is to be done, in the order of the message; at most 50.
    pub items: Vec<Item>,
    /// Hours for the whole: as stated, else the sum where every item has hours.
    pub total_hours: Option<f64>,
    /// Short sentences, in the message's language, about what was guessed.
    pub assumptions: Vec<String>,
    /// How sure the parser is, from 0 to 1.
    pub confidence: f64,
}

/// One thing to be done.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Item {
    /// In the message's words, 1 to 99 characters.
    pub title: String,
    /// The sentence it comes from; may be empty.
    pub description: String,
    /// What sort of work it is.
    pub kind: Kind,
    /// Hours stated for this item alone.
    pub hours: Option<f64>,
    /// Last day on which it is on time, in the sender's time zone.
    pub due: Option<NaiveDate>,
    /// How much it presses.
    pub priority: Priority,
    /// Exactly one of the members' display names.
    pub assignee: Option<String>,
    /// Indexes of items that have to be done first, counted from 0.
    pub depends_on: Vec<usize>,
}
