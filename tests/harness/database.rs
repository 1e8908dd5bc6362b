//! A database for each world: made from a template that is migrated once, with two users whose
//! workspaces must never meet.

use std::path::Path;

use sqlx::{Connection, Executor, PgConnection, PgPool};
use tokio::sync::OnceCell;
use uuid::{Uuid, uuid};

use crate::program::{Variables, command};

/// The user whose phone is linked in the stories: a member of two workspaces.
pub const USER: Uuid = uuid!("00000000-0000-4000-8000-000000000001");
/// Somebody else, with a workspace of their own.
pub const USER_OF_ANOTHER_WORKSPACE: Uuid = uuid!("00000000-0000-4000-8000-000000000002");
/// A guest of "Estudio Jacaranda".
pub const GUEST: Uuid = uuid!("00000000-0000-4000-8000-000000000003");
/// "Sitio web" in "Estudio Jacaranda".
pub const PROJECT_WEB: Uuid = uuid!("00000000-0000-4000-8000-0000000000a1");
/// "App móvil" in "Estudio Jacaranda".
pub const PROJECT_APP: Uuid = uuid!("00000000-0000-4000-8000-0000000000a2");
/// "Bodega" in "Taller Norte".
pub const PROJECT_WORKSHOP: Uuid = uuid!("00000000-0000-4000-8000-0000000000b1");

const SEED: &str = include_str!("seed.sql");

static TEMPLATE: OnceCell<String> = OnceCell::const_new();

/// A variable that `cargo xtask test` sets.
pub(crate) fn server(name: &str) -> String {
    std::env::var(name).unwrap_or_else(|_| {
        panic!(
            "{name} is not set: run the tests with cargo xtask test, or see cargo xtask services"
        )
    })
}

/// An address with another database.
fn with_database(url: &str, name: &str) -> String {
    let (server, _) = url
        .rsplit_once('/')
        .expect("an address ends in its database");
    format!("{server}/{name}")
}

pub(crate) fn random_name(prefix: &str) -> String {
    format!("{prefix}{:016x}", rand::random::<u64>())
}

async fn administer(statement: &str) {
    let mut conn = PgConnection::connect(&server("DATABASE_URL_ADMIN"))
        .await
        .expect("PostgreSQL");
    conn.execute(sqlx::AssertSqlSafe(statement.to_owned()))
        .await
        .unwrap_or_else(|error| panic!("{statement}: {error}"));
}

/// Migrated and seeded once in a test run.
async fn template(folder: &Path) -> &'static str {
    TEMPLATE
        .get_or_init(|| async {
            let name = random_name("template_");
            administer(&format!("create database {name} owner focobot")).await;
            let url = with_database(&server("DATABASE_URL"), &name);
            migrate(folder, &url).await;
            let mut conn = PgConnection::connect(&url).await.expect("the template");
            conn.execute(SEED).await.expect("seeding");
            conn.close().await.expect("closing");
            name
        })
        .await
}

/// Runs the real `focobot migrate --standalone`.
pub(crate) async fn migrate(folder: &Path, url: &str) {
    let variables = Variables::from([("DATABASE_URL".to_owned(), url.to_owned())]);
    let mut focobot = command("focobot", folder, &variables);
    let output = focobot
        .args(["migrate", "--standalone"])
        .output()
        .await
        .expect("focobot");
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
}

/// A database of a world's own.
pub(crate) struct Database {
    pub(crate) name: String,
    pub(crate) url: String,
    pub(crate) pool: PgPool,
}

impl Database {
    pub(crate) async fn create(folder: &Path) -> Self {
        let name = random_name("world_");
        let template = template(folder).await;
        administer(&format!(
            "create database {name} template {template} owner focobot"
        ))
        .await;
        let url = with_database(&server("DATABASE_URL"), &name);
        let pool = PgPool::connect(&url).await.expect("the world's database");
        Self { name, url, pool }
    }

    /// Its address, for the server's owner.
    pub(crate) fn admin_url(&self) -> String {
        with_database(&server("DATABASE_URL_ADMIN"), &self.name)
    }

    /// Nothing is left of it but its name.
    pub(crate) async fn is_lost(&self) {
        let name = &self.name;
        administer(&format!("drop database {name} with (force)")).await;
        administer(&format!(
            "create database {name} template template0 owner focobot"
        ))
        .await;
    }

    pub(crate) async fn drop(self) {
        self.pool.close().await;
        administer(&format!(
            "drop database if exists {} with (force)",
            self.name
        ))
        .await;
    }
}
