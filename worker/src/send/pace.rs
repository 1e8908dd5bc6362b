//! How fast it goes: over all workers together, and to one person.

use std::time::{Duration, Instant};

use anyhow::anyhow;
use common::shared_limit::SharedLimit;
use redis::aio::ConnectionManager;
use store::RecipientId;
use tokio_util::sync::CancellationToken;

use crate::{engine::stage_error::StageError, settings::Settings};

/// WhatsApp takes about one message in six seconds from one business to one person, and bursts
/// above that: so many posts to one recipient in so many seconds, all workers together.
const PAIR_BURST: u32 = 20;
const PAIR_PERIOD: Duration = Duration::from_mins(2);

/// How long the limit of all workers is waited for in place.
const PATIENCE: Duration = Duration::from_secs(2);

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

    /// Keeps both limits before a post: goes back to the queue where that takes long.
    pub(super) async fn keep(
        &self,
        recipient: RecipientId,
        soft: &CancellationToken,
    ) -> Result<(), StageError> {
        self.take_turn(soft).await?;
        self.keep_apart(recipient).await
    }

    /// All workers leave Twilio alone for so long, and begin slowly then.
    pub(super) async fn pause(&self, pause: Duration) -> Result<(), StageError> {
        self.all.pause("all", pause).await?;
        Ok(())
    }

    /// Waits a little for a place in the limit of all workers together; longer at the queue, without
    /// the recipient.
    async fn take_turn(&self, soft: &CancellationToken) -> Result<(), StageError> {
        let began = Instant::now();
        loop {
            let wait = self.all.judge("all", "").await?;
            if wait.is_zero() {
                return Ok(());
            }
            if began.elapsed() + wait > PATIENCE || soft.is_cancelled() {
                return Err(StageError::RetryAfter(
                    wait,
                    anyhow!("the limit of all workers"),
                ));
            }
            tokio::time::sleep(wait).await;
        }
    }

    /// Spaces the posts to one recipient: too many of them are due later.
    async fn keep_apart(&self, recipient: RecipientId) -> Result<(), StageError> {
        let wait = self.pair.judge(&recipient.to_string(), "").await?;
        if wait.is_zero() {
            return Ok(());
        }
        metrics::counter!("replies_spaced_total").increment(1);
        let spacing = anyhow!("spacing this recipient's replies");
        Err(StageError::RetryAfter(wait, spacing))
    }
}
