//! The checked queries' offline data, `.sqlx`: made anew from the migrations, then compared with
//! what is committed (`cargo xtask test`) or put in its place (`cargo xtask prepare`).
//!
//! sqlx's macros write one file a query to `SQLX_OFFLINE_DIR` while they are expanded against a
//! live database. So the crates that use them must be compiled again, and only these.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use anyhow::{Context as _, Result, bail};

use crate::checkout::Checkout;
use crate::command;
use crate::environment;
use crate::interrupt::Interrupt;
use crate::servers::postgres;
use crate::test_servers::Servers;

const DATABASE: &str = "focobot_queries";
const MACROS: [&str; 4] = ["query!(", "query_as!(", "query_scalar!(", "query_file"];

/// One file of `.sqlx` each: its name and its content.
type Queries = BTreeMap<String, String>;

/// `cargo xtask prepare`: writes `.sqlx`.
pub(crate) fn prepare(checkout: &Checkout, interrupt: &Interrupt) -> Result<()> {
    let servers = Servers::start(checkout, interrupt)?;
    let fresh = describe(checkout, &servers, interrupt)?;
    let folder = checkout.file(".sqlx");
    let committed = read(&folder)?;
    fs::create_dir_all(&folder)?;
    for name in committed.keys().filter(|name| !fresh.contains_key(*name)) {
        fs::remove_file(folder.join(name))?;
    }
    for (name, content) in fresh
        .iter()
        .filter(|(name, new)| committed.get(*name) != Some(*new))
    {
        fs::write(folder.join(name), content)?;
    }
    println!(
        ".sqlx: {} queries, {} changed",
        fresh.len(),
        differences(&fresh, &committed).len()
    );
    Ok(())
}

/// Fails where the committed `.sqlx` is not what the queries and the migrations give.
pub(crate) fn check(checkout: &Checkout, servers: &Servers, interrupt: &Interrupt) -> Result<()> {
    let fresh = describe(checkout, servers, interrupt)?;
    let committed = read(&checkout.file(".sqlx"))?;
    let differences = differences(&fresh, &committed);
    if !differences.is_empty() {
        bail!(
            ".sqlx is not what the queries give; run `cargo xtask prepare` and commit it:\n  {}",
            differences.join("\n  ")
        );
    }
    println!(".sqlx: {} queries, all as committed", fresh.len());
    Ok(())
}

/// Compiles every query against a database that holds nothing but the migrations.
fn describe(checkout: &Checkout, servers: &Servers, interrupt: &Interrupt) -> Result<Queries> {
    let port = servers.group.port("postgres");
    let admin = postgres::admin_url(&servers.secrets, port);
    let url = postgres::in_database(&postgres::url(&servers.secrets, port), DATABASE);
    for statement in [
        format!("DROP DATABASE IF EXISTS {DATABASE} WITH (FORCE)"),
        format!("CREATE DATABASE {DATABASE} OWNER focobot"),
    ] {
        postgres::psql(&servers.tools, &admin, &statement)?;
    }
    for migration in migrations(checkout)? {
        let script = fs::read_to_string(&migration)?;
        postgres::psql(&servers.tools, &url, &script)
            .with_context(|| migration.display().to_string())?;
    }
    let folder = servers.group.place().folder().join("queries");
    if folder.exists() {
        fs::remove_dir_all(&folder)?;
    }
    fs::create_dir_all(&folder)?;
    let _touched = Touched::new(sources(checkout.root())?)?;
    command::run(
        environment::cargo()
            .current_dir(checkout.root())
            .args(["check", "--workspace", "--all-targets", "--locked"])
            .env("SQLX_OFFLINE", "false")
            .env("SQLX_OFFLINE_DIR", &folder)
            .env("DATABASE_URL", &url),
        interrupt,
    )?;
    read(&folder)
}

/// The layer over the stand-in for Foco's part, as `focobot migrate` makes it.
const LAYER: [&str; 4] = [
    "migrations/layer/schema.sql",
    "migrations/layer/workspaces_stand_in.sql",
    "migrations/layer/work_stand_in.sql",
    "migrations/layer/rights.sql",
];

/// The stand-in for Foco's part first, then our own, each in the order of their names; then the
/// layer between the two.
fn migrations(checkout: &Checkout) -> Result<Vec<PathBuf>> {
    let mut all = Vec::new();
    for folder in ["migrations/standalone", "migrations"] {
        let Ok(entries) = fs::read_dir(checkout.file(folder)) else {
            continue;
        };
        let paths = entries
            .map(|entry| Ok(entry?.path()))
            .collect::<Result<Vec<_>>>()?;
        let mut scripts: Vec<_> = paths
            .into_iter()
            .filter(|path| has_extension(path, "sql"))
            .collect();
        scripts.sort();
        all.extend(scripts);
    }
    all.extend(LAYER.map(|script| checkout.file(script)));
    Ok(all)
}

