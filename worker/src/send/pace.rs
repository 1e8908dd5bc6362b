//! How fast it goes: to one person, and over all workers together.

use std::time::Duration;

use anyhow::anyhow;
use common::shared_limit::SharedLimit;
use redis::aio::ConnectionManager;
use uuid::Uuid;

use crate::{failure::Failure, settings::Settings};

/// WhatsApp takes about one message in six seconds from one business to one person, and bursts
/// above that: so many posts to one recipient in so many seconds, all workers together.
const PAIR_BURST: u32 = 20;
const PAIR_PERIOD: Duration = Duration::from_mins(2);

/// Both limits.
pub(super) struct Pace {
    all: SharedLimit,
    pair: SharedLimit,
}

impl Pace {
    pub(super) fn new(redis: &ConnectionManager, settings: &Settings) -> Self {
        let name = format!("{}:sends", settings.nats.prefix);
        Self {
            pair: SharedLimit::new(
                redis.clone(),
                format!("{name}:to"),
                PAIR_BURST,
                PAIR_PERIOD,
                Duration::ZERO,
            ),
            all: SharedLimit::new(
                redis.clone(),
                name,
                settings.twilio.sends_per_second,
                Duration::from_secs(1),
                Duration::ZERO,
            ),
        }
    }

    /// Waits for a place in the limit of all workers together. Too many posts to one recipient are
    /// due later.
    pub(super) async fn keep(&self, recipient: Uuid) -> Result<(), Failure> {
        let wait = self.pair.judge(&recipient.to_string(), "").await?;
        if !wait.is_zero() {
            metrics::counter!("replies_spaced_total").increment(1);
            let spacing = anyhow!("spacing this recipient's replies");
            return Err(Failure::Retry(wait, spacing));
        }
        loop {
            let wait = self.all.judge("all", "").await?;
            if wait.is_zero() {
                return Ok(());
            }
            tokio::time::sleep(wait).await;
        }
    }
}
