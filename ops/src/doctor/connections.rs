//! Whether all connections that the programs at work may open are to be had.

use anyhow::Context as _;
use common::{
    cache,
    database::SUPABASE,
    process_registry::{self, Kind},
    settings::{DatabaseSettings, Environment, RedisSettings},
};
use secrecy::ExposeSecret as _;
use sqlx::PgPool;
use url::Url;

use super::{Check, Lines};
use crate::connections::Postgres;

const NAME: &str = "connections";
/// What Supabase's pooler gives all its clients together where nobody has raised it.
const OF_SUPABASE: i64 = 15;

pub(super) async fn check(env: &Environment, postgres: &Postgres<'_>) -> Lines {
    let settings = DatabaseSettings::load(env)?;
    let asked = asked(env).await?;
    let given = given(&postgres.pool().await?, &settings).await?;
    Ok(vec![judge(&asked, given)])
}

/// How many processes of a kind are at work, and how many connections they may open together.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Asked {
    ingesters: usize,
    workers: usize,
    connections: i64,
}

async fn asked(env: &Environment) -> anyhow::Result<Asked> {
    let settings = RedisSettings::load(env)?;
    let redis = cache::connect(&settings)?;
    let of = async |kind| {
        let all = process_registry::live_processes(&redis, &settings.prefix, kind).await;
        all.context("Redis does not answer; check REDIS_URL")
    };
    let (ingesters, workers) = (of(Kind::Ingest).await?, of(Kind::Worker).await?);
    let all = ingesters.iter().chain(&workers);
    Ok(Asked {
        ingesters: ingesters.len(),
        workers: workers.len(),
        connections: all.map(|one| i64::from(one.connections)).sum(),
    })
}

/// How many there are for them, and by whom.
#[derive(Clone, Copy, Debug)]
enum Given {
    Postgres(i64),
    Supabase(i64),
}

async fn given(pool: &PgPool, settings: &DatabaseSettings) -> anyhow::Result<Given> {
    let left = sqlx::query_scalar!(
        r#"select least(
               (select nullif(rolconnlimit, -1) from pg_roles where rolname = session_user)::bigint,
               (select nullif(datconnlimit, -1) from pg_database
                where datname = current_database())::bigint,
               current_setting('max_connections')::bigint
               - current_setting('superuser_reserved_connections')::bigint
               - coalesce(current_setting('reserved_connections', true), '0')::bigint
               - (select count(*) from pg_stat_activity
                  where datid is not null and application_name not like 'focobot%')
           ) as "left!""#
    )
    .fetch_one(pool)
    .await?;
    let url = Url::parse(settings.url.expose_secret())?;
    Ok(match url.host_str() {
        Some(host) if host.ends_with(SUPABASE) => Given::Supabase(OF_SUPABASE.min(left)),
        _ => Given::Postgres(left),
    })
}

/// One more than they may open is wanted: for this command, and for a look through a pooler.
fn judge(asked: &Asked, given: Given) -> Check {
    let who = format!(
        "{} ingest and {} worker processes may open {} connections",
        asked.ingesters, asked.workers, asked.connections
    );
    let (left, detail, larger) = match given {
        Given::Postgres(left) => (
            left,
            format!("{who}, PostgreSQL has {left} for them"),
            "max_connections of PostgreSQL",
        ),
        Given::Supabase(left) => (
            left,
            format!(
                "{who}, Supabase's pooler has {left} for all its clients unless that was raised"
            ),
            "the pool size at Supabase (Database settings), where this line may stay",
        ),
    };
    if asked.connections < left {
        return Check::ok(NAME, detail);
    }
    let processes = i64::try_from(asked.ingesters + asked.workers).unwrap_or(i64::MAX);
    let each = (left - 1) / processes.max(1);
    let fix = if each < 2 {
        format!("fewer processes, or raise {larger}")
    } else {
        format!("DATABASE_MAX_CONNECTIONS={each} for each of them, or raise {larger}")
    };
    Check::wrong(NAME, detail, fix)
}

#[cfg(test)]
mod tests {
    use common::settings::Program;

    use super::*;

    const USUAL: Asked = Asked {
        ingesters: 1,
        workers: 1,
        connections: 14,
    };

    #[test]
    fn an_ingester_and_a_worker_fit_into_the_smallest_pool_as_they_come() {
        let usual = Program::Ingest.usual_connections() + Program::Worker.usual_connections();
        assert_eq!(i64::from(usual), USUAL.connections);
        assert!(judge(&USUAL, Given::Supabase(OF_SUPABASE)).ok);
    }

    #[test]
    fn too_many_are_added_up_and_shared_out() {
        let four = Asked {
            workers: 3,
            connections: 34,
            ..USUAL
        };
        let check = judge(&four, Given::Supabase(OF_SUPABASE));
        assert!(
            !check.ok && check.detail.contains("may open 34"),
            "{check:?}"
        );
        let fix = check.fix.unwrap();
        assert!(fix.contains("DATABASE_MAX_CONNECTIONS=3 for each"), "{fix}");
        assert!(judge(&four, Given::Postgres(97)).ok);
        let fix = judge(&USUAL, Given::Postgres(3)).fix.unwrap();
        assert!(fix.contains("fewer processes"), "{fix}");
    }
}
