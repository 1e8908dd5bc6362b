//! What somebody writes reaches the webhook as Twilio would send it.

use serde_json::{Value, json};
use simulator::signature::sign;
use tokio::net::TcpListener;

use crate::stage::{ACCOUNT, PHONE, Stage, TOKEN};

#[tokio::test]
async fn a_message_is_posted_signed_and_with_everything_that_real_ones_carry() {
    let stage = Stage::start(&[]).await;
    let sent = stage
        .post(
            "/control/inbound",
            json!({ "from": PHONE, "body": "¿Qué tal?" }),
        )
        .await;
    assert_eq!(sent["responses"][0]["status"], 200);
    assert_eq!(sent["responses"][0]["attempts"], 1);
    let got = &stage.got()[0];
    assert_eq!(got.value("MessageSid"), sent["message_sid"].as_str());
    assert_eq!(got.value("Body"), Some("¿Qué tal?"));
    assert_eq!(got.value("To"), Some("whatsapp:+14155550100"));
    assert_eq!(got.value("AccountSid"), Some(ACCOUNT));
    assert_eq!(got.headers["user-agent"], "TwilioProxy/1.1");
    assert!(got.headers.contains_key("i-twilio-idempotency-token"));
    let signature = sign(TOKEN, &stage.hook, &got.params);
    assert_eq!(got.headers["x-twilio-signature"], signature.as_str());
    stage.end().await;
}

#[tokio::test]
async fn the_same_message_can_be_posted_several_times_and_badly_signed() {
    let stage = Stage::start(&[]).await;
    let sid = "SM00000000000000000000000000000001";
    let five = json!({ "from": PHONE, "body": "hi", "message_sid": sid, "repeat": 5 });
    assert_eq!(
        stage.post("/control/inbound", five).await["responses"]
            .as_array()
            .unwrap()
            .len(),
        5
    );
    assert!(
        stage
            .got()
            .iter()
            .all(|got| got.value("MessageSid") == Some(sid))
    );
    let wrong = json!({ "from": PHONE, "body": "hi", "signature": "wrong" });
    stage.post("/control/inbound", wrong).await;
    let missing = json!({ "from": PHONE, "body": "hi", "signature": "missing" });
    stage.post("/control/inbound", missing).await;
    let got = stage.got();
    let good = sign(TOKEN, &stage.hook, &got[5].params);
    assert_ne!(got[5].headers["x-twilio-signature"], good.as_str());
    assert!(!got[6].headers.contains_key("x-twilio-signature"));
    stage.end().await;
}

#[tokio::test]
async fn twiml_and_plain_text_in_the_answer_reach_the_phone() {
    let stage = Stage::start(&[]).await;
    let twiml = "<?xml version=\"1.0\"?><Response><Message>Slow &amp; easy</Message></Response>";
    stage.will_answer(200, "text/xml", twiml);
    stage.will_answer(200, "text/plain", "OK");
    stage.will_answer(200, "application/json", "{}");
    for _ in 0..3 {
        stage
            .post("/control/inbound", json!({ "from": PHONE, "body": "hi" }))
            .await;
    }
    let phone = stage.get("/control/messages?phone=%2B5215555550100").await;
    let said = phone["messages"].as_array().unwrap().iter();
    let said: Vec<&Value> = said
        .filter(|m| m["direction"] == "outbound-reply")
        .collect();
    assert_eq!(said.len(), 2);
    assert_eq!(said[0]["body"], "Slow & easy");
    assert_eq!(said[1]["body"], "OK");
    let webhooks = stage.get("/control/webhooks").await;
    assert_eq!(webhooks["webhooks"][2]["error_code"], 12300);
    stage.end().await;
}

#[tokio::test]
async fn a_webhook_that_is_down_is_tried_again_and_its_message_stays_in_the_log() {
    let free = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/hook#rc=2", free.local_addr().unwrap());
    drop(free);
    let stage = Stage::start(&["--webhook-url", &url]).await;
    let sent = stage
        .post(
            "/control/inbound",
            json!({ "from": PHONE, "body": "lost?" }),
        )
        .await;
    assert_eq!(sent["responses"][0]["status"], Value::Null);
    assert_eq!(sent["responses"][0]["error"], "connect");
    assert_eq!(sent["responses"][0]["attempts"], 3);
    let path = format!("/2010-04-01/Accounts/{ACCOUNT}/Messages.json?To=whatsapp%3A%2B14155550100");
    let listing = stage
        .http
        .get(format!("{}{path}", stage.url))
        .basic_auth(ACCOUNT, Some(TOKEN));
    let listing: Value = listing.send().await.unwrap().json().await.unwrap();
    assert_eq!(listing["messages"][0]["sid"], sent["message_sid"]);
    assert_eq!(listing["messages"][0]["direction"], "inbound");
    assert_eq!(listing["messages"][0]["status"], "received");
    stage.end().await;
}

#[tokio::test]
async fn the_policy_in_the_fragment_decides_what_is_tried_again() {
    let stage = Stage::start(&[]).await;
    stage.will_answer(503, "text/plain", "later");
    let once = stage
        .post("/control/inbound", json!({ "from": PHONE, "body": "a" }))
        .await;
    assert_eq!(once["responses"][0]["attempts"], 1);
    let sender = stage.http.get(format!(
        "{}/v2/Channels/Senders?Channel=whatsapp",
        stage.url
    ));
    let senders: Value = sender
        .basic_auth(ACCOUNT, Some(TOKEN))
        .send()
        .await
        .unwrap()
        .json()
        .await
        .unwrap();
    let sid = senders["senders"][0]["sid"].as_str().unwrap();
    assert_eq!(
        senders["senders"][0]["webhook"]["callback_url"],
        stage.hook.as_str()
    );
    let webhook = json!({ "webhook": { "callback_url": format!("{}#rc=5&rp=all", stage.hook) } });
    let update = stage
        .http
        .post(format!("{}/v2/Channels/Senders/{sid}", stage.url));
    let update = update
        .basic_auth(ACCOUNT, Some(TOKEN))
        .json(&webhook)
        .send()
        .await
        .unwrap();
    assert_eq!(update.status(), 202);
    stage.will_answer(503, "text/plain", "later");
    stage.will_answer(403, "text/plain", "no");
    let again = stage
        .post("/control/inbound", json!({ "from": PHONE, "body": "b" }))
        .await;
    assert_eq!(again["responses"][0]["attempts"], 3);
    assert_eq!(again["responses"][0]["status"], 200);
    let tokens: Vec<_> = stage.got()[1..]
        .iter()
        .map(|got| got.headers["i-twilio-idempotency-token"].clone())
        .collect();
    assert!(tokens.windows(2).all(|pair| pair[0] == pair[1]));
    stage.end().await;
}

#[tokio::test]
async fn a_raw_request_is_posted_as_it_is() {
    let stage = Stage::start(&[]).await;
    let params = json!([
        ["From", PHONE],
        ["From", "whatsapp:+5215555550101"],
        ["Body", ""]
    ]);
    let headers = json!({ "content-type": "text/plain" });
    let raw = json!({ "params": params, "sign": true, "headers": headers });
    assert_eq!(stage.post("/control/webhook", raw).await["status"], 200);
    let got = &stage.got()[0];
    assert_eq!(got.params.len(), 3);
    assert_eq!(got.headers["content-type"], "text/plain");
    assert_eq!(stage.get("/control/messages").await["messages"], json!([]));
    stage.end().await;
}
