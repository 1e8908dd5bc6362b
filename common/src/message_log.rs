//! Twilio's own log of the messages that were sent to us: where one is found whose webhook never
//! reached us. It is read by day, newest first, page by page.

use std::time::Duration;

use chrono::{DateTime, NaiveDate, Utc};
use serde::Deserialize;

use crate::{
    identity::WaAddress,
    payload::{Content, InboundMessage},
    personal::PersonalText,
    settings::TwilioSettings,
    sid::MessageSid,
    twilio::{MessagePage, TwilioClient, moment},
};

/// Most that Twilio puts on a page.
const PAGE_SIZE: &str = "1000";
/// How long after an answer that was none a page is asked for again.
const AGAIN_AFTER: [Duration; 3] = [
    Duration::from_secs(1),
    Duration::from_secs(3),
    Duration::from_secs(9),
];
/// How long one page may take.
const PATIENCE: Duration = Duration::from_secs(30);

/// Why the log cannot be read. Nothing of its content is in here.
#[derive(Debug, thiserror::Error)]
pub enum LogError {
    /// No answer, or none that can be read.
    #[error("Twilio's log of messages cannot be read: {0}")]
    Unanswered(reqwest::Error),
    /// Twilio refuses.
    #[error("Twilio answers {0} when it is asked for the log of messages; see focobot doctor")]
    Refused(reqwest::StatusCode),
}

impl LogError {
    /// Whether the same question may be answered in a moment: no answer at all, or a server's own
    /// trouble.
    fn may_pass(&self) -> bool {
        match self {
            Self::Unanswered(_) => true,
            Self::Refused(status) => status.is_server_error() || status.as_u16() == 429,
        }
    }

    /// Whether Twilio does not know what it was asked for: an address that has grown old.
    #[must_use]
    pub fn is_unknown(&self) -> bool {
        matches!(self, Self::Refused(status) if matches!(status.as_u16(), 400 | 404 | 410))
    }
}

impl From<reqwest::Error> for LogError {
    fn from(error: reqwest::Error) -> Self {
        Self::Unanswered(error.without_url())
    }
}

/// The log of one account's messages to our sender.
pub struct MessageLog {
    twilio: TwilioClient,
    /// Our sender, as Twilio writes it.
    to: String,
}

/// A page of the log.
#[derive(Debug)]
pub struct LogPage {
    /// What people wrote to us, newest first.
    pub messages: Vec<InboundMessage>,
    /// When the oldest entry on it was sent, ours and theirs.
    pub oldest: Option<DateTime<Utc>>,
    /// The page after it, which is older.
    next: Option<String>,
}

/// A day's log, as far as it was read.
#[derive(Clone, Debug)]
pub struct PageToken(PageOf);

#[derive(Clone, Debug)]
enum PageOf {
    Day(NaiveDate),
    Uri(String),
}

impl PageToken {
    /// The newest page of a day (GMT).
    #[must_use]
    pub fn beginning_of(day: NaiveDate) -> Self {
        Self(PageOf::Day(day))
    }

    /// A page that another one named as the one after it.
    #[must_use]
    pub fn at(uri: String) -> Self {
        Self(PageOf::Uri(uri))
    }
}

impl LogPage {
    /// The address of the page where the reading goes on; `None` at the end of the day.
    #[must_use]
    pub fn next(&self) -> Option<&str> {
        self.next.as_deref()
    }
}

impl MessageLog {
    /// The log of that account.
    ///
    /// # Errors
    /// When the system's certificates cannot be read.
    pub fn new(settings: &TwilioSettings) -> Result<Self, reqwest::Error> {
        Ok(Self {
            twilio: TwilioClient::new(settings, PATIENCE)?,
            to: format!("whatsapp:{}", settings.number.reveal()),
        })
    }

    /// Reads one page, and asks again a few times where that may help.
    ///
    /// # Errors
    /// When Twilio does not answer with one.
    pub async fn page(&self, place: &PageToken) -> Result<LogPage, LogError> {
        for wait in AGAIN_AFTER {
            match self.ask_for(place).await {
                Err(error) if error.may_pass() => {
                    tracing::debug!(%error, "asking for the page again");
                    tokio::time::sleep(wait).await;
                }
                answer => return answer,
            }
        }
        self.ask_for(place).await
    }

