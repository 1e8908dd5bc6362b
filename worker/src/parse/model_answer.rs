//! Reading a chat completion: first why it ended, then what it says.

use parser::ModelAnswer;
use serde::Deserialize;

use super::model::ModelError;

/// A completion with its counts.
#[derive(Debug)]
pub(super) struct Completion {
    pub(super) answer: ModelAnswer,
    /// Tokens of the prompt and of the completion.
    pub(super) tokens: (u64, u64),
}

#[derive(Deserialize)]
struct Body {
    choices: Vec<Choice>,
    #[serde(default)]
    usage: Usage,
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
}

/// Reads the body of a successful call.
pub(super) fn read_completion(body: &[u8]) -> Result<Completion, ModelError> {
    let body: Body = serde_json::from_slice(body).map_err(|_| ModelError::Malformed)?;
    let choice = body
        .choices
        .into_iter()
        .next()
        .ok_or(ModelError::Malformed)?;
    match choice.finish_reason.as_deref() {
        Some("length") => return Err(ModelError::Length),
        Some("content_filter") => return Err(ModelError::ContentFilter),
        _ => {}
    }
    if choice.message.refusal.is_some() {
        return Err(ModelError::Refusal);
    }
    let content = choice.message.content.ok_or(ModelError::Malformed)?;
    Ok(Completion {
        answer: serde_json::from_str(&content).map_err(|_| ModelError::Malformed)?,
        tokens: (body.usage.prompt_tokens, body.usage.completion_tokens),
    })
}

/// `error.code` of a failed call, or its type where there is no code.
pub(super) fn api_error_code(body: &[u8]) -> Option<String> {
    #[derive(Deserialize)]
    struct Failed {
        error: ApiError,
    }
    #[derive(Deserialize)]
    struct ApiError {
        code: Option<String>,
        r#type: Option<String>,
    }
    let failed: Failed = serde_json::from_slice(body).ok()?;
    failed.error.code.or(failed.error.r#type)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn reason(body: &str) -> &'static str {
        read_completion(body.as_bytes()).map_or_else(|error| error.reason(), |_| "read")
    }

    #[test]
    fn every_way_to_end_is_told_apart() {
        for (body, expected) in [
            ("{", "malformed"),
            (r#"{"choices":[]}"#, "malformed"),
            (
                r#"{"choices":[{"finish_reason":"length","message":{"content":"{"}}]}"#,
                "length",
            ),
            (
                r#"{"choices":[{"finish_reason":"content_filter","message":{}}]}"#,
                "content_filter",
            ),
            (
                r#"{"choices":[{"finish_reason":"stop","message":{"refusal":"no"}}]}"#,
                "refusal",
            ),
            (
                r#"{"choices":[{"finish_reason":"stop","message":{"content":"{}"}}]}"#,
                "malformed",
            ),
        ] {
            assert_eq!(reason(body), expected, "{body}");
        }
    }

    #[test]
    fn the_code_of_an_error_or_its_type_is_found() {
        assert_eq!(
            api_error_code(br#"{"error":{"code":null,"type":"insufficient_quota"}}"#).as_deref(),
            Some("insufficient_quota")
        );
        assert_eq!(api_error_code(b"<html>"), None);
    }
}
