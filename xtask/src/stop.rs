//! `cargo xtask stop`: ends what another call of xtask left running, or still looks after.

use std::time::{Duration, Instant};

use anyhow::{Result, bail};
use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;

use crate::checkout::Checkout;
use crate::interrupt::Interrupt;
use crate::process::Record;
use crate::server_folder::{Purpose, ServerFolder};
use crate::state::State;

/// Longer than all processes together may take to end.
const GRACE: Duration = Duration::from_mins(2);

/// Ends the system that `cargo xtask dev` started.
pub(crate) fn dev(checkout: &Checkout, interrupt: &Interrupt) -> Result<()> {
    let place = ServerFolder::new(checkout, Purpose::Dev);
    let state = place.state();
    if state.supervisor().is_none() && !state.is_running() {
        println!("nothing is running");
        return Ok(());
    }
    end(&place, interrupt)?;
    println!("stopped");
    Ok(())
}

/// Ends the processes of a place: through the xtask that looks after them, else one by one.
pub(crate) fn end(place: &ServerFolder, interrupt: &Interrupt) -> Result<()> {
    let state = place.state();
    match state.supervisor() {
        Some(supervisor) if supervisor.pid.cast_unsigned() != std::process::id() => {
            ask(supervisor, interrupt)
        }
        _ => end_left_over(place, state, interrupt),
    }
}

fn ask(supervisor: &Record, interrupt: &Interrupt) -> Result<()> {
    kill(Pid::from_raw(supervisor.pid), Signal::SIGTERM)?;
    let deadline = Instant::now() + GRACE;
    while supervisor.is_alive() {
        if Instant::now() > deadline {
            bail!(
                "the xtask that looks after it (process {}) does not end",
                supervisor.pid
            );
        }
        interrupt.pause(Duration::from_millis(50))?;
    }
    Ok(())
}

fn end_left_over(place: &ServerFolder, mut state: State, interrupt: &Interrupt) -> Result<()> {
    while let Some(record) = state.processes.pop() {
        record.stop(None, interrupt);
    }
    state.supervisor = None;
    state.save(&place.state_file())
}
