//! One look: has the database this release's migrations, and can each of its statements be
//! prepared? Preparing names everything that a statement names and executes nothing; it takes the
//! locks on tables that executing it would take, and lets go of them at once.

use std::{collections::HashSet, time::Duration};

use common::database_error::{Said, Trouble};
use sqlx::{AssertSqlSafe, Error, PgConnection, PgExecutor, PgPool};

use crate::{MIGRATIONS, STATEMENTS};

/// Longest that a statement waits for a table that somebody else has locked. Below PostgreSQL's own
/// second after which it looks for deadlocks.
const PATIENCE: Duration = Duration::from_millis(500);

/// What a look found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Findings {
    /// How many of this release's migrations were not applied.
    pub missing_migrations: usize,
    /// How many statements cannot be prepared.
    pub wrong_statements: usize,
    /// What PostgreSQL says of them, each sentence once.
    pub said: Vec<String>,
}

impl Findings {
    /// Whether the database is as this release asks for it.
    #[must_use]
    pub fn are_well(&self) -> bool {
        self.missing_migrations == 0 && self.wrong_statements == 0
    }

    fn wrong(&mut self, error: &Error) {
        self.wrong_statements += 1;
        let said = Said::of(error).to_string();
        if !self.said.contains(&said) {
            self.said.push(said);
        }
    }
}

/// Looks by a connection of the pool.
///
/// # Errors
/// When the server does not answer, or somebody else has locked a table: then nobody can say.
pub async fn of_pool(pool: &PgPool) -> Result<Findings, Error> {
    look(&mut *pool.acquire().await?).await
}

/// Looks.
///
/// # Errors
/// As [`of_pool`].
pub async fn look(conn: &mut PgConnection) -> Result<Findings, Error> {
    let mut findings = Findings {
        missing_migrations: missing_migrations(&mut *conn).await?,
        ..Findings::default()
    };
    for statement in STATEMENTS {
        match prepare(conn, "", statement).await {
            Ok(()) => {}
            // Whether we may is decided when it is executed, and by whom.
            Err(error) if is_forbidden(&error) => {}
            Err(error) if Trouble::of(&error) == Trouble::Schema => findings.wrong(&error),
            Err(error) => return Err(error),
        }
    }
    policies(conn, &mut findings).await?;
    Ok(findings)
}

/// A policy that asks itself is seen by those only for whom it holds.
async fn policies(conn: &mut PgConnection, findings: &mut Findings) -> Result<(), Error> {
    for statement in STATEMENTS {
        match prepare(conn, "set local role authenticated;", statement).await {
            Err(error) if Trouble::of(&error) == Trouble::Away => return Err(error),
            Err(error) if code(&error).as_deref() == Some("42P17") => findings.wrong(&error),
            _ => {}
        }
    }
    Ok(())
}

/// Prepares a statement and forgets it, in one transaction.
async fn prepare(conn: &mut PgConnection, before: &str, statement: &str) -> Result<(), Error> {
    let patience = PATIENCE.as_millis();
    let script = format!(
        "{before} set local lock_timeout = {patience};
         prepare focobot_look as {statement}; deallocate focobot_look"
    );
    sqlx::raw_sql(AssertSqlSafe(script)).execute(conn).await?;
    Ok(())
}

/// How many migrations of this release were not applied, as far as we may know.
///
/// # Errors
/// When the server does not answer.
pub async fn missing_migrations<'a>(by: impl PgExecutor<'a>) -> Result<usize, Error> {
    let applied =
        sqlx::query_scalar::<_, i64>("select version from _sqlx_migrations where success")
            .fetch_all(by)
            .await;
    let applied: HashSet<i64> = match applied {
        Ok(applied) => applied.into_iter().collect(),
        Err(error) if is_forbidden(&error) => return Ok(0),
        // Nothing was ever migrated.
        Err(error) if Trouble::of(&error) == Trouble::Schema => HashSet::new(),
        Err(error) => return Err(error),
    };
    let missing = MIGRATIONS
        .iter()
        .filter(|version| !applied.contains(version));
    Ok(missing.count())
}

fn is_forbidden(error: &Error) -> bool {
    code(error).as_deref() == Some("42501")
}

fn code(error: &Error) -> Option<String> {
    let said = error.as_database_error()?;
    said.code().map(std::borrow::Cow::into_owned)
}
