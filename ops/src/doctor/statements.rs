//! Whether the database has everything that this release asks of it: each of its statements is
//! prepared, and workers are asked which have failed.

use common::{
    cache,
    process_registry::{Kind, live_processes, schema_wrong},
    settings::{Environment, RedisSettings},
};
use schema::Findings;

use super::{Check, Lines};
use crate::connections::Postgres;

const NAME: &str = "schema";
/// Most sentences that are shown.
const MOST: usize = 3;
const FIX: &str = "focobot migrate; then what of Foco's tables, functions or rights was changed. \
                   What died of it: focobot dead replay --reason schema";

pub(super) async fn check(env: &Environment, postgres: &Postgres<'_>) -> Lines {
    let pool = postgres.pool().await?;
    let found = match schema::of_pool(&pool).await {
        Ok(found) => found,
        Err(error) => return Ok(vec![nobody_can_say(&error)]),
    };
    let mut lines = vec![judge(&found)];
    // A function's body, a right or a null shows only where it is used.
    let said = of_workers(env).await;
    let unseen = said.iter().filter(|said| !found.said.contains(said));
    if found.are_well() {
        lines.extend(unseen.map(|said| Check::wrong(NAME, format!("workers met: {said}"), FIX)));
    }
    Ok(lines)
}

fn judge(found: &Findings) -> Check {
    let all = schema::statements();
    if found.wrong_statements == 0 {
        let detail = format!("all {all} statements of this release can be prepared");
        return Check::ok(NAME, detail);
    }
    let said: Vec<&str> = found.said.iter().take(MOST).map(String::as_str).collect();
    let detail = format!(
        "{} of {all} statements cannot be prepared: {}",
        found.wrong_statements,
        said.join("; ")
    );
    Check::wrong(NAME, detail, FIX)
}

fn nobody_can_say(error: &sqlx::Error) -> Check {
    let said = common::database_error::Said::of(error);
    Check::wrong(
        NAME,
        format!("statements cannot be prepared now ({said})"),
        "look in pg_locks and pg_stat_activity for who has locked a table",
    )
}

/// What workers say; where Redis is away, another check says so.
async fn of_workers(env: &Environment) -> Vec<String> {
    let asked = async {
        let settings = RedisSettings::load(env)?;
        let redis = cache::connect(&settings)?;
        anyhow::Ok(live_processes(&redis, &settings.prefix, Kind::Worker).await?)
    };
    schema_wrong(&asked.await.unwrap_or_default())
}
