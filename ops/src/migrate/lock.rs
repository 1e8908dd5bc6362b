//! One migrates at a time. The lock belongs to an open transaction of a connection of its own: a
//! pooler in whatever mode ends that with its client, so a kill leaves nothing behind. Who waits
//! asks again and again outside of any transaction, and so holds no snapshot: a concurrent build of
//! an index waits for every snapshot that is older, and those that wait for a lock of the session
//! in `pg_advisory_lock` hold one.

use std::time::Duration;

use anyhow::Context as _;
use chrono::{DateTime, Utc};
use common::settings::DatabaseSettings;
use sqlx::{Connection as _, PgConnection, Row as _};

use super::session;

/// Ours in `pg_locks`: class and object.
const KEY: (i32, i32) = (0x666f_636f, 16);
/// How often the lock is asked for.
const AGAIN: Duration = Duration::from_millis(500);
/// Every so many times whoever holds it is named.
const SAY_EVERY: u32 = 10;

/// The lock, held.
pub(super) struct Lock(PgConnection);

impl Lock {
    /// Waits for it, and says for whom.
    pub(super) async fn take(settings: &DatabaseSettings) -> anyhow::Result<Self> {
        let mut conn = session::open(settings, "focobot migrate (lock)").await?;
        let mut tries = 0_u32;
        loop {
            if try_take(&mut conn).await? {
                return Ok(Self(conn));
            }
            if tries.is_multiple_of(SAY_EVERY) {
                let holder = holder(&mut conn).await?;
                eprintln!("waiting: {holder} migrates this database");
            }
            tries += 1;
            tokio::time::sleep(AGAIN).await;
        }
    }

    /// Fails where the lock is gone, as after the server was restarted.
    pub(super) async fn is_still_held(&mut self) -> anyhow::Result<()> {
        sqlx::raw_sql("select 1")
            .execute(&mut self.0)
            .await
            .map(drop)
            .context("the lock is lost with its connection; what is done is done, run it again")
    }

    /// Gives it back.
    pub(super) async fn release(self) {
        drop(self.0.close().await);
    }
}

/// Simple queries only: a prepared one would keep its portal, and a snapshot with it.
async fn try_take(conn: &mut PgConnection) -> anyhow::Result<bool> {
    sqlx::raw_sql("begin").execute(&mut *conn).await?;
    let ask = format!("select pg_try_advisory_xact_lock({}, {})", KEY.0, KEY.1);
    let row = sqlx::raw_sql(sqlx::AssertSqlSafe(ask))
        .fetch_one(&mut *conn)
        .await?;
    let taken: bool = row.try_get(0)?;
    if !taken {
        sqlx::raw_sql("rollback").execute(conn).await?;
    }
    Ok(taken)
}

/// Process, program, role, and since when.
type Holder = (i32, Option<String>, Option<String>, Option<DateTime<Utc>>);

/// Who holds it, as people find it in `pg_stat_activity`.
async fn holder(conn: &mut PgConnection) -> anyhow::Result<String> {
    let found: Option<Holder> = sqlx::query_as(
        "select l.pid, a.application_name, a.usename::text, a.xact_start
             from pg_locks l left join pg_stat_activity a on a.pid = l.pid
             where l.locktype = 'advisory' and l.granted and l.objsubid = 2
                 and l.classid::bigint = $1 and l.objid::bigint = $2
                 and l.database = (select oid from pg_database where datname = current_database())
             limit 1",
    )
    .bind(i64::from(KEY.0))
    .bind(i64::from(KEY.1))
    .fetch_optional(conn)
    .await?;
    let Some((pid, application, role, since)) = found else {
        return Ok("somebody who has just ended".to_owned());
    };
    let unknown = || "unknown".to_owned();
    let since = since.map_or_else(unknown, |at| at.format("%Y-%m-%d %H:%M:%S UTC").to_string());
    Ok(format!(
        "process {pid} of PostgreSQL ({}, role {}, since {since})",
        application.unwrap_or_else(unknown),
        role.unwrap_or_else(unknown)
    ))
}
