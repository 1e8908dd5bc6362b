//! What can become of an attempt that does not succeed. Whether to try again is decided where
//! the error is born, and said here in one of seven words.

use std::{fmt, time::Duration};

use common::database_error::{Said, Trouble};
use rand::RngExt;

/// Why a stage did not finish with a message.
#[derive(Debug)]
pub(crate) enum StageError {
    /// A server of ours is away, or somebody else holds a lock: that is waited for in place, and the
    /// message stays in hand.
    Unavailable(anyhow::Error),
    /// PostgreSQL is there and does not get it done: tried in place until it does; dead only where
    /// this message fails so for minutes, while all else is done.
    Transient(anyhow::Error),
    /// The database is not as this release asks for it: tried a few times, since a migration may be
    /// at work, and then dead; once that is mended a replay carries it out.
    Schema(anyhow::Error),
    /// The message goes back to the queue and comes again after this time.
    RetryAfter(Duration, anyhow::Error),
    /// It will never succeed: to the dead letters.
    Permanent(Reason, anyhow::Error),
    /// Nobody can say how far it came; the queue hands it out again, and this attempt counts as
    /// one that never ended.
    Indeterminate(anyhow::Error),
    /// Another worker has it by now: neither publish nor acknowledge.
    Fenced,
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
    /// The database is not as this release asks for it.
    Schema,
}

impl Reason {
    /// All of them.
    pub(crate) const ALL: [Self; 6] = [
        Self::Undecodable,
        Self::UnknownVersion,
        Self::Unended,
        Self::Inconsistent,
        Self::Refused,
        Self::Schema,
    ];

    /// The class's name, as operators filter by it.
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Undecodable => "undecodable",
            Self::UnknownVersion => "unknown_version",
            Self::Unended => "unended",
            Self::Inconsistent => "inconsistent",
            Self::Refused => "refused",
            Self::Schema => "schema",
        }
    }
}

impl fmt::Display for StageError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unavailable(error) => write!(f, "waiting for a server: {error:#}"),
            Self::Transient(error) => write!(f, "a server does not get it done: {error:#}"),
            Self::Schema(error) => write!(f, "another schema than expected: {error:#}"),
            Self::RetryAfter(after, error) => write!(f, "again in {after:?}: {error:#}"),
            Self::Permanent(reason, error) => write!(f, "failed ({}): {error:#}", reason.as_str()),
            Self::Indeterminate(error) => write!(f, "did not end: {error:#}"),
            Self::Fenced => f.write_str("another worker has it"),
        }
    }
}

impl From<sqlx::Error> for StageError {
    fn from(error: sqlx::Error) -> Self {
        let trouble = Trouble::of(&error);
        let error = anyhow::Error::new(Said::of(&error)).context("PostgreSQL");
        match trouble {
            Trouble::Away | Trouble::Locked => Self::Unavailable(error),
            Trouble::Undone => Self::Transient(error),
            Trouble::Schema => Self::Schema(error),
            Trouble::Contradiction => Self::Permanent(Reason::Inconsistent, error),
        }
    }
}

impl From<redis::RedisError> for StageError {
    fn from(error: redis::RedisError) -> Self {
        Self::Unavailable(anyhow::Error::new(error).context("Redis"))
    }
}

impl From<common::conversation::ClearError> for StageError {
    fn from(error: common::conversation::ClearError) -> Self {
        match error {
            common::conversation::ClearError::Database(error) => error.into(),
            common::conversation::ClearError::Redis(error) => error.into(),
        }
    }
}

impl From<common::queue::PublishError> for StageError {
    /// A publish whose fate is unknown is repeated under the same id, so it is stored once.
    fn from(error: common::queue::PublishError) -> Self {
        Self::Unavailable(anyhow::Error::new(error).context("publishing"))
    }
}

impl From<common::payload::Undecodable> for StageError {
    fn from(error: common::payload::Undecodable) -> Self {
        let reason = match error {
            common::payload::Undecodable::UnknownVersion(_) => Reason::UnknownVersion,
            common::payload::Undecodable::Malformed { .. } => Reason::Undecodable,
        };
        Self::Permanent(reason, error.into())
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
