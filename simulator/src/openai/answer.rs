//! Answers in OpenAI's form, errors among them.

use axum::{
    Json,
    http::{HeaderName, HeaderValue, StatusCode},
    response::{IntoResponse, Response},
};
use serde_json::{Value, json};

use crate::{clock, sid};

/// An answer: status, headers, body.
#[derive(Clone, Debug)]
pub struct Answer {
    /// HTTP status.
    pub status: u16,
    /// Headers beside the usual.
    pub headers: Vec<(String, String)>,
    /// JSON; a string is written as plain text.
    pub body: Value,
}

impl IntoResponse for Answer {
    fn into_response(self) -> Response {
        let status = StatusCode::from_u16(self.status).unwrap_or(StatusCode::BAD_GATEWAY);
        let mut response = match self.body {
            Value::String(text) => (status, text).into_response(),
            body => (status, Json(body)).into_response(),
        };
        let id = sid::random("req_");
        for (name, value) in self
            .headers
            .iter()
            .chain([&("x-request-id".to_owned(), id)])
        {
            let pair = (HeaderName::try_from(name), HeaderValue::try_from(value));
            if let (Ok(name), Ok(value)) = pair {
                response.headers_mut().insert(name, value);
            }
        }
        response
    }
}

/// An error in OpenAI's form.
#[must_use]
pub fn error(
    status: u16,
    kind: &str,
    code: Option<&str>,
    param: Option<&str>,
    message: &str,
) -> Answer {
    let error = json!({ "message": message, "type": kind, "param": param, "code": code });
    Answer {
        status,
        headers: Vec::new(),
        body: json!({ "error": error }),
    }
}

/// The body that goes with an HTTP status on demand.
#[must_use]
pub fn error_on_demand(status: u16) -> Value {
    let (kind, code, message) = match status {
        401 => (
            "invalid_request_error",
            Some("invalid_api_key"),
            "Incorrect API key provided.",
        ),
        404 => (
            "invalid_request_error",
            Some("model_not_found"),
            "The model does not exist.",
        ),
        429 => (
            "requests",
            Some("rate_limit_exceeded"),
            "Rate limit reached for requests.",
        ),
        503 => ("server_error", None, "The engine is currently overloaded."),
        500.. => (
            "server_error",
            None,
            "The server had an error while processing your request.",
        ),
        _ => ("invalid_request_error", None, "Invalid request."),
    };
    error(status, kind, code, None, message).body
}

/// A completion with one choice.
#[must_use]
pub fn completion(request: &Value, content: &Value, refusal: Option<&str>, reason: &str) -> Answer {
    let prompt_tokens = tokens(&request["messages"].to_string());
    let completion_tokens = tokens(content.as_str().or(refusal).unwrap_or_default());
    // Prefixes are cached from 1024 tokens on, in steps of 128.
    let cached_tokens = if prompt_tokens < 1024 {
        0
    } else {
        prompt_tokens / 128 * 128
    };
    let body = json!({
        "id": sid::random("chatcmpl-"),
        "object": "chat.completion",
        "created": clock::now().timestamp(),
        "model": request["model"],
        "choices": [{
            "index": 0,
            "message": {
                "role": "assistant", "content": content, "refusal": refusal, "annotations": [],
            },
            "logprobs": null,
            "finish_reason": reason,
        }],
        "usage": {
            "prompt_tokens": prompt_tokens,
            "completion_tokens": completion_tokens,
            "total_tokens": prompt_tokens + completion_tokens,
            "prompt_tokens_details": { "cached_tokens": cached_tokens, "audio_tokens": 0 },
            "completion_tokens_details": {
                "reasoning_tokens": 0, "audio_tokens": 0,
                "accepted_prediction_tokens": 0, "rejected_prediction_tokens": 0,
            },
        },
        "service_tier": "default",
        "system_fingerprint": "fp_simulator",
    });
    Answer {
        status: 200,
        headers: Vec::new(),
        body,
    }
}

fn tokens(text: &str) -> usize {
    text.chars().count().div_ceil(4)
}
