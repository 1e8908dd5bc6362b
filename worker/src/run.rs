//! Putting a worker together: connections, then one loop per consumer of the chosen stages.

use std::sync::Arc;

use axum::Router;
use common::{
    cache,
    clock::Clock,
    database::{self, Admission},
    http,
    queue::{ConnectError, ConsumerName, DriftError, Queue},
    sender::Lane,
    settings::SettingError,
    shutdown::Shutdown,
    stage::StageName,
    texts::Texts,
};
use metrics_exporter_prometheus::PrometheusHandle;
use redis::aio::ConnectionManager;
use tokio::net::TcpListener;

use crate::{
    dead::DeadLetters,
    engine::{
        context::Context,
        health::Health,
        idempotent_stage::Idempotent,
        isolation::Isolation,
        registration,
        stage::{Opened, Runner, Stage},
        store_watch::StoreWatch,
    },
    metrics::{backlog, counted},
    parse::{GuardedModel, Parse, Typing},
    reconcile,
    route::Route,
    send::Send,
    session::Sessions,
    settings::Settings,
    status::Status,
    sweep,
};

/// Why a worker cannot start.
#[derive(Debug, thiserror::Error)]
pub enum RunError {
    /// NATS is not there, too old, or differs from what was declared.
    #[error(transparent)]
    Queue(#[from] ConnectError),
    /// A consumer could not be opened.
    #[error(transparent)]
    Consumer(#[from] DriftError),
    /// `DATABASE_URL` cannot be read.
    #[error(
        "DATABASE_URL: cannot be read ({0}); a right value looks like postgres://user:password@host/foco"
    )]
    Database(sqlx::Error),
    /// The way to PostgreSQL, or the Redis, that it names is not to be used.
    #[error(transparent)]
    Unfit(SettingError),
    /// `REDIS_URL` cannot be read.
    #[error("REDIS_URL: cannot be read ({0}); a right value looks like redis://127.0.0.1:6379")]
    Redis(redis::RedisError),
    /// The system's certificates cannot be read.
    #[error("the system's certificates cannot be read ({0}); install the package ca-certificates")]
    Http(#[from] reqwest::Error),
    /// `METRICS_ADDR` is taken.
    #[error("METRICS_ADDR: cannot listen there ({0}); a right value looks like 0.0.0.0:9464")]
    Listen(std::io::Error),
}

/// How many messages of a stage one worker has in hand at once.
const SLOTS: [(StageName, usize); 4] = [
    (StageName::Parse, 16),
    (StageName::Send, 32),
    (StageName::Status, 32),
    (StageName::Dead, 4),
];

/// Runs until the shutdown says so, and then until what is in hand is finished.
///
/// # Errors
/// When a connection cannot be made at start-up.
pub async fn run(
    settings: Arc<Settings>,
    metrics: PrometheusHandle,
    shutdown: Shutdown,
) -> Result<(), RunError> {
    http::install_tls_provider();
    let redis = cache::connect(&settings.redis).map_err(RunError::Redis)?;
    let admission = Admission::default();
    let database = database::open_watched(&settings.database, &admission);
    let database = database.map_err(RunError::Database)?;
    database.first_look().await.map_err(RunError::Unfit)?;
    cache::first_look(&redis).await.map_err(RunError::Unfit)?;
    let queue = Queue::connect(&settings.nats).await?;
    let context = Arc::new(Context {
        pool: database.pool.clone(),
        stores: StoreWatch::new(&database, &admission, &queue),
        queue,
        sessions: Sessions::new(
            redis.clone(),
            &settings.redis.prefix,
            settings.process.session_ttl,
        ),
        texts: Texts::new(),
        clock: Clock::system(),
        health: Health::new(settings.database.timings),
        isolation: Isolation::default(),
        shutdown: shutdown.clone(),
        schema: Arc::default(),
        breaker_open: Arc::default(),
        settings,
    });
    let listener = TcpListener::bind(context.settings.process.metrics_addr)
        .await
        .map_err(RunError::Listen)?;
    drop(shutdown.spawn(keep_metrics_small(metrics.clone(), shutdown.clone())));
    serve_health(listener, &context, redis.clone(), metrics);
    counted::begin(&context);
    drop(shutdown.spawn(Arc::clone(&context.stores).run(shutdown.clone())));
    drop(shutdown.spawn(watch_schema(Arc::clone(&context))));
    for stage in context.settings.stages.clone() {
        start(stage, &context, &redis).await?;
    }
    let present = registration::run(Arc::clone(&context), redis);
    drop(context.shutdown.spawn(present));
    drop(context.shutdown.spawn(backlog::run(Arc::clone(&context))));
    tracing::info!(stages = ?context.settings.stages, "working");
    let ended = database.is_fit_until(&shutdown).await;
    if !shutdown.finished().await {
        tracing::warn!("stopped with work in hand; the queue hands it to another worker");
    }
    context.stores.end().await;
    context.queue.close().await;
    ended.map_err(RunError::Unfit)
}

/// Starts the loops of one stage.
async fn start(
    stage: StageName,
    context: &Arc<Context>,
    redis: &ConnectionManager,
) -> Result<(), RunError> {
    let shared = || Arc::clone(context);
    match stage {
        StageName::Route => {
            let route = Route { context: shared() };
            let route = Arc::new(Idempotent {
                context: shared(),
                inner: route,
            });
            for lane in Lane::all() {
                spawn(context, ConsumerName::Route(lane), &route, 1).await?;
            }
        }
        StageName::Parse => {
            let model = GuardedModel::configured(context, redis.clone())?;
            let parse = Parse {
                context: shared(),
                model,
                typing: Typing::new(&context.settings.twilio)?,
            };
            let parse = Arc::new(Idempotent {
                context: shared(),
                inner: parse,
            });
            spawn(context, ConsumerName::Parse, &parse, slots(stage)).await?;
        }
        StageName::Send => {
            let send = Arc::new(Send::new(shared(), redis)?);
            spawn(context, ConsumerName::Send, &send, slots(stage)).await?;
        }
        StageName::Status => {
            let status = Arc::new(Status { context: shared() });
            spawn(context, ConsumerName::Status, &status, slots(stage)).await?;
            spawn(context, ConsumerName::Refused, &status, slots(stage)).await?;
        }
        StageName::Dead => {
            let dead = Arc::new(DeadLetters { context: shared() });
            spawn(context, ConsumerName::Dead, &dead, slots(stage)).await?;
        }
        StageName::Sweep => {
            drop(context.shutdown.spawn(sweep::run(shared())));
        }
        StageName::Reconcile => {
            let reconciler = reconcile::reconciler(context, redis.clone())?;
            let run = reconcile::run(shared(), reconciler);
            drop(context.shutdown.spawn(run));
        }
    }
    Ok(())
}

fn slots(stage: StageName) -> usize {
    SLOTS
        .iter()
        .find(|(name, _)| *name == stage)
        .map_or(1, |(_, slots)| *slots)
}

/// Starts one consumer's loop.
async fn spawn<S: Stage>(
    context: &Arc<Context>,
    consumer: ConsumerName,
    stage: &Arc<S>,
    slots: usize,
) -> Result<(), RunError> {
    let opened = Opened::of(context, consumer).await?;
    let runner = Runner {
        context: Arc::clone(context),
        stage: Arc::clone(stage),
        consumer,
        slots,
    };
    let shutdown = &context.shutdown;
    drop(shutdown.spawn(runner.run(opened, shutdown.clone())));
    Ok(())
}

/// Watches the schema until the soft stop.
async fn watch_schema(context: Arc<Context>) {
    let soft = context.shutdown.soft();
    context.schema.run(&context.pool, soft).await;
}

/// Folds what was measured into the histograms, whether anybody asks for them or not.
async fn keep_metrics_small(metrics: PrometheusHandle, shutdown: Shutdown) {
    let pause = std::time::Duration::from_secs(5);
    while tokio::time::timeout(pause, shutdown.soft().cancelled())
        .await
        .is_err()
    {
        metrics.run_upkeep();
    }
}

/// Health and metrics, for as long as the worker runs.
fn serve_health(
    listener: TcpListener,
    context: &Arc<Context>,
    redis: ConnectionManager,
    metrics: PrometheusHandle,
) {
    let asked = Arc::clone(context);
    let ready = http::readiness(move || {
        let (context, redis) = (Arc::clone(&asked), redis.clone());
        async move {
            if !context.queue.is_connected() {
                return Err("nats");
            }
            if !cache::is_up(&redis).await {
                return Err("redis");
            }
            if let Some(resting) = context.stores.resting() {
                return Err(resting.name());
            }
            if !database::is_up(&context.pool).await {
                return Err("postgresql");
            }
            context
                .schema
                .failing()
                .map_or(Ok(()), |failing| Err(failing.name()))
        }
    });
    let routes = Router::new()
        .merge(http::health_routes(ready))
        .merge(http::metrics_routes(metrics));
    let soft = context.shutdown.soft().clone();
    drop(context.shutdown.spawn(async move {
        let server = axum::serve(listener, routes).with_graceful_shutdown(soft.cancelled_owned());
        if let Err(error) = server.await {
            tracing::error!(%error, "serving health and metrics");
        }
    }));
}
