//! Twilio's Messages API, with the one question that matters after every post: did Twilio surely
//! not take it, surely take it, or can nobody say?

mod listing;

use std::time::Duration;

use common::{
    identity::WaAddress,
    payload::Job,
    settings::{TwilioSettings, WEBHOOK_PATH, WEBHOOK_RETRIES},
    sid::MessageSid,
    trace,
    twilio::TwilioClient,
};
use reqwest::{Response, StatusCode};
use serde::Deserialize;
use serde_json::json;
use tracing::Instrument as _;

pub(super) use self::listing::{Fate, Listed, Unlisted};
use super::error_code;

/// Longest that Twilio is left alone because it asks for it: what it means by more is a fault.
const LONGEST_RETRY_AFTER: u64 = 300;

/// What became of a post.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Posted {
    /// Twilio has it.
    Accepted { sid: MessageSid, status: String },
    /// Twilio surely did not take it, and may later.
    NotProcessed { after: Option<Duration> },
    /// Twilio refuses our credentials, or has suspended the account.
    LockedOut,
    /// Twilio refuses this message, with its error code.
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
    client: TwilioClient,
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

/// An error in Twilio's form. Without a code it is somebody else's: a proxy's on the way there.
#[derive(Deserialize)]
struct ApiError {
    code: i32,
}

impl ApiError {
    /// The code, if it is Twilio that answers.
    fn code(body: &[u8]) -> Option<i32> {
        serde_json::from_slice::<Self>(body)
            .ok()
            .map(|error| error.code)
    }
}

impl Twilio {
    pub(super) fn new(
        settings: &TwilioSettings,
        public_base_url: &str,
        timeout: Duration,
    ) -> Result<Self, reqwest::Error> {
        let number = format!("whatsapp:{}", settings.number.reveal());
        let service = settings.messaging_service.clone();
        Ok(Self {
            client: TwilioClient::new(settings, timeout)?,
            sender: service.map_or(("From", number), |sid| ("MessagingServiceSid", sid)),
            callback_url: format!("{public_base_url}{WEBHOOK_PATH}"),
        })
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
        let url = self.client.messages_url();
        let span = trace::call("POST Messages", "POST", &url);
        match TwilioClient::send(&span, self.client.post(&url).form(&form)).await {
            Ok(response) => judge(response).instrument(span).await,
            // No connection, so not a byte of the request was sent.
            Err(error) if error.is_connect() => Posted::NotProcessed { after: None },
            Err(_) => Posted::Unknown,
        }
    }
}

async fn judge(response: Response) -> Posted {
    let status = response.status();
    let retry_after = response.headers().get("retry-after");
    let retry_after = retry_after.and_then(|value| value.to_str().ok()?.parse::<u64>().ok());
    let Ok(body) = response.bytes().await else {
        return Posted::Unknown;
    };
    let after = retry_after.map(|after| Duration::from_secs(after.min(LONGEST_RETRY_AFTER)));
    match (status, ApiError::code(&body)) {
        (StatusCode::TOO_MANY_REQUESTS, _) => Posted::NotProcessed { after },
        // Whoever gave up waiting may be a proxy.
        (StatusCode::REQUEST_TIMEOUT, _) => Posted::Unknown,
        (StatusCode::UNAUTHORIZED, Some(_)) => Posted::LockedOut,
        // What has a code of its own is about this message; else the account is not to send.
        (StatusCode::FORBIDDEN, Some(code)) if !error_code::is_known(code) => Posted::LockedOut,
        (status, Some(code)) if status.is_client_error() => Posted::Refused { code },
        // Turned away before it came to Twilio.
        (status, None) if status.is_client_error() => Posted::NotProcessed { after },
        (status, _) if status.is_success() => match serde_json::from_slice::<Created>(&body) {
            Ok(created) => Posted::Accepted {
                sid: created.sid,
                status: created.status,
            },
            Err(_) => Posted::Unknown,
        },
        _ => Posted::Unknown,
    }
}
