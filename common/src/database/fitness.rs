//! Whether a database can be used at all: each connection that is made asks, and what one finds ends
//! the program.

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use sqlx::{PgConnection, postgres::PgConnectOptions};
use tokio::sync::{Mutex, SetOnce};

use super::{
    kept::{self, Before, Connecting, Sight},
    session::{self, NotInForce, Wanted},
};
use crate::settings::{Program, SettingError, Timings};

/// How long it is believed that connections keep their sessions: those that are made together look
/// once. A pooler that is restarted in another mode ends all connections, and new ones look again.
const BELIEVED: Duration = Duration::from_secs(15);
/// How the names of Supabase's poolers end.
pub const SUPABASE: &str = ".pooler.supabase.com";

/// What all connections of a process know.
#[derive(Clone)]
pub struct Fitness(Arc<Parts>);

struct Parts {
    program: Program,
    options: PgConnectOptions,
    timings: Option<Timings>,
    seen: Mutex<Seen>,
    unfit: SetOnce<SettingError>,
}

#[derive(Default)]
struct Seen {
    /// When it was last seen that connections keep their sessions.
    kept: Option<Instant>,
    before: Before,
    connecting: Option<Connecting>,
}

/// Why a connection is not to be used.
#[derive(Debug, thiserror::Error)]
pub enum ConnectionError {
    /// No connection of these settings is: what to change.
    #[error(transparent)]
    Unfit(#[from] SettingError),
    /// It failed, and another may do.
    #[error(transparent)]
    Failed(#[from] sqlx::Error),
}

impl Fitness {
    pub(super) fn new(
        program: Program,
        options: PgConnectOptions,
        timings: Option<Timings>,
    ) -> Self {
        Self(Arc::new(Parts {
            program,
            options,
            timings,
            seen: Mutex::default(),
            unfit: SetOnce::new(),
        }))
    }

    /// Waits until a connection has found that the database is not to be used, and says why. It
    /// names the variable and holds no secret.
    pub async fn lost(&self) -> SettingError {
        self.0.unfit.wait().await.clone()
    }

    pub(super) fn is_lost(&self) -> bool {
        self.0.unfit.get().is_some()
    }

    /// Ends it, unless another connection has before.
    fn lose(&self, error: SettingError) -> ConnectionError {
        drop(self.0.unfit.set(error.clone()));
        error.into()
    }

    /// A session was another connection's: the next connection looks anew, and longer.
    pub(super) async fn doubt(&self) {
        let mut seen = self.0.seen.lock().await;
        seen.kept = None;
        seen.before = Before::Doubt;
    }

    /// Makes a connection ours that was just made, or says why it cannot be.
    pub(super) async fn prepare(&self, conn: &mut PgConnection) -> Result<(), ConnectionError> {
        let parts = &self.0;
        if self.is_shared(conn).await? {
            return Err(self.lost().await.into());
        }
        let number = rand::random::<u32>();
        let owner = format!("{} {number:08x}", parts.program.name());
        let wanted = Wanted::new(&owner, parts.timings);
        let missing = session::make_ours(conn, &wanted).await;
        let missing = missing.map_err(|error| self.judge(error))?;
        match missing.first() {
            None => Ok(()),
            Some(missing) => Err(self.lose(not_in_force(&parts.options, missing))),
        }
    }

    /// Whether the database is not to be used, since connections share sessions.
    async fn is_shared(&self, conn: &mut PgConnection) -> Result<bool, ConnectionError> {
        // Held while one looks: whoever connects meanwhile needs the answer too.
        let mut seen = self.0.seen.lock().await;
        let seen = &mut *seen;
        // Found by whoever looked while this one waited.
        if self.is_lost() {
            return Ok(true);
        }
        if seen.kept.is_some_and(|at| at.elapsed() < BELIEVED) {
            return Ok(false);
        }
        let looked = kept::look(conn, &mut seen.connecting, &self.0.options, seen.before).await;
        let sight = looked.map_err(|error| self.judge(error))?;
        match sight {
            Sight::Shared => {
                // Before another may look: nobody is told otherwise in between.
                drop(self.lose(shared(&self.0.options)));
                return Ok(true);
            }
            Sight::Kept => seen.before = Before::Kept,
            Sight::Alone => {}
        }
        seen.kept = Some(Instant::now());
        Ok(false)
    }

    fn judge(&self, error: sqlx::Error) -> ConnectionError {
        if kept::says_shared(&error) {
            self.lose(shared(&self.0.options))
        } else {
            error.into()
        }
    }
}

/// What is said of a pooler in transaction or statement mode.
fn shared(options: &PgConnectOptions) -> SettingError {
    let (host, port) = (options.get_host(), options.get_port());
    let instead = if host.ends_with(SUPABASE) {
        format!("use its session mode, which is at port 5432 and not {port}")
    } else {
        "use its session mode (PgBouncer: pool_mode = session; Supavisor: port 5432, not 6543) or \
         PostgreSQL's own address"
            .to_owned()
    };
    let problem = format!(
        "leads through a pooler in transaction or statement mode, where answers and settings of \
         one connection become another's; {instead}"
    );
    SettingError::new("DATABASE_URL", problem, &example(host))
}

/// What is said where something keeps a setting from PostgreSQL.
fn not_in_force(options: &PgConnectOptions, missing: &NotInForce) -> SettingError {
    let NotInForce { name, asked, got } = missing;
    let problem = format!(
        "leads to a server or pooler that does not keep {name} (it is {got} after it was set to \
         {asked}); without it work that hangs is never given up: use PostgreSQL's own address, or \
         a pooler in session mode that passes SET on"
    );
    SettingError::new("DATABASE_URL", problem, &example(options.get_host()))
}

fn example(host: &str) -> String {
    if host.ends_with(SUPABASE) {
        format!("postgres://postgres.project:password@{host}:5432/postgres")
    } else {
        "postgres://focobot:password@db.example:5432/foco".to_owned()
    }
}
