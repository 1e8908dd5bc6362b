//! Connecting to what a command needs.

use common::{
    database,
    queue::Queue,
    settings::{DatabaseSettings, Environment, NatsSettings, TelemetrySettings},
    telemetry::{self, Traces},
};
use sqlx::PgPool;

/// PostgreSQL, connected.
pub(crate) async fn database(env: &Environment) -> anyhow::Result<PgPool> {
    let pool = database::pool(&DatabaseSettings::load(env)?)?;
    pool.acquire().await.map_err(|error| {
        let said = error
            .as_database_error()
            .map(|said| said.message().to_owned());
        anyhow::anyhow!(
            "cannot connect to PostgreSQL ({}); check DATABASE_URL, and that PostgreSQL runs",
            said.unwrap_or_else(|| error.to_string())
        )
    })?;
    Ok(pool)
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
