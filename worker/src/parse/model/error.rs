//! Why the model gives no proposal, told apart where the error is born: whether to ask again, and
//! what it says about the model as a whole.

use std::time::Duration;

use chrono::{DateTime, Utc};
use reqwest::{
    StatusCode,
    header::{HeaderMap, HeaderValue},
};

use super::api_error::ApiError;

/// A wait that is asked for and longer than this is an outage to us.
const LONGEST_WAIT: Duration = Duration::from_secs(5);
/// The wait where none is asked for.
const USUAL_WAIT: Duration = Duration::from_millis(500);
/// Codes and types of errors that only a payment ends: `OpenAI`'s help centre, Moonshot's error
/// reference.
const QUOTA: [&str; 6] = [
    "insufficient_quota",
    "credit_balance_exhausted",
    "organization_spend_limit_exceeded",
    "project_spend_limit_exceeded",
    "organization_usage_limit_exceeded",
    "exceeded_current_quota_error",
];

/// Why there is no proposal of the model's.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum ModelError {
    /// No connection, or one that broke.
    #[error("no answer")]
    Unreachable,
    /// Not within the time for everything.
    #[error("no answer in time")]
    TimedOut,
    /// Too many requests, or the API is down; the wait before asking again, where that can help.
    #[error("answered {0}")]
    Unavailable(StatusCode, Option<Duration>),
    /// The account cannot pay.
    #[error("quota exhausted")]
    Quota,
    /// It refuses every request of ours: key, address, model.
    #[error("refused us with {0}")]
    Misconfigured(StatusCode),
    /// It refuses this one request.
    #[error("refused the request with {0}")]
    Rejected(StatusCode),
    /// It would not answer.
    #[error("refused the message")]
    Refusal,
    /// It was cut off.
    #[error("answer cut off")]
    Length,
    /// Its filter took the answer.
    #[error("content filter")]
    ContentFilter,
    /// Not the JSON that was asked for.
    #[error("answer cannot be read")]
    Malformed,
    /// So many rules are broken.
    #[error("answer breaks {0} rules")]
    Invalid(usize),
}

/// What an error says about the model as a whole.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Condition {
    /// It answers, whatever it made of this message.
    Answers,
    /// It is away, perhaps for this once only.
    Away,
    /// It will not answer until somebody does something about it.
    Shut,
}

impl ModelError {
    /// What a failed call means.
    pub(super) fn of_response(
        status: StatusCode,
        headers: &HeaderMap,
        error: &ApiError,
        now: DateTime<Utc>,
    ) -> Self {
        if status == StatusCode::PAYMENT_REQUIRED || error.is_any_of(&QUOTA) {
            return Self::Quota;
        }
        let wait = wait_asked_for(headers, now).unwrap_or(USUAL_WAIT);
        let told = headers.get("x-should-retry").map(HeaderValue::as_bytes);
        let again = Some(wait)
            .filter(|wait| *wait <= LONGEST_WAIT)
            .filter(|_| told != Some(b"false"));
        match status.as_u16() {
            code if told == Some(b"true") || matches!(code, 408 | 409 | 429 | 500..) => {
                Self::Unavailable(status, again)
            }
            300..=399 | 401 | 403 | 404 => Self::Misconfigured(status),
            _ => Self::Rejected(status),
        }
    }

    /// What a call without a whole answer means.
    pub(super) fn of_connection(error: &reqwest::Error) -> Self {
        if error.is_timeout() {
            Self::TimedOut
        } else {
            Self::Unreachable
        }
    }

    /// The error's name in metrics.
    pub(crate) fn reason(&self) -> &'static str {
        match self {
            Self::Unreachable => "unreachable",
            Self::TimedOut => "timeout",
            Self::Unavailable(..) => "unavailable",
            Self::Quota => "quota",
            Self::Misconfigured(_) => "misconfigured",
            Self::Rejected(_) => "rejected",
            Self::Refusal => "refusal",
            Self::Length => "length",
            Self::ContentFilter => "content_filter",
            Self::Malformed => "malformed",
            Self::Invalid(_) => "invalid",
        }
    }

    /// What it says about the model as a whole.
    pub(crate) fn condition(&self) -> Condition {
        match self {
            Self::Unreachable | Self::TimedOut | Self::Unavailable(..) => Condition::Away,
            Self::Quota | Self::Misconfigured(_) => Condition::Shut,
            _ => Condition::Answers,
        }
    }

    /// How long to wait before the same request is made again, where that can help.
    pub(super) fn again(&self) -> Option<Duration> {
        match self {
            Self::Unreachable => Some(USUAL_WAIT),
            Self::Unavailable(_, again) => *again,
            _ => None,
        }
    }
}

