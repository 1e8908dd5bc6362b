//! The conversation, in Redis: what may be lost without losing a message. Writes carry their
//! place in the inbound stream and are refused when an older one comes late.

use std::time::Duration;

use common::{conversation::Conversations, sender::SenderHash};
use parser::Language;
use redis::{Script, aio::ConnectionManager};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::{delivery::Place, failure::Failure};

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
    pub(crate) place: Place,
    pub(crate) session: Option<Session>,
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
    pub(crate) async fn read(&self, sender: &SenderHash) -> Result<Option<Session>, Failure> {
        let mut redis = self.redis.clone();
        let mut command = redis::cmd("HGET");
        let data: Option<String> = command
            .arg(self.keys.key(sender))
            .arg("data")
            .query_async(&mut redis)
            .await?;
        Ok(data.and_then(|json| serde_json::from_str(&json).ok()))
    }

    /// Writes a session unless a newer write stands; the same place may write again.
    pub(crate) async fn write(&self, write: &SessionWrite) -> Result<(), Failure> {
        let json = write
            .session
            .as_ref()
            .map(serde_json::to_string)
            .transpose();
        let json = json
            .map_err(|error| Failure::Unknown(error.into()))?
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
            .arg(u64::try_from(self.time_to_live.as_millis()).unwrap_or(u64::MAX))
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
