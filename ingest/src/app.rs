//! What every request has at hand.

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use common::{
    breaker::Breaker, clock::Clock, conversation::Conversations, database::Database,
    kill_point::KillPoint, process_registry::ProcessInfo, queue::Queue, shared_limit::SharedLimit,
    texts::Texts,
};
use redis::aio::ConnectionManager;
use schema::Watch;
use sqlx::PgPool;
use tokio::sync::Semaphore;

use crate::{
    link::TokenVerifier,
    settings::Settings,
    webhook::{Authenticator, Limit},
};

/// How many webhooks are worked on at once; what is beyond is refused at once.
const MOST_IN_FLIGHT: usize = 1024;
/// Messages in a row that NATS does not acknowledge before it is spared.
const QUEUE_PATIENCE: u32 = 8;
/// How long NATS is spared then.
const QUEUE_PAUSE: Duration = Duration::from_secs(1);
/// Codes that are made for one phone in an hour.
const CODES_PER_PHONE: u32 = 5;

/// Shared by all requests.
#[derive(Clone)]
pub(crate) struct App(Arc<Parts>);

/// The parts.
pub(crate) struct Parts {
    pub(crate) settings: Settings,
    pub(crate) clock: Clock,
    pub(crate) queue: Queue,
    /// Open while NATS keeps its connection and acknowledges nothing: what is asked of it then is
    /// kept in memory for ever (async-nats 0.51 forgets no request that is not answered).
    pub(crate) queue_breaker: Breaker,
    /// The same for whoever asks whether it is there.
    pub(crate) health_breaker: Breaker,
    pub(crate) database: PgPool,
    /// Whether that is to be used.
    pub(crate) way_to_database: Database,
    /// Whether the database is as this release asks for it.
    pub(crate) schema: Watch,
    pub(crate) redis: ConnectionManager,
    pub(crate) authenticator: Authenticator,
    pub(crate) limit: Limit,
    pub(crate) in_flight: Semaphore,
    pub(crate) tokens: TokenVerifier,
    pub(crate) codes_per_phone: SharedLimit,
    pub(crate) conversations: Conversations,
    pub(crate) texts: Texts,
}

impl App {
    /// Connects to everything; only NATS has to be there, PostgreSQL not behind a pooler that keeps
    /// no sessions, and Redis no cluster.
    pub(crate) async fn connect(settings: Settings) -> anyhow::Result<Self> {
        let prefix = &settings.redis.prefix;
        let redis = common::cache::connect(&settings.redis)?;
        let database = common::database::open(&settings.database)?;
        // Before anything else connects, so that its verdict is all that is said.
        database.first_look().await?;
        common::cache::first_look(&redis).await?;
        let queue = Queue::connect(&settings.nats).await?;
        Ok(Self(Arc::new(Parts {
            clock: Clock::system(),
            queue,
            queue_breaker: Breaker::new(Instant::now(), QUEUE_PATIENCE, QUEUE_PAUSE),
            health_breaker: Breaker::new(Instant::now(), QUEUE_PATIENCE, QUEUE_PAUSE),
            database: database.pool.clone(),
            way_to_database: database,
            schema: Watch::default(),
            authenticator: Authenticator::new(&settings),
            limit: Limit::new(redis.clone(), prefix, settings.per_minute),
            in_flight: Semaphore::new(MOST_IN_FLIGHT),
            tokens: TokenVerifier::new(&settings.user_tokens)?,
            codes_per_phone: SharedLimit::new(
                redis.clone(),
                format!("{prefix}:codes"),
                CODES_PER_PHONE,
                Duration::from_hours(1),
                Duration::ZERO,
            ),
            conversations: Conversations::new(redis.clone(), prefix),
            redis,
            texts: Texts::new(),
            settings,
        })))
    }

    /// What the process says of itself.
    pub(crate) fn process_info(&self) -> ProcessInfo {
        ProcessInfo {
            version: env!("CARGO_PKG_VERSION").to_owned(),
            connections: self.settings.database.max_connections,
            schema_wrong: self.schema.said(),
            ..ProcessInfo::default()
        }
    }

    /// Says that the process has come to that point between two steps.
    pub(crate) fn reach(&self, point: KillPoint) {
        self.settings.process.kill_switch.reach(point);
    }
}

impl std::ops::Deref for App {
    type Target = Parts;
    fn deref(&self) -> &Parts {
        &self.0
    }
}
