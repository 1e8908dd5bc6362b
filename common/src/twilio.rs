//! Calls of Twilio's APIs: credentials, time-outs, spans and pages, once for all who call them.

use std::time::Duration;

use chrono::{DateTime, Utc};
use reqwest::{RequestBuilder, Response};
use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;
use tracing::{Instrument as _, Span};

use crate::{http, settings::TwilioSettings, trace};

/// A client for one account.
#[derive(Clone)]
pub struct TwilioClient {
    client: reqwest::Client,
    api_url: String,
    account: String,
    user: String,
    password: SecretString,
}

/// A page of messages, as `Messages.json` lists them.
#[derive(Debug, Deserialize)]
pub struct MessagePage<T> {
    /// The messages, newest first.
    pub messages: Vec<T>,
    #[serde(default)]
    next_page_uri: Option<String>,
}

impl<T> MessagePage<T> {
    /// The page after it, which is older: a path at the same host, since our credentials go nowhere
    /// else, whatever an answer says.
    #[must_use]
    pub fn next(&self) -> Option<&str> {
        self.next_page_uri
            .as_deref()
            .filter(|uri| uri.starts_with('/'))
    }
}

impl TwilioClient {
    /// One whose calls take that long at most: by the API key where there is one, else by the
    /// account's token.
    ///
    /// # Errors
    /// When the system's certificates cannot be read.
    pub fn new(settings: &TwilioSettings, timeout: Duration) -> Result<Self, reqwest::Error> {
        let (user, password) = settings.credentials();
        Ok(Self {
            client: http::client(timeout)?,
            api_url: settings.api_url.clone(),
            account: settings.account.as_str().to_owned(),
            user,
            password,
        })
    }

    /// The same by the account's token, whatever else there is.
    ///
    /// # Errors
    /// When the system's certificates cannot be read.
    pub fn by_token(settings: &TwilioSettings, timeout: Duration) -> Result<Self, reqwest::Error> {
        Ok(Self {
            user: settings.account.as_str().to_owned(),
            password: settings.auth_tokens.first().cloned().unwrap_or_default(),
            ..Self::new(settings, timeout)?
        })
    }

    /// Where the account itself is described.
    #[must_use]
    pub fn account_url(&self) -> String {
        format!("{}/2010-04-01/Accounts/{}.json", self.api_url, self.account)
    }

    /// Where messages are posted to and listed.
    #[must_use]
    pub fn messages_url(&self) -> String {
        let (url, account) = (&self.api_url, &self.account);
        format!("{url}/2010-04-01/Accounts/{account}/Messages.json")
    }

    /// A call that reads.
    pub fn get(&self, url: &str) -> RequestBuilder {
        self.authorised(self.client.get(url))
    }

    /// A call that does something.
    pub fn post(&self, url: &str) -> RequestBuilder {
        self.authorised(self.client.post(url))
    }

    /// The page of messages at a path that another page named ([`MessagePage::next`]).
    pub fn page_at(&self, uri: &str) -> RequestBuilder {
        self.get(&format!("{}{uri}", self.api_url))
    }

    /// Lists messages, under a span of its own.
    ///
    /// # Errors
    /// When nobody answers.
    pub async fn list(&self, call: RequestBuilder) -> reqwest::Result<Response> {
        let span = trace::call("GET Messages", "GET", &self.api_url);
        Self::send(&span, call).await
    }

    /// One call, under its span.
    ///
    /// # Errors
    /// When nobody answers.
    pub async fn send(span: &Span, call: RequestBuilder) -> reqwest::Result<Response> {
        let answered = call.send().instrument(span.clone()).await;
        match &answered {
            Ok(response) => trace::answered(span, response.status().as_u16()),
            Err(error) if error.is_timeout() => trace::failed(span, "timeout"),
            Err(_) => trace::failed(span, "connection"),
        }
        answered
    }

    fn authorised(&self, call: RequestBuilder) -> RequestBuilder {
        call.basic_auth(&self.user, Some(self.password.expose_secret()))
    }
}

impl std::fmt::Debug for TwilioClient {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("TwilioClient")
    }
}

/// A moment as `Messages.json` writes it, by Twilio's clock and to the second.
#[must_use]
pub fn moment(text: &str) -> Option<DateTime<Utc>> {
    let moment = DateTime::parse_from_rfc2822(text).ok()?;
    Some(moment.with_timezone(&Utc))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_next_page_is_at_the_same_host_or_not_at_all() {
        let page = |next: &str| {
            let page = format!(r#"{{"messages": [], "next_page_uri": {next}}}"#);
            let page: MessagePage<()> = serde_json::from_str(&page).unwrap();
            page.next().map(str::to_owned)
        };
        let path = "/2010-04-01/Accounts/AC1/Messages.json?Page=1";
        assert_eq!(page(&format!("\"{path}\"")).as_deref(), Some(path));
        assert_eq!(page("\"https://elsewhere.example/x\""), None);
        assert_eq!(page("null"), None);
    }

    #[test]
    fn dates_are_read_as_twilio_writes_them() {
        let read = moment("Thu, 26 Nov 2026 10:30:21 +0000").unwrap();
        assert_eq!(read.to_rfc3339(), "2026-11-26T10:30:21+00:00");
        assert_eq!(moment("2026-11-26T10:30:21Z"), None);
    }
}
