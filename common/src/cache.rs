//! Redis: what may be lost without losing a message. Connects when it is first used.

use std::time::Duration;

use redis::{
    Client, RedisError,
    aio::{ConnectionManager, ConnectionManagerConfig},
};
use secrecy::ExposeSecret;

use crate::{http, settings::RedisSettings};

/// How long one command may take; the webhook has five seconds in all.
const RESPONSE: Duration = Duration::from_millis(400);

/// A connection that restores itself; commands fail at once while it is away. TLS (`rediss://`)
/// trusts the system's certificates, or those that `SSL_CERT_FILE` names.
///
/// # Errors
/// When `REDIS_URL` cannot be read.
pub fn connect(settings: &RedisSettings) -> Result<ConnectionManager, RedisError> {
    http::install_tls_provider();
    let config = ConnectionManagerConfig::new()
        .set_connection_timeout(Some(RESPONSE))
        .set_response_timeout(Some(RESPONSE))
        .set_number_of_retries(1)
        .set_max_delay(Duration::from_millis(100));
    ConnectionManager::new_lazy_with_config(Client::open(settings.url.expose_secret())?, config)
}

/// Whether Redis answers.
pub async fn is_up(redis: &ConnectionManager) -> bool {
    let mut redis = redis.clone();
    redis::cmd("PING")
        .query_async::<String>(&mut redis)
        .await
        .is_ok()
}
