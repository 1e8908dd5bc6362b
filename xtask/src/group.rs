//! The processes of one place: started one after the other, watched, ended in reverse order,
//! also when starting fails half-way.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::os::unix::process::CommandExt as _;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, anyhow};

use crate::command::last_lines;
use crate::interrupt::Interrupt;
use crate::process::Record;
use crate::server_folder::ServerFolder;
use crate::state::State;

/// How many lines of a log are shown when its process failed.
const LAST_LINES: usize = 15;

/// Running processes; dropping it ends them.
pub(crate) struct Group {
    place: ServerFolder,
    ports: BTreeMap<String, u16>,
    interrupt: Interrupt,
    members: Vec<(Record, Child)>,
    detached: bool,
}

impl Group {
    /// An empty group that this xtask looks after.
    pub(crate) fn new(
        place: &ServerFolder,
        ports: BTreeMap<String, u16>,
        interrupt: &Interrupt,
    ) -> Result<Self> {
        let (place, interrupt) = (place.clone(), interrupt.clone());
        let group = Self {
            place,
            ports,
            interrupt,
            members: Vec::new(),
            detached: false,
        };
        group.save(true)?;
        Ok(group)
    }

    /// Writes down what runs, and whether this xtask looks after it.
    fn save(&self, supervised: bool) -> Result<()> {
        let supervisor = if supervised {
            Some(Record::of("xtask", std::process::id())?)
        } else {
            None
        };
        let processes = self
            .members
            .iter()
            .map(|(record, _)| record.clone())
            .collect();
        let state = State {
            ports: self.ports.clone(),
            supervisor,
            processes,
        };
        state.save(&self.place.state_file())
    }

    pub(crate) fn place(&self) -> &ServerFolder {
        &self.place
    }

    /// The port chosen for `name`; 0 for a name that is none of ours.
    pub(crate) fn port(&self, name: &str) -> u16 {
        self.ports.get(name).copied().unwrap_or_default()
    }

    /// Starts a process that logs to its file and does not see the terminal's Ctrl-C: it is
    /// ended by us, in its turn.
    pub(crate) fn start(&mut self, name: &str, command: &mut Command) -> Result<()> {
        let log = File::create(self.place.log(name))?;
        let child = command
            .stdin(Stdio::null())
            .stdout(log.try_clone()?)
            .stderr(log)
            .process_group(0)
            .spawn()
            .with_context(|| format!("cannot start {name}"))?;
        let record = Record::of(name, child.id()).with_context(|| self.end_of_log(name))?;
        self.members.push((record, child));
        self.save(true)
    }

    /// Waits until `name` is ready.
    ///
    /// # Errors
    /// When it or another one of the group died, at the deadline, and when the user asks to stop.
    pub(crate) fn wait_until_ready(
        &mut self,
        name: &str,
        time: Duration,
        ready: impl Fn() -> bool,
    ) -> Result<()> {
        let deadline = Instant::now() + time;
        loop {
            let answered = ready();
            // In this order: what answered may be somebody else's server on our port.
            self.check()?;
            if answered {
                return Ok(());
            }
            if Instant::now() > deadline {
                let seconds = time.as_secs();
                let lines = self.end_of_log(name);
                return Err(anyhow!("{name} was not ready within {seconds} s\n{lines}"));
            }
            self.interrupt.pause(Duration::from_millis(50))?;
        }
    }

    /// An error that names the process that died, with the end of its log.
    pub(crate) fn check(&mut self) -> Result<()> {
        let mut dead = None;
        for (record, child) in &mut self.members {
            if let Some(status) = child.try_wait()? {
                // The first in the order of starting: the others may have died of its death.
                dead = dead.or_else(|| Some((record.name.clone(), status)));
            }
        }
        if let Some((name, status)) = dead {
            return Err(anyhow!(
                "{name} died ({status})\n{}",
                self.end_of_log(&name)
            ));
        }
        Ok(())
    }

    /// Leaves the processes running when this xtask ends.
    pub(crate) fn detach(mut self) -> Result<()> {
        self.save(false)?;
        self.members.clear();
        self.detached = true;
        Ok(())
    }

    fn end_of_log(&self, name: &str) -> String {
        let path = self.place.log(name);
        let text = fs::read_to_string(&path).unwrap_or_default();
        format!(
            "The end of {}:\n  {}",
            path.display(),
            last_lines(&text, LAST_LINES)
        )
    }
}

impl Drop for Group {
    fn drop(&mut self) {
        if self.detached {
            return;
        }
        while let Some((record, mut child)) = self.members.pop() {
            record.stop(Some(&mut child), &self.interrupt);
        }
        if let Err(error) = self.save(false) {
            eprintln!("warning: {error:#}");
        }
    }
}
