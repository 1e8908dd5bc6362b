//! `POST /v1/chat/completions`: checks the request as OpenAI does, answers by script where there is
//! one, and where there is none by what the built-in parser makes of the user's last turn.

use std::{sync::Arc, time::Duration};

use axum::{
    body::Bytes,
    extract::{ConnectInfo, State},
    http::HeaderMap,
    response::{IntoResponse as _, Response},
};
use serde_json::{Value, json};

use super::{
    answer::{Answer, completion, error_on_demand},
    reading,
    request::{authenticate, check, today, user_text},
    schema,
};
use crate::{
    clock,
    connection::Connection,
    fault::openai::{Action, Answer as Script},
    simulator::Simulator,
    world::{Answered, CompletionCall},
};

/// `POST /v1/chat/completions`.
pub async fn create(
    State(simulator): State<Arc<Simulator>>,
    ConnectInfo(connection): ConnectInfo<Connection>,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let request: Value = serde_json::from_slice(&body).unwrap_or_default();
    let refusal = authenticate(&headers, &simulator.settings).or_else(|| check(&request));
    let inner = Arc::clone(&simulator);
    let work = async move { complete(&inner, &request, refusal).await };
    if let Some(answer) = simulator.spawn(work).await.ok().flatten() {
        answer.into_response()
    } else {
        connection.cut();
        Response::default()
    }
}

async fn complete(
    simulator: &Simulator,
    request: &Value,
    refusal: Option<Answer>,
) -> Option<Answer> {
    let text = user_text(request);
    let model = request["model"].as_str().unwrap_or_default();
    let fault = match &refusal {
        Some(_) => None,
        None => simulator.change(|world| world.openai_rules.pick(|r| r.covers(model, &text))),
    };
    let call = CompletionCall {
        n: 0,
        at: clock::now(),
        request: request.clone(),
        fault: fault.as_ref().map(|fault| json!(fault)),
        answer: None,
    };
    let n = simulator.change(|world| {
        let n = world.completions.len();
        world.completions.push(CompletionCall { n, ..call });
        n
    });
    let answer = match refusal {
        Some(refusal) => Some(refusal),
        None => play(fault, request, &text).await,
    };
    simulator.change(|world| {
        if let Some(call) = world.completions.get_mut(n) {
            call.answer = answer.as_ref().map(|a| Answered {
                status: a.status,
                body: a.body.clone(),
            });
        }
    });
    answer
}

async fn play(fault: Option<Action>, request: &Value, text: &str) -> Option<Answer> {
    let delay = fault.as_ref().map_or(0, |fault| fault.delay_ms);
    tokio::time::sleep(Duration::from_millis(delay)).await;
    let usual = || content(request, text);
    let said = |content: Value, reason: &str| Some(completion(request, &content, None, reason));
    match fault.map(|fault| fault.answer) {
        None => said(json!(usual()), "stop"),
        Some(Script::Delay { ms }) => {
            tokio::time::sleep(Duration::from_millis(ms)).await;
            said(json!(usual()), "stop")
        }
        Some(Script::Reset) => None,
        Some(Script::Content {
            content,
            finish_reason,
        }) => {
            let text = content
                .as_str()
                .map_or_else(|| content.to_string(), str::to_owned);
            said(json!(text), &finish_reason)
        }
        Some(Script::Refusal { refusal }) => {
            Some(completion(request, &Value::Null, Some(&refusal), "stop"))
        }
        Some(Script::Length) => {
            let whole = usual();
            let half = whole
                .chars()
                .take(whole.chars().count() / 2)
                .collect::<String>();
            said(json!(half), "length")
        }
        Some(Script::ContentFilter) => said(json!(""), "content_filter"),
        Some(Script::Status {
            status,
            headers,
            body,
        }) => {
            let body = body.unwrap_or_else(|| error_on_demand(status));
            Some(Answer {
                status,
                headers: headers.into_iter().collect(),
                body,
            })
        }
    }
}

/// What the model says: JSON that fits the schema, or a sentence where there is none.
fn content(request: &Value, text: &str) -> String {
    let format = &request["response_format"];
    let read = reading::read(text, today(request));
    let known = json!(read);
    match format["type"].as_str() {
        Some("json_schema") => {
            let schema = &format["json_schema"]["schema"];
            schema::fill(schema, schema, Some(&known)).to_string()
        }
        Some("json_object") => known.to_string(),
        _ => read.summary,
    }
}
