//! PostgreSQL: a cluster of our own, and in it the role and the database of FocoBot.

use std::fs;
use std::io::Write as _;
use std::path::Path;
use std::process::{Command, Stdio};

use anyhow::{Context as _, Result, bail};

use self::home::Home;
use super::READY;
use crate::command;
use crate::group::Group;
use crate::secrets::{Secrets, write_private};
use crate::server_folder::Purpose;
use crate::tools::Tools;

mod home;

/// The URL of FocoBot's role: it owns its database and may create roles, and no more.
pub(crate) fn url(secrets: &Secrets, port: u16) -> String {
    format!(
        "postgres://focobot:{}@127.0.0.1:{port}/focobot",
        secrets.focobot_password
    )
}

/// The URL of the role that owns the copies of Foco's own databases, in one of them.
pub(crate) fn foco_url(secrets: &Secrets, port: u16, database: &str) -> String {
    format!(
        "postgres://foco_owner:{}@127.0.0.1:{port}/{database}",
        secrets.focobot_password
    )
}

/// The URL of the superuser, who makes a database for each test.
pub(crate) fn admin_url(secrets: &Secrets, port: u16) -> String {
    format!(
        "postgres://postgres:{}@127.0.0.1:{port}/postgres",
        secrets.postgres_password
    )
}

pub(super) fn start(tools: &Tools, secrets: &Secrets, group: &mut Group) -> Result<()> {
    let home = Home::find(group.place())?;
    initialise(tools, secrets, &home)?;
    let mut command = home.command(&tools.postgres("postgres"));
    command
        .arg("-D")
        .arg(home.data())
        .args(["-p", &group.port("postgres").to_string()])
        .args(["-c", "listen_addresses=127.0.0.1"])
        // No socket file: nobody needs it, and its path must not be long.
        .args(["-c", "unix_socket_directories="])
        .args(["-c", "max_connections=300"]);
    if group.place().purpose != Purpose::Dev {
        // Test data need not outlive the machine, only the processes.
        command.args(["-c", "fsync=off", "-c", "full_page_writes=off"]);
    }
    group.start("postgres", &mut command)
}

pub(super) fn wait_until_ready(tools: &Tools, group: &mut Group) -> Result<()> {
    let port = group.port("postgres").to_string();
    let program = tools.postgres("pg_isready");
    group.wait_until_ready("postgres", READY, || {
        let mut probe = Command::new(&program);
        command::output(probe.args(["-q", "-h", "127.0.0.1", "-p", &port])).is_ok()
    })
}

/// The URL of another database, for the same role.
pub(crate) fn in_database(url: &str, database: &str) -> String {
    url.rsplit_once('/').map_or_else(
        || url.to_owned(),
        |(server, _)| format!("{server}/{database}"),
    )
}

/// Makes our role and our database, unless they are there.
pub(super) fn prepare(tools: &Tools, secrets: &Secrets, port: u16) -> Result<()> {
    let password = &secrets.focobot_password;
    let script = format!(
        "SELECT 'CREATE ROLE focobot' WHERE NOT EXISTS
             (SELECT FROM pg_roles WHERE rolname = 'focobot') \\gexec
         ALTER ROLE focobot LOGIN CREATEROLE PASSWORD '{password}';
         SELECT 'CREATE DATABASE focobot OWNER focobot' WHERE NOT EXISTS
             (SELECT FROM pg_database WHERE datname = 'focobot') \\gexec"
    );
    psql(tools, &admin_url(secrets, port), &script).context("cannot prepare the database")
}

/// Runs a script; the first error ends it.
pub(crate) fn psql(tools: &Tools, url: &str, script: &str) -> Result<()> {
    let mut child = Command::new(tools.postgres("psql"))
        .args(["--no-psqlrc", "--quiet", "--set", "ON_ERROR_STOP=1"])
        .env("PGOPTIONS", "-c client_min_messages=warning")
        // Other users of this machine see arguments, but not the environment.
        .arg(without_password(url))
        .env("PGPASSWORD", password(url))
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()
        .context("cannot start psql")?;
    // What psql says about a script that it did not read to the end comes below.
    let _ = child
        .stdin
        .take()
        .context("psql's input")?
        .write_all(script.as_bytes());
    let output = child.wait_with_output()?;
    if !output.status.success() {
        bail!("psql: {}", String::from_utf8_lossy(&output.stderr).trim());
    }
    Ok(())
}

fn password(url: &str) -> &str {
    credentials(url).map_or("", |(before, at)| &url[before..at])
}

fn without_password(url: &str) -> String {
    match credentials(url) {
        Some((before, at)) => format!("{}{}", &url[..before - 1], &url[at..]),
        None => url.to_owned(),
    }
}

/// Where the password begins and ends.
fn credentials(url: &str) -> Option<(usize, usize)> {
    let start = url.find("://")? + 3;
    let at = start + url[start..].find('@')?;
    let colon = start + url[start..at].find(':')?;
    Some((colon + 1, at))
}

/// Makes the cluster; an unfinished one is never taken for a whole one.
fn initialise(tools: &Tools, secrets: &Secrets, home: &Home) -> Result<()> {
    if home.data().join("PG_VERSION").is_file() {
        return check_version(tools, &home.data());
    }
    let unfinished = home.folder().join("unfinished");
    if unfinished.exists() {
        fs::remove_dir_all(&unfinished)?;
    }
    let password_file = home.folder().join("password");
    write_private(&password_file, &secrets.postgres_password)?;
    home.give(&password_file)?;
    let made = command::output(
        home.command(&tools.postgres("initdb"))
            .args([
                "--username=postgres",
                "--auth=scram-sha-256",
                "--no-sync",
                "--no-instructions",
            ])
            .args(["--encoding=UTF8", "--locale=C.UTF-8", "--pwfile"])
            .arg(&password_file)
            .arg("-D")
            .arg(&unfinished),
    );
    fs::remove_file(&password_file)?;
    made.context("cannot make a PostgreSQL cluster")?;
    fs::rename(&unfinished, home.data())?;
    Ok(())
}

fn check_version(tools: &Tools, data: &Path) -> Result<()> {
    let made_by = fs::read_to_string(data.join("PG_VERSION"))?;
    let server = crate::version::Version::of(&tools.postgres("postgres"))
        .context("postgres does not say its version")?;
    if made_by.trim() != server.major.to_string() {
        bail!(
            "the data in {} were made by PostgreSQL {}, and version {server} is installed now: \
             `cargo xtask dev --fresh` begins anew",
            data.display(),
            made_by.trim()
        );
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_password_is_never_an_argument() {
        let url = "postgres://focobot:s3cret@127.0.0.1:25432/focobot";
        assert_eq!(password(url), "s3cret");
        assert_eq!(
            without_password(url),
            "postgres://focobot@127.0.0.1:25432/focobot"
        );
        assert_eq!(
            without_password("postgres://127.0.0.1/x"),
            "postgres://127.0.0.1/x"
        );
    }
}
