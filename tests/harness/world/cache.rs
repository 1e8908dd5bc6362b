//! What a world holds in Redis: forgotten, or set as after much traffic.

use super::World;
use crate::address::server;

impl World {
    /// Redis forgets every conversation.
    pub async fn forget_sessions(&self) {
        let (mut redis, keys) = self.keys("session:*").await;
        assert!(!keys.is_empty(), "no session was there to forget");
        let () = redis::cmd("DEL")
            .arg(keys)
            .query_async(&mut redis)
            .await
            .expect("deleting");
    }

    /// What Redis holds of all conversations: empty where they were cleared.
    pub async fn sessions(&self) -> Vec<String> {
        let (mut redis, mut keys) = self.keys("session:*").await;
        keys.sort();
        let mut sessions = Vec::new();
        for key in keys {
            let session: Option<String> = redis::cmd("HGET")
                .arg((key, "data"))
                .query_async(&mut redis)
                .await
                .expect("reading");
            sessions.push(session.unwrap_or_default());
        }
        sessions
    }

    /// Everybody who was written to was written to as often as goes without a pause.
    pub async fn spends_the_burst_of_replies(&self) {
        let (mut redis, keys) = self.keys("sends:to:????????-*").await;
        assert!(!keys.is_empty(), "nobody was written to");
        // Two minutes hold as many replies as the burst (`send.rs`).
        let due = chrono::Utc::now() + chrono::Duration::minutes(2);
        for key in keys {
            let () = redis::cmd("SET")
                .arg((key, due.timestamp_micros(), "EX", 180))
                .query_async(&mut redis)
                .await
                .expect("setting");
        }
    }

    /// Workers no longer leave Twilio alone because it was busy.
    pub async fn forgets_that_twilio_was_busy(&self) {
        let (mut redis, keys) = self.keys("sends:all").await;
        let () = redis::cmd("DEL")
            .arg(keys)
            .query_async(&mut redis)
            .await
            .expect("deleting");
    }

    /// A connection to Redis, and our keys there of that pattern.
    pub(super) async fn keys(
        &self,
        pattern: &str,
    ) -> (redis::aio::MultiplexedConnection, Vec<String>) {
        let client = redis::Client::open(server("REDIS_URL")).expect("an address");
        let mut redis = client
            .get_multiplexed_async_connection()
            .await
            .expect("Redis");
        let pattern = format!("{}:{pattern}", self.variables["FOCO_STREAM_PREFIX"]);
        let keys = redis::cmd("KEYS")
            .arg(pattern)
            .query_async(&mut redis)
            .await
            .expect("keys");
        (redis, keys)
    }
}
