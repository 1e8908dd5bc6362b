//! Twilio's Messages API, with the one question that matters after every post: did Twilio surely
//! not take it, surely take it, or can nobody say?

use std::time::Duration;

use chrono::{DateTime, Utc};
use common::{
    http,
    identity::WaAddress,
    payload::Job,
    settings::{TwilioSettings, WEBHOOK_PATH, WEBHOOK_RETRIES},
    sid::MessageSid,
    trace,
};
use reqwest::{RequestBuilder, Response, StatusCode};
use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;
use serde_json::json;
use tracing::{Instrument as _, Span};
use uuid::Uuid;

use super::error_code;

/// Clocks differ, and Twilio's dates have no fractions: a message that it dates a little before our
/// post may be ours.
const CLOCK_MARGIN: chrono::Duration = chrono::Duration::seconds(60);
/// Longest that Twilio is left alone because it asks for it: what it means by more is a fault.
const LONGEST_RETRY_AFTER: u64 = 300;

/// Pages of the list that are read at most: messages to one person since the post in question.
const MOST_PAGES: usize = 20;

/// What became of a post.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Posted {
    /// Twilio has it.
    Accepted { sid: MessageSid, status: String },
    /// Twilio surely did not take it, and may later.
    NotProcessed { after: Option<Duration> },
    /// Twilio refuses our credentials, or has suspended the account.
    LockedOut,
    /// Twilio refuses this message, with its error code (0 where it gave none).
    Refused { code: i32 },
    /// No answer, or one that leaves it open.
    Unknown,
}

/// The names of what can become of a post.
pub(crate) const POSTS: [&str; 5] = [
    "accepted",
    "not_processed",
    "locked_out",
    "refused",
    "unknown",
];

impl Posted {
    /// The outcome's name in metrics.
    pub(super) fn name(&self) -> &'static str {
        match self {
            Self::Accepted { .. } => "accepted",
            Self::NotProcessed { .. } => "not_processed",
            Self::LockedOut => "locked_out",
            Self::Refused { .. } => "refused",
            Self::Unknown => "unknown",
        }
    }
}

/// What a message says.
#[derive(Clone, Copy)]
pub(super) enum Said<'a> {
    /// Free text.
    Text(&'a str),
    /// A template of Twilio's, with the value of its one variable.
    Template {
        /// The template, `HX...`.
        sid: &'a str,
        /// The value.
        value: &'a str,
    },
}

/// A client for one account and sender.
pub(super) struct Twilio {
    client: reqwest::Client,
    api_url: String,
    messages_url: String,
    user: String,
    password: SecretString,
    /// `From`, or the messaging service in its place.
    sender: (&'static str, String),
    callback_url: String,
}

#[derive(Deserialize)]
struct Created {
    sid: MessageSid,
    #[serde(default)]
    status: String,
}

#[derive(Deserialize)]
struct ApiError {
    #[serde(default)]
    code: i32,
}

#[derive(Deserialize)]
struct Page {
    messages: Vec<Listed>,
    #[serde(default)]
    next_page_uri: Option<String>,
}

/// A message in Twilio's list.
#[derive(Deserialize)]
pub(super) struct Listed {
    pub(super) sid: MessageSid,
    pub(super) status: String,
    #[serde(default)]
    pub(super) error_code: Option<i32>,
    #[serde(default)]
    body: Option<String>,
    direction: String,
    date_created: Option<String>,
}

/// What has become of a message in the list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Fate {
    /// It is on its way, or has arrived.
    Taken,
    /// It could not be delivered.
    Failed,
    /// It will never be sent, and nobody says why.
    Canceled,
}

impl Listed {
    /// What has become of it.
    pub(super) fn fate(&self) -> Fate {
        match self.status.as_str() {
            "failed" | "undelivered" => Fate::Failed,
            "canceled" => Fate::Canceled,
            _ => Fate::Taken,
        }
    }
}

