//! Which server the pool's connections lead to: only those of the database that has been admitted are
//! handed out. A failover, a restore or another address leads to another one, and that may have less
//! than was recorded: whoever watches it decides (`worker/src/engine/store_watch.rs`).

use std::{
    sync::{
        Arc,
        atomic::{AtomicI64, Ordering},
    },
    time::{Duration, Instant},
};

use serde::{Deserialize, Serialize};
use sqlx::{PgConnection, Row as _, postgres::PgRow};
use tokio::sync::{Notify, watch};

/// How often a connection to a server in recovery asks whether that is over.
const IN_RECOVERY: Duration = Duration::from_millis(500);

/// Where a connection leads, and how far the server's log of changes is there.
const ASKING: &str = "select (select system_identifier from pg_control_system()) as system,
    case when pg_is_in_recovery() then null
        else left(pg_walfile_name(pg_current_wal_flush_lsn()), 8) end as timeline,
    (select oid::int8 from pg_database where datname = current_database()) as database,
    case when pg_is_in_recovery() then null
        else (pg_current_wal_flush_lsn() - '0/0'::pg_lsn)::int8 end as lsn,
    pg_is_in_recovery() as recovering";

/// The same where these functions are not there, or not for us.
const ASKING_LESS: &str = "select null::int8 as system, null::text as timeline,
    (select oid::int8 from pg_database where datname = current_database()) as database,
    0::int8 as lsn, pg_is_in_recovery() as recovering";

/// Which database a connection leads to. A copy of it on another server differs in at least one.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
pub struct Identity {
    /// The cluster's system identifier, made by `initdb`; absent where it may not be read.
    pub system: Option<i64>,
    /// The timeline that the server writes on, as in the names of its files; each promotion and each
    /// recovery to a point in time begins a new one.
    pub timeline: Option<String>,
    /// The database's oid: one that was dropped and made anew has another.
    pub database: i64,
}

/// What a connection has seen.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
pub struct Sighting {
    /// Where it leads.
    pub identity: Identity,
    /// How far the log of changes was flushed, in bytes since the cluster was made; 0 where it may
    /// not be read.
    pub lsn: i64,
}

impl Sighting {
    /// Asks a connection; `None` where the server is in recovery, and takes no changes yet.
    ///
    /// # Errors
    /// When it does not answer.
    pub async fn of(conn: &mut PgConnection) -> Result<Option<Self>, sqlx::Error> {
        let row = match sqlx::raw_sql(ASKING).fetch_one(&mut *conn).await {
            Err(sqlx::Error::Database(error)) => {
                tracing::debug!(%error, "which server this is cannot be read");
                sqlx::raw_sql(ASKING_LESS).fetch_one(conn).await?
            }
            asked => asked?,
        };
        Self::read(&row)
    }

    fn read(row: &PgRow) -> Result<Option<Self>, sqlx::Error> {
        if row.try_get("recovering")? {
            return Ok(None);
        }
        Ok(Some(Self {
            identity: Identity {
                system: row.try_get("system")?,
                timeline: row.try_get("timeline")?,
                database: row.try_get("database")?,
            },
            lsn: row.try_get("lsn")?,
        }))
    }
}

/// What all connections of a pool wait for. Nothing is admitted at first.
#[derive(Clone, Debug)]
pub struct Admission(Arc<Parts>);

#[derive(Debug)]
struct Parts {
    admitted: watch::Sender<Option<Admitted>>,
    /// Highest position that was seen on the admitted server.
    lsn: AtomicI64,
    doubted: Notify,
}

#[derive(Clone, Debug)]
struct Admitted {
    identity: Identity,
    /// What is older leads to an earlier one.
    since: Option<Instant>,
}

impl Default for Admission {
    fn default() -> Self {
        Self(Arc::new(Parts {
            admitted: watch::Sender::new(None),
            lsn: AtomicI64::new(0),
            doubted: Notify::new(),
        }))
    }
}

