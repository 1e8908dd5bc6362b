//! What is asked to fail fails as asked, and as often.

use std::time::Duration;

use serde_json::{Value, json};

use crate::stage::{PHONE, Stage};

async fn sends(stage: &Stage) -> Vec<(bool, Value)> {
    let sends = stage.get("/control/sends").await;
    let sends = sends["sends"].as_array().unwrap();
    sends
        .iter()
        .map(|s| (s["accepted"] == true, s["answer"]["status"].clone()))
        .collect()
}

#[tokio::test]
async fn rules_are_used_up_in_order_and_the_rest_goes_well() {
    let stage = Stage::start(&[]).await;
    let rules = json!([
        { "action": { "kind": "status", "status": 429, "code": 20429, "retry_after": 1 } },
        { "action": { "kind": "accept_then_status", "status": 500 } },
        { "action": { "kind": "reset" } },
        { "action": { "kind": "accept_then_reset" } },
        { "match": { "body_contains": "never" }, "action": { "kind": "reset" } },
    ]);
    assert_eq!(stage.put("/control/faults/twilio", rules).await, 204);
    let limited = stage.say("1").send().await.unwrap();
    assert_eq!(
        (limited.status().as_u16(), &limited.headers()["retry-after"]),
        (429, &"1".parse().unwrap())
    );
    assert_eq!(stage.say("2").send().await.unwrap().status(), 500);
    assert!(stage.say("3").send().await.is_err());
    assert!(stage.say("4").send().await.is_err());
    assert_eq!(stage.say("5").send().await.unwrap().status(), 201);
    let expected = [
        (false, json!(429)),
        (true, json!(500)),
        (false, Value::Null),
        (true, Value::Null),
        (true, json!(201)),
    ];
    assert_eq!(sends(&stage).await, expected);
    let left = stage.get("/control/faults").await;
    assert_eq!(left["twilio"].as_array().unwrap().len(), 1);
    stage
        .http
        .delete(format!("{}/control/faults", stage.url))
        .send()
        .await
        .unwrap();
    assert_eq!(stage.get("/control/faults").await["twilio"], json!([]));
    stage.end().await;
}

#[tokio::test]
async fn a_lost_answer_leaves_the_message_accepted_and_its_callbacks_coming() {
    let stage = Stage::start(&[]).await;
    let rules = json!([
        { "action": { "kind": "accept_then_timeout", "delay_ms": 60000 } },
        { "action": { "kind": "delay", "ms": 300 } },
    ]);
    stage.put("/control/faults/twilio", rules).await;
    let limit = Duration::from_millis(100);
    assert!(
        stage
            .say("a")
            .timeout(limit)
            .send()
            .await
            .unwrap_err()
            .is_timeout()
    );
    let read = |seen: &Value| seen["messages"][0]["status"] == "read";
    stage.eventually("/control/messages", read).await;
    // The second is accepted late, after its caller has gone.
    assert!(
        stage
            .say("b")
            .timeout(limit)
            .send()
            .await
            .unwrap_err()
            .is_timeout()
    );
    let late = |seen: &Value| seen["sends"][1]["accepted"] == true;
    stage.eventually("/control/sends", late).await;
    stage.end().await;
}

#[tokio::test]
async fn a_message_can_fail_afterwards_and_a_listing_can_lag() {
    let stage = Stage::start(&[]).await;
    let rules = json!([
        { "match": { "to": PHONE }, "action": { "kind": "async_failure", "code": 63016 } },
        { "action": { "kind": "list_late", "ms": 60000, "reset": true } },
    ]);
    stage.put("/control/faults/twilio", rules).await;
    assert_eq!(stage.say("a").send().await.unwrap().status(), 201);
    let told = |seen: &Value| seen["callbacks"].as_array().unwrap().len() == 1;
    stage.eventually("/control/callbacks", told).await;
    let got = &stage.got()[0];
    assert_eq!(got.value("MessageStatus"), Some("undelivered"));
    assert_eq!(got.value("ErrorCode"), Some("63016"));
    assert!(stage.say("b").send().await.is_err());
    let account = crate::stage::ACCOUNT;
    let listing = format!("{}/2010-04-01/Accounts/{account}/Messages.json", stage.url);
    let listing = stage
        .http
        .get(listing)
        .basic_auth(account, Some(crate::stage::TOKEN));
    let listing: Value = listing.send().await.unwrap().json().await.unwrap();
    assert_eq!(listing["messages"].as_array().unwrap().len(), 1);
    assert_eq!(listing["messages"][0]["body"], "a");
    stage.end().await;
}

