//! Migrations, the role's membership, row-level security.

use std::collections::HashSet;

use common::settings::Environment;
use sqlx::PgPool;

use super::{Check, Lines};
use crate::{connections, migrate};

pub(super) async fn check(env: &Environment) -> Lines {
    let pool = connections::database(env).await?;
    let mut lines = Vec::new();
    for (name, result) in [
        ("migrations", migrations(&pool).await),
        ("role", role(&pool).await),
        ("row_security", row_security(&pool).await),
    ] {
        lines.push(result.unwrap_or_else(|error| Check::failed(name, &error)));
    }
    Ok(lines)
}

async fn migrations(pool: &PgPool) -> anyhow::Result<Check> {
    const NAME: &str = "migrations";
    let fix = "focobot migrate";
    let table =
        sqlx::query_scalar!(r#"select to_regclass('_sqlx_migrations') is not null as "found!""#)
            .fetch_one(pool)
            .await?;
    if !table {
        return Ok(Check::wrong(NAME, "FocoBot's tables are missing", fix));
    }
    let applied: Vec<i64> =
        sqlx::query_scalar("select version from _sqlx_migrations where success")
            .fetch_all(pool)
            .await?;
    let applied: HashSet<i64> = applied.into_iter().collect();
    let ours = migrate::own_versions();
    let missing = ours.iter().filter(|version| !applied.contains(version));
    Ok(match missing.count() {
        0 => Check::ok(NAME, format!("all {} are applied", ours.len())),
        count => Check::wrong(NAME, format!("{count} of {} are missing", ours.len()), fix),
    })
}

async fn role(pool: &PgPool) -> anyhow::Result<Check> {
    const NAME: &str = "role";
    let row = sqlx::query!(
        r#"select current_user::text as "name!",
               exists (select from pg_roles r where r.rolname = 'authenticated'
                   and pg_has_role(current_user, r.oid, 'member')) as "member!""#
    )
    .fetch_one(pool)
    .await?;
    Ok(if row.member {
        let detail = format!("{} is a member of authenticated", row.name);
        Check::ok(NAME, detail)
    } else {
        let detail = format!("{} cannot act as a user", row.name);
        Check::wrong(NAME, detail, format!("grant authenticated to {}", row.name))
    })
}

async fn row_security(pool: &PgPool) -> anyhow::Result<Check> {
    const NAME: &str = "row_security";
    let rows = sqlx::query!(
        r#"select relname::text as "name!", relrowsecurity as "on!" from pg_class
           where relkind in ('r', 'p') and relnamespace = 'public'::regnamespace
               and (relname like 'whatsapp\_%' or relname = '_sqlx_migrations') order by relname"#
    )
    .fetch_all(pool)
    .await?;
    let off: Vec<&str> = rows
        .iter()
        .filter(|row| !row.on)
        .map(|row| row.name.as_str())
        .collect();
    Ok(match (rows.len(), off.as_slice()) {
        (0, _) => Check::wrong(NAME, "there is no table of ours", "focobot migrate"),
        (count, []) => Check::ok(NAME, format!("on for all {count} tables")),
        (_, [first, ..]) => Check::wrong(
            NAME,
            format!("off for {}: users can read it", off.join(", ")),
            format!("alter table {first} enable row level security"),
        ),
    })
}
