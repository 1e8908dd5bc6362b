//! Where conversations are kept in Redis, and how those of a link are ended from outside of their
//! lane, by whichever program has ended the link. Such an end has no place in the stream, so the
//! link itself is marked: whatever is written for it later, however late, is a tombstone.

use std::time::Duration;

use redis::{Script, aio::ConnectionManager};
use sqlx::PgPool;
use uuid::Uuid;

use crate::{database_error::Said, sender::SenderHash};

/// Longer than the inbound stream keeps a message, so longer than any write can come late.
const MARKED: Duration = Duration::from_hours(8 * 24);
/// Links of one look.
const MOST: i64 = 200;

/// KEYS: the mark of the link; conversations that may be its. ARGV: the link; how long the mark
/// stands (ms). The place of a conversation that is cleared stays: older writes are refused.
const END: &str = r"
redis.call('SET', KEYS[1], '1', 'PX', ARGV[2])
for i = 2, #KEYS do
  local data = redis.call('HGET', KEYS[i], 'data')
  if data and string.find(data, ARGV[1], 1, true) then redis.call('HSET', KEYS[i], 'data', '') end
end
return 1
";

/// Why conversations could not be cleared now.
#[derive(Debug, thiserror::Error)]
pub enum ClearError {
    /// PostgreSQL does not say which.
    #[error("PostgreSQL: {}", Said::of(.0))]
    Database(#[from] sqlx::Error),
    /// Redis does not answer.
    #[error(transparent)]
    Redis(#[from] redis::RedisError),
}

/// All conversations of one system.
#[derive(Clone)]
pub struct Conversations {
    redis: ConnectionManager,
    prefix: String,
    end: Script,
}

impl Conversations {
    /// Those under that prefix.
    #[must_use]
    pub fn new(redis: ConnectionManager, prefix: &str) -> Self {
        Self {
            redis,
            prefix: prefix.to_owned(),
            end: Script::new(END),
        }
    }

    /// Where a sender's conversation is kept.
    #[must_use]
    pub fn key(&self, sender: &SenderHash) -> String {
        self.key_of(sender.as_str())
    }

    fn key_of(&self, sender: &str) -> String {
        format!("{}:session:{sender}", self.prefix)
    }

    /// What is there once a link has ended; that of no link never is.
    #[must_use]
    pub fn mark(&self, link: Option<Uuid>) -> String {
        let link = link.unwrap_or_default();
        format!("{}:ended:{link}", self.prefix)
    }

    /// Clears what links have left that ended: of all, or of these only. Returns how many those
    /// were. Whoever dies in between leaves the rest to the next look.
    ///
    /// # Errors
    /// When PostgreSQL or Redis does not answer.
    pub async fn clear(&self, pool: &PgPool, only: Option<&[Uuid]>) -> Result<u64, ClearError> {
        let rows = sqlx::query!(
            "select link_id, sender_hashes from whatsapp_ended_links
             where $1::uuid[] is null or link_id = any($1)
             order by ended_at limit $2",
            only,
            MOST
        )
        .fetch_all(pool)
        .await?;
        let mut cleared = 0;
        for row in rows {
            self.end(row.link_id, &row.sender_hashes).await?;
            store::ended_link::delete(pool, row.link_id).await?;
            cleared += 1;
        }
        Ok(cleared)
    }

    async fn end(&self, link: Uuid, senders: &[String]) -> Result<(), redis::RedisError> {
        let mut redis = self.redis.clone();
        let mut call = self.end.prepare_invoke();
        call.key(self.mark(Some(link)));
        for sender in senders {
            call.key(self.key_of(sender));
        }
        call.arg(link.to_string())
            .arg(u64::try_from(MARKED.as_millis()).unwrap_or(u64::MAX))
            .invoke_async(&mut redis)
            .await
    }
}

impl std::fmt::Debug for Conversations {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Conversations({})", self.prefix)
    }
}
