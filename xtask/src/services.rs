//! `cargo xtask services`: the three servers alone, for tests that somebody runs by hand.

use anyhow::{Result, bail};

use crate::checkout::Checkout;
use crate::group::Group;
use crate::interrupt::Interrupt;
use crate::secrets::Secrets;
use crate::server_folder::{Purpose, ServerFolder};
use crate::servers;
use crate::stop;
use crate::tools::{self, Tools};

/// Starts the servers, leaves them running, and prints how they are found.
pub(crate) fn up(checkout: &Checkout, interrupt: &Interrupt) -> Result<()> {
    let place = ServerFolder::new(checkout, Purpose::Services);
    let _lock = place.lock()?;
    if place.state().is_running() {
        if place
            .state()
            .processes
            .iter()
            .all(crate::process::Record::is_alive)
        {
            return env(checkout);
        }
        stop::end(&place, interrupt)?;
    }
    let tools = Tools::find_or_install(checkout)?;
    let secrets = Secrets::load(&place.secrets_file())?;
    let mut group = Group::new(&place, place.choose_ports()?, interrupt)?;
    servers::start(checkout, &tools, &secrets, &mut group)?;
    group.detach()?;
    env(checkout)
}

/// Ends them, and with them what tests that failed have left behind.
pub(crate) fn down(checkout: &Checkout, interrupt: &Interrupt) -> Result<()> {
    let place = ServerFolder::new(checkout, Purpose::Services);
    stop::end(&place, interrupt)?;
    place.clear()
}

/// Prints how the running servers are found, one `NAME=value` a line.
pub(crate) fn env(checkout: &Checkout) -> Result<()> {
    let place = ServerFolder::new(checkout, Purpose::Services);
    let state = place.state();
    if !state.is_running() {
        bail!("the servers are not running: `cargo xtask services up` starts them");
    }
    let tools = Tools::find_or_install(checkout)?;
    let secrets = Secrets::load(&place.secrets_file())?;
    let port = |name: &str| state.ports.get(name).copied().unwrap_or_default();
    let all = servers::environment(&tools, &secrets, port);
    for (name, value) in all.into_iter().chain(servers::of_another_version(checkout)) {
        println!("{name}={value}");
    }
    println!("PGBOUNCER_BIN={}", tools::pgbouncer(checkout)?.display());
    Ok(())
}
