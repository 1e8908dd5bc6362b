//! PostgreSQL: one pool a process, and the one way to act as a user.

mod admission;
mod fitness;
mod kept;
mod session;

use std::{str::FromStr, time::Duration};

use secrecy::ExposeSecret;
use sqlx::{
    AssertSqlSafe, ConnectOptions as _, Connection, PgConnection, PgPool, Row as _,
    postgres::{PgConnectOptions, PgPoolOptions},
};
use uuid::Uuid;

pub use self::admission::{Admission, Identity, Sighting};
pub use self::fitness::{ConnectionError, Fitness, SUPABASE};
use self::session::OWNER;
use crate::{
    settings::{DatabaseSettings, SettingError},
    shutdown::Shutdown,
};

/// How long a program that starts waits for its first connection, before it starts without one.
const FIRST: Duration = Duration::from_secs(2);

/// The pool, and whether its database can be used at all.
#[derive(Clone)]
pub struct Database {
    /// All connections of the process.
    pub pool: PgPool,
    /// What they find.
    pub fitness: Fitness,
    options: PgConnectOptions,
}

/// Opens the pool. It connects when it is first used, so a database that is down is waited for
/// by the work that needs it. A connection that its session is not kept for is never handed out.
///
/// # Errors
/// When `DATABASE_URL` cannot be read.
pub fn open(settings: &DatabaseSettings) -> Result<Database, sqlx::Error> {
    open_for(settings, None)
}

/// The same, and of its connections only those are handed out that `admission` admits: none before
/// it has admitted any.
///
/// # Errors
/// As [`open`].
pub fn open_watched(
    settings: &DatabaseSettings,
    admission: &Admission,
) -> Result<Database, sqlx::Error> {
    open_for(settings, Some(admission))
}

fn open_for(
    settings: &DatabaseSettings,
    admission: Option<&Admission>,
) -> Result<Database, sqlx::Error> {
    metrics::counter!("database_connections_discarded_total").increment(0);
    let timings = settings.timings;
    let options = options(settings)?;
    let fitness = Fitness::new(settings.program, options.clone(), Some(timings));
    let (making, taking) = (fitness.clone(), fitness.clone());
    let (admits, held) = (admission.cloned(), admission.cloned());
    let pool = PgPoolOptions::new()
        .max_connections(settings.max_connections)
        // Connecting counts here, and is given up with it: after a restart all connect at once,
        // and a pool that gives up too early never gets a single connection. Nothing is held
        // meanwhile, and the queue is told of progress.
        .acquire_timeout(timings.ack_wait)
        // In place of the ping, and as many round trips.
        .test_before_acquire(false)
        .before_acquire(move |connection, about| {
            let fitness = taking.clone();
            let held = held.as_ref().is_none_or(|held| held.holds_for(about.age));
            Box::pin(async move { Ok(held && is_as_it_was_left(connection, &fitness).await?) })
        })
        .after_connect(move |connection, _| {
            let (fitness, admission) = (making.clone(), admits.clone());
            Box::pin(async move {
                match (fitness.prepare(connection).await, admission) {
                    (Ok(()), Some(admission)) => admission.wait(connection).await,
                    (Ok(()), None) => Ok(()),
                    (Err(ConnectionError::Failed(error)), _) => Err(error),
                    // The pool would try again. Whoever waits for a connection gets none, and the
                    // program is about to end.
                    (Err(ConnectionError::Unfit(_)), _) => std::future::pending().await,
                }
            })
        })
        .connect_lazy_with(options.clone());
    Ok(Database {
        pool,
        fitness,
        options,
    })
}

/// A connection by itself, for what may take longer than the pool allows.
///
/// # Errors
/// When it cannot be made, or is not to be used.
pub async fn connect_alone(settings: &DatabaseSettings) -> Result<PgConnection, ConnectionError> {
    let options = options(settings)?;
    let mut connection = options.connect().await?;
    let fitness = Fitness::new(settings.program, options, None);
    fitness.prepare(&mut connection).await?;
    Ok(connection)
}

/// How to connect. Only what every pooler takes goes into the start-up message.
fn options(settings: &DatabaseSettings) -> Result<PgConnectOptions, sqlx::Error> {
    let options = PgConnectOptions::from_str(settings.url.expose_secret())?;
    Ok(options
        .application_name(settings.program.name())
        .extra_float_digits(None))
}

impl Database {
    /// Connects once, and says at once what is in the way.
    ///
    /// # Errors
    /// When no connection can be made, or none is to be used.
    pub async fn look(&self) -> Result<(), ConnectionError> {
        self.connect().await?.close().await?;
        Ok(())
    }

