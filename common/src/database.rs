//! PostgreSQL: one pool a process, and the one way to act as a user.

use std::{str::FromStr, time::Duration};

use secrecy::ExposeSecret;
use sqlx::{
    Connection, PgConnection, PgPool, Row as _,
    postgres::{PgConnectOptions, PgPoolOptions},
};
use uuid::Uuid;

use crate::settings::DatabaseSettings;

/// Opens the pool. It connects when it is first used, so a database that is down is waited for
/// by the work that needs it.
///
/// # Errors
/// When `DATABASE_URL` cannot be read.
pub fn pool(settings: &DatabaseSettings) -> Result<PgPool, sqlx::Error> {
    metrics::counter!("database_connections_discarded_total").increment(0);
    let timings = settings.timings;
    let milliseconds = |duration: Duration| duration.as_millis().to_string();
    let options = PgConnectOptions::from_str(settings.url.expose_secret())?
        .application_name("focobot")
        .options([
            ("statement_timeout", milliseconds(timings.statement)),
            ("lock_timeout", milliseconds(timings.lock)),
            (
                "idle_in_transaction_session_timeout",
                milliseconds(timings.idle_in_transaction),
            ),
            ("timezone", "UTC".to_owned()),
        ]);
    Ok(PgPoolOptions::new()
        .max_connections(settings.max_connections)
        // Connecting counts here, and is given up with it: after a restart all connect at once,
        // and a pool that gives up too early never gets a single connection. Nothing is held
        // meanwhile, and the queue is told of progress.
        .acquire_timeout(timings.ack_wait)
        // In place of the ping, and as many round trips.
        .test_before_acquire(false)
        .before_acquire(|connection, _| Box::pin(is_outside_of_a_transaction(connection)))
        .connect_lazy_with(options))
}

/// Whether a connection from the pool is as it should be. In sqlx 0.9.0 a `begin` that is given up
/// before its answer leaves the connection inside of a transaction that nobody knows of
/// (`PgTransactionManager::begin`: its guard rolls back from depth 1 on, and the depth is still 0).
/// Whoever got that connection next would write into it, and be told that it is stored. `now()` is
/// when the transaction began, which is before this statement only if there was one: so in a simple
/// query. A prepared one begins its transaction as it is bound, a moment before it is executed.
async fn is_outside_of_a_transaction(connection: &mut PgConnection) -> Result<bool, sqlx::Error> {
    let outside: bool = sqlx::raw_sql("select now() = statement_timestamp()")
        .fetch_one(connection)
        .await?
        .try_get(0)?;
    if !outside {
        tracing::warn!("a connection was left inside of a transaction, and is closed");
        metrics::counter!("database_connections_discarded_total").increment(1);
    }
    Ok(outside)
}

/// Whether the database answers.
pub async fn is_up(pool: &PgPool) -> bool {
    let ping = async { pool.acquire().await?.ping().await };
    tokio::time::timeout(Duration::from_secs(2), ping)
        .await
        .is_ok_and(|answer| answer.is_ok())
}

/// From here to [`act_as_self`] the transaction is the user's: row-level security decides what
/// it sees. An error in between rolls the transaction back, and with it the role.
///
/// # Errors
/// When the database does not answer, or our role is no member of `authenticated`.
pub async fn act_as_user(transaction: &mut PgConnection, user: Uuid) -> Result<(), sqlx::Error> {
    let claims = serde_json::json!({"sub": user, "role": "authenticated"}).to_string();
    sqlx::query!(
        "select set_config('request.jwt.claims', $1, true) as claims,
                set_config('role', 'authenticated', true) as role",
        claims
    )
    .fetch_one(transaction)
    .await
    .map(drop)
}

/// Ends what [`act_as_user`] began.
///
/// # Errors
/// When the database does not answer.
pub async fn act_as_self(transaction: &mut PgConnection) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "select set_config('role', 'none', true) as role,
                set_config('request.jwt.claims', '', true) as claims"
    )
    .fetch_one(transaction)
    .await
    .map(drop)
}
