//! What stories of moving in do with a database: look at all of it, sign in as other roles, and
//! start a `focobot migrate` that is killed.

use std::process::Output;

use sqlx::{AssertSqlSafe, Connection as _, PgConnection};

use super::{BareDatabase, Foco};
use crate::{
    address::random_name,
    database::Database,
    operator::focobot,
    postgres::Postgres,
    program::{Program, Variables},
    wait::until,
};

impl BareDatabase {
    /// The same on another server.
    pub async fn on(postgres: &Postgres, foco: Foco) -> Self {
        let folder = std::env::temp_dir().join(random_name("focobot-bare-"));
        std::fs::create_dir_all(&folder).expect("a folder");
        let database = Database::create(&folder, postgres.clone(), foco, false).await;
        Self { database, folder }
    }

    /// Everything in it, by `pg_dump`: what is made, who may do what, every row. Two are alike where
    /// nothing was changed.
    pub async fn snapshot(&self) -> String {
        self.dump(&["--inserts"]).await
    }

    /// Everything in it but the rows.
    pub async fn shape(&self) -> String {
        self.dump(&["--schema-only"]).await
    }

    async fn dump(&self, options: &[&str]) -> String {
        let mut pg_dump = self.database.postgres.program("pg_dump");
        let output = pg_dump.args(options).arg(self.admin_url()).output().await;
        let output = output.expect("pg_dump");
        assert!(output.status.success(), "{output:?}");
        let text = String::from_utf8_lossy(&output.stdout);
        // Each dump has a key of its own.
        let lines = text
            .lines()
            .filter(|line| !line.starts_with("\\restrict ") && !line.starts_with("\\unrestrict "));
        lines.collect::<Vec<_>>().join("\n")
    }

    /// The server's superuser does something in it.
    pub async fn administer(&self, statements: &str) {
        let mut admin = PgConnection::connect(&self.admin_url()).await.expect("it");
        sqlx::raw_sql(AssertSqlSafe(statements.to_owned()))
            .execute(&mut admin)
            .await
            .unwrap_or_else(|error| panic!("{error}, in: {statements}"));
        admin.close().await.expect("closing");
    }

    /// Its address for another role, whose password has to be [`Self::password`].
    #[must_use]
    pub fn url_of(&self, role: &str) -> String {
        let owner = format!("//{}:", self.database.owner());
        self.url().replacen(&owner, &format!("//{role}:"), 1)
    }

    /// The password of all roles.
    #[must_use]
    pub fn password(&self) -> &str {
        self.database.postgres.password()
    }

    /// Its name.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.database.name
    }

    /// Runs `focobot` as another role to its end.
    pub async fn focobot_by(&self, role: &str, arguments: &[&str]) -> Output {
        focobot(&self.folder, &self.url_of(role), arguments).await
    }

    /// Starts `focobot`.
    #[must_use]
    pub fn starts(&self, arguments: &[&str]) -> Program {
        let variables = Variables::from([("DATABASE_URL".to_owned(), self.url().to_owned())]);
        Program::start("focobot", &self.folder, &variables, arguments)
    }

    /// Waits until a `migrate` here waits for somebody's lock.
    pub async fn migrate_is_held_up(&self) {
        let waiting = || async {
            sqlx::query_scalar::<_, i64>(
                "select count(*) from pg_stat_activity
                 where datname = current_database() and application_name = 'focobot migrate'
                     and wait_event_type = 'Lock'",
            )
            .fetch_one(self.pool())
            .await
            .expect("who waits")
        };
        until("a migrate that is held up", waiting, |count| *count > 0).await;
    }

    /// Waits until nobody else is connected: of a process that was killed nothing is left.
    pub async fn is_left_alone(&self) {
        let others = || async {
            sqlx::query_scalar::<_, i64>(
                "select count(*) from pg_stat_activity
                 where datname = current_database() and application_name like 'focobot migrate%'",
            )
            .fetch_one(self.pool())
            .await
            .expect("who is there")
        };
        until("nobody migrates", others, |count| *count == 0).await;
    }
}
