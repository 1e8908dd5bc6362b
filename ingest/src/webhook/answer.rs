//! How a webhook ends: the answer to Twilio, and the word under which it is counted.

use axum::{
    http::StatusCode,
    response::{IntoResponse, Response},
};

use super::{event::Unacceptable, signature::Mismatch, twiml};
use crate::problem::Problem;

/// How a webhook ends.
#[derive(Debug)]
pub(super) enum Answer {
    /// The queue has it: what it is, and whether it is new.
    Stored(&'static str, &'static str),
    /// Over the limit; with the text that says so, where it is to be said.
    Refused(Option<String>),
    /// Not Twilio's, or not what Twilio sends.
    Rejected(Rejection),
    /// It could not be stored, or not surely.
    Unavailable(&'static str),
}

/// Why a request is not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Rejection {
    /// The body is over 64 KiB.
    TooLarge,
    /// The body did not come in time.
    TooSlow,
    /// The body did not come whole.
    Incomplete,
    /// It is no form.
    ContentType,
    /// It is not Twilio's.
    Signature(Mismatch),
    /// It is not ours, or has wrong parameters.
    Fields(Unacceptable),
    /// It is signed and comes by `GET`.
    Method,
    /// It is signed and comes to another address than ours.
    Path,
}

impl Rejection {
    fn problem(self) -> Problem {
        match self {
            Self::TooLarge => Problem::too_large("The body is over 64 KiB."),
            Self::TooSlow => Problem::too_slow(),
            Self::Incomplete => Problem::new(
                StatusCode::BAD_REQUEST,
                "incomplete",
                "The body did not arrive whole.",
            ),
            Self::ContentType => Problem::new(
                StatusCode::UNSUPPORTED_MEDIA_TYPE,
                "unsupported_media_type",
                "Send application/x-www-form-urlencoded.",
            ),
            Self::Signature(_) => Problem::new(
                StatusCode::FORBIDDEN,
                "forbidden",
                "The signature is not Twilio's.",
            ),
            Self::Fields(Unacceptable::ForeignAccount) => Problem::new(
                StatusCode::FORBIDDEN,
                "forbidden",
                "The account is another one.",
            ),
            Self::Fields(Unacceptable::Missing(_) | Unacceptable::Repeated(_)) => Problem::new(
                StatusCode::BAD_REQUEST,
                "invalid_fields",
                "A parameter is missing, malformed or there twice.",
            ),
            Self::Method => Problem::new(
                StatusCode::METHOD_NOT_ALLOWED,
                "method_not_allowed",
                "Webhooks are posted: set the method to POST, and let no proxy redirect them.",
            )
            .allowing("POST"),
            Self::Path => Problem::not_found(),
        }
    }

    fn reason(self) -> &'static str {
        match self {
            Self::TooLarge => "too_large",
            Self::TooSlow => "too_slow",
            Self::Incomplete => "incomplete",
            Self::ContentType => "content_type",
            Self::Signature(Mismatch::Missing) => "signature_missing",
            Self::Signature(Mismatch::Malformed) => "signature_malformed",
            Self::Signature(Mismatch::Wrong) => "signature_wrong",
            Self::Fields(Unacceptable::ForeignAccount) => "foreign_account",
            Self::Fields(Unacceptable::Missing(_)) => "field_missing",
            Self::Fields(Unacceptable::Repeated(_)) => "field_repeated",
            Self::Method => "method",
            Self::Path => "path",
        }
    }
}

impl Answer {
    /// The status of the answer.
    pub(super) fn status(&self) -> StatusCode {
        match self {
            Self::Stored(..) | Self::Refused(_) => StatusCode::OK,
            Self::Rejected(rejection) => rejection.problem().status(),
            Self::Unavailable(_) => StatusCode::SERVICE_UNAVAILABLE,
        }
    }

    /// Counts it.
    pub(super) fn count(&self) {
        let (outcome, reason) = match self {
            Self::Stored(kind, "new") => ("stored", *kind),
            Self::Stored(kind, _) => ("seen_before", *kind),
            Self::Refused(_) => ("refused", "limit"),
            Self::Rejected(rejection) => ("rejected", rejection.reason()),
            Self::Unavailable(reason) => ("unavailable", *reason),
        };
        metrics::counter!("webhook_requests_total", "outcome" => outcome, "reason" => reason)
            .increment(1);
    }
}

impl IntoResponse for Answer {
    fn into_response(self) -> Response {
        match self {
            Self::Stored(..) | Self::Refused(None) => twiml::empty(),
            Self::Refused(Some(text)) => twiml::message(&text),
            Self::Rejected(rejection) => rejection.problem().into_response(),
            Self::Unavailable(_) => Problem::unavailable().into_response(),
        }
    }
}
