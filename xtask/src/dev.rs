//! `cargo xtask dev`: the whole system on this machine, until Ctrl-C.

use std::time::Duration;

use anyhow::{Result, bail};
use clap::{Args, ValueEnum};

use self::foco::Foco;
use self::programs::Programs;
use crate::checkout::Checkout;
use crate::group::Group;
use crate::interrupt::{Interrupt, Interrupted};
use crate::secrets::Secrets;
use crate::server_folder::{Purpose, ServerFolder};
use crate::servers;
use crate::stop;
use crate::tools::Tools;

mod foco;
mod greeting;
pub(crate) mod operators;
mod programs;
mod settings;

#[derive(Args)]
pub(crate) struct Options {
    /// Leave it running and return; `cargo xtask stop` ends it
    #[arg(long)]
    detach: bool,
    /// Forget all data of former runs first
    #[arg(long)]
    fresh: bool,
    /// Build and run optimized programs
    #[arg(long)]
    release: bool,
    /// Which database of Foco it is on; each keeps its own data
    #[arg(long, value_enum, default_value_t = Foco::StandIn)]
    foco: Foco,
    /// Who understands requests
    #[arg(long, value_enum, default_value_t = Model::Own)]
    model: Model,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Model {
    /// The model of your `OPENAI_API_KEY`; without one the built-in parser
    Own,
    /// The simulator, by the API that models have
    Simulator,
}

/// Starts everything, and stays until the user asks to stop or something dies.
pub(crate) fn run(checkout: &Checkout, options: &Options, interrupt: &Interrupt) -> Result<()> {
    let place = ServerFolder::new(checkout, Purpose::Dev);
    refuse_if_running(&place)?;
    let _lock = place.lock()?;
    // What an xtask left behind that was killed.
    stop::end(&place, interrupt)?;
    if options.fresh {
        place.clear()?;
    }
    let tools = Tools::find_or_install(checkout)?;
    let programs = Programs::build(checkout, &place, options.release, interrupt)?;
    let secrets = Secrets::load(&place.secrets_file())?;
    let mut group = Group::new(&place, place.choose_ports()?, interrupt)?;
    println!("starting PostgreSQL, Redis and NATS ...");
    servers::start(checkout, &tools, &secrets, &mut group)?;
    println!("migrating and seeding ...");
    let settings = settings::of(&secrets, &group, options);
    settings.save(&place.settings_file())?;
    let port = group.port("postgres");
    options.foco.prepare(&tools, &secrets, port)?;
    programs.migrate(&settings, options.foco.migrates_by(), interrupt)?;
    options.foco.seed(&tools, &secrets, port)?;
    println!("starting simulator, ingest and worker ...");
    programs.start(&settings, &mut group)?;
    greeting::print(&group, options.detach);
    if options.detach {
        group.detach()
    } else {
        watch(group, interrupt)
    }
}

fn refuse_if_running(place: &ServerFolder) -> Result<()> {
    let state = place.state();
    let left_alone = state.supervisor.is_none() && state.is_running();
    if left_alone || state.supervisor().is_some() {
        let port = |name: &str| state.ports.get(name).copied().unwrap_or_default();
        bail!(
            "it is running already: the phone is at http://127.0.0.1:{}, and `cargo xtask stop` \
             ends it",
            port("simulator")
        );
    }
    Ok(())
}

fn watch(mut group: Group, interrupt: &Interrupt) -> Result<()> {
    let ended = loop {
        if let Err(death) = group.check() {
            break death;
        }
        if let Err(asked) = interrupt.pause(Duration::from_millis(200)) {
            break asked;
        }
    };
    let asked = ended.is::<Interrupted>();
    if asked {
        println!("\nstopping; Ctrl-C once more does not wait for work to be finished ...");
    } else {
        eprintln!("{ended:#}\nstopping the others ...");
    }
    drop(group);
    if asked {
        Ok(())
    } else {
        bail!("stopped, because one of the processes died")
    }
}
