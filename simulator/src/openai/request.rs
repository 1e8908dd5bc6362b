//! A completion's request: what OpenAI checks in it, and what the stand-in reads in it.

use axum::http::{HeaderMap, header};
use chrono::NaiveDate;
use secrecy::ExposeSecret as _;
use serde_json::Value;

use super::{
    answer::{Answer, error},
    schema,
};
use crate::{clock, settings::Settings};

/// What is wrong with the bearer key, if anything.
#[must_use]
pub fn authenticate(headers: &HeaderMap, settings: &Settings) -> Option<Answer> {
    let header = headers
        .get(header::AUTHORIZATION)
        .and_then(|value| value.to_str().ok());
    let key = header
        .and_then(|header| header.strip_prefix("Bearer "))
        .unwrap_or_default()
        .trim();
    let good = match &settings.openai_api_key {
        Some(wanted) => wanted.expose_secret() == key,
        None => !key.is_empty(),
    };
    let kind = "invalid_request_error";
    (!good).then(|| {
        let message = "Incorrect API key provided. You can find your API key at \
                       https://platform.openai.com/account/api-keys.";
        error(401, kind, Some("invalid_api_key"), None, message)
    })
}

/// What is wrong with the request, if anything.
#[must_use]
pub fn check(request: &Value) -> Option<Answer> {
    let bad = |param, message: &str| {
        Some(error(
            400,
            "invalid_request_error",
            None,
            Some(param),
            message,
        ))
    };
    if request["model"].as_str().is_none_or(str::is_empty) {
        return bad("model", "you must provide a model parameter");
    }
    if request["messages"].as_array().is_none_or(Vec::is_empty) {
        return bad("messages", "Invalid 'messages': empty array.");
    }
    if request["stream"] == true {
        return bad("stream", "The simulator does not stream.");
    }
    let format = &request["response_format"];
    match format["type"].as_str() {
        None if format.is_null() => None,
        Some("text" | "json_object") => None,
        Some("json_schema") => check_schema(&format["json_schema"]),
        _ => bad(
            "response_format.type",
            "Invalid value for 'response_format.type'.",
        ),
    }
}

fn check_schema(wanted: &Value) -> Option<Answer> {
    let kind = "invalid_request_error";
    let Some(name) = wanted["name"].as_str() else {
        let message = "Missing required parameter: 'response_format.json_schema.name'.";
        let param = Some("response_format.json_schema.name");
        return Some(error(
            400,
            kind,
            Some("missing_required_parameter"),
            param,
            message,
        ));
    };
    if wanted["strict"] != true {
        return None;
    }
    let problem = schema::check_strict(&wanted["schema"]).err()?;
    let message = format!("Invalid schema for response_format '{name}': {problem}");
    Some(error(
        400,
        kind,
        Some("invalid_json_schema"),
        Some("response_format"),
        &message,
    ))
}

/// The day that the prompt names first, else today.
#[must_use]
pub fn today(request: &Value) -> NaiveDate {
    let turns = request["messages"]
        .as_array()
        .map(Vec::as_slice)
        .unwrap_or_default();
    let texts = turns.iter().map(turn_text);
    let found = texts.into_iter().find_map(|text| {
        let starts = text.char_indices().map(|(at, _)| at);
        starts
            .filter_map(|at| text.get(at..at + 10))
            .find_map(|part| {
                let day = NaiveDate::parse_from_str(part, "%Y-%m-%d").ok();
                day.filter(|_| part.starts_with("20"))
            })
    });
    found.unwrap_or_else(|| clock::now().date_naive())
}

/// The user's own words: the last user turn, out of whatever the prompt wraps them in.
#[must_use]
pub fn user_text(request: &Value) -> String {
    let turns = request["messages"]
        .as_array()
        .map(Vec::as_slice)
        .unwrap_or_default();
    let last = turns.iter().rev().find(|turn| turn["role"] == "user");
    unwrap(&last.map(turn_text).unwrap_or_default())
}

fn turn_text(turn: &Value) -> String {
    match &turn["content"] {
        Value::String(text) => text.clone(),
        Value::Array(parts) => parts
            .iter()
            .filter_map(|part| part["text"].as_str())
            .collect::<Vec<_>>()
            .join("\n"),
        _ => String::new(),
    }
}

/// Takes a text out of JSON (`{"message": ...}`), a tag (`<message>...</message>`) or a fence.
fn unwrap(text: &str) -> String {
    if let Ok(json) = serde_json::from_str::<Value>(text) {
        let names = ["message", "text", "body", "request"];
        if let Some(inner) = names.iter().find_map(|name| json[*name].as_str()) {
            return inner.to_owned();
        }
    }
    for name in ["message", "user_message", "text", "request"] {
        let inside = text.split_once(&format!("<{name}>")).map(|(_, rest)| rest);
        if let Some((inner, _)) = inside.and_then(|rest| rest.rsplit_once(&format!("</{name}>"))) {
            return inner.trim().to_owned();
        }
    }
    for fence in ["```", "\"\"\"", "'''"] {
        let mut parts = text.splitn(3, fence);
        if let (Some(_), Some(inner), Some(_)) = (parts.next(), parts.next(), parts.next()) {
            return inner.trim().to_owned();
        }
    }
    text.to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn the_users_words_are_found_in_whatever_wraps_them() {
        for content in [
            "fix it",
            r#"{"message":"fix it"}"#,
            "Read:\n<message>\nfix it\n</message>",
        ] {
            let request = json!({ "messages": [
                { "role": "system", "content": "Today is Monday, 2026-11-23." },
                { "role": "user", "content": content },
            ] });
            assert_eq!(user_text(&request), "fix it");
            assert_eq!(today(&request).to_string(), "2026-11-23");
        }
        let parts = json!({ "messages": [
            { "role": "user", "content": [{ "type": "text", "text": "fix it" }] },
        ] });
        assert_eq!(user_text(&parts), "fix it");
    }
}
