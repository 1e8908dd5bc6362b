//! What can go wrong with a completion, and how an answer is scripted.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::Value;

/// Which completions a rule concerns.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(default, deny_unknown_fields)]
pub struct Match {
    /// Part of the user's last turn.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub body_contains: Option<String>,
    /// The model asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub model: Option<String>,
}

impl Match {
    /// Whether a completion is meant.
    #[must_use]
    pub fn covers(&self, model: &str, text: &str) -> bool {
        self.body_contains
            .as_deref()
            .is_none_or(|part| text.contains(part))
            && self.model.as_deref().is_none_or(|want| want == model)
    }
}

/// What is answered, and after how long.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub struct Action {
    /// Milliseconds before the answer, whatever it is.
    #[serde(default)]
    pub delay_ms: u64,
    /// What is answered.
    #[serde(flatten)]
    pub answer: Answer,
}

/// What is answered.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Answer {
    /// An HTTP status with headers and body; an error in OpenAI's form where no body is given.
    Status {
        /// HTTP status.
        status: u16,
        /// Headers, such as `retry-after`.
        #[serde(default)]
        headers: BTreeMap<String, String>,
        /// JSON body, or a string for a body that is not JSON.
        #[serde(default)]
        body: Option<Value>,
    },
    /// The usual answer, late.
    Delay {
        /// How late, in milliseconds.
        ms: u64,
    },
    /// The connection is reset.
    Reset,
    /// Exactly this content. A JSON object is written out, a string is taken as it is.
    Content {
        /// The message's content.
        content: Value,
        /// Why the model stopped.
        #[serde(default = "stop")]
        finish_reason: String,
    },
    /// A refusal.
    Refusal {
        /// The model's words.
        #[serde(default = "sorry")]
        refusal: String,
    },
    /// The usual answer, cut off in the middle (`finish_reason` `length`).
    Length,
    /// Nothing, by the content filter.
    ContentFilter,
}

fn stop() -> String {
    "stop".to_owned()
}

fn sorry() -> String {
    "I'm sorry, I can't help with that.".to_owned()
}
