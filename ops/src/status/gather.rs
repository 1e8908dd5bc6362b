//! Where the status comes from: consumers at NATS, what workers say of themselves in Redis, dead
//! letters in PostgreSQL.

use std::{collections::BTreeMap, time::Duration};

use anyhow::bail;
use common::{
    cache,
    clock::Clock,
    process_registry::{self, Kind, ProcessInfo},
    queue::{DriftError, Queue, StreamName},
    settings::{Environment, RedisSettings},
    stage::StageName,
    store_marks::{Behind, StoreMarks},
    stream_marks,
};
use redis::aio::ConnectionManager;
use sqlx::PgPool;

use super::{Breaker, StageStatus, Status, StreamStatus, Unqueued};
use crate::connections;

/// A rest that is longer was asked for by an operator, without an end.
const LONG: Duration = Duration::from_hours(24 * 365);

/// How long a server may take: one that is frozen does not say that it is away.
const LIMIT: Duration = Duration::from_secs(10);

/// What a server answers, or that it does not.
async fn of<T>(
    server: &str,
    setting: &str,
    answer: impl Future<Output = anyhow::Result<T>>,
) -> anyhow::Result<T> {
    let answer = tokio::time::timeout(LIMIT, answer).await;
    answer.unwrap_or_else(|_elapsed| {
        let seconds = LIMIT.as_secs();
        bail!("{server} does not answer within {seconds} s, see {setting}")
    })
}

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
            pool: of("PostgreSQL", "DATABASE_URL", connections::database(env)).await?,
            queue: of("NATS", "NATS_URL", Box::pin(connections::queue(env))).await?,
            redis: cache::connect(&settings)?,
            prefix: settings.prefix,
            clock: Clock::system(),
        })
    }

    /// One look at all of them.
    pub(super) async fn look(&self) -> anyhow::Result<Status> {
        let workers = process_registry::live_processes(&self.redis, &self.prefix, Kind::Worker)
            .await
            .ok();
        let mut status = Status::default();
        for stage in StageName::with_queue() {
            status
                .stages
                .push(of("NATS", "NATS_URL", self.stage(stage, workers.as_deref())).await?);
        }
        let by_themselves = StageName::ALL
            .into_iter()
            .filter(|stage| !stage.has_queue());
        status.without_queue = by_themselves
            .map(|stage| Unqueued {
                stage: stage.name(),
                workers: workers.as_deref().map(|all| running(all, stage.name())),
            })
            .collect();
        for stream in StreamName::ALL {
            let filled = of("NATS", "NATS_URL", self.stream(stream)).await?;
            status.streams.push(filled);
        }
        status.dead_by_reason = of("PostgreSQL", "DATABASE_URL", self.dead()).await?;
        status.dead = status.dead_by_reason.values().sum();
        status.reconciled_seconds =
            of("PostgreSQL", "DATABASE_URL", self.reconciled_seconds()).await?;
        status.stores = of("NATS", "NATS_URL", self.database_behind()).await?;
        let streams = of("PostgreSQL", "DATABASE_URL", self.streams_behind()).await?;
        status.stores.extend(streams);
        status.schema_wrong =
            process_registry::schema_wrong(workers.as_deref().unwrap_or_default());
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

    /// What is wrong with streams that went back.
    async fn streams_behind(&self) -> anyhow::Result<Option<String>> {
        let mut conn = self.pool.acquire().await?;
        let behind = stream_marks::behind(&mut conn, &self.queue).await?;
        Ok((!behind.is_empty()).then(|| stream_marks::what(&behind)))
    }

    /// The same of PostgreSQL.
    async fn database_behind(&self) -> anyhow::Result<Vec<String>> {
        let read = StoreMarks::of(&self.queue).read().await?;
        let behind = read.standing.and_then(|standing| standing.behind);
        Ok(behind.iter().map(Behind::what).collect())
    }

    /// How long ago Twilio's log was compared.
    async fn reconciled_seconds(&self) -> anyhow::Result<Option<i64>> {
        let age = sqlx::query_scalar!(
            "select extract(epoch from clock_timestamp() - looked_at)::bigint
             from whatsapp_reconciliation"
        )
        .fetch_one(&self.pool)
        .await?;
        Ok(age)
    }

    /// Open dead letters by reason.
    async fn dead(&self) -> anyhow::Result<BTreeMap<String, i64>> {
        let dead = sqlx::query!(
            r#"select reason, count(*) as "count!" from whatsapp_dead_letters
               where state = 'open' group by reason"#
        )
        .fetch_all(&self.pool)
        .await?;
        Ok(dead
            .into_iter()
            .map(|row| (row.reason, row.count))
            .collect())
    }

    /// How full a stream is.
    async fn stream(&self, stream: StreamName) -> anyhow::Result<StreamStatus> {
        let (topology, context) = (self.queue.topology(), self.queue.context());
        let filled = topology.filled(context, stream).await;
        let filled = filled.map_err(|error| said(&error))?;
        Ok(StreamStatus {
            percent: filled.percent(),
            too_full: filled.is_too_full(),
            stream: filled.stream,
            bytes: filled.bytes,
            max_bytes: filled.max_bytes,
        })
    }

    async fn stage(
        &self,
        stage: StageName,
        workers: Option<&[ProcessInfo]>,
    ) -> anyhow::Result<StageStatus> {
        let (topology, context) = (self.queue.topology(), self.queue.context());
        let seen = topology.observe_stage(context, stage).await;
        let seen = seen.map_err(|error| said(&error))?;
        let now = self.clock.now();
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
            workers: workers.map(|all| running(all, stage.name())),
        })
    }
}

/// What NATS says, or that nothing is there yet.
fn said(error: &DriftError) -> anyhow::Error {
    match error.to_string() {
        said if said.contains("not found") => {
            anyhow::anyhow!("the streams are missing, start ingest or worker, which make them")
        }
        said => anyhow::anyhow!(said),
    }
}

/// How many run that stage.
fn running(workers: &[ProcessInfo], stage: &str) -> usize {
    let runs = |worker: &&ProcessInfo| worker.stages.iter().any(|name| name == stage);
    workers.iter().filter(runs).count()
}