#[tokio::test]
async fn a_message_that_was_sent_can_fail_long_after_and_one_that_was_read_cannot() {
    let stage = Stage::start(&[]).await;
    let stop = |status: &str| json!({ "last_status": status });
    let reached = |n: usize, status: &'static str| {
        move |seen: &Value| seen["messages"][n]["status"] == status
    };
    for (n, status) in ["sent", "read"].into_iter().enumerate() {
        stage.put("/control/faults/callbacks", stop(status)).await;
        stage.say("a").send().await.unwrap();
        stage
            .eventually("/control/messages", reached(n, status))
            .await;
    }
    let told = |seen: &Value| seen["callbacks"].as_array().unwrap().len() == 4;
    stage.eventually("/control/callbacks", told).await;
    let seen = stage.eventually("/control/messages", |_| true).await;
    for (n, fails) in [(0, true), (0, false), (1, false)] {
        let sid = &seen["messages"][n]["sid"];
        let failure = json!({ "message_sid": sid, "code": 63018 });
        let answer = stage.post("/control/failures", failure).await;
        assert_eq!(answer["callback"]["status"] == 200, fails, "{answer}");
    }
    let got = stage.got();
    assert_eq!(got.len(), 5);
    assert_eq!(got[4].value("MessageStatus"), Some("undelivered"));
    assert_eq!(got[4].value("ErrorCode"), Some("63018"));
    let failed = reached(0, "undelivered");
    stage.eventually("/control/messages", failed).await;
    stage.end().await;
}

#[tokio::test]
async fn callbacks_can_come_twice_and_the_wrong_way_round_or_not_at_all() {
    let stage = Stage::start(&[]).await;
    let faults = json!({ "out_of_order": true, "duplicate": true, "last_status": "delivered" });
    assert_eq!(stage.put("/control/faults/callbacks", faults).await, 204);
    stage.say("a").send().await.unwrap();
    let told = |seen: &Value| seen["callbacks"].as_array().unwrap().len() == 4;
    stage.eventually("/control/callbacks", told).await;
    let got = stage.got();
    let statuses: Vec<_> = got
        .iter()
        .map(|got| got.value("MessageStatus").unwrap())
        .collect();
    assert_eq!(statuses, ["delivered", "delivered", "sent", "sent"]);
    stage
        .put(
            "/control/faults/callbacks",
            json!({ "drop_probability": 1.0 }),
        )
        .await;
    stage.say("b").send().await.unwrap();
    let read = |seen: &Value| seen["messages"][1]["status"] == "read";
    stage.eventually("/control/messages", read).await;
    assert_eq!(stage.got().len(), 4);
    stage.end().await;
}

#[tokio::test]
async fn a_rule_that_cannot_be_read_is_refused_with_the_reason() {
    let stage = Stage::start(&[]).await;
    let wrong = json!([{ "action": { "kind": "explode" } }]);
    let request = stage
        .http
        .put(format!("{}/control/faults/twilio", stage.url))
        .json(&wrong);
    let answer = request.send().await.unwrap();
    assert_eq!(answer.status(), 400);
    let error = answer.json::<Value>().await.unwrap()["error"].to_string();
    assert!(error.contains("explode"), "{error}");
    stage.end().await;
}

#[tokio::test]
async fn a_reset_forgets_everything() {
    let stage = Stage::start(&[]).await;
    stage.say("a").send().await.unwrap();
    stage
        .put(
            "/control/faults/twilio",
            json!([{ "action": { "kind": "reset" } }]),
        )
        .await;
    stage
        .http
        .post(format!("{}/control/reset", stage.url))
        .send()
        .await
        .unwrap();
    assert_eq!(stage.get("/control/messages").await["messages"], json!([]));
    assert_eq!(stage.get("/control/sends").await["sends"], json!([]));
    assert_eq!(stage.say("b").send().await.unwrap().status(), 201);
    stage.end().await;
}
