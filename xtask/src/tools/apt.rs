//! The system's packages, on Debian and Ubuntu: installed without starting any server.

use std::fs::{self, File, OpenOptions};
use std::io::Write as _;
use std::os::unix::fs::OpenOptionsExt as _;
use std::os::unix::process::CommandExt as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context as _, Result, bail};

use crate::checkout::Checkout;
use crate::environment;

/// Asked by Debian's package scripts before they start a server; 101 forbids it.
const POLICY: &str = "/usr/sbin/policy-rc.d";
/// Asked by PostgreSQL's package scripts before they make a cluster.
const CLUSTER: &str = "/etc/postgresql-common/createcluster.conf";

/// Installs PostgreSQL, without the cluster that the package would make.
pub(super) fn install_postgres(checkout: &Checkout) -> Result<()> {
    refuse_unless_possible("PostgreSQL 15 or newer", "postgresql")?;
    install(checkout, &["postgresql-common"])?;
    let _cluster = Overlay::new(CLUSTER, 0o644, |text| {
        format!("{text}\ncreate_main_cluster = false\n")
    })?;
    install(checkout, &["postgresql", "postgresql-client"])
}

/// Installs Redis, and keeps it from starting with the machine.
pub(super) fn install_redis(checkout: &Checkout) -> Result<()> {
    refuse_unless_possible("Redis 7 or newer", "redis-server")?;
    install(checkout, &["redis-server"])?;
    never_by_itself("redis-server");
    Ok(())
}

/// There may be no systemd here; then nothing starts it either.
fn never_by_itself(service: &str) {
    let _ = Command::new("systemctl")
        .args(["--quiet", "disable", service])
        .stdin(Stdio::null())
        .output();
}

/// Installs docker-compose, which reads `docker-compose.yml` without a Docker engine.
pub(super) fn install_docker_compose(checkout: &Checkout) -> Result<()> {
    refuse_unless_possible("docker-compose", "docker-compose")?;
    install(checkout, &["docker-compose"])
}

/// Installs PgBouncer, and keeps it from starting with the machine.
pub(super) fn install_pgbouncer(checkout: &Checkout) -> Result<()> {
    refuse_unless_possible("PgBouncer", "pgbouncer")?;
    install(checkout, &["pgbouncer"])?;
    never_by_itself("pgbouncer");
    Ok(())
}

/// Installs a browser and what drives it.
pub(super) fn install_browser(checkout: &Checkout) -> Result<()> {
    refuse_unless_possible("chromedriver", "chromium chromium-driver")?;
    install(checkout, &["chromium", "chromium-driver"])
}

/// Installs pip, which fetches what the system's packages do not have.
pub(super) fn install_pip(checkout: &Checkout) -> Result<()> {
    refuse_unless_possible("Python's pip", "python3-pip")?;
    install(checkout, &["python3-pip"])
}

fn refuse_unless_possible(what: &str, package: &str) -> Result<()> {
    let has_apt = environment::path()
        .iter()
        .any(|folder| folder.join("apt-get").is_file());
    if !has_apt {
        bail!("{what} was not found: install it with your system's packages, then call this again");
    }
    if !environment::is_root() {
        bail!("{what} was not found: `sudo apt-get install {package}`, then call this again");
    }
    Ok(())
}

fn install(checkout: &Checkout, packages: &[&str]) -> Result<()> {
    eprintln!("installing {} with apt-get ...", packages.join(", "));
    let _policy = if Path::new(POLICY).exists() {
        None
    } else {
        Some(Overlay::new(POLICY, 0o755, |_| {
            "#!/bin/sh\nexit 101\n".to_owned()
        })?)
    };
    let mut log = File::create(checkout.dev().join("apt.log"))?;
    apt_get(&mut log, &["update"])
        .and_then(|()| {
            let options = ["install", "--yes", "--no-install-recommends"];
            apt_get(&mut log, &[&options, packages].concat())
        })
        .with_context(|| {
            format!(
                "cannot install it: see {}, then `apt-get install {}` by hand",
                checkout.dev().join("apt.log").display(),
                packages.join(" ")
            )
        })
}

/// Out of reach of Ctrl-C: half-installed packages would be worse than waiting for it to end.
fn apt_get(log: &mut File, arguments: &[&str]) -> Result<()> {
    let status = Command::new("apt-get")
        .args(arguments)
        .env("DEBIAN_FRONTEND", "noninteractive")
        .stdin(Stdio::null())
        .stdout(log.try_clone()?)
        .stderr(log.try_clone()?)
        .process_group(0)
        .status()
        .context("cannot start apt-get")?;
    if !status.success() {
        bail!("apt-get {} ended with {status}", arguments.join(" "));
    }
    Ok(())
}

/// A system file that reads differently for a while; dropping it brings back the former one.
struct Overlay {
    path: PathBuf,
    former: Option<String>,
}

impl Overlay {
    fn new(path: &str, mode: u32, content: impl Fn(&str) -> String) -> Result<Self> {
        let overlay = Self {
            path: path.into(),
            former: fs::read_to_string(path).ok(),
        };
        let text = content(overlay.former.as_deref().unwrap_or_default());
        OpenOptions::new()
            .write(true)
            .create(true)
            .truncate(true)
            .mode(mode)
            .open(path)
            .and_then(|mut file| file.write_all(text.as_bytes()))
            .with_context(|| format!("cannot write {path}"))?;
        Ok(overlay)
    }
}

impl Drop for Overlay {
    fn drop(&mut self) {
        let restored = match &self.former {
            Some(text) => fs::write(&self.path, text),
            None => fs::remove_file(&self.path),
        };
        if let Err(error) = restored {
            eprintln!("warning: cannot restore {}: {error}", self.path.display());
        }
    }
}
