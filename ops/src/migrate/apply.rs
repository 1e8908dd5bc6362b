//! Carries out migrations: each in a transaction with its record, those of a first installation in
//! one. What needs no transaction is in `index.rs`.

use std::{
    fmt,
    time::{Duration, Instant},
};

use anyhow::{Context as _, bail};
use sqlx::{Connection as _, PgConnection, migrate::Migration};

use super::{
    adoption::OldLinks,
    index,
    lock::Lock,
    own::{self, Set},
    record::{self, Record},
};

/// How long a statement waits for a lock: all that comes after it waits behind it.
const LOCK_TIMEOUT: &str = "set local lock_timeout = '3s'";
/// How long another session's lock is waited for before giving up.
const PATIENCE: Duration = Duration::from_mins(3);
/// Between two tries.
const AGAIN: Duration = Duration::from_secs(1);

/// Migrations that are carried out in one transaction.
struct Step<'a> {
    set: Set,
    migrations: &'a [&'static Migration],
    /// The table that was there before, whose rows are taken over in the same transaction.
    old_links: Option<&'a OldLinks>,
}

/// Carries out what is pending of a set.
pub(super) async fn all(
    conn: &mut PgConnection,
    lock: &mut Lock,
    set: Set,
    pending: &[&'static Migration],
    old_links: Option<&OldLinks>,
) -> anyhow::Result<()> {
    // A first installation is there as a whole, or not at all.
    let first = pending.len() == set.migrations().len();
    let mut rest = pending;
    while let Some((migration, after)) = rest.split_first() {
        lock.is_still_held().await?;
        if migration.no_tx {
            index::build(conn, migration).await?;
            rest = after;
            continue;
        }
        let together = rest.iter().take_while(|migration| !migration.no_tx).count();
        let (migrations, after) = rest.split_at(if first { together } else { 1 });
        let begins = migrations
            .iter()
            .any(|migration| migration.version == own::LINKS);
        let step = Step {
            set,
            migrations,
            old_links: old_links.filter(|_| begins),
        };
        step.run(conn).await?;
        rest = after;
    }
    Ok(())
}

impl Step<'_> {
    /// Tries until no other session is in the way.
    async fn run(&self, conn: &mut PgConnection) -> anyhow::Result<()> {
        let began = Instant::now();
        loop {
            let Err(error) = self.try_once(conn).await else {
                return Ok(());
            };
            if !is_in_the_way(&error) || began.elapsed() > PATIENCE {
                return Err(error);
            }
            eprintln!("waiting: {}", crate::said::chain(&error));
            tokio::time::sleep(AGAIN).await;
        }
    }

    async fn try_once(&self, conn: &mut PgConnection) -> anyhow::Result<()> {
        let mut transaction = conn.begin().await?;
        sqlx::raw_sql(LOCK_TIMEOUT)
            .execute(&mut *transaction)
            .await?;
        take_sqlx_lock(&mut transaction).await?;
        // An older release, which knows of that lock only, may have come before us.
        let record = Record::read(&mut transaction).await?;
        let rows = match self.old_links {
            Some(_)
                if self
                    .migrations
                    .iter()
                    .any(|migration| record.has(migration)) =>
            {
                bail!(
                    "somebody else migrates {}; run it again",
                    super::adoption::NAME
                )
            }
            Some(old) => Some(old.take(&mut transaction).await?),
            None => None,
        };
        for migration in self.migrations {
            if !record.has(migration) {
                self.carry_out(&mut transaction, migration).await?;
            }
        }
        if let Some(rows) = rows {
            rows.put(&mut transaction).await?;
        }
        transaction.commit().await?;
        Ok(())
    }

    async fn carry_out(
        &self,
        transaction: &mut PgConnection,
        migration: &'static Migration,
    ) -> anyhow::Result<()> {
        let began = Instant::now();
        let text = match self.set {
            Set::Own => own::text(migration).into_owned(),
            Set::StandIn => migration.sql.as_str().to_owned(),
        };
        sqlx::raw_sql(sqlx::AssertSqlSafe(text))
            .execute(&mut *transaction)
            .await
            .with_context(|| self.set.file(migration))?;
        record::write(transaction, migration, began.elapsed()).await?;
        Ok(())
    }
}

/// Another session holds a lock, or two of them each other's.
fn is_in_the_way(error: &anyhow::Error) -> bool {
    let mut causes = error.chain();
    causes.any(|cause| match cause.downcast_ref::<sqlx::Error>() {
        Some(sqlx::Error::Database(said)) => said
            .code()
            .is_some_and(|code| code == "55P03" || code == "40P01"),
        _ => cause.is::<SqlxLockHeld>(),
    })
}

/// The lock that sqlx's own migrator takes is with somebody else.
#[derive(Debug)]
struct SqlxLockHeld;

impl fmt::Display for SqlxLockHeld {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an older focobot migrate, or sqlx itself, migrates this database")
    }
}

impl std::error::Error for SqlxLockHeld {}

/// For this transaction, the lock that sqlx's migrator holds for its session: a release before
/// this one migrates with it.
async fn take_sqlx_lock(transaction: &mut PgConnection) -> anyhow::Result<()> {
    let database: String = sqlx::query_scalar("select current_database()::text")
        .fetch_one(&mut *transaction)
        .await?;
    let taken: bool = sqlx::query_scalar("select pg_try_advisory_xact_lock($1)")
        .bind(sqlx_key(&database))
        .fetch_one(transaction)
        .await?;
    if taken {
        Ok(())
    } else {
        Err(SqlxLockHeld.into())
    }
}

/// The key of sqlx 0.9's lock: a constant times the CRC-32 (ISO-HDLC) of the database's name.
fn sqlx_key(database: &str) -> i64 {
    0x3d32_ad9e * i64::from(crc_32(database.as_bytes()))
}

fn crc_32(bytes: &[u8]) -> u32 {
    let bit = |crc: u32| (crc >> 1) ^ (0xedb8_8320 & (crc & 1).wrapping_neg());
    let byte = |crc: u32, byte: &u8| (0..8).fold(crc ^ u32::from(*byte), |crc, _| bit(crc));
    !bytes.iter().fold(!0, byte)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_check_value_of_crc_32_is_as_the_catalogue_of_crcs_has_it() {
        assert_eq!(crc_32(b"123456789"), 0xcbf4_3926);
    }
}
