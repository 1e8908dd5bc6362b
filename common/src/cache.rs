//! Redis: what may be lost without losing a message. Connects when it is first used.

use std::time::Duration;

use redis::{
    Client, RedisError,
    aio::{ConnectionManager, ConnectionManagerConfig},
};
use secrecy::ExposeSecret;

use crate::{
    http,
    settings::{RedisSettings, SettingError},
};

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

/// What is wrong with a Redis Cluster, and what is to be done.
pub const CLUSTER: &str = "a Redis Cluster answers there, which our scripts do not work on: each \
     reads keys of several slots. One server, with replicas or without, is enough";

/// Looks at the server as a program starts. One that does not answer is waited for later.
///
/// # Errors
/// When a Redis Cluster answers.
pub async fn first_look(redis: &ConnectionManager) -> Result<(), SettingError> {
    match told(redis).await {
        Ok(told) if is_cluster(&told) => Err(SettingError::new(
            "REDIS_URL",
            CLUSTER,
            "redis://127.0.0.1:6379",
        )),
        _ => Ok(()),
    }
}

/// Whether Redis answers, and is one that we work with.
pub async fn is_up(redis: &ConnectionManager) -> bool {
    told(redis).await.is_ok_and(|told| !is_cluster(&told))
}

/// What it says of its cluster; nothing where we may not ask.
async fn told(redis: &ConnectionManager) -> Result<String, RedisError> {
    let mut redis = redis.clone();
    match redis::cmd("INFO")
        .arg("cluster")
        .query_async(&mut redis)
        .await
    {
        Err(error) if error.code() == Some("NOPERM") => Ok(String::new()),
        told => told,
    }
}

/// Whether an answer to `INFO` is that of a server in cluster mode.
#[must_use]
pub fn is_cluster(info: &str) -> bool {
    info.lines().any(|line| line.trim() == "cluster_enabled:1")
}
