//! PostgreSQL: one pool a process, and the one way to act as a user.

use std::{str::FromStr, time::Duration};

use secrecy::ExposeSecret;
use sqlx::{
    Connection, PgConnection, PgPool,
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
        .connect_lazy_with(options))
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
