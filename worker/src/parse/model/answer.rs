//! Reading a chat completion: what it cost, why it ended, and only then what it says.

use parser::ModelAnswer;
use serde::{Deserialize, Serialize};

use super::error::ModelError;

/// What a completion cost.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Tokens {
    /// Of what was sent.
    pub prompt: u64,
    /// The part of them that the API had cached.
    pub cached: u64,
    /// Of what was answered, thoughts included.
    pub completion: u64,
}

impl Tokens {
    /// Each number with the word under which it is counted.
    pub(crate) fn by_kind(self) -> [(&'static str, u64); 3] {
        [
            ("prompt", self.prompt),
            ("cached", self.cached),
            ("completion", self.completion),
        ]
    }

    /// All that a budget counts.
    pub(crate) fn sum(self) -> u64 {
        self.prompt.saturating_add(self.completion)
    }

    pub(crate) fn add(&mut self, more: Self) {
        self.prompt = self.prompt.saturating_add(more.prompt);
        self.cached = self.cached.saturating_add(more.cached);
        self.completion = self.completion.saturating_add(more.completion);
    }
}

/// A completion, its text not yet looked at.
#[derive(Deserialize)]
pub(super) struct Completion {
    choices: Vec<Choice>,
    #[serde(default)]
    usage: Option<Usage>,
}

#[derive(Deserialize)]
struct Choice {
    finish_reason: Option<String>,
    message: Message,
}

#[derive(Deserialize)]
struct Message {
    content: Option<String>,
    refusal: Option<String>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Usage {
    prompt_tokens: u64,
    completion_tokens: u64,
    prompt_tokens_details: Option<PromptDetails>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct PromptDetails {
    cached_tokens: Option<u64>,
}

impl Completion {
    /// Reads the body of a successful call.
    pub(super) fn read(body: &[u8]) -> Result<Self, ModelError> {
        serde_json::from_slice(body).map_err(|_| ModelError::Malformed)
    }

    /// What it cost, whatever it says.
    pub(super) fn tokens(&self) -> Tokens {
        let Some(usage) = &self.usage else {
            return Tokens::default();
        };
        let details = usage.prompt_tokens_details.as_ref();
        Tokens {
            prompt: usage.prompt_tokens,
            cached: details
                .and_then(|details| details.cached_tokens)
                .unwrap_or(0),
            completion: usage.completion_tokens,
        }
    }

    /// The text, unless the model was cut off or would not answer.
    pub(super) fn into_text(self) -> Result<String, ModelError> {
        let choice = self.choices.into_iter().next();
        let Choice {
            finish_reason,
            message,
        } = choice.ok_or(ModelError::Malformed)?;
        match finish_reason.as_deref() {
            Some("length") => return Err(ModelError::Length),
            Some("content_filter") => return Err(ModelError::ContentFilter),
            _ => {}
        }
        if message.refusal.is_some() {
            return Err(ModelError::Refusal);
        }
        message.content.ok_or(ModelError::Malformed)
    }
}

/// Reads the text as the answer that the schema describes.
pub(super) fn read_answer(text: &str) -> Result<ModelAnswer, ModelError> {
    serde_json::from_str(text).map_err(|_| ModelError::Malformed)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn reason(body: &str) -> &'static str {
        Completion::read(body.as_bytes())
            .and_then(Completion::into_text)
            .and_then(|text| read_answer(&text))
            .map_or_else(|error| error.reason(), |_| "read")
    }

    #[test]
    fn every_way_to_end_is_told_apart() {
        for (choices, expected) in [
            ("", "malformed"),
            (
                r#"{"finish_reason":"length","message":{"content":"{"}}"#,
                "length",
            ),
            (
                r#"{"finish_reason":"content_filter","message":{}}"#,
                "content_filter",
            ),
            (
                r#"{"finish_reason":"stop","message":{"refusal":"no"}}"#,
                "refusal",
            ),
            (
                r#"{"finish_reason":"stop","message":{"content":null}}"#,
                "malformed",
            ),
            (
                r#"{"finish_reason":"stop","message":{"content":"{}"}}"#,
                "malformed",
            ),
        ] {
            assert_eq!(
                reason(&format!(r#"{{"choices":[{choices}]}}"#)),
                expected,
                "{choices}"
            );
        }
        assert_eq!(reason("<html>"), "malformed");
    }

    #[test]
    fn what_it_cost_is_known_whatever_it_says() {
        let body = r#"{"choices":[],"usage":{"prompt_tokens":1200,"completion_tokens":34,
            "prompt_tokens_details":{"cached_tokens":1024}}}"#;
        let tokens = Completion::read(body.as_bytes())
            .expect("a completion")
            .tokens();
        assert_eq!(
            (tokens.prompt, tokens.cached, tokens.completion),
            (1200, 1024, 34)
        );
        assert_eq!(tokens.sum(), 1234);
        for body in [r#"{"choices":[]}"#, r#"{"choices":[],"usage":null}"#] {
            let tokens = Completion::read(body.as_bytes())
                .expect("a completion")
                .tokens();
            assert_eq!(tokens, Tokens::default());
        }
    }
}