impl Twilio {
    pub(super) fn new(
        settings: &TwilioSettings,
        public_base_url: &str,
        timeout: Duration,
    ) -> Result<Self, reqwest::Error> {
        let account = settings.account.as_str();
        let (user, password) = settings.credentials();
        let number = format!("whatsapp:{}", settings.number.reveal());
        let service = settings.messaging_service.clone();
        Ok(Self {
            client: http::client(timeout)?,
            api_url: settings.api_url.clone(),
            messages_url: format!(
                "{}/2010-04-01/Accounts/{account}/Messages.json",
                settings.api_url
            ),
            user,
            password,
            sender: service.map_or(("From", number), |sid| ("MessagingServiceSid", sid)),
            callback_url: format!("{public_base_url}{WEBHOOK_PATH}"),
        })
    }

    fn authorised(&self, call: RequestBuilder) -> RequestBuilder {
        call.basic_auth(&self.user, Some(self.password.expose_secret()))
    }

    /// Posts one message. Its callbacks name the job, so that they find the part even when the
    /// answer to this post is lost, and are tried again as the webhook is.
    pub(super) async fn post(&self, to: &WaAddress, said: Said<'_>, job: Job) -> Posted {
        let (url, job) = (&self.callback_url, String::from(job));
        let callback = format!("{url}?job={job}{WEBHOOK_RETRIES}");
        let (sender_key, sender) = &self.sender;
        let mut form = vec![
            ("To", to.reveal()),
            (*sender_key, sender.as_str()),
            ("StatusCallback", callback.as_str()),
        ];
        let variables;
        match said {
            Said::Text(body) => form.push(("Body", body)),
            Said::Template { sid, value } => {
                variables = json!({"1": value}).to_string();
                form.extend([
                    ("ContentSid", sid),
                    ("ContentVariables", variables.as_str()),
                ]);
            }
        }
        let span = trace::call("POST Messages", "POST", &self.messages_url);
        let call = self.authorised(self.client.post(&self.messages_url));
        match answer(&span, call.form(&form)).await {
            Ok(response) => judge(response).instrument(span).await,
            // No connection, so not a byte of the request was sent.
            Err(error) if error.is_connect() => Posted::NotProcessed { after: None },
            Err(_) => Posted::Unknown,
        }
    }

    /// Recent messages of ours to that address with that text, newest first.
    ///
    /// # Errors
    /// When Twilio does not answer with a list.
    pub(super) async fn find(
        &self,
        to: &WaAddress,
        body: &str,
        posted_at: DateTime<Utc>,
    ) -> anyhow::Result<Vec<Listed>> {
        let since = posted_at - CLOCK_MARGIN;
        let query = [("To", to.reveal()), ("PageSize", "50")];
        let mut call = self.client.get(&self.messages_url).query(&query);
        let mut found = Vec::new();
        for _ in 0..MOST_PAGES {
            let page = self.page(call).await.map_err(reqwest::Error::without_url)?;
            let is_before = |listed: &Listed| listed.created().is_some_and(|at| at < since);
            let ended = page.messages.iter().any(is_before);
            let ours = page.messages.into_iter().filter(|listed| {
                listed.direction.starts_with("outbound")
                    && listed.created().is_some_and(|at| at >= since)
                    && says_the_same(listed.body.as_deref().unwrap_or_default(), body)
            });
            found.extend(ours);
            match page
                .next_page_uri
                .filter(|uri| !ended && uri.starts_with('/'))
            {
                Some(uri) => call = self.client.get(format!("{}{uri}", self.api_url)),
                None => break,
            }
        }
        Ok(found)
    }

    async fn page(&self, call: RequestBuilder) -> reqwest::Result<Page> {
        let span = trace::call("GET Messages", "GET", &self.messages_url);
        let response = answer(&span, self.authorised(call)).await?;
        response.error_for_status()?.json().await
    }
}

