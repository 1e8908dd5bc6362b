//! What a world holds in Redis: forgotten, or set as after much traffic.

use super::World;
use crate::database::server;

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
