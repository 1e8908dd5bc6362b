//! `Nats-Msg-Id`, by which a stream keeps doubles out: one builder for each kind of publish, so that
//! it can be seen here which two are the same, and that no two kinds ever are.

use std::fmt::{self, Display};

use uuid::Uuid;

use crate::{payload::Callback, sid::MessageSid};

/// Begins the ids of what was put at the end of its lane after a restore.
const RESTORED: &str = "restored:";

/// What a message is published under: a stream stores an id once within its window.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PublishId(String);

impl PublishId {
    /// What somebody wrote, whichever way it came to us.
    #[must_use]
    pub fn message(sid: &MessageSid) -> Self {
        Self(sid.to_string())
    }

    /// A refusal over the limit.
    #[must_use]
    pub fn refusal(sid: &MessageSid) -> Self {
        Self(format!("refused:{sid}"))
    }

    /// A status callback. One that names its job is not the same as one that came without.
    #[must_use]
    pub fn callback(callback: &Callback) -> Self {
        let id = Self(format!(
            "status:{}:{}",
            callback.message_sid, callback.status
        ));
        match callback.job {
            Some(job) => id.with(String::from(job)),
            None => id,
        }
    }

    /// What Twilio's list says of a post whose callback never came.
    #[must_use]
    pub fn listed(sid: &MessageSid, status: &str) -> Self {
        Self(format!("listed:{sid}:{status}"))
    }

    /// A request to be read. The generation is in it, so that a replay is not taken for what it
    /// repeats.
    #[must_use]
    pub fn request(sid: &MessageSid, generation: i32) -> Self {
        Self(format!("parse:{sid}:{generation}"))
    }

    /// That a reply or a code is due. Whatever is announced again has the same id.
    #[must_use]
    pub fn announcement(reply: impl Display, generation: i32) -> Self {
        Self(format!("out:{reply}:{generation}"))
    }

    /// The same, announced by that message's outcome: a reply that was held is announced anew by
    /// whichever message released it.
    #[must_use]
    pub fn announced_by(self, sid: &MessageSid) -> Self {
        self.with(sid)
    }

    /// That a part or a code is due for another post. Apart from the ids of generations.
    #[must_use]
    pub fn another_post(of: impl Display, posts: i32) -> Self {
        Self(format!("again:{of}:{posts}"))
    }

    /// That a part which was put off until then is due: once for each time that it was put off.
    #[must_use]
    pub fn put_off(part: impl Display, posts: i32, until_millis: i64) -> Self {
        Self(format!("due:{part}:{posts}:{until_millis}"))
    }

    /// That a code is still unsent: another one each minute, since whoever had the one before may not
    /// know how to send it.
    #[must_use]
    pub fn unsent_code(code: impl Display, minute: i64) -> Self {
        Self(format!("code:{code}:{minute}"))
    }

    /// The dead letter of what stands at that place: a crash in between stores it once.
    #[must_use]
    pub fn dead_letter(source: &str) -> Self {
        Self(format!("dead:{source}"))
    }

    /// An operator's replay of a message or a dead letter: each is another one, also where no
    /// generation tells them apart.
    #[must_use]
    pub fn replay(of: impl Display, generation: i32) -> Self {
        Self(format!("replay:{of}:{generation}:{}", Uuid::now_v7()))
    }

    /// What was put at the end of its lane after a restore.
    #[must_use]
    pub fn restored(sid: &MessageSid, generation: i32) -> Self {
        Self(format!("{RESTORED}{sid}:{generation}"))
    }

    /// Whether an id is that of something that was put at the end of its lane after a restore.
    #[must_use]
    pub fn is_restored(id: &str) -> bool {
        id.starts_with(RESTORED)
    }

    /// As it stands in the header.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    fn with(self, more: impl Display) -> Self {
        Self(format!("{}:{more}", self.0))
    }
}

impl Display for PublishId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::payload::Job;

    #[test]
    fn ids_are_those_of_the_release_before_and_those_of_two_kinds_differ() {
        let sid = MessageSid::parse("SM0123456789abcdef0123456789abcdef").unwrap();
        let row = Uuid::from_u128(7);
        let mut callback = Callback {
            message_sid: sid.clone(),
            status: "sent".to_owned(),
            error_code: None,
            job: None,
            received_at: chrono::DateTime::UNIX_EPOCH,
        };
        let without_job = PublishId::callback(&callback);
        callback.job = Some(Job {
            part_id: row,
            attempt: 2,
        });
        for (id, frozen) in [
            (PublishId::message(&sid), format!("{sid}")),
            (PublishId::refusal(&sid), format!("refused:{sid}")),
            (without_job, format!("status:{sid}:sent")),
            (
                PublishId::callback(&callback),
                format!("status:{sid}:sent:00000000000000000000000000000007.2"),
            ),
            (
                PublishId::listed(&sid, "failed"),
                format!("listed:{sid}:failed"),
            ),
            (PublishId::request(&sid, 1), format!("parse:{sid}:1")),
            (PublishId::announcement(row, 1), format!("out:{row}:1")),
            (
                PublishId::announcement(row, 1).announced_by(&sid),
                format!("out:{row}:1:{sid}"),
            ),
            (PublishId::another_post(row, 2), format!("again:{row}:2")),
            (PublishId::put_off(row, 2, 30), format!("due:{row}:2:30")),
            (PublishId::unsent_code(row, 30), format!("code:{row}:30")),
            (PublishId::dead_letter("S:1:2"), "dead:S:1:2".to_owned()),
            (PublishId::restored(&sid, 2), format!("restored:{sid}:2")),
        ] {
            assert_eq!(id.as_str(), frozen);
            assert_eq!(
                PublishId::is_restored(&frozen),
                frozen.starts_with("restored:")
            );
        }
        let replay = PublishId::replay(7, 2);
        assert!(replay.as_str().starts_with("replay:7:2:"), "{replay}");
        assert_ne!(replay, PublishId::replay(7, 2));
    }
}
