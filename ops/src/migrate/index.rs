//! Migrations that sqlx calls `-- no-transaction`: indexes that are built beside the work on a
//! table. What an earlier try has left half-made is taken away first.

use std::time::{Duration, Instant};

use anyhow::Context as _;
use sqlx::{PgConnection, migrate::Migration};

use super::{own::Set, record};

/// How often an index that somebody else builds is looked at.
const AGAIN: Duration = Duration::from_secs(1);

/// How an index of that name stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    Absent,
    /// Another session builds it, such as that of a `migrate` that was killed.
    InWork,
    /// A build ended before its end.
    Half,
    Whole,
}

/// Builds it, unless it stands, and writes it down.
pub(super) async fn build(
    conn: &mut PgConnection,
    migration: &'static Migration,
) -> anyhow::Result<()> {
    let file = Set::Own.file(migration);
    let began = Instant::now();
    build_concurrently(conn, migration.sql.as_str())
        .await
        .context(file)?;
    record::write(conn, migration, began.elapsed()).await?;
    Ok(())
}

async fn build_concurrently(conn: &mut PgConnection, sql: &'static str) -> anyhow::Result<()> {
    let Some(name) = index(sql) else {
        sqlx::raw_sql(sql).execute(conn).await?;
        return Ok(());
    };
    loop {
        match state(conn, name).await? {
            State::Whole => return Ok(()),
            State::InWork => {
                eprintln!("waiting: another session builds the index {name}");
                tokio::time::sleep(AGAIN).await;
            }
            State::Half => {
                println!("The index {name} is half-made: it is taken away and made anew.");
                let drop = format!("drop index concurrently if exists public.{name}");
                sqlx::raw_sql(sqlx::AssertSqlSafe(drop))
                    .execute(&mut *conn)
                    .await?;
            }
            State::Absent => {
                sqlx::raw_sql(sql).execute(&mut *conn).await?;
            }
        }
    }
}

/// The index that a file builds concurrently.
fn index(sql: &str) -> Option<&str> {
    let lines = sql.lines().filter(|line| !line.starts_with("--"));
    let mut words = lines.flat_map(str::split_whitespace);
    words.by_ref().find(|word| *word == "concurrently")?;
    let mut words = words.skip_while(|word| ["if", "not", "exists"].contains(word));
    let name = words.next()?;
    // `drop index concurrently name` has no more words.
    (words.next()? == "on").then_some(name)
}

async fn state(conn: &mut PgConnection, name: &str) -> Result<State, sqlx::Error> {
    let found: Option<(bool, bool)> = sqlx::query_as(
        "select i.indisvalid, exists (select from pg_stat_progress_create_index p
             where p.index_relid = c.oid and p.pid <> pg_backend_pid())
         from pg_class c join pg_index i on i.indexrelid = c.oid
         where c.relnamespace = 'public'::regnamespace and c.relname = $1",
    )
    .bind(name)
    .fetch_optional(conn)
    .await?;
    Ok(match found {
        None => State::Absent,
        Some((true, _)) => State::Whole,
        Some((false, true)) => State::InWork,
        Some((false, false)) => State::Half,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_index_that_is_built_is_read_from_the_statement() {
        for (sql, name) in [
            (
                "-- no-transaction\n-- Why on earth.\ncreate index concurrently whatsapp_x\n    on y (z);",
                Some("whatsapp_x"),
            ),
            (
                "-- no-transaction\ncreate unique index concurrently if not exists x on y (z)\n;",
                Some("x"),
            ),
            (
                "-- no-transaction\ndrop index concurrently if exists x;",
                None,
            ),
            ("-- no-transaction\nvacuum x;", None),
        ] {
            assert_eq!(index(sql), name, "{sql}");
        }
    }
}
