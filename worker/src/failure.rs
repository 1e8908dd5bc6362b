//! What can become of an attempt that does not succeed. Whether to try again is decided where
//! the error is born, and said here in one of six words.

use std::{fmt, time::Duration};

use rand::RngExt;

/// Why a stage did not finish with a message.
#[derive(Debug)]
pub(crate) enum Failure {
    /// A server of ours is away: it is waited for in place, and the message stays in hand.
    Away(anyhow::Error),
    /// A server of ours is there and does not get it done: tried in place for a while, then at the
    /// queue, and dead after five deliveries.
    Stuck(anyhow::Error),
    /// The message goes back to the queue and comes again after this time.
    Retry(Duration, anyhow::Error),
    /// It will never succeed: to the dead letters.
    Fail(Reason, anyhow::Error),
    /// Nobody can say how far it came; the queue hands it out again, and this attempt counts as
    /// one that never ended.
    Unknown(anyhow::Error),
    /// Another worker has it by now: neither publish nor acknowledge.
    Lost,
}

/// Why a message is in the dead letters, as a class.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Reason {
    /// The payload cannot be read.
    Undecodable,
    /// The payload is of a version that this release does not know.
    UnknownVersion,
    /// Attempts began and never ended, again and again.
    Unended,
    /// It contradicts what is stored.
    Inconsistent,
    /// Twilio refuses it for good.
    Refused,
}

impl Reason {
    /// All of them.
    pub(crate) const ALL: [Self; 5] = [
        Self::Undecodable,
        Self::UnknownVersion,
        Self::Unended,
        Self::Inconsistent,
        Self::Refused,
    ];

    /// The class's name, as operators filter by it.
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Undecodable => "undecodable",
            Self::UnknownVersion => "unknown_version",
            Self::Unended => "unended",
            Self::Inconsistent => "inconsistent",
            Self::Refused => "refused",
        }
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Away(error) => write!(f, "waiting for a server: {error:#}"),
            Self::Stuck(error) => write!(f, "a server does not get it done: {error:#}"),
            Self::Retry(after, error) => write!(f, "again in {after:?}: {error:#}"),
            Self::Fail(reason, error) => write!(f, "failed ({}): {error:#}", reason.as_str()),
            Self::Unknown(error) => write!(f, "did not end: {error:#}"),
            Self::Lost => f.write_str("another worker has it"),
        }
    }
}

impl From<sqlx::Error> for Failure {
    /// What the database refuses on principle will be refused again; all else passes.
    fn from(error: sqlx::Error) -> Self {
        let code = error
            .as_database_error()
            .and_then(|e| e.code().map(std::borrow::Cow::into_owned));
        let error = anyhow::Error::new(Anonymous::of(&error)).context("PostgreSQL");
        // Data exceptions, violated constraints, and what row-level security forbids (PostgreSQL,
        // appendix A). Time-outs, limits and internal errors may be this message's alone. Other
        // mistakes, a missing migration for one, are waited out.
        match code.as_deref() {
            Some("42501") => Self::Fail(Reason::Inconsistent, error),
            Some("57014" | "55P03") => Self::Stuck(error),
            Some(code) if code.starts_with("54") || code.starts_with("XX") => Self::Stuck(error),
            Some(code) if code.starts_with("22") || code.starts_with("23") => {
                Self::Fail(Reason::Inconsistent, error)
            }
            _ => Self::Away(error),
        }
    }
}

impl From<redis::RedisError> for Failure {
    fn from(error: redis::RedisError) -> Self {
        Self::Away(anyhow::Error::new(error).context("Redis"))
    }
}

impl From<common::conversation::ClearError> for Failure {
    fn from(error: common::conversation::ClearError) -> Self {
        match error {
            common::conversation::ClearError::Database(error) => error.into(),
            common::conversation::ClearError::Redis(error) => error.into(),
        }
    }
}

impl From<common::queue::PublishError> for Failure {
    /// A publish whose fate is unknown is repeated under the same id, so it is stored once.
    fn from(error: common::queue::PublishError) -> Self {
        Self::Away(anyhow::Error::new(error).context("publishing"))
    }
}

impl From<common::payload::Undecodable> for Failure {
    fn from(error: common::payload::Undecodable) -> Self {
        let reason = match error {
            common::payload::Undecodable::UnknownVersion(_) => Reason::UnknownVersion,
            common::payload::Undecodable::Malformed { .. } => Reason::Undecodable,
        };
        Self::Fail(reason, error.into())
    }
}

/// A database error without the values that PostgreSQL quotes in its details: code, message of
/// its class and constraint only.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
struct Anonymous(String);

impl Anonymous {
    fn of(error: &sqlx::Error) -> Self {
        Self(match error.as_database_error() {
            Some(refused) => format!(
                "error {} {}",
                refused.code().unwrap_or_default(),
                refused.constraint().unwrap_or("(no constraint)")
            ),
            None => error.to_string(),
        })
    }
}

/// Delays between tries, with jitter so that many waiters do not come back at once.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Schedule(&'static [u64]);

impl Schedule {
    /// For a server of ours that is away, in milliseconds.
    pub(crate) const AWAY: Self = Self(&[50, 100, 250, 500, 1000, 2000]);
    /// For a recipient whom another worker is writing to, in milliseconds.
    pub(crate) const BUSY: Self = Self(&[250, 500, 1000, 2000]);
    /// For Twilio refusing for the moment, in milliseconds.
    pub(crate) const TWILIO: Self = Self(&[500, 1000, 2000, 5000, 15_000, 30_000]);

    /// The delay before the `n`th repetition, counted from 0: within a quarter of the listed one,
    /// and the last one for ever after.
    pub(crate) fn delay(self, n: usize) -> Duration {
        let listed = self.0.get(n).or(self.0.last()).copied().unwrap_or(1000);
        let jitter = rand::rng().random_range(0..=listed / 2);
        Duration::from_millis(listed * 3 / 4 + jitter)
    }
}
