//! Ctrl-C, a terminal that closes, `kill`: noted here, so that whoever waits stops waiting and
//! everything that was started is ended on the way out.

use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::time::Duration;

use anyhow::{Context as _, Result};

/// How often the user asked us to stop.
#[derive(Debug, Clone, Default)]
pub(crate) struct Interrupt {
    asked: Arc<(Mutex<u32>, Condvar)>,
}

/// The error with which waiting ends when the user asked to stop.
#[derive(Debug)]
pub(crate) struct Interrupted;

impl std::fmt::Display for Interrupted {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("interrupted")
    }
}

impl std::error::Error for Interrupted {}

impl Interrupt {
    /// Listens to SIGINT, SIGTERM and SIGHUP from now on.
    pub(crate) fn listen() -> Result<Self> {
        let interrupt = Self::default();
        let noted = interrupt.clone();
        ctrlc::set_handler(move || noted.ask()).context("cannot listen to Ctrl-C")?;
        Ok(interrupt)
    }

    fn ask(&self) {
        let (count, changed) = &*self.asked;
        *count.lock().unwrap_or_else(PoisonError::into_inner) += 1;
        changed.notify_all();
    }

    /// How often: once means end gracefully, more often means at once.
    pub(crate) fn count(&self) -> u32 {
        *self.asked.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Waits for `time`.
    ///
    /// # Errors
    /// [`Interrupted`] as soon as the user asks to stop.
    pub(crate) fn pause(&self, time: Duration) -> Result<()> {
        let (count, changed) = &*self.asked;
        let count = count.lock().unwrap_or_else(PoisonError::into_inner);
        let (count, _) = changed
            .wait_timeout_while(count, time, |count| *count == 0)
            .unwrap_or_else(PoisonError::into_inner);
        if *count > 0 {
            Err(Interrupted.into())
        } else {
            Ok(())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pause_ends_as_soon_as_the_user_asks_to_stop() {
        let interrupt = Interrupt::default();
        assert!(interrupt.pause(Duration::from_millis(1)).is_ok());
        interrupt.ask();
        let error = interrupt.pause(Duration::from_hours(1)).unwrap_err();
        assert!(error.is::<Interrupted>());
        assert_eq!(interrupt.count(), 1);
    }
}
