//! `cargo xtask focobot ...`: the operators' command, on the system that `dev` runs here.

use std::ffi::OsString;
use std::fs;
use std::process::ExitCode;

use anyhow::{Context as _, Result, bail};

use super::{programs, settings::Settings};
use crate::checkout::Checkout;
use crate::server_folder::{Purpose, ServerFolder};

/// Runs it with the settings of ingest and worker; its exit code is ours.
pub(crate) fn run(checkout: &Checkout, arguments: &[OsString]) -> Result<ExitCode> {
    let place = ServerFolder::new(checkout, Purpose::Dev);
    if !place.state().is_running() {
        bail!("nothing runs here: `cargo xtask dev` in another terminal starts it");
    }
    let built = programs::executables(&fs::read_to_string(place.log("build"))?);
    let program = built.get("focobot").context("cargo built no focobot")?;
    let settings = Settings::load(&place.settings_file())?;
    let status = settings.command(program).args(arguments).status()?;
    let code = status.code().and_then(|code| u8::try_from(code).ok());
    Ok(code.map_or(ExitCode::FAILURE, ExitCode::from))
}
