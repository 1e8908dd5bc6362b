//! Whether this machine's clock is right: codes, windows and bearer tokens live by it.

use std::time::Duration;

use anyhow::Context;
use chrono::{DateTime, Utc};
use common::{
    cache,
    clock::Clock,
    http,
    settings::{Environment, RedisSettings, WEBHOOK_PATH, public_base_url},
};

use super::{Check, Lines};
use crate::connections;

const NAME: &str = "clock";
/// What bearer tokens are given, and more than networks take.
const MOST_SECONDS: i64 = 5;

pub(super) async fn check(env: &Environment) -> Lines {
    let clock = Clock::system();
    let (postgres, redis, public) =
        tokio::join!(of_postgres(env), of_redis(env), of_public_url(env));
    let now = clock.now();
    let mut differing = Vec::new();
    let mut compared = Vec::new();
    for (name, theirs) in [
        ("PostgreSQL", postgres),
        ("Redis", redis),
        ("the public address", public),
    ] {
        // Whoever does not answer has a line of its own elsewhere.
        let Ok((theirs, asked)) = theirs else {
            continue;
        };
        compared.push(name);
        let apart = (theirs - asked).num_seconds();
        if apart.abs() > MOST_SECONDS {
            differing.push(format!("{name} is {apart} s away"));
        }
    }
    if compared.is_empty() {
        let fix = "repair the servers that other lines name";
        return Ok(vec![Check::wrong(NAME, "nothing to compare it with", fix)]);
    }
    if differing.is_empty() {
        let detail = format!("{}, as {}", now.format("%F %T UTC"), compared.join(", "));
        return Ok(vec![Check::ok(NAME, detail)]);
    }
    let fix = "let NTP (chrony, systemd-timesyncd) set the clocks of all machines";
    Ok(vec![Check::wrong(NAME, differing.join("; "), fix)])
}

/// Their time, and ours when it was asked for.
type Times = anyhow::Result<(DateTime<Utc>, DateTime<Utc>)>;

async fn of_postgres(env: &Environment) -> Times {
    let pool = connections::database(env).await?;
    let now = sqlx::query_scalar!(r#"select clock_timestamp() as "now!""#)
        .fetch_one(&pool)
        .await?;
    Ok((now, Clock::system().now()))
}

async fn of_redis(env: &Environment) -> Times {
    let mut redis = cache::connect(&RedisSettings::load(env)?)?;
    let (seconds, _): (i64, i64) = redis::cmd("TIME").query_async(&mut redis).await?;
    let now = DateTime::from_timestamp(seconds, 0).context("a moment")?;
    Ok((now, Clock::system().now()))
}

async fn of_public_url(env: &Environment) -> Times {
    let url = format!("{}{WEBHOOK_PATH}", public_base_url(env)?);
    let response = http::client(Duration::from_secs(10))?
        .get(url)
        .send()
        .await?;
    let date = response.headers().get("date").context("a date")?;
    let date = DateTime::parse_from_rfc2822(date.to_str()?)?;
    Ok((date.with_timezone(&Utc), Clock::system().now()))
}
