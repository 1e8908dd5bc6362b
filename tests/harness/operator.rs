//! What is done to a database by whoever sets it up: scripts, and the real `focobot`.

use std::{path::Path, process::Output};

use sqlx::{Connection, Executor, PgConnection};

use crate::program::{Variables, command};

/// Runs a script, as whoever the address names.
pub(crate) async fn run(url: &str, script: &str) {
    let mut conn = PgConnection::connect(url).await.expect("PostgreSQL");
    conn.execute(sqlx::AssertSqlSafe(script.to_owned()))
        .await
        .unwrap_or_else(|error| panic!("{error}, in: {script}"));
    conn.close().await.expect("closing");
}

/// Runs the real `focobot` with nothing but the address of a database.
pub(crate) async fn focobot(folder: &Path, url: &str, arguments: &[&str]) -> Output {
    let variables = Variables::from([("DATABASE_URL".to_owned(), url.to_owned())]);
    let mut focobot = command("focobot", folder, &variables);
    focobot.args(arguments).output().await.expect("focobot")
}

/// Runs the real `focobot migrate --standalone`.
pub(crate) async fn migrate(folder: &Path, url: &str) {
    let output = focobot(folder, url, &["migrate", "--standalone"]).await;
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
}