impl Listed {
    fn created(&self) -> Option<DateTime<Utc>> {
        let text = self.date_created.as_deref()?;
        let created = DateTime::parse_from_rfc2822(text).ok()?;
        Some(created.with_timezone(&Utc))
    }
}

/// One call, under its span.
async fn answer(span: &Span, call: RequestBuilder) -> reqwest::Result<Response> {
    let answered = call.send().instrument(span.clone()).await;
    match &answered {
        Ok(response) => trace::answered(span, response.status().as_u16()),
        Err(error) if error.is_timeout() => trace::failed(span, "timeout"),
        Err(_) => trace::failed(span, "connection"),
    }
    answered
}

/// Twilio may trim and re-space a body. What tells of the same proposal says the same: read anew by
/// a model it may have other words. So does what excuses itself for coming late only now.
fn says_the_same(listed: &str, sent: &str) -> bool {
    let proposal = proposal_in(sent);
    let is = |text: &str| listed.split_whitespace().eq(text.split_whitespace());
    is(sent)
        || without_excuse(sent).is_some_and(is)
        || (proposal.is_some() && proposal_in(listed) == proposal)
}

/// The text before the line of `delay.rs`, where it ends in that.
fn without_excuse(text: &str) -> Option<&str> {
    let (text, last) = text.rsplit_once("\n\n")?;
    last.starts_with('⏳').then_some(text)
}

/// The id in a proposal's link.
fn proposal_in(text: &str) -> Option<Uuid> {
    let (_, rest) = text.split_once("/proposals/")?;
    Uuid::parse_str(rest.get(..36)?).ok()
}

async fn judge(response: Response) -> Posted {
    let status = response.status();
    let retry_after = response.headers().get("retry-after");
    let retry_after = retry_after.and_then(|value| value.to_str().ok()?.parse::<u64>().ok());
    let Ok(body) = response.bytes().await else {
        return Posted::Unknown;
    };
    let code = || serde_json::from_slice::<ApiError>(&body).map_or(0, |error| error.code);
    match status {
        StatusCode::TOO_MANY_REQUESTS => Posted::NotProcessed {
            after: retry_after.map(|after| Duration::from_secs(after.min(LONGEST_RETRY_AFTER))),
        },
        StatusCode::UNAUTHORIZED => Posted::LockedOut,
        // What has a code of its own is about this message; else the account is not to send.
        StatusCode::FORBIDDEN => match code() {
            code if error_code::is_known(code) => Posted::Refused { code },
            _ => Posted::LockedOut,
        },
        // Whoever gave up waiting may be a proxy.
        StatusCode::REQUEST_TIMEOUT => Posted::Unknown,
        status if status.is_success() => match serde_json::from_slice::<Created>(&body) {
            Ok(created) => Posted::Accepted {
                sid: created.sid,
                status: created.status,
            },
            Err(_) => Posted::Unknown,
        },
        status if status.is_client_error() => Posted::Refused { code: code() },
        _ => Posted::Unknown,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_known_again_after_twilio_re_spaced_it() {
        let same = "✅ Listo!\nVer: x";
        assert!(says_the_same(same, " ✅ Listo!\n\nVer:  x "));
        assert!(!says_the_same("a b", "a c"));
        assert!(says_the_same("a b", "a b\n\n⏳ Sorry for the delay"));
        assert!(!says_the_same("a b", "a b\n\nc"));
    }

    #[test]
    fn what_tells_of_the_same_proposal_says_the_same() {
        let link = |n: u128, words| {
            let id = Uuid::from_u128(n);
            format!("{words}\nVer: https://foco.mx/proposals/{id}\n\n• {words}")
        };
        assert!(says_the_same(&link(1, "uno"), &link(1, "dos")));
        assert!(!says_the_same(&link(1, "uno"), &link(2, "uno")));
        assert!(!says_the_same("/proposals/", "/proposals/ñandú"));
    }
}
