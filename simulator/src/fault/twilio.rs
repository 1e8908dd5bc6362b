//! What can go wrong with a call to Twilio's API.

use serde::{Deserialize, Serialize};

use crate::message::Status;

/// Calls that a rule can tell apart.
#[derive(Clone, Copy, Debug, Default, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Operation {
    /// `POST Messages.json`.
    #[default]
    Send,
    /// `GET Messages.json`.
    List,
    /// `GET` or `POST Messages/{Sid}.json`.
    Fetch,
    /// A typing indicator.
    Typing,
    /// `Channels/Senders`.
    Senders,
}

/// Which calls a rule concerns.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(default, deny_unknown_fields)]
pub struct Match {
    /// The kind of call; sends where it is missing.
    pub operation: Operation,
    /// Recipient, with or without `whatsapp:`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub to: Option<String>,
    /// Part of the text.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub body_contains: Option<String>,
}

impl Match {
    /// Whether a call is meant.
    #[must_use]
    pub fn covers(&self, operation: Operation, to: &str, body: &str) -> bool {
        self.operation == operation
            && self
                .to
                .as_deref()
                .is_none_or(|want| crate::settings::address(want) == to)
            && self
                .body_contains
                .as_deref()
                .is_none_or(|part| body.contains(part))
    }
}

/// What happens to the call.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum Action {
    /// Refused with an error; nothing is accepted.
    Status {
        /// HTTP status.
        status: u16,
        /// Twilio's error code; 20429 for 429 and so on where it is missing.
        code: Option<u32>,
        /// Seconds in `Retry-After`.
        retry_after: Option<u64>,
    },
    /// Refused by somebody on the way to Twilio, with a page; nothing is accepted.
    Page {
        /// HTTP status.
        status: u16,
    },
    /// The connection is reset; nothing is accepted.
    Reset,
    /// Everything happens, but late, even if the caller has gone by then.
    Delay {
        /// How late, in milliseconds.
        ms: u64,
    },
    /// Accepted at once; after the delay the connection is reset without an answer.
    AcceptThenTimeout {
        /// How long the caller waits, in milliseconds.
        delay_ms: u64,
    },
    /// Accepted, and the connection is reset at once.
    AcceptThenReset,
    /// Accepted, and answered with an error all the same.
    AcceptThenStatus {
        /// HTTP status.
        status: u16,
        /// Twilio's error code; 20500 where it is missing.
        code: Option<u32>,
    },
    /// Accepted and answered, but the listings show it late.
    ListLate {
        /// How late, in milliseconds.
        ms: u64,
        /// Whether the connection is reset instead of an answer.
        #[serde(default)]
        reset: bool,
    },
    /// Accepted and answered; a later callback says that it failed.
    AsyncFailure {
        /// Twilio's error code, such as 63016.
        code: u32,
        /// `undelivered` (where it is missing) or `failed`.
        #[serde(default = "undelivered")]
        status: Status,
    },
}

fn undelivered() -> Status {
    Status::Undelivered
}
