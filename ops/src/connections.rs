//! Connecting to what a command needs.

use common::{
    database::{self, ConnectionError},
    queue::Queue,
    settings::{DatabaseSettings, Environment, NatsSettings, TelemetrySettings},
    telemetry::{self, Traces},
};
use sqlx::PgPool;
use tokio::sync::OnceCell;

/// PostgreSQL, connected.
pub(crate) async fn database(env: &Environment) -> anyhow::Result<PgPool> {
    let database = database::open(&DatabaseSettings::load(env)?)?;
    database.look().await.map_err(explained)?;
    Ok(database.pool)
}

/// PostgreSQL for several who ask at once: connected when the first does.
pub(crate) struct Postgres<'a> {
    env: &'a Environment,
    pool: OnceCell<Result<PgPool, String>>,
}

impl<'a> Postgres<'a> {
    pub(crate) fn new(env: &'a Environment) -> Self {
        let pool = OnceCell::new();
        Self { env, pool }
    }

    /// The pool, or why there is none, to each who asks.
    pub(crate) async fn pool(&self) -> anyhow::Result<PgPool> {
        let connect = || async {
            database(self.env)
                .await
                .map_err(|error| format!("{error:#}"))
        };
        let pool = self.pool.get_or_init(connect).await.clone();
        pool.map_err(anyhow::Error::msg)
    }
}

/// What a connection that was not made says to somebody who waits for it.
pub(crate) fn explained(error: ConnectionError) -> anyhow::Error {
    let ConnectionError::Failed(error) = error else {
        return error.into();
    };
    let said = error
        .as_database_error()
        .map(|said| said.message().to_owned());
    anyhow::anyhow!(
        "cannot connect to PostgreSQL ({}); check DATABASE_URL, and that PostgreSQL runs",
        said.unwrap_or_else(|| error.to_string())
    )
}

/// NATS, connected.
pub(crate) async fn queue(env: &Environment) -> anyhow::Result<Queue> {
    Ok(Queue::attach(&NatsSettings::load(env)?).await?)
}

/// Traces of what is published; the logs would only be in the way.
pub(crate) fn traces(env: &Environment) -> anyhow::Result<Traces> {
    let settings = TelemetrySettings {
        filter: "warn".to_owned(),
        ..TelemetrySettings::load(env)?
    };
    Ok(telemetry::init("focobot", &settings)?)
}
