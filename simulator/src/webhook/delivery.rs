//! A webhook that was posted, and what came of it.

use chrono::{DateTime, Utc};
use reqwest::header::CONTENT_TYPE;
use serde::{Deserialize, Serialize};

use super::target::Failure;
use crate::signature::Params;

/// How a request is signed.
#[derive(Clone, Copy, Debug, Default, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Signing {
    /// With the account's token.
    #[default]
    Valid,
    /// Not at all.
    Missing,
    /// With another token.
    Wrong,
}

/// A webhook that was posted, and the last answer to it.
#[derive(Clone, Debug, Serialize)]
pub struct Delivery {
    /// When the first attempt began.
    pub at: DateTime<Utc>,
    /// The message it is about.
    pub message_sid: Option<String>,
    /// The URL that was signed.
    pub url: String,
    /// The form.
    pub params: Params,
    /// How it was signed.
    pub signature: Signing,
    /// HTTP status of the last answer; null where there was none.
    pub status: Option<u16>,
    /// The last answer's content type.
    pub content_type: Option<String>,
    /// The last answer's body.
    pub body: String,
    /// Milliseconds for all attempts together.
    pub elapsed_ms: u64,
    /// Attempts that were made.
    pub attempts: u32,
    /// `connect` or `read`, where the last attempt got no answer.
    pub error: Option<&'static str>,
    /// What Twilio's debugger would show: 11200, 11205, 12100, 12300.
    pub error_code: Option<u32>,
}

impl Delivery {
    /// Whether the last answer was a 2xx.
    #[must_use]
    pub fn succeeded(&self) -> bool {
        self.status
            .is_some_and(|status| (200..300).contains(&status))
    }

    /// What went wrong at the last attempt, if anything.
    pub(super) fn failure(&self) -> Option<Failure> {
        match (self.status, self.error) {
            (Some(200..300), _) => None,
            (Some(400..500), _) => Some(Failure::Client),
            (Some(_), _) => Some(Failure::Server),
            (None, Some("connect")) => Some(Failure::Connect),
            (None, _) => Some(Failure::Read),
        }
    }
}

impl Delivery {
    /// Takes down what an attempt came to.
    pub(super) async fn take(&mut self, result: reqwest::Result<reqwest::Response>) {
        self.status = None;
        self.error = None;
        let answer = match result {
            Ok(answer) => answer,
            Err(error) => {
                self.error = Some(if error.is_connect() {
                    "connect"
                } else {
                    "read"
                });
                return;
            }
        };
        let content_type = answer.headers().get(CONTENT_TYPE);
        self.content_type = content_type
            .and_then(|v| v.to_str().ok())
            .map(str::to_owned);
        let status = answer.status().as_u16();
        match answer.text().await {
            Ok(body) => (self.status, self.body) = (Some(status), body),
            Err(_) => self.error = Some("read"),
        }
    }
}
