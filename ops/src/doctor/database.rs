//! Migrations, what the role of the programs may do, Foco's part, row-level security. What is asked
//! of roles and of Foco is what `migrate` asks, by the same code.

use std::collections::HashSet;

use sqlx::PgConnection;

use super::{Check, Lines};
use crate::{
    connections::Postgres,
    migrate::{self, Accounts, Need, Server},
};

/// What mends what `migrate` makes.
const MIGRATE: &str = "focobot migrate";

pub(super) async fn check(postgres: &Postgres<'_>) -> Lines {
    let pool = postgres.pool().await?;
    let mut conn = pool.acquire().await?;
    let mut lines = Vec::new();
    for (name, result) in [
        ("migrations", migrations(&mut conn).await),
        ("role", role(&mut conn).await),
        ("tables", tables(&mut conn).await),
        ("row_security", row_security(&mut conn).await),
        ("accounts", accounts(&mut conn).await),
        ("foco", foco(&mut conn).await),
    ] {
        lines.extend(result.unwrap_or_else(|error| vec![Check::failed(name, &error)]));
    }
    Ok(lines)
}

/// A line for each thing that is missing, or the one that says that all is well.
fn each(name: &'static str, needs: &[Need], well: impl Into<String>) -> Vec<Check> {
    if needs.is_empty() {
        return vec![Check::ok(name, well)];
    }
    let needs = needs.iter();
    needs
        .map(|need| Check::wrong(name, &need.what, &need.mend))
        .collect()
}

async fn migrations(conn: &mut PgConnection) -> Lines {
    const NAME: &str = "migrations";
    let table: bool =
        sqlx::query_scalar("select to_regclass('public._sqlx_migrations') is not null")
            .fetch_one(&mut *conn)
            .await?;
    let applied: Vec<i64> = if table {
        sqlx::query_scalar("select version from public._sqlx_migrations where success")
            .fetch_all(&mut *conn)
            .await?
    } else {
        Vec::new()
    };
    let applied: HashSet<i64> = applied.into_iter().collect();
    let ours = migrate::versions();
    let missing = ours
        .iter()
        .filter(|version| !applied.contains(version))
        .count();
    if missing == 0 {
        return Ok(vec![Check::ok(
            NAME,
            format!("all {} are applied", ours.len()),
        )]);
    }
    let detail = if table {
        format!("{missing} of {} are missing", ours.len())
    } else {
        "FocoBot's tables are missing".to_owned()
    };
    let mut lines = vec![Check::wrong(NAME, detail, MIGRATE)];
    let server = Server::ask(conn).await?;
    let needs = migrate::to_migrate(conn, &server, true).await?;
    lines.extend(
        needs
            .iter()
            .map(|need| Check::wrong(NAME, &need.what, &need.mend)),
    );
    Ok(lines)
}

async fn role(conn: &mut PgConnection) -> Lines {
    let server = Server::ask(conn).await?;
    let needs = migrate::to_act(conn, &server, &server.role).await?;
    Ok(each(
        "role",
        &needs,
        format!("{} can act as a user", server.role),
    ))
}

/// Whether our own tables can be read and written: by their owner, or by a role that has been given
/// rights and a policy. Without the policy everything would look empty, and no error would say so.
async fn tables(conn: &mut PgConnection) -> Lines {
    const NAME: &str = "tables";
    let server = Server::ask(conn).await?;
    let found: Vec<(String, bool)> = sqlx::query_as(
        "select relname::text,
             has_table_privilege(oid, 'select') and has_table_privilege(oid, 'insert')
             and has_table_privilege(oid, 'update') and has_table_privilege(oid, 'delete')
             and (not row_security_active(oid) or exists (select from pg_policy p
                 join unnest(p.polroles) r on true
                 where p.polrelid = c.oid and p.polname = 'focobot_programs'
                     and pg_has_role(r, 'usage')))
         from pg_class c
         where relnamespace = 'public'::regnamespace and relkind = 'r' and relname = any($1)
         order by 1",
    )
    .bind(migrate::tables())
    .fetch_all(conn)
    .await?;
    let role = &server.role;
    let closed: Vec<&str> = found
        .iter()
        .filter(|(_, open)| !open)
        .map(|(name, _)| name.as_str())
        .collect();
    Ok(vec![match closed.len() {
        0 => Check::ok(NAME, format!("{role} reads and writes all {}", found.len())),
        count => Check::wrong(
            NAME,
            format!(
                "{role} cannot read and write {count}: {}",
                closed.join(", ")
            ),
            format!("focobot migrate --programs {role}, as their owner"),
        ),
    }])
}

async fn row_security(conn: &mut PgConnection) -> Lines {
    const NAME: &str = "row_security";
    let mut ours = migrate::tables();
    ours.push("_sqlx_migrations");
    let rows: Vec<(String, bool)> = sqlx::query_as(
        "select relname::text, relrowsecurity from pg_class
         where relkind in ('r', 'p') and relnamespace = 'public'::regnamespace
             and relname = any($1) order by relname",
    )
    .bind(ours)
    .fetch_all(conn)
    .await?;
    let off: Vec<&str> = rows
        .iter()
        .filter(|(_, on)| !on)
        .map(|(name, _)| name.as_str())
        .collect();
    Ok(vec![match (rows.len(), off.as_slice()) {
        (0, _) => Check::wrong(NAME, "there is no table of ours", MIGRATE),
        (count, []) => Check::ok(NAME, format!("on for all {count} tables")),
        (_, [first, ..]) => Check::wrong(
            NAME,
            format!("off for {}: users can read it", off.join(", ")),
            format!("alter table {first} enable row level security"),
        ),
    }])
}

async fn accounts(conn: &mut PgConnection) -> Lines {
    const NAME: &str = "accounts";
    let server = Server::ask(conn).await?;
    Ok(match migrate::accounts(conn, &server).await? {
        Accounts::Seen => vec![Check::ok(NAME, "addresses are seen")],
        Accounts::Empty => vec![Check::ok(
            NAME,
            "there is none yet, so it is not known who sees them",
        )],
        Accounts::Hidden(need) => each(NAME, &[need], ""),
    })
}

/// Foco's tables as the layer knows them, and whether it is made for them.
async fn foco(conn: &mut PgConnection) -> Lines {
    const NAME: &str = "foco";
    let layer = migrate::layer::look(conn).await?;
    let missing = layer.missing();
    if !missing.is_empty() {
        let what: Vec<&str> = missing
            .iter()
            .map(|missing| missing.what.as_str())
            .collect();
        let fix = missing.iter().find_map(|missing| missing.fix.clone());
        let fix = fix.unwrap_or_else(|| MIGRATE.to_owned());
        return Ok(vec![Check::wrong(NAME, what.join("; "), fix)]);
    }
    if !layer.plan().is_empty() {
        let what = format!(
            "{}, and the schema focobot is not made for it",
            layer.described()
        );
        return Ok(vec![Check::wrong(NAME, what, MIGRATE)]);
    }
    let slow: Vec<Need> = layer.advice().iter().map(Need::from).collect();
    Ok(each(NAME, &slow, layer.described()))
}
