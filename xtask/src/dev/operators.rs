//! `cargo xtask focobot ...`: the operators' command, on the system that `dev` runs here.

use std::ffi::OsString;
use std::fs;
use std::process::{Command, ExitCode};

use anyhow::{Context as _, Result, bail};

use super::{Model, programs, settings};
use crate::checkout::Checkout;
use crate::place::{Place, Purpose};
use crate::secrets::Secrets;

/// Runs it with the settings of ingest and worker; its exit code is ours.
pub(crate) fn run(checkout: &Checkout, arguments: &[OsString]) -> Result<ExitCode> {
    let place = Place::new(checkout, Purpose::Dev);
    let state = place.state();
    if !state.is_running() {
        bail!("nothing runs here: `cargo xtask dev` in another terminal starts it");
    }
    let built = fs::read_to_string(place.log("build"))?;
    let built = programs::executables(&built);
    let program = built.get("focobot").context("cargo built no focobot")?;
    let secrets = Secrets::load(&place.secrets_file())?;
    let port = |name: &str| state.ports.get(name).copied().unwrap_or_default();
    let mut command: Command = settings::of(&secrets, port, Model::Own).command(program);
    let status = command.args(arguments).status()?;
    Ok(
        match status.code().and_then(|code| u8::try_from(code).ok()) {
            Some(code) => ExitCode::from(code),
            None => ExitCode::FAILURE,
        },
    )
}
