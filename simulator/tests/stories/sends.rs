//! Sends are answered as Twilio answers them, and their status moves on.

use serde_json::{Value, json};
use simulator::{sid, signature::sign};

use crate::stage::{ACCOUNT, PHONE, Stage, TOKEN};

#[tokio::test]
async fn a_send_is_answered_with_the_whole_resource() {
    let stage = Stage::start(&[]).await;
    let answer = stage.say("hola").send().await.unwrap();
    assert_eq!(answer.status(), 201);
    let message: Value = answer.json().await.unwrap();
    assert!(sid::has_form(message["sid"].as_str().unwrap(), "SM"));
    assert_eq!(message["status"], "queued");
    assert_eq!(message["num_segments"], "1");
    assert_eq!(message["error_code"], Value::Null);
    assert_eq!(message["date_sent"], Value::Null);
    assert!(
        message["date_created"]
            .as_str()
            .unwrap()
            .ends_with(" +0000")
    );
    let service = [("To", PHONE), ("MessagingServiceSid", "MG1"), ("Body", "x")];
    let message: Value = stage
        .send(&service)
        .send()
        .await
        .unwrap()
        .json()
        .await
        .unwrap();
    assert_eq!(message["status"], "accepted");
    assert_eq!(message["from"], Value::Null);
    assert_eq!(message["num_segments"], "0");
    stage.end().await;
}

#[tokio::test]
async fn mistakes_and_wrong_credentials_are_refused_and_written_down() {
    let stage = Stage::start(&[]).await;
    let refused = stage.send(&[("Body", "x")]).send().await.unwrap();
    assert_eq!(refused.status(), 400);
    assert_eq!(refused.json::<Value>().await.unwrap()["code"], 21604);
    let url = format!("{}/2010-04-01/Accounts/{ACCOUNT}/Messages.json", stage.url);
    let wrong = stage
        .http
        .post(&url)
        .basic_auth(ACCOUNT, Some("wrong"))
        .send()
        .await
        .unwrap();
    assert_eq!(wrong.status(), 401);
    assert_eq!(wrong.json::<Value>().await.unwrap()["code"], 20003);
    let other = url.replace(ACCOUNT, "ACbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb");
    let other = stage
        .http
        .post(other)
        .basic_auth(ACCOUNT, Some(TOKEN))
        .send()
        .await
        .unwrap();
    assert_eq!(other.status(), 404);
    let sends = stage.get("/control/sends").await;
    let first = &sends["sends"][0];
    assert_eq!(first["accepted"], false);
    assert_eq!(first["params"], json!([["Body", "x"]]));
    assert_eq!(first["answer"]["body"]["code"], 21604);
    stage.end().await;
}

#[tokio::test]
async fn the_status_moves_on_and_signed_callbacks_tell_of_it() {
    let stage = Stage::start(&[]).await;
    stage.say("hola").send().await.unwrap();
    let done = |seen: &Value| seen["callbacks"].as_array().unwrap().len() == 3;
    stage.eventually("/control/callbacks", done).await;
    let got = stage.got();
    let statuses: Vec<_> = got
        .iter()
        .map(|got| got.value("MessageStatus").unwrap())
        .collect();
    assert_eq!(statuses, ["sent", "delivered", "read"]);
    assert!(got.iter().all(|got| got.path == "/hook?job=1.2"));
    assert_eq!(got[1].value("EventType"), Some("DELIVERED"));
    assert_eq!(got[1].value("ChannelToAddress"), Some("+5215555550100"));
    let signature = sign(TOKEN, &format!("{}?job=1.2", stage.hook), &got[2].params);
    assert_eq!(got[2].headers["x-twilio-signature"], signature.as_str());
    let phone = stage.get(&format!("/control/messages?phone={PHONE}")).await;
    assert_eq!(phone["messages"][0]["status"], "read");
    assert_eq!(
        phone["messages"][0]["statuses"].as_array().unwrap().len(),
        4
    );
    stage.end().await;
}

