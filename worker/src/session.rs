//! The conversation, in Redis: what may be lost without losing a message. Writes carry their
//! place in the inbound stream and are refused when an older one comes late.

use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use common::{conversation::Conversations, sender::SenderHash};
use parser::Language;
use redis::{Script, aio::ConnectionManager};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::engine::{delivery::StreamPosition, stage_error::StageError};

/// KEYS: the session; the mark of its link. ARGV: stream created (ms), sequence, JSON or empty,
/// time to live (ms). Answers 1 when it was written, 0 when a newer write stands. A session whose
/// link has ended since is written as a tombstone.
const WRITE: &str = r"
local created = tonumber(redis.call('HGET', KEYS[1], 'created') or '0')
local sequence = tonumber(redis.call('HGET', KEYS[1], 'sequence') or '0')
local mine, place = tonumber(ARGV[1]), tonumber(ARGV[2])
if mine < created or (mine == created and place < sequence) then return 0 end
local data = ARGV[3]
if redis.call('EXISTS', KEYS[2]) == 1 then data = '' end
redis.call('HSET', KEYS[1], 'created', ARGV[1], 'sequence', ARGV[2], 'data', data)
redis.call('PEXPIRE', KEYS[1], ARGV[4])
return 1
";

/// What has been chosen in a conversation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Session {
    /// The link that it belongs to: another link begins anew.
    pub(crate) link_id: Uuid,
    #[serde(default)]
    pub(crate) workspace_id: Option<Uuid>,
    #[serde(default)]
    pub(crate) project_id: Option<Uuid>,
    /// Language of the last message that had one.
    #[serde(default)]
    pub(crate) language: Option<Language>,
    /// The list that was shown last: a bare number picks from it, `/more` goes on with it.
    #[serde(default)]
    pub(crate) shown: Option<Shown>,
    /// Whether the question stands if the phone shall be unlinked.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub(crate) unlinking: bool,
}

impl Session {
    /// The beginning of a conversation.
    pub(crate) fn new(link_id: Uuid) -> Self {
        Self {
            link_id,
            workspace_id: None,
            project_id: None,
            language: None,
            shown: None,
            unlinking: false,
        }
    }
}

/// A list, as far as it was shown.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Shown {
    /// What it lists.
    pub(crate) of: ListOf,
    /// The name that was looked for, where it is a list of what that found.
    #[serde(default)]
    pub(crate) name: Option<String>,
    /// The workspace whose projects it lists, where it is only one's.
    #[serde(default)]
    pub(crate) workspace_id: Option<Uuid>,
    /// What was shown, in that order, over all pages.
    pub(crate) ids: Vec<Uuid>,
}

/// What can be listed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum ListOf {
    /// The user's projects.
    Projects,
    /// The user's workspaces.
    Workspaces,
    /// The open tasks of the chosen project.
    Tasks,
}

/// A session as it shall be after a message; `None` is a tombstone.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct SessionWrite {
    pub(crate) sender: SenderHash,
    pub(crate) place: StreamPosition,
    pub(crate) session: Option<Session>,
    /// Until when; `None` where an older release wrote it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) lasts: Option<Lasts>,
}

/// Until when a session lasts, however late it is written.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub(crate) struct Lasts {
    /// What was chosen in it: no late message brings that back.
    chosen: DateTime<Utc>,
    /// The list or the question of the answer that goes with it, if that asks something.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    asked: Option<DateTime<Utc>>,
}

impl Lasts {
    /// After a message that was written at `written`, as far as the conversation is concerned, and
    /// is answered now.
    pub(crate) fn of(
        (written, now): (DateTime<Utc>, DateTime<Utc>),
        time_to_live: Duration,
        asks: bool,
    ) -> Self {
        let lasts = TimeDelta::from_std(time_to_live).unwrap_or_default();
        Self {
            chosen: written + lasts,
            asked: asks.then_some(now + lasts),
        }
    }
}

impl SessionWrite {
    /// What of it is written now, and for how long; `None` where all of it is over.
    fn standing(&self, now: DateTime<Utc>, lasts: Duration) -> Option<(Option<Session>, Duration)> {
        let (Some(session), Some(times)) = (&self.session, self.lasts) else {
            return Some((self.session.clone(), lasts));
        };
        let left =
            |until: DateTime<Utc>| (until - now).to_std().ok().filter(|left| !left.is_zero());
        if let Some(left) = left(times.chosen) {
            return Some((Some(session.clone()), left));
        }
        // What was asked just now can be answered, whatever was chosen before it.
        let left = left(times.asked?)?;
        let of_tasks = |shown: &Shown| shown.of == ListOf::Tasks;
        let afresh = Session {
            language: session.language,
            shown: session.shown.clone().filter(|shown| !of_tasks(shown)),
            unlinking: session.unlinking,
            ..Session::new(session.link_id)
        };
        Some((Some(afresh), left))
    }
}