impl Admission {
    /// Hands out connections to that database from now on, and no other.
    pub fn admit(&self, seen: &Sighting) {
        self.0.lsn.store(seen.lsn, Ordering::SeqCst);
        let identity = seen.identity.clone();
        self.0.admitted.send_modify(|admitted| {
            let same = admitted.as_ref().filter(|old| old.identity == identity);
            let since = match same {
                Some(old) => old.since,
                None => Some(Instant::now()),
            };
            *admitted = Some(Admitted { identity, since });
        });
    }

    /// Hands out none until one is admitted.
    pub fn close(&self) {
        self.0.admitted.send_modify(|admitted| *admitted = None);
    }

    /// Whether connections are handed out.
    #[must_use]
    pub fn is_open(&self) -> bool {
        self.0.admitted.borrow().is_some()
    }

    /// The database to which connections are handed out, and the highest position seen there.
    #[must_use]
    pub fn admitted(&self) -> Option<Sighting> {
        let identity = self.0.admitted.borrow().as_ref()?.identity.clone();
        let lsn = self.0.lsn.load(Ordering::SeqCst);
        Some(Sighting { identity, lsn })
    }

    /// That was seen on a connection that was handed out.
    pub fn saw(&self, lsn: i64) {
        self.0.lsn.fetch_max(lsn, Ordering::SeqCst);
    }

    /// Waits until a connection leads elsewhere than to what is admitted, or nothing is admitted and
    /// one waits.
    pub async fn doubted(&self) {
        self.0.doubted.notified().await;
    }

    /// Whether a connection of the pool may still be handed out that is so old.
    pub(super) fn holds_for(&self, age: Duration) -> bool {
        let admitted = self.0.admitted.borrow();
        admitted.as_ref().is_some_and(|admitted| {
            let since = admitted.since.map(|since| since.elapsed());
            since.is_none_or(|since| age <= since)
        })
    }

    /// Waits until a connection that was just made may be handed out.
    pub(super) async fn wait(&self, conn: &mut PgConnection) -> Result<(), sqlx::Error> {
        let mut changes = self.0.admitted.subscribe();
        let mut has_waited = false;
        loop {
            let admitted = changes.borrow_and_update().clone();
            // Read before the server is asked: that has it by then, and more.
            let highest = self.0.lsn.load(Ordering::SeqCst);
            let Some(seen) = Sighting::of(conn).await? else {
                tokio::time::sleep(IN_RECOVERY).await;
                continue;
            };
            if let Some(admitted) = admitted {
                if admitted.identity == seen.identity && seen.lsn >= highest {
                    self.saw(seen.lsn);
                    return Ok(());
                }
                if has_waited {
                    // It leads to another server than that which was decided on meanwhile.
                    return Err(std::io::Error::from(std::io::ErrorKind::ConnectionAborted).into());
                }
                tracing::warn!(?seen, highest, "PostgreSQL is another one, or went back");
                self.close();
            }
            self.0.doubted.notify_one();
            has_waited = true;
            if changes.wait_for(Option::is_some).await.is_err() {
                return Err(sqlx::Error::PoolClosed);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seen(timeline: &str) -> Sighting {
        Sighting {
            identity: Identity {
                system: Some(1),
                timeline: Some(timeline.to_owned()),
                database: 5,
            },
            lsn: 100,
        }
    }

    #[test]
    fn what_is_older_than_another_database_is_not_handed_out() {
        let (admission, old) = (Admission::default(), Duration::from_secs(5));
        assert!(!admission.holds_for(Duration::ZERO));
        admission.admit(&seen("00000001"));
        assert!(admission.holds_for(Duration::ZERO) && !admission.holds_for(old));
        admission.close();
        assert!(!admission.holds_for(Duration::ZERO));
    }

    #[test]
    fn the_highest_position_is_that_of_what_is_admitted() {
        let admission = Admission::default();
        admission.admit(&seen("00000001"));
        admission.saw(300);
        admission.saw(200);
        assert_eq!(admission.admitted().map(|seen| seen.lsn), Some(300));
        admission.admit(&seen("00000002"));
        assert_eq!(admission.admitted(), Some(seen("00000002")));
    }
}