fn read(folder: &Path) -> Result<Queries> {
    let Ok(entries) = fs::read_dir(folder) else {
        return Ok(Queries::new());
    };
    entries
        .map(|entry| {
            let entry = entry?;
            let name = entry.file_name().to_string_lossy().into_owned();
            Ok((name, fs::read_to_string(entry.path())?))
        })
        .collect()
}

/// One line for each query that only one side has, or that both have with another content.
fn differences(fresh: &Queries, committed: &Queries) -> Vec<String> {
    let line = |what: &str, content: &str| {
        let data: serde_json::Value = serde_json::from_str(content).unwrap_or_default();
        let query = data["query"].as_str().unwrap_or("?").split_whitespace();
        let query = query.collect::<Vec<_>>().join(" ");
        format!("{what} {}", query.chars().take(100).collect::<String>())
    };
    let new = fresh
        .iter()
        .filter_map(|(name, content)| match committed.get(name) {
            None => Some(line("missing:", content)),
            Some(old) if old != content => Some(line("changed:", content)),
            Some(_) => None,
        });
    let gone = committed
        .iter()
        .filter(|(name, _)| !fresh.contains_key(*name));
    new.chain(gone.map(|(_, content)| line("no longer used:", content)))
        .collect()
}

/// The Rust files below a folder that contain checked queries.
fn sources(folder: &Path) -> Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        let name = path
            .file_name()
            .unwrap_or_default()
            .to_string_lossy()
            .into_owned();
        if path.is_dir() && !path.is_symlink() && name != "target" && !name.starts_with('.') {
            found.extend(sources(&path)?);
        } else if has_extension(&path, "rs") && has_queries(&fs::read_to_string(&path)?) {
            found.push(path);
        }
    }
    Ok(found)
}

fn has_queries(source: &str) -> bool {
    MACROS.iter().any(|name| source.contains(name))
}

fn has_extension(path: &Path, extension: &str) -> bool {
    path.is_file() && path.extension().is_some_and(|found| found == extension)
}

/// Files that look changed to cargo; dropping it gives them their former times again, so that
/// nothing else is compiled twice.
struct Touched {
    now: SystemTime,
    files: Vec<(PathBuf, SystemTime)>,
}

impl Touched {
    fn new(paths: Vec<PathBuf>) -> Result<Self> {
        #[expect(
            clippy::disallowed_methods,
            reason = "cargo compares with the real time"
        )]
        let mut touched = Self {
            now: SystemTime::now(),
            files: Vec::new(),
        };
        for path in paths {
            let former = fs::metadata(&path)?.modified()?;
            set_modified(&path, touched.now)?;
            touched.files.push((path, former));
        }
        Ok(touched)
    }
}

impl Drop for Touched {
    fn drop(&mut self) {
        for (path, former) in &self.files {
            let modified = fs::metadata(path).and_then(|metadata| metadata.modified());
            // Somebody who edited it meanwhile wants it compiled.
            if modified.is_ok_and(|modified| modified == self.now) {
                // At worst the file is compiled once more.
                let _ = set_modified(path, *former);
            }
        }
    }
}

fn set_modified(path: &Path, time: SystemTime) -> std::io::Result<()> {
    File::options().append(true).open(path)?.set_modified(time)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn query(sql: &str) -> String {
        format!(r#"{{"query": "{sql}"}}"#)
    }

    #[test]
    fn every_kind_of_difference_is_named() {
        let fresh = Queries::from([
            ("same".into(), query("SELECT 1")),
            ("changed".into(), query("SELECT  2")),
            ("new".into(), query("SELECT 3")),
        ]);
        let committed = Queries::from([
            ("same".into(), query("SELECT 1")),
            ("changed".into(), query("SELECT 2")),
            ("old".into(), query("SELECT 4")),
        ]);
        assert_eq!(
            differences(&fresh, &committed),
            [
                "changed: SELECT 2",
                "missing: SELECT 3",
                "no longer used: SELECT 4"
            ]
        );
        assert!(differences(&fresh, &fresh).is_empty());
    }

    #[test]
    fn only_files_with_checked_queries_are_compiled_again() {
        assert!(has_queries("sqlx::query_as!(Row, \"SELECT 1\")"));
        assert!(!has_queries("sqlx::query(\"SELECT 1\")"));
    }
}
