//! Somebody who is signed in on the web: calls of the linking API with a bearer token.

use reqwest::{Client, Method};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::world::World;

/// What the calls of the web pages begin with.
pub(crate) const API: &str = "/api/integrations/whatsapp";

/// A signed-in account.
pub struct Account {
    /// The account.
    pub user: Uuid,
    token: String,
    client: Client,
    url: String,
}

impl World {
    /// Signs an account in.
    pub async fn signs_in(&self, user: Uuid) -> Account {
        let body = json!({"user_id": user});
        let answer = self.simulator.call(Method::POST, "token", body).await;
        Account {
            user,
            token: answer["token"].as_str().expect("a token").to_owned(),
            client: Client::builder()
                .timeout(std::time::Duration::from_mins(1))
                .build()
                .expect("a client"),
            url: self.ingest_url(),
        }
    }
}

impl Account {
    /// One call: status and body.
    pub async fn call(&self, method: Method, path: &str, body: Value) -> (u16, Value) {
        let answer = self.tries(method, path, body).await;
        answer.unwrap_or_else(|error| panic!("{path}: {error}"))
    }

    /// The same where the ingester may die of it.
    ///
    /// # Errors
    /// When it does not answer.
    pub async fn tries(
        &self,
        method: Method,
        path: &str,
        body: Value,
    ) -> reqwest::Result<(u16, Value)> {
        let url = format!("{}{API}/{path}", self.url);
        let mut call = self.client.request(method, url).bearer_auth(&self.token);
        if !body.is_null() {
            call = call.json(&body);
        }
        let answer = call.send().await?;
        Ok((answer.status().as_u16(), answer.json().await?))
    }

    /// What is linked.
    pub async fn linked(&self) -> Value {
        self.call(Method::GET, "link", Value::Null).await.1
    }

    /// Asks for a code for a phone.
    pub async fn asks(&self, phone: &str) -> (u16, Value) {
        self.call(Method::POST, "link", json!({"phone": phone}))
            .await
    }

    /// Asks for a code that is sent to the phone.
    pub async fn asks_to_deliver(&self, phone: &str) -> (u16, Value) {
        let body = json!({"phone": phone, "deliver": "whatsapp"});
        self.call(Method::POST, "link", body).await
    }

    /// Types a code.
    pub async fn verifies(&self, phone: &str, code: &str) -> (u16, Value) {
        let body = json!({"phone": phone, "code": code});
        self.call(Method::POST, "verify", body).await
    }

    /// Unlinks.
    pub async fn unlinks(&self) {
        let (status, answer) = self.call(Method::DELETE, "unlink", Value::Null).await;
        assert_eq!(
            (status, &answer["success"]),
            (200, &json!(true)),
            "{answer}"
        );
    }
}
