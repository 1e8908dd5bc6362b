//! The servers that tests and measurements run on, in a place of their own.

use anyhow::Result;

use crate::checkout::Checkout;
use crate::group::Group;
use crate::interrupt::Interrupt;
use crate::secrets::Secrets;
use crate::server_folder::{Purpose, ServerFolder};
use crate::servers;
use crate::stop;
use crate::tools::Tools;

/// The servers of the tests' own place, as long as this is kept.
pub(crate) struct Servers {
    pub(crate) tools: Tools,
    pub(crate) secrets: Secrets,
    pub(crate) group: Group,
    _lock: std::fs::File,
}

impl Servers {
    /// Starts them with nothing in them.
    pub(crate) fn start(checkout: &Checkout, interrupt: &Interrupt) -> Result<Self> {
        let place = ServerFolder::new(checkout, Purpose::Test);
        let lock = place.lock()?;
        stop::end(&place, interrupt)?;
        place.clear()?;
        let tools = Tools::find_or_install(checkout)?;
        let secrets = Secrets::load(&place.secrets_file())?;
        let mut group = Group::new(&place, place.choose_ports()?, interrupt)?;
        servers::start(checkout, &tools, &secrets, &mut group)?;
        Ok(Self {
            tools,
            secrets,
            group,
            _lock: lock,
        })
    }

    pub(crate) fn environment(&self) -> Vec<(&'static str, String)> {
        servers::environment(&self.tools, &self.secrets, |name| self.group.port(name))
    }
}