#[tokio::test]
async fn the_log_is_listed_newest_first_by_phone_day_and_page() {
    let stage = Stage::start(&[]).await;
    for n in 0..5 {
        stage.say(&format!("{n}")).send().await.unwrap();
    }
    let all_read = |seen: &Value| seen["callbacks"].as_array().unwrap().len() == 15;
    stage.eventually("/control/callbacks", all_read).await;
    let get = async |path: String| -> Value {
        let request = stage.http.get(format!("{}{path}", stage.url));
        request
            .basic_auth(ACCOUNT, Some(TOKEN))
            .send()
            .await
            .unwrap()
            .json()
            .await
            .unwrap()
    };
    let base = format!("/2010-04-01/Accounts/{ACCOUNT}/Messages.json");
    let page = get(format!("{base}?To=whatsapp%3A%2B5215555550100&PageSize=2")).await;
    assert_eq!(page["messages"][0]["body"], "4");
    let next = get(page["next_page_uri"].as_str().unwrap().to_owned()).await;
    assert_eq!(next["messages"][1]["body"], "1");
    assert_eq!(next["start"], 2);
    let last = get(next["next_page_uri"].as_str().unwrap().to_owned()).await;
    assert_eq!(last["messages"].as_array().unwrap().len(), 1);
    assert_eq!(last["next_page_uri"], Value::Null);
    let today = simulator::clock::now().date_naive();
    let since = get(format!(
        "{base}?DateSent>={today}&From=whatsapp%3A%2B14155550100"
    ))
    .await;
    assert_eq!(since["messages"].as_array().unwrap().len(), 5);
    let before = get(format!("{base}?DateSent%3C=2020-01-01")).await;
    assert_eq!(before["messages"], json!([]));
    let sid = page["messages"][0]["sid"].as_str().unwrap();
    let one = get(format!(
        "/2010-04-01/Accounts/{ACCOUNT}/Messages/{sid}.json"
    ))
    .await;
    assert_eq!(one["status"], "read");
    let none = get(format!("/2010-04-01/Accounts/{ACCOUNT}/Messages/SM0.json")).await;
    assert_eq!(none["code"], 20404);
    stage.end().await;
}

#[tokio::test]
async fn a_typing_indicator_shows_dots_until_the_reply_and_marks_as_read() {
    let stage = Stage::start(&[]).await;
    let sent = stage
        .post("/control/inbound", json!({ "from": PHONE, "body": "hi" }))
        .await;
    let sid = sent["message_sid"].as_str().unwrap();
    let v2 = stage
        .http
        .post(format!("{}/v2/Indicators/Typing.json", stage.url));
    let form = [("channel", "whatsapp"), ("messageId", sid)];
    let v2 = v2
        .basic_auth(ACCOUNT, Some(TOKEN))
        .form(&form)
        .send()
        .await
        .unwrap();
    assert_eq!(
        v2.json::<Value>().await.unwrap(),
        json!({ "success": true })
    );
    let phone = "/control/messages?phone=%2B5215555550100";
    let seen = stage.get(phone).await;
    assert_eq!(seen["typing"], json!([PHONE]));
    assert!(seen["messages"][0]["read_at"].is_string());
    stage.say("there").send().await.unwrap();
    assert_eq!(stage.get(phone).await["typing"], json!([]));
    let v3 = stage
        .http
        .post(format!("{}/v3/Indicators/Typing.json", stage.url));
    let v3 = v3.basic_auth(ACCOUNT, Some(TOKEN));
    let v3 = v3
        .json(&json!({ "channel": "whatsapp", "messageId": sid }))
        .send()
        .await
        .unwrap();
    assert_eq!(v3.status(), 400);
    assert_eq!(
        stage.get("/control/typing").await["typing"][0]["version"],
        "v2"
    );
    stage.end().await;
}
