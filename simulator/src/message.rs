//! A message in the account's log, as Twilio keeps it, and the way of its status.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

/// Which way a message went.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Direction {
    /// From the phone to us.
    Inbound,
    /// Sent by us through the Messages API.
    OutboundApi,
    /// TwiML or plain text in our answer to a webhook.
    OutboundReply,
}

impl Direction {
    /// Twilio's word.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Inbound => "inbound",
            Self::OutboundApi => "outbound-api",
            Self::OutboundReply => "outbound-reply",
        }
    }
}

/// Twilio's status of a message.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Status {
    /// Taken by a messaging service.
    Accepted,
    /// Taken by a sender.
    Queued,
    /// Given to WhatsApp.
    Sent,
    /// On the phone.
    Delivered,
    /// Seen.
    Read,
    /// Could not be sent.
    Failed,
    /// Could not be delivered.
    Undelivered,
    /// Withdrawn before it was sent.
    Canceled,
    /// Came in.
    Received,
}

impl Status {
    /// Twilio's word.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Accepted => "accepted",
            Self::Queued => "queued",
            Self::Sent => "sent",
            Self::Delivered => "delivered",
            Self::Read => "read",
            Self::Failed => "failed",
            Self::Undelivered => "undelivered",
            Self::Canceled => "canceled",
            Self::Received => "received",
        }
    }

    /// Whether nothing follows.
    #[must_use]
    pub fn is_final(self) -> bool {
        !matches!(
            self,
            Self::Accepted | Self::Queued | Self::Sent | Self::Delivered
        )
    }
}

/// A status and when it was reached.
#[derive(Clone, Debug, Serialize)]
pub struct Reached {
    /// The status.
    pub status: Status,
    /// When.
    pub at: DateTime<Utc>,
}

/// A message in the account's log.
#[derive(Clone, Debug, Serialize)]
pub struct Message {
    /// `SM` and 32 hex digits.
    pub sid: String,
    /// Which way it went.
    pub direction: Direction,
    /// Sender, with `whatsapp:`.
    pub from: String,
    /// Recipient, with `whatsapp:`.
    pub to: String,
    /// Text.
    pub body: String,
    /// Status now.
    pub status: Status,
    /// Why it failed, in Twilio's numbers.
    pub error_code: Option<u32>,
    /// Attached files.
    pub num_media: usize,
    /// Twilio's `MessageType` (inbound only): `text`, `image`, `audio` and the like.
    pub kind: Option<String>,
    /// Template that it was sent by.
    pub content_sid: Option<String>,
    /// Values of the template's variables, as sent.
    pub content_variables: Option<String>,
    /// Messaging service that it was sent through.
    pub messaging_service_sid: Option<String>,
    /// When the log took it.
    pub created_at: DateTime<Utc>,
    /// When it last changed.
    pub updated_at: DateTime<Utc>,
    /// When it was sent; for an inbound message, when the webhook was called.
    pub sent_at: Option<DateTime<Utc>>,
    /// Every status with its time, oldest first.
    pub statuses: Vec<Reached>,
    /// When our side marked it as read (inbound: by a typing indicator).
    pub read_at: Option<DateTime<Utc>>,
    /// What became of the webhook (inbound only): the HTTP status of the last answer.
    pub webhook_status: Option<u16>,
    /// Times that the webhook was answered (inbound only).
    pub webhook_answers: u32,
    /// The listings do not show it before this time.
    #[serde(skip)]
    pub listed_from: DateTime<Utc>,
}

impl Message {
    /// A message that the log takes now, with `status` as its first status.
    #[must_use]
    pub fn new(sid: String, direction: Direction, status: Status, at: DateTime<Utc>) -> Self {
        Self {
            sid,
            direction,
            from: String::new(),
            to: String::new(),
            body: String::new(),
            status,
            error_code: None,
            num_media: 0,
            kind: None,
            content_sid: None,
            content_variables: None,
            messaging_service_sid: None,
            created_at: at,
            updated_at: at,
            sent_at: None,
            statuses: vec![Reached { status, at }],
            read_at: None,
            webhook_status: None,
            webhook_answers: 0,
            listed_from: at,
        }
    }

    /// Sets who wrote to whom what.
    #[must_use]
    pub fn with_text(mut self, from: String, to: String, body: String) -> Self {
        self.from = from;
        self.to = to;
        self.body = body;
        self
    }

    /// The phone's address: sender of an inbound message, recipient of every other.
    #[must_use]
    pub fn phone(&self) -> &str {
        if self.direction == Direction::Inbound {
            &self.from
        } else {
            &self.to
        }
    }

    /// Moves on to `status`, unless it is final already.
    pub fn advance(&mut self, status: Status, error_code: Option<u32>, at: DateTime<Utc>) -> bool {
        if self.status.is_final() {
            return false;
        }
        self.status = status;
        self.error_code = error_code;
        self.updated_at = at;
        if status == Status::Sent {
            self.sent_at = Some(at);
        }
        self.statuses.push(Reached { status, at });
        true
    }
}
