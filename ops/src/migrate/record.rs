//! `_sqlx_migrations`: which migrations were applied. It stands in `public`, where Supabase gives
//! everybody with the public key all rights on what is made: so it is closed as it is made.

use std::{collections::HashMap, time::Duration};

use anyhow::bail;
use sqlx::{PgConnection, migrate::Migration};

/// As sqlx makes it, and closed in the same transaction.
const CLOSE: &str = "
    begin;
    create table if not exists public._sqlx_migrations (
        version bigint primary key,
        description text not null,
        installed_on timestamptz not null default now(),
        success boolean not null,
        checksum bytea not null,
        execution_time bigint not null
    );
    alter table public._sqlx_migrations enable row level security;
    revoke all on public._sqlx_migrations from public;
    do $$
    declare of_everybody text;
    begin
        for of_everybody in
            select rolname from pg_roles where rolname in ('anon', 'authenticated')
        loop
            execute format('revoke all on public._sqlx_migrations from %I', of_everybody);
        end loop;
    end $$;
    commit";

/// How the table stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Table {
    /// There is none.
    Absent,
    /// Users can read or change it.
    Open,
    /// It is ours alone.
    Closed,
}

/// What was applied.
pub(super) struct Record {
    /// The table itself.
    pub(super) table: Table,
    applied: HashMap<i64, Vec<u8>>,
}

impl Record {
    /// Reads it. Of a table of somebody else's row-level security may show nothing, and
    /// everything would be made again.
    pub(super) async fn read(conn: &mut PgConnection) -> anyhow::Result<Self> {
        let found: Option<(bool, bool, String)> = sqlx::query_as(
            "select not relrowsecurity or exists (
                 select from aclexplode(relacl) a left join pg_roles r on r.oid = a.grantee
                 where a.grantee = 0 or r.rolname in ('anon', 'authenticated')),
                 pg_has_role(relowner, 'usage'), pg_get_userbyid(relowner)::text
             from pg_class
             where relnamespace = to_regnamespace('public') and relname = '_sqlx_migrations'",
        )
        .fetch_optional(&mut *conn)
        .await?;
        let table = match found {
            None => Table::Absent,
            Some((_, false, owner)) => bail!(
                "FocoBot's tables belong to the role {owner}: let that role run focobot migrate"
            ),
            Some((true, ..)) => Table::Open,
            Some((false, ..)) => Table::Closed,
        };
        let applied = if table == Table::Absent {
            HashMap::new()
        } else {
            let rows: Vec<(i64, Vec<u8>)> =
                sqlx::query_as("select version, checksum from public._sqlx_migrations")
                    .fetch_all(conn)
                    .await?;
            rows.into_iter().collect()
        };
        Ok(Self { table, applied })
    }

    /// Whether a migration was applied.
    pub(super) fn has(&self, migration: &Migration) -> bool {
        self.applied.contains_key(&migration.version)
    }

    /// Whether a migration was applied with another text.
    pub(super) fn differs(&self, migration: &Migration) -> bool {
        let applied = self.applied.get(&migration.version);
        applied.is_some_and(|checksum| checksum[..] != migration.checksum[..])
    }
}

/// Makes the table, or closes the one that an older release left open.
pub(super) async fn close(conn: &mut PgConnection) -> Result<(), sqlx::Error> {
    sqlx::raw_sql(CLOSE).execute(conn).await.map(drop)
}

/// Writes down that a migration is applied, as sqlx does.
pub(super) async fn write(
    conn: &mut PgConnection,
    migration: &Migration,
    took: Duration,
) -> Result<(), sqlx::Error> {
    sqlx::query(
        "insert into public._sqlx_migrations
             (version, description, success, checksum, execution_time)
         values ($1, $2, true, $3, $4)",
    )
    .bind(migration.version)
    .bind(&*migration.description)
    .bind(&*migration.checksum)
    .bind(i64::try_from(took.as_nanos()).unwrap_or(i64::MAX))
    .execute(conn)
    .await
    .map(drop)
}
