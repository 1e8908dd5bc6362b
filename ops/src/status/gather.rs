//! Where the status comes from: consumers at NATS, what workers say of themselves in Redis, dead
//! letters in PostgreSQL.

use std::time::Duration;

use common::{
    cache,
    clock::Clock,
    presence::{self, Presence},
    queue::{Queue, QueueStage},
    settings::{Environment, RedisSettings},
};
use redis::aio::ConnectionManager;
use sqlx::PgPool;

use super::{Breaker, StageStatus, Status};
use crate::connections;

/// A rest that is longer was asked for by an operator, without an end.
const LONG: Duration = Duration::from_hours(24 * 365);

/// Everything that is asked.
pub(super) struct Sources {
    queue: Queue,
    pool: PgPool,
    redis: ConnectionManager,
    prefix: String,
    clock: Clock,
}

impl Sources {
    pub(super) async fn connect(env: &Environment) -> anyhow::Result<Self> {
        let settings = RedisSettings::load(env)?;
        Ok(Self {
            pool: connections::database(env).await?,
            queue: connections::queue(env).await?,
            redis: cache::connect(&settings)?,
            prefix: settings.prefix,
            clock: Clock::system(),
        })
    }

    /// One look at all of them.
    pub(super) async fn look(&self) -> anyhow::Result<Status> {
        let workers = presence::everybody(&self.redis, &self.prefix).await.ok();
        let mut status = Status::default();
        for stage in QueueStage::ALL {
            status
                .stages
                .push(self.stage(stage, workers.as_deref()).await?);
        }
        let dead = sqlx::query!(
            r#"select reason, count(*) as "count!" from whatsapp_dead_letters
               where state = 'open' group by reason"#
        )
        .fetch_all(&self.pool)
        .await?;
        status.dead = dead.iter().map(|row| row.count).sum();
        status.dead_by_reason = dead
            .into_iter()
            .map(|row| (row.reason, row.count))
            .collect();
        status.reconciled_seconds = sqlx::query_scalar!(
            "select extract(epoch from clock_timestamp() - looked_at)::bigint
             from whatsapp_reconciliation"
        )
        .fetch_one(&self.pool)
        .await?;
        let present = workers.iter().flatten();
        for open in present.filter_map(|worker| worker.breaker_open) {
            let Breaker {
                open: opened,
                closed,
            } = &mut status.model_breaker;
            *(if open { opened } else { closed }) += 1;
        }
        Ok(status)
    }

    async fn stage(
        &self,
        stage: QueueStage,
        workers: Option<&[Presence]>,
    ) -> anyhow::Result<StageStatus> {
        let (topology, context) = (self.queue.topology(), self.queue.context());
        let seen = topology.observe_stage(context, stage).await?;
        let now = self.clock.now();
        let runs = |worker: &&Presence| worker.stages.iter().any(|name| name == stage.name());
        Ok(StageStatus {
            stage: stage.name(),
            waiting: seen.waiting,
            in_work: seen.in_work,
            oldest_seconds: seen.oldest.map(|since| (now - since).num_seconds().max(0)),
            paused: seen.paused_for.is_some(),
            paused_seconds: seen
                .paused_for
                .filter(|left| *left < LONG)
                .map(|left| left.as_secs()),
            workers: workers.map(|all| all.iter().filter(runs).count()),
        })
    }
}
