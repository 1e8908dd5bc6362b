//! `focobot migrate`: FocoBot's tables, and with `--standalone` the stand-in for Foco's.

use std::process::ExitCode;

use anyhow::{Context, bail};
use common::settings::{DatabaseSettings, Environment};
use secrecy::ExposeSecret;
use sqlx::{Connection, PgConnection, migrate::Migrator};

/// FocoBot's own tables.
static OWN: Migrator = sqlx::migrate!("../migrations");
/// The stand-in for Foco's part.
static STAND_IN: Migrator = sqlx::migrate!("../migrations/standalone");

/// What FocoBot needs of Foco's part.
const NEEDED: [&str; 7] = [
    "auth.users",
    "public.workspaces",
    "public.workspace_members",
    "public.foco_projects",
    "public.work_items",
    "public.foco_proposals",
    "public.foco_proposal_items",
];

/// The versions of FocoBot's own migrations.
pub(crate) fn own_versions() -> Vec<i64> {
    OWN.iter().map(|migration| migration.version).collect()
}

/// Migrates; saying so is all that it prints.
pub(crate) async fn run(env: &Environment, standalone: bool) -> anyhow::Result<ExitCode> {
    let settings = DatabaseSettings::load(env)?;
    // A connection of its own: a migration may take longer than the pool allows a statement.
    let mut conn = PgConnection::connect(settings.url.expose_secret())
        .await
        .context("DATABASE_URL: cannot connect; check it and that PostgreSQL runs")?;
    if standalone {
        apply(&STAND_IN, &mut conn)
            .await
            .context("creating the stand-in for Foco's part")?;
    }
    check_needed(&mut conn).await?;
    apply(&OWN, &mut conn)
        .await
        .context("creating FocoBot's tables")?;
    println!("The database is up to date.");
    Ok(ExitCode::SUCCESS)
}

/// Both sets are recorded in one table, so each overlooks what the other did.
async fn apply(migrator: &Migrator, conn: &mut PgConnection) -> anyhow::Result<()> {
    let mut migrator = Migrator {
        migrations: migrator.migrations.clone(),
        ..Migrator::DEFAULT
    };
    migrator.set_ignore_missing(true);
    migrator.run(conn).await?;
    Ok(())
}

/// Says at once which of Foco's tables is missing, instead of failing halfway.
async fn check_needed(conn: &mut PgConnection) -> anyhow::Result<()> {
    for table in NEEDED {
        let found = sqlx::query_scalar!(r#"select to_regclass($1) is not null as "found!""#, table)
            .fetch_one(&mut *conn)
            .await?;
        if !found {
            bail!(
                "the table {table} is missing: migrate the database of Foco, or create the \
                 stand-in on an empty one with: focobot migrate --standalone"
            );
        }
    }
    Ok(())
}