    async fn ask_for(&self, place: &PageToken) -> Result<LogPage, LogError> {
        let call = match &place.0 {
            PageOf::Day(day) => {
                let day = day.to_string();
                let query = [
                    ("To", &*self.to),
                    ("DateSent", &day),
                    ("PageSize", PAGE_SIZE),
                ];
                self.twilio.get(&self.twilio.messages_url()).query(&query)
            }
            PageOf::Uri(uri) => self.twilio.page_at(uri),
        };
        let response = self.twilio.list(call).await?;
        if !response.status().is_success() {
            return Err(LogError::Refused(response.status()));
        }
        let page: MessagePage<Listed> = response.json().await?;
        Ok(LogPage {
            oldest: page.messages.iter().filter_map(Listed::moment).min(),
            next: page.next().map(str::to_owned),
            messages: page.messages.into_iter().filter_map(inbound).collect(),
        })
    }
}

impl std::fmt::Debug for MessageLog {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("MessageLog")
    }
}

/// A message as Twilio's API shows it: every scalar is a text.
#[derive(Deserialize)]
struct Listed {
    sid: String,
    direction: String,
    #[serde(default)]
    from: Option<String>,
    #[serde(default)]
    body: Option<String>,
    #[serde(default)]
    num_media: Option<String>,
    #[serde(default)]
    date_sent: Option<String>,
    #[serde(default)]
    date_created: Option<String>,
}

impl Listed {
    /// When it was sent, by Twilio's clock and to the second.
    fn moment(&self) -> Option<DateTime<Utc>> {
        let text = self.date_sent.as_ref().or(self.date_created.as_ref())?;
        moment(text)
    }
}

/// What somebody wrote to us, as its webhook would have brought it. The log does not say what kind
/// of message it is, nor the sender's business-scoped id: with a text it is that text, without one
/// it is something that cannot be read.
fn inbound(listed: Listed) -> Option<InboundMessage> {
    if listed.direction != "inbound" {
        return None;
    }
    let received_at = listed.moment()?;
    let has_media = !matches!(listed.num_media.as_deref(), None | Some("" | "0"));
    let text = PersonalText::new(listed.body.unwrap_or_default());
    let is_text = !has_media && !text.reveal().is_empty();
    Some(InboundMessage {
        message_sid: MessageSid::parse(&listed.sid).ok()?,
        from: WaAddress::parse(listed.from.as_deref()?).ok()?,
        external_user_id: None,
        text,
        content: if is_text {
            Content::Text
        } else {
            Content::Unknown
        },
        replied_to: None,
        opt_out: None,
        received_at,
    })
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    fn read(changes: &Value) -> Option<InboundMessage> {
        let mut listed = json!({
            "sid": "SM0123456789abcdef0123456789abcdef", "direction": "inbound",
            "from": "whatsapp:+5215555550100", "to": "whatsapp:+14155550100", "body": "hola",
            "num_media": "0", "status": "received", "error_code": null,
            "date_sent": "Thu, 26 Nov 2026 10:30:21 +0000",
            "date_created": "Thu, 26 Nov 2026 10:30:20 +0000",
        });
        for (name, value) in changes.as_object().unwrap() {
            listed[name] = value.clone();
        }
        inbound(serde_json::from_value(listed).unwrap())
    }

    #[test]
    fn what_somebody_wrote_is_read_as_its_webhook_would_have_brought_it() {
        let message = read(&json!({})).unwrap();
        assert_eq!(message.text.reveal(), "hola");
        assert_eq!(message.content, Content::Text);
        assert_eq!(
            message.received_at.to_rfc3339(),
            "2026-11-26T10:30:21+00:00"
        );
        let undated = read(&json!({"date_sent": null})).unwrap();
        assert_eq!(
            undated.received_at.to_rfc3339(),
            "2026-11-26T10:30:20+00:00"
        );
    }

    #[test]
    fn a_picture_keeps_its_caption_and_nothing_at_all_cannot_be_read() {
        let picture = read(&json!({"num_media": "1"})).unwrap();
        assert_eq!(
            (picture.content, picture.text.reveal()),
            (Content::Unknown, "hola")
        );
        let bare = read(&json!({"num_media": "1", "body": ""})).unwrap();
        assert_eq!((bare.content, bare.text.reveal()), (Content::Unknown, ""));
        let place = read(&json!({"body": null})).unwrap();
        assert_eq!(place.content, Content::Unknown);
    }

    #[test]
    fn what_nobody_wrote_to_us_is_left_out() {
        for other in [
            json!({"direction": "outbound-api"}),
            json!({"from": "+5215555550100"}),
            json!({"from": null}),
            json!({"sid": "XX1"}),
            json!({"date_sent": null, "date_created": null}),
        ] {
            assert_eq!(read(&other), None, "{other}");
        }
    }
}
