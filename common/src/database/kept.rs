//! Whether a connection keeps its session, which it does not behind a pooler in transaction mode:
//! there each transaction may run in another session, shared with other clients. Time-outs then hold
//! for somebody else, and a prepared statement is answered by one of the same name. A port proves
//! nothing, so it is seen: two connections leave marks in their sessions and look for them.

use std::{io, pin::pin, time::Duration};

use futures_util::future::BoxFuture;
use sqlx::{
    AssertSqlSafe, ConnectOptions as _, PgConnection, Row as _, postgres::PgConnectOptions,
};
use tokio::time::timeout;

/// Whose turn it is. Poolers hand out the session that was used last, or that was used longest ago,
/// or any: this order meets the first two at once. By chance, with two sessions shared by all, one
/// look in two would find nothing, so there are several.
const TURNS: [Probe; 8] = [
    Probe::First,
    Probe::Second,
    Probe::Second,
    Probe::First,
    Probe::First,
    Probe::Second,
    Probe::Second,
    Probe::First,
];
/// How often all of them are taken where there is reason to doubt.
const IN_DOUBT: usize = 5;
/// How long connecting may take.
const CONNECTING: Duration = Duration::from_secs(5);
/// How long the second connection may wait for a session.
const WAITING: Duration = Duration::from_secs(1);

#[derive(Clone, Copy, PartialEq, Eq)]
enum Probe {
    First,
    Second,
}

/// What was seen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Sight {
    /// Each connection has a session of its own.
    Kept,
    /// They share sessions.
    Shared,
    /// There is no second connection to be had.
    Alone,
}

/// What was seen before.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Before {
    /// Nothing yet.
    #[default]
    Nothing,
    /// Each had a session of its own.
    Kept,
    /// Since then a session was found to be another connection's.
    Doubt,
}

/// The second connection while it is being made: kept by whoever looks, so that one who gives up
/// does not begin it anew for the next.
pub(super) type Connecting = BoxFuture<'static, Result<PgConnection, sqlx::Error>>;

/// Looks, by a first connection and a second that is made for it.
pub(super) async fn look(
    first: &mut PgConnection,
    connecting: &mut Option<Connecting>,
    options: &PgConnectOptions,
    before: Before,
) -> Result<Sight, sqlx::Error> {
    let mut first = Marked::new(first);
    first.look(None).await?;
    let second = connecting.get_or_insert_with(|| {
        let options = options.clone();
        Box::pin(async move {
            let connecting = timeout(CONNECTING, options.connect());
            connecting.await.unwrap_or_else(|_elapsed| {
                let said = "no second connection, to look whether this one keeps its session";
                Err(io::Error::new(io::ErrorKind::TimedOut, said).into())
            })
        })
    });
    let second = second.await;
    *connecting = None;
    let mut second = match second {
        Ok(second) => second,
        // What was seen before is not given up for want of a second connection.
        Err(error) if is_full(&error) || before == Before::Kept && !says_shared(&error) => {
            return first.alone().await;
        }
        Err(error) => return Err(error),
    };
    let sight = by_turns(first, Marked::new(&mut second), before).await;
    // It was of use; an error only says that it is gone already.
    drop(sqlx::Connection::close(second).await);
    sight
}

async fn by_turns(
    mut first: Marked<'_>,
    mut second: Marked<'_>,
    before: Before,
) -> Result<Sight, sqlx::Error> {
    let (of_first, of_second) = (first.mark.clone(), second.mark.clone());
    {
        let mut looking = pin!(second.look(Some(&of_first)));
        match timeout(WAITING, looking.as_mut()).await {
            Ok(Ok(true)) => {}
            Ok(Ok(false)) => return Ok(Sight::Shared),
            Ok(Err(error)) if is_full(&error) => return first.alone().await,
            Ok(Err(error)) => return Err(error),
            // It still waits, and asked before the first does now: were sessions shared, the first
            // would wait behind it.
            Err(_elapsed) => return first.alone().await,
        }
    }
    let times = match before {
        Before::Doubt => IN_DOUBT,
        Before::Nothing | Before::Kept => 1,
    };
    for turn in TURNS.iter().cycle().skip(2).take(TURNS.len() * times - 2) {
        let found = match turn {
            Probe::First => first.look(Some(&of_second)).await?,
            Probe::Second => second.look(Some(&of_first)).await?,
        };
        if !found {
            return Ok(Sight::Shared);
        }
    }
    Ok(Sight::Kept)
}

/// A connection that has left its mark.
struct Marked<'a> {
    conn: &'a mut PgConnection,
    mark: String,
    has_left: bool,
}

impl<'a> Marked<'a> {
    fn new(conn: &'a mut PgConnection) -> Self {
        Self {
            conn,
            mark: format!("{:016x}", rand::random::<u64>()),
            has_left: false,
        }
    }

    /// Looks for its mark and leaves it again; whether the session is as it left it, or, where it
    /// had left none yet, not the other's. In a simple query, which prepares nothing.
    async fn look(&mut self, others: Option<&str>) -> Result<bool, sqlx::Error> {
        let mark = &self.mark;
        let statement = format!(
            "with found as materialized (select current_setting('focobot.mark', true) as mark)
             select found.mark, set_config('focobot.mark', '{mark}', false) from found"
        );
        let row = sqlx::raw_sql(AssertSqlSafe(statement))
            .fetch_one(&mut *self.conn)
            .await?;
        let found: Option<String> = row.try_get(0)?;
        let had_left = std::mem::replace(&mut self.has_left, true);
        Ok(if had_left {
            found.as_ref() == Some(mark)
        } else {
            found.is_none() || found.as_deref() != others
        })
    }

    /// As much as one connection sees.
    async fn alone(&mut self) -> Result<Sight, sqlx::Error> {
        for _ in TURNS {
            if !self.look(None).await? {
                return Ok(Sight::Shared);
            }
        }
        Ok(Sight::Alone)
    }
}

/// Whether no connection more is to be had because each has a session: PostgreSQL's own word for
/// that, or Supavisor's in session mode.
fn is_full(error: &sqlx::Error) -> bool {
    error.as_database_error().is_some_and(|said| {
        said.code().as_deref() == Some("53300")
            || said.message().to_lowercase().contains("session mode")
    })
}

/// Whether a pooler says itself that it keeps no sessions.
pub(super) fn says_shared(error: &sqlx::Error) -> bool {
    error.as_database_error().is_some_and(|said| {
        let words = said.message().to_lowercase();
        [
            "transaction mode",
            "transaction pooling",
            "statement pooling",
        ]
        .iter()
        .any(|mode| words.contains(mode))
    })
}
