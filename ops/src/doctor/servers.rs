//! Versions of the servers, and whether they keep what they say that they have.

use std::time::Duration;

use common::{
    cache, http,
    settings::{Environment, NatsSettings, RedisSettings},
};
use serde_json::Value;
use url::Url;

use super::{Check, Lines};
use crate::connections::{self, Postgres};

pub(super) async fn check(env: &Environment, postgres: &Postgres<'_>) -> Lines {
    let (nats, redis, postgres) = tokio::join!(nats(env), redis(env), of_postgres(postgres));
    let mut lines = Vec::new();
    for (name, result) in [("nats", nats), ("redis", redis), ("postgresql", postgres)] {
        lines.extend(result.unwrap_or_else(|error| vec![Check::failed(name, &error)]));
    }
    Ok(lines)
}

async fn nats(env: &Environment) -> Lines {
    let settings = NatsSettings::load(env)?;
    let queue = connections::queue(env).await?;
    let client = queue.context().client();
    let info = client.server_info();
    let version = format!("version {}", info.version);
    let mut lines = vec![if client.is_server_compatible(2, 12, 0) {
        Check::ok("nats", version)
    } else {
        Check::wrong("nats", version, "use nats-server 2.12 or newer")
    }];
    let address = match env.get("NATS_MONITOR_URL") {
        Some(url) => Some(url.trim_end_matches('/').to_owned()),
        None => settings.urls.first().and_then(|url| {
            let host = Url::parse(url).ok()?.host_str()?.to_owned();
            Some(format!("http://{host}:8222"))
        }),
    };
    let seen = monitored(&address.unwrap_or_default()).await;
    lines.push(judge_sync(seen, &info.server_id));
    Ok(lines)
}

async fn monitored(address: &str) -> anyhow::Result<Value> {
    let client = http::client(Duration::from_secs(5))?;
    let response = client.get(format!("{address}/varz")).send().await?;
    Ok(response.json().await?)
}

/// What the server's monitoring port says of its disk.
fn judge_sync(seen: anyhow::Result<Value>, server_id: &str) -> Check {
    const NAME: &str = "nats_sync";
    let Some(seen) = seen.ok().filter(|seen| seen["server_id"] == server_id) else {
        return Check::wrong(
            NAME,
            "the server's monitoring port cannot be asked",
            "NATS_MONITOR_URL=http://HOST:8222 of the server in NATS_URL (http: 8222 in its \
             configuration)",
        );
    };
    if seen["jetstream"]["config"]["sync_always"] == true {
        Check::ok(NAME, "a message is on disk before it is accepted")
    } else {
        Check::wrong(
            NAME,
            "what was accepted may be lost when the machine fails",
            "jetstream { sync_interval: always } in the server's configuration, as in \
             deploy/nats.conf",
        )
    }
}

async fn redis(env: &Environment) -> Lines {
    let mut redis = cache::connect(&RedisSettings::load(env)?)?;
    let info: String = match redis::cmd("INFO").query_async(&mut redis).await {
        Ok(info) => info,
        Err(error) => return Ok(vec![without_redis(&error)]),
    };
    if cache::is_cluster(&info) {
        let fix = "REDIS_URL, or REDIS_HOST and REDIS_PORT: of one server";
        return Ok(vec![Check::wrong("redis", cache::CLUSTER, fix)]);
    }
    let value = |name: &str| {
        let lines = info.lines().filter_map(|line| line.split_once(':'));
        let mut values = lines.filter(|(key, _)| *key == name);
        values.next().map_or("", |(_, value)| value.trim())
    };
    let mut lines = vec![Check::ok(
        "redis",
        format!("version {}", value("redis_version")),
    )];
    if value("aof_enabled") != "1" {
        let fix = "appendonly yes";
        lines.push(Check::wrong(
            "redis",
            "a restart forgets conversations",
            fix,
        ));
    }
    let policy = value("maxmemory_policy");
    if policy != "noeviction" {
        let detail = format!("when it is full it drops keys ({policy})");
        lines.push(Check::wrong("redis", detail, "maxmemory-policy noeviction"));
    }
    Ok(lines)
}

fn without_redis(error: &redis::RedisError) -> Check {
    let refused = error.kind() == redis::ErrorKind::AuthenticationFailed;
    if refused || matches!(error.code(), Some("NOAUTH" | "WRONGPASS")) {
        let fix = "REDIS_PASSWORD, or the password in REDIS_URL: the server's requirepass";
        return Check::wrong("redis", "refuses our password, or asks for one", fix);
    }
    let fix = "REDIS_URL, or REDIS_HOST and REDIS_PORT; and that Redis runs there";
    Check::wrong("redis", format!("does not answer ({error})"), fix)
}

async fn of_postgres(postgres: &Postgres<'_>) -> Lines {
    let pool = postgres.pool().await?;
    let row = sqlx::query!(
        r#"select current_setting('server_version') as "version!",
               current_setting('server_version_num')::int as "number!",
               current_setting('fsync') as "fsync!",
               current_setting('synchronous_commit') as "commit!""#
    )
    .fetch_one(&pool)
    .await?;
    let version = format!("version {}", row.version);
    let mut lines = vec![if row.number >= 150_000 {
        Check::ok("postgresql", version)
    } else {
        Check::wrong("postgresql", version, "use PostgreSQL 15 or newer")
    }];
    if row.fsync != "on" {
        let detail = "fsync is off: a crash of the machine corrupts the database";
        lines.push(Check::wrong("postgresql", detail, "fsync = on"));
    }
    if row.commit == "off" {
        let detail = "synchronous_commit is off: what was recorded may be lost";
        lines.push(Check::wrong(
            "postgresql",
            detail,
            "synchronous_commit = on",
        ));
    }
    Ok(lines)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn only_the_server_itself_vouches_for_its_disk() {
        let seen = |id: &str, sync: bool| {
            let config = json!({"config": {"sync_always": sync}});
            judge_sync(Ok(json!({"server_id": id, "jetstream": config})), "N1")
        };
        assert!(seen("N1", true).ok);
        assert!(!seen("N2", true).ok);
        assert!(!seen("N1", false).ok);
        assert!(!judge_sync(Err(anyhow::anyhow!("away")), "N1").ok);
    }
}
