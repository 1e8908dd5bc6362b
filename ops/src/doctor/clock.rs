//! Whether this machine's clock is right: codes, windows and bearer tokens live by it.

use std::time::Duration;

use anyhow::Context;
use chrono::{DateTime, Utc};
use common::{
    cache,
    clock::Clock,
    http,
    settings::{Environment, RedisSettings, TwilioSettings, WEBHOOK_PATH, public_base_url},
};

use super::{Check, Lines};
use crate::connections::Postgres;

const NAME: &str = "clock";
/// What bearer tokens are given, and more than networks take.
const MOST_SECONDS: i64 = 5;

pub(super) async fn check(env: &Environment, postgres: &Postgres<'_>) -> Lines {
    let clock = Clock::system();
    let (postgres, redis, public, twilio) = tokio::join!(
        of_postgres(postgres),
        of_redis(env),
        of_public_url(env),
        of_twilio(env)
    );
    let now = clock.now();
    let mut differing = Vec::new();
    let mut compared = Vec::new();
    for (name, theirs) in [
        ("PostgreSQL", postgres),
        ("Redis", redis),
        ("the public address", public),
        ("Twilio", twilio),
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

async fn of_postgres(postgres: &Postgres<'_>) -> Times {
    let pool = postgres.pool().await?;
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
    of_server(format!("{}{WEBHOOK_PATH}", public_base_url(env)?)).await
}

/// Times of messages are Twilio's, and its log is asked for by time.
async fn of_twilio(env: &Environment) -> Times {
    let settings = TwilioSettings::load(env)?;
    let account = settings.account.as_str();
    // A refusal has a date too.
    of_server(format!(
        "{}/2010-04-01/Accounts/{account}.json",
        settings.api_url
    ))
    .await
}

/// The date of a server's answer, whatever it answers.
async fn of_server(url: String) -> Times {
    let response = http::client(Duration::from_secs(10))?
        .get(url)
        .send()
        .await?;
    let date = response.headers().get("date").context("a date")?;
    let date = DateTime::parse_from_rfc2822(date.to_str()?)?;
    Ok((date.with_timezone(&Utc), Clock::system().now()))
}
