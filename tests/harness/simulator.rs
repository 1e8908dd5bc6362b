//! Talking to the simulator's control API: what people send, what Twilio saw, faults on demand.

use std::time::Duration;

use reqwest::{Client, Method};
use serde_json::{Value, json};

use crate::twilio_account::{ACCOUNT, AUTH_TOKEN};

/// Twilio's and OpenAI's side.
#[derive(Clone)]
pub struct Simulator {
    client: Client,
    url: String,
}

/// A send as Twilio took it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Accepted {
    /// Recipient, exactly as it was asked for.
    pub to: String,
    /// Text.
    pub body: String,
    /// Twilio's SID.
    pub sid: String,
}

impl Simulator {
    pub(crate) fn at(url: &str) -> Self {
        common::http::install_tls_provider();
        let client = Client::builder()
            .timeout(Duration::from_mins(1))
            .build()
            .expect("a client");
        Self {
            client,
            url: url.to_owned(),
        }
    }

    /// Its address.
    #[must_use]
    pub fn url(&self) -> &str {
        &self.url
    }

    /// One call of the control API.
    pub async fn call(&self, method: Method, path: &str, body: Value) -> Value {
        let url = format!("{}/control/{path}", self.url);
        let mut call = self.client.request(method, &url);
        if !body.is_null() {
            call = call.json(&body);
        }
        let response = call
            .send()
            .await
            .unwrap_or_else(|error| panic!("{path}: {error}"));
        let status = response.status();
        let text = response.text().await.expect("an answer");
        assert!(status.is_success(), "{path} answered {status}: {text}");
        serde_json::from_str(&text).unwrap_or(Value::Null)
    }

    /// One call of Twilio's own API, with the account's credentials.
    pub async fn twilio(&self, method: Method, path: &str, body: Value) -> Value {
        let call = self.client.request(method, format!("{}{path}", self.url));
        let mut call = call.basic_auth(ACCOUNT, Some(AUTH_TOKEN));
        if !body.is_null() {
            call = call.json(&body);
        }
        let response = call.send().await.expect("an answer");
        let status = response.status();
        assert!(status.is_success(), "{path} answered {status}");
        response.json().await.expect("JSON")
    }

    pub(crate) async fn get(&self, path: &str) -> Value {
        self.call(Method::GET, path, Value::Null).await
    }

    /// Whether it answers.
    pub(crate) async fn is_up(&self) -> bool {
        self.client
            .get(format!("{}/control/health", self.url))
            .send()
            .await
            .is_ok()
    }

    /// Somebody writes; returns Twilio's SID and what the webhook answered, status by status.
    pub async fn inbound(&self, message: Value) -> (String, Vec<Value>) {
        let answer = self.call(Method::POST, "inbound", message).await;
        let sid = answer["message_sid"].as_str().expect("a SID").to_owned();
        (
            sid,
            answer["responses"].as_array().cloned().unwrap_or_default(),
        )
    }

    /// What Twilio took for that phone, in order.
    pub async fn accepted(&self, phone: &str) -> Vec<Accepted> {
        let answer = self
            .get(&format!("sends?phone={}", phone.replace('+', "%2B")))
            .await;
        let sends = answer["sends"].as_array().cloned().unwrap_or_default();
        let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        let taken = sends.iter().filter(|send| send["accepted"] == true);
        taken
            .map(|send| Accepted {
                to: text(&send["to"]),
                body: text(&send["body"]),
                sid: text(&send["sid"]),
            })
            .collect()
    }

    /// Every call to Twilio's Messages API, in order.
    pub async fn sends(&self) -> Vec<Value> {
        let answer = self.get("sends").await;
        answer["sends"].as_array().cloned().unwrap_or_default()
    }

    /// Every call to Twilio's Messages API for that phone, in order.
    pub async fn sends_to(&self, phone: &str) -> Vec<Value> {
        let answer = self
            .get(&format!("sends?phone={}", phone.replace('+', "%2B")))
            .await;
        answer["sends"].as_array().cloned().unwrap_or_default()
    }

    /// Twilio's callback that what it had taken was not delivered; its log does not say so yet.
    pub async fn says_undelivered(&self, send: &Value, code: &str) {
        let params = send["params"].as_array().cloned().unwrap_or_default();
        let url = params.iter().find(|pair| pair[0] == "StatusCallback");
        let params = [
            ("AccountSid", json!(ACCOUNT)),
            ("MessageSid", send["sid"].clone()),
            ("MessageStatus", json!("undelivered")),
            ("ErrorCode", json!(code)),
            ("From", json!("whatsapp:+14155550100")),
            ("To", send["to"].clone()),
        ];
        let body = json!({"params": params, "url": url.expect("its callback")[1]});
        let answer = self.call(Method::POST, "webhook", body).await;
        assert_eq!(answer["status"], 200, "{answer}");
    }

    /// Faults of Twilio's from now on.
    pub async fn twilio_faults(&self, rules: Value) {
        self.call(Method::PUT, "faults/twilio", rules).await;
    }

    /// Faults of the model's from now on.
    pub async fn openai_faults(&self, rules: Value) {
        self.call(Method::PUT, "faults/openai", rules).await;
    }

    /// How callbacks behave from now on.
    pub async fn callback_faults(&self, behaviour: Value) {
        self.call(Method::PUT, "faults/callbacks", behaviour).await;
    }

    /// Every call to the model with its answer, in order.
    pub async fn model_calls(&self) -> Vec<Value> {
        let answer = self.get("openai/requests").await;
        answer["requests"].as_array().cloned().unwrap_or_default()
    }

    /// How often the model was asked.
    pub async fn model_requests(&self) -> usize {
        self.model_calls().await.len()
    }

    /// Asks FocoBot for a linking code, as the user's browser would.
    pub async fn link(&self, user: uuid::Uuid, phone: &str) -> Value {
        self.call(
            Method::POST,
            "link",
            json!({"user_id": user, "phone": phone}),
        )
        .await
    }
}