    /// A connection beside the pool, to whatever server is there.
    ///
    /// # Errors
    /// When it cannot be made, or is not to be used.
    pub async fn connect(&self) -> Result<PgConnection, ConnectionError> {
        let mut connection = self.options.connect().await?;
        self.fitness.prepare(&mut connection).await?;
        Ok(connection)
    }

    /// The same before a program begins its work: a database that is away is no reason not to.
    ///
    /// # Errors
    /// When no connection is to be used.
    pub async fn first_look(&self) -> Result<(), SettingError> {
        match tokio::time::timeout(FIRST, self.look()).await {
            Ok(Err(ConnectionError::Unfit(error))) => Err(error),
            Ok(Err(ConnectionError::Failed(error))) => {
                tracing::warn!(%error, "PostgreSQL is away");
                Ok(())
            }
            Ok(Ok(())) | Err(_) => Ok(()),
        }
    }

    /// Waits for the soft stop; asks for one where a connection finds that none is to be used, which
    /// is also the end of all work with the pool.
    ///
    /// # Errors
    /// When no connection is to be used.
    pub async fn is_fit_until(&self, shutdown: &Shutdown) -> Result<(), SettingError> {
        tokio::select! {
            () = shutdown.soft().cancelled() => Ok(()),
            error = self.fitness.lost() => {
                // Closed from now on, whether its end is waited for or not.
                drop(self.pool.close());
                shutdown.stop();
                Err(error)
            }
        }
    }
}

/// Whether a connection from the pool is as it should be: outside of a transaction, and in its own
/// session.
///
/// In sqlx 0.9.0 a `begin` that is given up before its answer leaves the connection inside of a
/// transaction that nobody knows of (`PgTransactionManager::begin`: its guard rolls back from depth 1
/// on, and the depth is still 0). Whoever got that connection next would write into it, and be told
/// that it is stored. `now()` is when the transaction began, which is before this statement only if
/// there was one: so in a simple query. A prepared one begins its transaction as it is bound, a
/// moment before it is executed.
async fn is_as_it_was_left(
    connection: &mut PgConnection,
    fitness: &Fitness,
) -> Result<bool, sqlx::Error> {
    if fitness.is_lost() {
        return Ok(false);
    }
    let statement = format!(
        "select now() = statement_timestamp(),
             coalesce(current_setting('{OWNER}', true) = current_setting('application_name'), false)"
    );
    let row = sqlx::raw_sql(AssertSqlSafe(statement))
        .fetch_one(connection)
        .await?;
    let (outside, owned): (bool, bool) = (row.try_get(0)?, row.try_get(1)?);
    if outside && owned {
        return Ok(true);
    }
    if owned {
        tracing::warn!("a connection was left inside of a transaction, and is closed");
    } else {
        tracing::warn!("a connection has lost its session, and is closed");
        fitness.doubt().await;
    }
    metrics::counter!("database_connections_discarded_total").increment(1);
    Ok(false)
}

/// Whether the database answers.
pub async fn is_up(pool: &PgPool) -> bool {
    let ping = async { pool.acquire().await?.ping().await };
    tokio::time::timeout(Duration::from_secs(2), ping)
        .await
        .is_ok_and(|answer| answer.is_ok())
}

/// From here to [`act_as_self`] the transaction is the user's: row-level security decides what
/// it sees. An error in between rolls the transaction back, and with it the role.
///
/// # Errors
/// When the database does not answer, or our role is no member of `authenticated`.
pub async fn act_as_user(transaction: &mut PgConnection, user: Uuid) -> Result<(), sqlx::Error> {
    let claims = serde_json::json!({"sub": user, "role": "authenticated"}).to_string();
    sqlx::query!(
        // Supabase's `auth.uid()` looks for the older name first: whatever a pooled session may
        // have there is not this user.
        "select set_config('request.jwt.claims', $1, true) as claims,
                set_config('request.jwt.claim.sub', $2, true) as sub,
                set_config('request.jwt.claim.role', 'authenticated', true) as claimed,
                set_config('role', 'authenticated', true) as role",
        claims,
        user.to_string()
    )
    .fetch_one(transaction)
    .await
    .map(drop)
}

/// Ends what [`act_as_user`] began.
///
/// # Errors
/// When the database does not answer.
pub async fn act_as_self(transaction: &mut PgConnection) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "select set_config('role', 'none', true) as role,
                set_config('request.jwt.claim.sub', '', true) as sub,
                set_config('request.jwt.claim.role', '', true) as claimed,
                set_config('request.jwt.claims', '', true) as claims"
    )
    .fetch_one(transaction)
    .await
    .map(drop)
}
