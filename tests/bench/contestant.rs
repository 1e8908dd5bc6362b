//! One build of the programs, with a database of its own for each crowd.

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
    process::Stdio,
};

use sqlx::{AssertSqlSafe, Connection as _, Executor as _, PgConnection};
use tokio::process::Command;

use crate::crowd::Crowd;

/// A build.
pub(crate) struct Contestant {
    name: &'static str,
    folder: PathBuf,
    template: Option<String>,
}

impl Contestant {
    pub(crate) fn new(name: &'static str, folder: &Path) -> Self {
        Self {
            name,
            folder: folder.to_owned(),
            template: None,
        }
    }

    pub(crate) fn name(&self) -> &'static str {
        self.name
    }

    /// A program of this build that sees nothing but `variables`.
    pub(crate) fn command(&self, name: &str, variables: &BTreeMap<String, String>) -> Command {
        let mut command = Command::new(self.folder.join(name));
        command.env_clear().envs(variables).kill_on_drop(true);
        command
            .current_dir(std::env::temp_dir())
            .stdin(Stdio::null());
        command
    }

    /// Makes and fills the database that each round gets a copy of.
    pub(crate) async fn prepare(&mut self, crowd: Crowd) {
        let name = format!("bench_{}_{:08x}", self.name, rand::random::<u32>());
        administer(&format!("create database {name} owner focobot")).await;
        let url = in_database(&server("DATABASE_URL"), &name);
        let variables = BTreeMap::from([("DATABASE_URL".to_owned(), url.clone())]);
        let mut migrate = self.command("focobot", &variables);
        let output = migrate.args(["migrate", "--standalone"]).output().await;
        let output = output.expect("focobot");
        assert!(output.status.success(), "{output:?}");
        let mut conn = PgConnection::connect(&url).await.expect("the template");
        sqlx::raw_sql(AssertSqlSafe(crowd.seed()))
            .execute(&mut conn)
            .await
            .expect("seeding");
        conn.close().await.expect("closing");
        self.template = Some(name);
    }

    /// A database for one round; its name and address.
    pub(crate) async fn database(&self) -> (String, String) {
        let template = self.template.as_deref().expect("prepare comes first");
        let name = format!("{template}_{:08x}", rand::random::<u32>());
        administer(&format!(
            "create database {name} template {template} owner focobot"
        ))
        .await;
        let url = in_database(&server("DATABASE_URL"), &name);
        (name, url)
    }

    /// Drops what [`Self::prepare`] made.
    pub(crate) async fn forget(&mut self) {
        if let Some(name) = self.template.take() {
            administer(&format!("drop database {name} with (force)")).await;
        }
    }
}

/// A variable that `cargo xtask bench` sets.
pub(crate) fn server(name: &str) -> String {
    std::env::var(name).unwrap_or_else(|_| panic!("{name} is not set: use cargo xtask bench"))
}

fn in_database(url: &str, name: &str) -> String {
    let (server, _) = url
        .rsplit_once('/')
        .expect("an address ends in its database");
    format!("{server}/{name}")
}

/// A statement of the server's owner.
pub(crate) async fn administer(statement: &str) {
    let mut conn = PgConnection::connect(&server("DATABASE_URL_ADMIN"))
        .await
        .expect("PostgreSQL");
    conn.execute(AssertSqlSafe(statement.to_owned()))
        .await
        .unwrap_or_else(|error| panic!("{statement}: {error}"));
}
