//! One process that we started: known by its id and its start time, so that an id that the
//! system gave to somebody else meanwhile is never taken for ours.

use std::fs;
use std::process::Child;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result};
use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;
use serde::{Deserialize, Serialize};

use crate::interrupt::Interrupt;

/// How long a process may take to end by itself, and then to end by force.
const GRACE: Duration = Duration::from_secs(15);
const FORCE: Duration = Duration::from_secs(5);

/// What is written down about a process, for another call of xtask to find it by.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Record {
    pub(crate) name: String,
    pub(crate) pid: i32,
    /// The machine's boot and the clock tick in it at which the process started.
    pub(crate) started: String,
}

impl Record {
    /// Takes down a process that is running now.
    pub(crate) fn of(name: &str, pid: u32) -> Result<Self> {
        let pid = pid.try_into().context("a process id")?;
        let started = started(pid).with_context(|| format!("{name} ended at once"))?;
        Ok(Self {
            name: name.to_owned(),
            pid,
            started,
        })
    }

    /// Whether this very process still runs.
    pub(crate) fn is_alive(&self) -> bool {
        started(self.pid).is_some_and(|started| started == self.started)
    }

    /// Asks it to end, then makes it end; returns once it has.
    pub(crate) fn stop(&self, child: Option<&mut Child>, interrupt: &Interrupt) {
        let mut child = child;
        // PostgreSQL's SIGTERM waits for its clients, SIGINT disconnects them; and its children
        // outlive a SIGKILL, but not a SIGQUIT.
        let (politely, firmly) = match self.name.as_str() {
            "postgres" => (Signal::SIGINT, Signal::SIGQUIT),
            _ => (Signal::SIGTERM, Signal::SIGKILL),
        };
        let asked = interrupt.count();
        self.signal(politely);
        self.wait(&mut child, GRACE, || interrupt.count() > asked);
        self.signal(firmly);
        self.wait(&mut child, FORCE, || false);
        self.signal(Signal::SIGKILL);
        self.wait(&mut child, FORCE, || false);
    }

    fn signal(&self, signal: Signal) {
        if self.is_alive() {
            // Fails only where it ended this moment.
            let _ = kill(Pid::from_raw(self.pid), signal);
        }
    }

    fn wait(&self, child: &mut Option<&mut Child>, time: Duration, enough: impl Fn() -> bool) {
        let deadline = Instant::now() + time;
        while Instant::now() < deadline && !enough() {
            if let Some(child) = child {
                // Our own child stays a zombie until somebody waits for it.
                let _ = child.try_wait();
            }
            if !self.is_alive() {
                return;
            }
            std::thread::sleep(Duration::from_millis(20));
        }
    }
}

/// When a process started; none if there is no such process, or if it has ended and its parent
/// has not yet noticed.
fn started(pid: i32) -> Option<String> {
    let stat = fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
    let boot = fs::read_to_string("/proc/sys/kernel/random/boot_id").ok()?;
    start_tick(&stat).map(|tick| format!("{} {tick}", boot.trim()))
}

/// Field 22 of proc(5)'s `stat`, unless the state (field 3) is that of a zombie. The name
/// (field 2) may hold blanks and brackets, hence the last bracket.
fn start_tick(stat: &str) -> Option<u64> {
    let (_, rest) = stat.rsplit_once(')')?;
    let fields: Vec<&str> = rest.split_whitespace().collect();
    if matches!(fields.first(), None | Some(&"Z" | &"X")) {
        return None;
    }
    fields.get(19)?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_start_is_read_past_any_name() {
        let rest = "0 0 0 -1 0 0 0 0 0 0 0 0 0 20 0 1 0 4711 0 0";
        let stat = |name: &str, state: &str| format!("42 ({name}) {state} 1 {rest}");
        assert_eq!(start_tick(&stat("worker", "S")), Some(4711));
        assert_eq!(start_tick(&stat("a) R (b", "S")), Some(4711));
        assert_eq!(start_tick(&stat("worker", "Z")), None);
        assert_eq!(start_tick(""), None);
    }

    #[test]
    fn an_id_that_is_somebody_elses_now_is_not_ours() {
        let mut record = Record::of("me", std::process::id()).unwrap();
        assert!(record.is_alive());
        record.started.push('1');
        assert!(!record.is_alive());
    }
}
