//! OpenAI's side answers what the schema asks for, or what it is told to.

use chrono::NaiveDate;
use serde_json::{Value, json};
use simulator::openai::reading::read;

use crate::stage::Stage;

fn request(text: &str) -> Value {
    let item = json!({
        "type": "object", "additionalProperties": false, "required": ["title", "hours", "due"],
        "properties": {
            "title": { "type": "string" },
            "hours": { "type": ["number", "null"] },
            "due": { "type": ["string", "null"] },
        },
    });
    let schema = json!({
        "type": "object", "additionalProperties": false, "required": ["actionable", "items", "note"],
        "properties": {
            "actionable": { "type": "boolean" },
            "items": { "type": "array", "items": item },
            "note": { "type": ["string", "null"] },
        },
    });
    json!({
        "model": "any",
        "messages": [
            { "role": "system", "content": "Today is Monday 2026-11-23." },
            { "role": "user", "content": text },
        ],
        "response_format": {
            "type": "json_schema",
            "json_schema": { "name": "proposal", "strict": true, "schema": schema },
        },
    })
}

async fn ask(stage: &Stage, body: &Value) -> (u16, Value) {
    let call = stage
        .http
        .post(format!("{}/v1/chat/completions", stage.url))
        .bearer_auth("sk-test");
    let answer = call.json(body).send().await.unwrap();
    (answer.status().as_u16(), answer.json().await.unwrap())
}

#[tokio::test]
async fn the_answer_fits_the_schema_and_reads_the_message() {
    let stage = Stage::start(&[]).await;
    let text = "Need to add login page and user dashboard by Friday. Should take about 8 hours.";
    let (status, answer) = ask(&stage, &request(text)).await;
    assert_eq!(status, 200);
    let content = answer["choices"][0]["message"]["content"].as_str().unwrap();
    let content: Value = serde_json::from_str(content).unwrap();
    // Only what the schema has; the titles are the built-in parser's.
    let read = read(text, NaiveDate::from_ymd_opt(2026, 11, 23).unwrap());
    let item =
        |n: usize| json!({ "title": read.items[n].title, "hours": null, "due": "2026-11-27" });
    let expected = json!({ "actionable": true, "items": [item(0), item(1)], "note": null });
    assert_eq!(content, expected);
    assert!(answer["usage"]["prompt_tokens_details"]["cached_tokens"].is_u64());
    let calls = stage.get("/control/openai/requests").await;
    assert_eq!(calls["requests"][0]["answer"]["status"], 200);
    stage.end().await;
}

#[tokio::test]
async fn bad_keys_and_bad_schemas_are_refused() {
    let stage = Stage::start(&["--openai-api-key", "sk-right"]).await;
    let (status, answer) = ask(&stage, &request("x")).await;
    assert_eq!(
        (status, answer["error"]["code"].as_str()),
        (401, Some("invalid_api_key"))
    );
    stage.end().await;
    let stage = Stage::start(&[]).await;
    let mut open = request("x");
    open["response_format"]["json_schema"]["schema"]["additionalProperties"] = json!(true);
    let (status, answer) = ask(&stage, &open).await;
    assert_eq!(
        (status, answer["error"]["code"].as_str()),
        (400, Some("invalid_json_schema"))
    );
    stage.end().await;
}

#[tokio::test]
async fn answers_follow_the_script() {
    let stage = Stage::start(&[]).await;
    let script = json!([
        { "action": { "kind": "content", "content": { "items": [] }, "delay_ms": 5 } },
        { "action": { "kind": "refusal", "refusal": "no" } },
        { "action": { "kind": "length" } },
        { "action": { "kind": "content_filter" } },
        { "action": { "kind": "status", "status": 429, "headers": { "retry-after-ms": "50" } } },
        { "action": { "kind": "reset" } },
    ]);
    assert_eq!(stage.put("/control/faults/openai", script).await, 204);
    let choice = async || ask(&stage, &request("fix it")).await.1["choices"][0].clone();
    assert_eq!(choice().await["message"]["content"], "{\"items\":[]}");
    let refused = choice().await;
    assert_eq!(refused["message"]["refusal"], "no");
    assert_eq!(refused["message"]["content"], Value::Null);
    assert_eq!(choice().await["finish_reason"], "length");
    assert_eq!(choice().await["finish_reason"], "content_filter");
    let call = || {
        let call = stage
            .http
            .post(format!("{}/v1/chat/completions", stage.url));
        call.bearer_auth("sk-test").json(&request("fix it")).send()
    };
    let limited = call().await.unwrap();
    assert_eq!(limited.headers()["retry-after-ms"], "50");
    assert_eq!(
        limited.json::<Value>().await.unwrap()["error"]["code"],
        "rate_limit_exceeded"
    );
    assert!(call().await.is_err());
    assert_eq!(choice().await["finish_reason"], "stop");
    stage.end().await;
}
