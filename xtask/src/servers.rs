//! PostgreSQL, Redis and NATS, started in a place and waited for.

use std::time::Duration;

use anyhow::Result;

use crate::checkout::Checkout;
use crate::group::Group;
use crate::secrets::Secrets;
use crate::tools::{self, Tools};

mod nats;
pub(crate) mod postgres;
mod redis;

/// How long a server may take; a PostgreSQL that was killed replays its log first.
const READY: Duration = Duration::from_secs(30);

/// Starts all three side by side, waits until they are ready, and sees to our role and database.
pub(crate) fn start(
    checkout: &Checkout,
    tools: &Tools,
    secrets: &Secrets,
    group: &mut Group,
) -> Result<()> {
    postgres::start(tools, secrets, group)?;
    redis::start(tools, group)?;
    nats::start(checkout, tools, group)?;
    postgres::wait_until_ready(tools, group)?;
    redis::wait_until_ready(group)?;
    nats::wait_until_ready(group)?;
    postgres::prepare(tools, secrets, group.port("postgres"))
}

/// The lines by which programs and tests find the servers.
pub(crate) fn environment(
    tools: &Tools,
    secrets: &Secrets,
    port: impl Fn(&str) -> u16,
) -> Vec<(&'static str, String)> {
    let postgres = port("postgres");
    vec![
        ("DATABASE_URL", postgres::url(secrets, postgres)),
        ("DATABASE_URL_ADMIN", postgres::admin_url(secrets, postgres)),
        ("NATS_URL", format!("nats://127.0.0.1:{}", port("nats"))),
        ("REDIS_URL", format!("redis://127.0.0.1:{}", port("redis"))),
        ("POSTGRES_BIN_DIR", tools.postgres_bin.display().to_string()),
        ("REDIS_SERVER_BIN", tools.redis_server.display().to_string()),
        ("NATS_SERVER_BIN", tools.nats_server.display().to_string()),
    ]
}

/// What a story needs that runs on a PostgreSQL of its own; without it that story fails.
pub(crate) fn of_another_version(checkout: &Checkout) -> Option<(&'static str, String)> {
    match tools::postgres_18(checkout) {
        Ok(home) => Some(("POSTGRES_18_DIR", home.display().to_string())),
        Err(error) => {
            eprintln!("the story on PostgreSQL 18 will fail: {error:#}");
            None
        }
    }
}
