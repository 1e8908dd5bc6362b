//! The worker spaces what one person is sent, as WhatsApp asks for: twenty posts in two minutes. A few
//! people in a bench would measure that pace and nothing else, so it is lifted while a round runs.

use std::time::Duration;

use redis::AsyncCommands as _;
use tokio::task::JoinHandle;

use crate::contestant::server;

/// How often what Redis remembers of the pace is dropped: shorter than a person's turns last.
const EVERY: Duration = Duration::from_millis(50);

/// The pace of one round's worker, lifted.
pub(crate) struct Pace(JoinHandle<()>);

impl Pace {
    /// Lifts it for the worker of that stream prefix, until the round ends.
    pub(crate) async fn lift(prefix: &str) -> Self {
        let client = redis::Client::open(server("REDIS_URL")).expect("REDIS_URL");
        let mut redis = client
            .get_multiplexed_async_connection()
            .await
            .expect("Redis");
        // As `worker/src/send/pace.rs` names it.
        let of_people = format!("{prefix}:sends:to:*");
        Self(tokio::spawn(async move {
            loop {
                let keys: Vec<String> = redis.keys(&of_people).await.expect("its keys");
                if !keys.is_empty() {
                    let _dropped: u64 = redis.del(keys).await.expect("dropping them");
                }
                tokio::time::sleep(EVERY).await;
            }
        }))
    }

    /// Ends with the round.
    pub(crate) async fn ends(self) {
        assert!(!self.0.is_finished(), "the pace was not lifted to the end");
        self.0.abort();
        drop(self.0.await);
    }
}
