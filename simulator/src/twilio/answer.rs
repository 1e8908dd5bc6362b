//! Answers in Twilio's form, errors among them, and the check of credentials before any of them.

use axum::{
    Json,
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{Html, IntoResponse, Response},
};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use secrecy::ExposeSecret as _;
use serde_json::{Value, json};

use crate::{settings::Settings, world::Answered};

/// An HTTP status with its JSON.
#[derive(Clone, Debug)]
pub struct Answer {
    /// HTTP status.
    pub status: u16,
    /// Body.
    pub body: Value,
    /// Seconds in `Retry-After`.
    pub retry_after: Option<u64>,
}

impl Answer {
    /// A good answer.
    #[must_use]
    pub fn new(status: u16, body: Value) -> Self {
        Self {
            status,
            body,
            retry_after: None,
        }
    }

    /// An error in Twilio's form: <https://www.twilio.com/docs/usage/twilios-response#errors>.
    #[must_use]
    pub fn error(status: u16, code: u32, message: &str) -> Self {
        let more_info = format!("https://www.twilio.com/docs/errors/{code}");
        let body = json!({
            "code": code, "message": message, "more_info": more_info, "status": status,
        });
        Self {
            status,
            body,
            retry_after: None,
        }
    }

    /// A 400 with `code`.
    #[must_use]
    pub fn refused(code: u32, message: &str) -> Self {
        Self::error(400, code, message)
    }

    /// 404 with 20404.
    #[must_use]
    pub fn not_found(path: &str) -> Self {
        Self::error(
            404,
            20404,
            &format!("The requested resource {path} was not found"),
        )
    }

    /// The error that goes with an HTTP status on demand.
    #[must_use]
    pub fn on_demand(status: u16, code: Option<u32>) -> Self {
        let (known, message) = match status {
            401 => (20003, "Authenticate"),
            404 => (20404, "The requested resource was not found"),
            429 => (20429, "Too Many Requests"),
            500.. => (20500, "An internal server error has occurred"),
            _ => (20001, "Bad request: a parameter is missing or invalid"),
        };
        Self::error(status, code.unwrap_or(known), message)
    }

    /// A proxy's page, which nobody can read as an answer of Twilio's.
    #[must_use]
    pub fn page(status: u16) -> Self {
        let page = format!("<html><body><h1>{status}</h1>The proxy says no.</body></html>");
        Self::new(status, Value::String(page))
    }

    /// The same, as it is written down.
    #[must_use]
    pub fn answered(&self) -> Answered {
        Answered {
            status: self.status,
            body: self.body.clone(),
        }
    }
}

impl IntoResponse for Answer {
    fn into_response(self) -> Response {
        let status = StatusCode::from_u16(self.status).unwrap_or(StatusCode::BAD_GATEWAY);
        let mut response = match self.body {
            Value::String(page) => (status, Html(page)).into_response(),
            body => (status, Json(body)).into_response(),
        };
        if let Some(seconds) = self.retry_after {
            response
                .headers_mut()
                .insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        let concurrent = HeaderValue::from_static("1");
        response
            .headers_mut()
            .insert("twilio-concurrent-requests", concurrent);
        response
    }
}

/// Checks Basic authentication: the account with its token, or the API key with its secret.
///
/// # Errors
/// 401 with 20003, as Twilio answers it.
pub fn authenticate(headers: &HeaderMap, settings: &Settings) -> Result<(), Answer> {
    let header = headers
        .get(header::AUTHORIZATION)
        .and_then(|value| value.to_str().ok());
    let encoded = header.and_then(|header| header.strip_prefix("Basic "));
    let decoded = encoded.and_then(|text| STANDARD.decode(text.trim()).ok());
    let pair = decoded
        .and_then(|bytes| String::from_utf8(bytes).ok())
        .unwrap_or_default();
    let (user, password) = pair.split_once(':').unwrap_or((&pair, ""));
    let by_token = user == settings.account_sid
        && settings
            .auth_tokens()
            .any(|token| !token.is_empty() && token == password);
    let key = settings
        .api_key_sid
        .as_deref()
        .zip(settings.api_key_secret.as_ref());
    let by_key = key.is_some_and(|(sid, secret)| user == sid && password == secret.expose_secret());
    if by_token || by_key {
        Ok(())
    } else {
        Err(Answer::error(401, 20003, "Authenticate"))
    }
}

/// Checks the account in the path as well: another account's resources are not there.
///
/// # Errors
/// 401 with 20003, or 404 with 20404.
pub fn authorize(headers: &HeaderMap, settings: &Settings, account: &str) -> Result<(), Answer> {
    authenticate(headers, settings)?;
    if account == settings.account_sid {
        Ok(())
    } else {
        Err(Answer::not_found(&format!(
            "/2010-04-01/Accounts/{account}"
        )))
    }
}
