//! The databases that others are copied from, each made when it is first asked for: as Foco has it,
//! and with FocoBot's tables in it.

use std::{collections::BTreeMap, path::Path};

use sqlx::{AssertSqlSafe, Connection as _, Executor as _, PgConnection};
use tokio::sync::Mutex;

use super::Foco;
use crate::{
    address::{random_name, with_database},
    operator::{focobot, migrate, run},
    postgres::Postgres,
};

/// The rows that all stories share, in the tables of the stand-in.
const STAND_IN_SEED: &str = include_str!("../seed.sql");
const ROLES: &str = include_str!("../../fixtures/supabase_roles.sql");
const SUPABASE: &str = include_str!("../../fixtures/supabase.sql");
const A: [&str; 2] = [
    include_str!("../../fixtures/foco_a.sql"),
    include_str!("../../fixtures/foco_a_seed.sql"),
];
const B: [&str; 2] = [
    include_str!("../../fixtures/foco_b.sql"),
    include_str!("../../fixtures/foco_b_seed.sql"),
];

/// Which server, which Foco, and whether FocoBot's tables are in it.
type Kind = (String, Foco, bool);

/// Made one after the other: roles belong to the whole server.
static TEMPLATES: Mutex<BTreeMap<Kind, String>> = Mutex::const_new(BTreeMap::new());

/// The name of the database to copy.
pub(crate) async fn template(
    folder: &Path,
    postgres: &Postgres,
    foco: Foco,
    migrated: bool,
) -> String {
    let mut templates = TEMPLATES.lock().await;
    let kind = |migrated| (postgres.admin_url.clone(), foco, migrated);
    if let Some(found) = templates.get(&kind(migrated)) {
        return found.clone();
    }
    let found = match templates.get(&kind(false)) {
        Some(found) => found.clone(),
        None => bare(postgres, foco).await,
    };
    templates.insert(kind(false), found.clone());
    if !migrated {
        return found;
    }
    let made = with_tables(folder, postgres, foco, &found).await;
    templates.insert(kind(true), made.clone());
    made
}

/// As it is before FocoBot comes.
async fn bare(postgres: &Postgres, foco: Foco) -> String {
    let (name, owner) = (random_name("foco_"), foco.owner());
    if foco != Foco::StandIn {
        make_roles(postgres).await;
    }
    let create = format!("create database {name} owner {owner}");
    postgres.administer(&create).await;
    let url = postgres.url(foco, &name);
    let scripts: &[&[&str]] = match foco {
        Foco::StandIn => return name,
        Foco::A => &[&A],
        Foco::B => &[&A, &B],
    };
    run(&with_database(&postgres.admin_url, &name), SUPABASE).await;
    for script in scripts.concat() {
        run(&url, script).await;
    }
    name
}

/// With FocoBot's tables, by the real `focobot migrate`, and the rows.
async fn with_tables(folder: &Path, postgres: &Postgres, foco: Foco, bare: &str) -> String {
    let (name, owner) = (random_name("template_"), foco.owner());
    let create = format!("create database {name} template {bare} owner {owner}");
    postgres.administer(&create).await;
    let url = postgres.url(foco, &name);
    if foco == Foco::StandIn {
        migrate(folder, &url).await;
        run(&url, STAND_IN_SEED).await;
        return name;
    }
    let output = focobot(folder, &url, &["migrate"]).await;
    assert!(
        output.status.success(),
        "migrating shape {foco:?}: {}",
        String::from_utf8_lossy(&output.stderr)
    );
    name
}

/// Supabase's roles; its migrating role with the password of ours.
async fn make_roles(postgres: &Postgres) {
    let conn = PgConnection::connect(&postgres.admin_url);
    let mut conn = conn.await.expect("PostgreSQL");
    // Other tests may be at it too: held until this connection ends.
    conn.execute("select pg_advisory_lock(hashtext('harness: roles'))")
        .await
        .expect("a lock");
    conn.execute(ROLES).await.expect("Supabase's roles");
    // The stand-in's role is on the same server, and since PostgreSQL 16 it could not make itself a
    // member of roles that somebody else made.
    let rights = format!(
        "alter role foco_owner password '{}';
         grant anon, authenticated, service_role to focobot",
        postgres.password()
    );
    conn.execute(AssertSqlSafe(rights)).await.expect("rights");
    conn.close().await.expect("closing");
}
