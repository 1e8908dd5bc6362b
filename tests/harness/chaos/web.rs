//! Foco's settings page, as a browser calls it, while everything fails.

use std::time::Duration;

use reqwest::{Method, StatusCode};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::{simulator::Simulator, web::API};

/// How often something on the web is tried, with a second between: servers come back meanwhile.
const TRIES: u32 = 20;

/// A browser that reaches whichever ingester there is.
#[derive(Clone)]
pub(super) struct Web {
    simulator: Simulator,
    client: reqwest::Client,
    url: String,
}

impl Web {
    /// One that calls that address.
    pub(super) fn new(simulator: &Simulator, url: &str) -> Self {
        let client = reqwest::Client::builder().timeout(Duration::from_secs(15));
        Self {
            simulator: simulator.clone(),
            client: client.build().expect("a client"),
            url: format!("{url}{API}"),
        }
    }

    /// One call, until it is answered as it is to be.
    async fn call(
        &self,
        user: Uuid,
        (method, path): (Method, &str),
        body: &Value,
    ) -> Option<Value> {
        for _ in 0..TRIES {
            let token = json!({"user_id": user});
            let token = self.simulator.call(Method::POST, "token", token).await;
            let mut call = self
                .client
                .request(method.clone(), format!("{}/{path}", self.url))
                .bearer_auth(token["token"].as_str().unwrap_or_default());
            if !body.is_null() {
                call = call.json(body);
            }
            match call.send().await {
                Ok(answer) if answer.status() == StatusCode::OK => return answer.json().await.ok(),
                _ => tokio::time::sleep(Duration::from_secs(1)).await,
            }
        }
        None
    }

    /// The account unlinks its phone.
    pub(super) async fn unlinks(&self, user: Uuid) {
        self.call(user, (Method::DELETE, "unlink"), &Value::Null)
            .await;
    }

    /// A code for that number.
    pub(super) async fn code(&self, user: Uuid, number: &str) -> Option<String> {
        let body = json!({"phone": number});
        let answer = self.call(user, (Method::POST, "link"), &body).await?;
        answer["code"].as_str().map(str::to_owned)
    }
}