/// `retry-after-ms`, else `retry-after` in seconds or as a date; what lies in the past is none.
fn wait_asked_for(headers: &HeaderMap, now: DateTime<Utc>) -> Option<Duration> {
    let text = |name: &str| headers.get(name)?.to_str().ok();
    let number = |name: &str| text(name)?.parse::<f64>().ok();
    let until = |date: &str| {
        let date = DateTime::parse_from_rfc2822(date).ok()?;
        (date.with_timezone(&Utc) - now).to_std().ok()
    };
    let positive = |seconds: f64| {
        let wait = Duration::try_from_secs_f64(seconds).ok()?;
        Some(wait).filter(|wait| !wait.is_zero())
    };
    number("retry-after-ms")
        .and_then(|milliseconds| positive(milliseconds / 1000.0))
        .or_else(|| number("retry-after").and_then(positive))
        .or_else(|| text("retry-after").and_then(until))
}

#[cfg(test)]
mod tests {
    use reqwest::header::HeaderName;

    use super::*;

    fn error(status: u16, headers: &[(&'static str, &'static str)], code: &str) -> ModelError {
        let headers = headers.iter().map(|(name, value)| {
            let name = HeaderName::from_static(name);
            (name, HeaderValue::from_static(value))
        });
        let body = format!(r#"{{"error":{{"code":"{code}","type":"requests"}}}}"#);
        let now = DateTime::parse_from_rfc2822("Sun, 22 Nov 2026 10:00:00 GMT").expect("a date");
        ModelError::of_response(
            StatusCode::from_u16(status).expect("a status"),
            &headers.collect(),
            &ApiError::read(body.as_bytes()),
            now.with_timezone(&Utc),
        )
    }

    #[test]
    fn the_wait_before_asking_again_is_the_one_that_was_asked_for() {
        let date = "Sun, 22 Nov 2026 10:00:03 GMT";
        for (headers, wait) in [
            (vec![], Some(500)),
            (vec![("retry-after-ms", "120")], Some(120)),
            (
                vec![("retry-after-ms", "120"), ("retry-after", "3")],
                Some(120),
            ),
            (
                vec![("retry-after-ms", "soon"), ("retry-after", "3")],
                Some(3000),
            ),
            (vec![("retry-after", "1.5")], Some(1500)),
            (vec![("retry-after", date)], Some(3000)),
            (
                vec![("retry-after", "Sun, 22 Nov 2026 09:00:00 GMT")],
                Some(500),
            ),
            (vec![("retry-after", "-1")], Some(500)),
            (vec![("retry-after", "NaN")], Some(500)),
            (vec![("retry-after", "5")], Some(5000)),
            (vec![("retry-after", "6")], None),
            (vec![("retry-after", "Sun, 22 Nov 2026 11:00:00 GMT")], None),
            (
                vec![("retry-after", "1"), ("x-should-retry", "false")],
                None,
            ),
            (
                vec![("retry-after", "60"), ("x-should-retry", "true")],
                None,
            ),
        ] {
            let error = error(429, &headers, "rate_limit_exceeded");
            let wait = wait.map(Duration::from_millis);
            assert_eq!(error.again(), wait, "{headers:?}");
            assert_eq!(error.condition(), Condition::Away);
        }
    }

    #[test]
    fn every_status_has_its_meaning() {
        for (status, headers, code, reason, condition, again) in [
            (503, vec![], "", "unavailable", Condition::Away, true),
            (
                500,
                vec![("x-should-retry", "false")],
                "",
                "unavailable",
                Condition::Away,
                false,
            ),
            (
                400,
                vec![("x-should-retry", "true")],
                "",
                "unavailable",
                Condition::Away,
                true,
            ),
            (400, vec![], "", "rejected", Condition::Answers, false),
            (
                401,
                vec![],
                "invalid_api_key",
                "misconfigured",
                Condition::Shut,
                false,
            ),
            (
                404,
                vec![],
                "model_not_found",
                "misconfigured",
                Condition::Shut,
                false,
            ),
            (307, vec![], "", "misconfigured", Condition::Shut, false),
            (402, vec![], "", "quota", Condition::Shut, false),
        ] {
            let error = error(status, &headers, code);
            assert_eq!(
                (error.reason(), error.condition()),
                (reason, condition),
                "{status}"
            );
            assert_eq!(error.again().is_some(), again, "{status}");
        }
    }

    #[test]
    fn what_only_a_payment_ends_is_never_tried_again() {
        for code in QUOTA {
            let error = error(
                429,
                &[("x-should-retry", "true"), ("retry-after", "1")],
                code,
            );
            assert_eq!((error.again(), error), (None, ModelError::Quota), "{code}");
        }
    }
}