/// All sessions.
#[derive(Clone)]
pub(crate) struct Sessions {
    redis: ConnectionManager,
    write: Script,
    keys: Conversations,
    time_to_live: Duration,
}

impl Sessions {
    /// Sessions under that prefix that end after `time_to_live` without a message.
    pub(crate) fn new(redis: ConnectionManager, prefix: &str, time_to_live: Duration) -> Self {
        Self {
            keys: Conversations::new(redis.clone(), prefix),
            redis,
            write: Script::new(WRITE),
            time_to_live,
        }
    }

    /// The sender's session; one that this release cannot read counts as none.
    pub(crate) async fn read(&self, sender: &SenderHash) -> Result<Option<Session>, StageError> {
        let mut redis = self.redis.clone();
        let mut command = redis::cmd("HGET");
        let data: Option<String> = command
            .arg(self.keys.key(sender))
            .arg("data")
            .query_async(&mut redis)
            .await?;
        Ok(data.and_then(|json| serde_json::from_str(&json).ok()))
    }

    /// Writes a session unless a newer write stands, or its time is over; the same place may write
    /// again.
    pub(crate) async fn write(
        &self,
        write: &SessionWrite,
        now: DateTime<Utc>,
    ) -> Result<(), StageError> {
        let Some((session, lasts)) = write.standing(now, self.time_to_live) else {
            tracing::info!("a session write came after its time");
            return Ok(());
        };
        let json = session.as_ref().map(serde_json::to_string).transpose();
        let json = json
            .map_err(|error| StageError::Indeterminate(error.into()))?
            .unwrap_or_default();
        let mut redis = self.redis.clone();
        let written: i32 = self
            .write
            .key(self.keys.key(&write.sender))
            .key(
                self.keys
                    .mark(write.session.as_ref().map(|session| session.link_id)),
            )
            .arg(write.place.stream_created)
            .arg(write.place.sequence)
            .arg(json)
            .arg(u64::try_from(lasts.as_millis().max(1)).unwrap_or(u64::MAX))
            .invoke_async(&mut redis)
            .await?;
        if written == 0 {
            tracing::info!("an older session write came late");
        }
        Ok(())
    }

    /// All conversations, as their links are ended.
    pub(crate) fn of_links(&self) -> &Conversations {
        &self.keys
    }

    /// How long a session lasts after its last message.
    pub(crate) fn time_to_live(&self) -> Duration {
        self.time_to_live
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TIME_TO_LIVE: Duration = Duration::from_mins(30);

    fn minutes(n: i64) -> DateTime<Utc> {
        DateTime::UNIX_EPOCH + TimeDelta::minutes(n)
    }

    /// A session write of a message that was written at that minute, and read an hour after the
    /// beginning of time.
    fn written(minute: i64, asks: bool) -> SessionWrite {
        let session = Session {
            project_id: Some(Uuid::nil()),
            shown: Some(Shown {
                of: ListOf::Projects,
                name: None,
                workspace_id: None,
                ids: vec![Uuid::nil()],
            }),
            ..Session::new(Uuid::nil())
        };
        SessionWrite {
            sender: SenderHash::from_stored(&"a".repeat(16)).unwrap(),
            place: StreamPosition {
                stream_created: 0,
                sequence: 1,
            },
            session: Some(session),
            lasts: Some(Lasts::of(
                (minutes(minute), minutes(60)),
                TIME_TO_LIVE,
                asks,
            )),
        }
    }

    fn left(write: &SessionWrite, minute: i64) -> Option<(bool, bool, u64)> {
        let (session, lasts) = write.standing(minutes(minute), TIME_TO_LIVE)?;
        let session = session?;
        let has = (session.project_id.is_some(), session.shown.is_some());
        Some((has.0, has.1, lasts.as_secs() / 60))
    }

    #[test]
    fn a_session_lasts_from_when_its_message_was_written() {
        assert_eq!(left(&written(60, false), 60), Some((true, true, 30)));
        assert_eq!(left(&written(40, false), 60), Some((true, true, 10)));
        assert_eq!(left(&written(30, false), 60), None);
        // Written down in time, and followed long after.
        assert_eq!(left(&written(60, true), 89), Some((true, true, 1)));
        assert_eq!(left(&written(60, true), 90), None);
    }

    #[test]
    fn what_a_late_message_is_asked_in_return_can_be_answered() {
        assert_eq!(left(&written(10, true), 60), Some((false, true, 30)));
        assert_eq!(left(&written(10, true), 90), None);
    }

    #[test]
    fn what_the_release_before_wrote_lasts_as_it_did() {
        let mut write = written(10, false);
        write.lasts = None;
        assert_eq!(left(&write, 90), Some((true, true, 30)));
        let json = serde_json::to_value(&write).unwrap();
        assert!(json.get("lasts").is_none(), "{json}");
    }
}
