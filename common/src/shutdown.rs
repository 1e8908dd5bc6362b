//! How a process stops: softly on the first signal, at once on the second or after a deadline.

use std::{future::Future, time::Duration};

use tokio::signal::unix::{SignalKind, signal};
use tokio_util::{sync::CancellationToken, task::TaskTracker};

/// How long work in hand may take after the first signal; Kubernetes' own default is 30 s.
pub const GRACE: Duration = Duration::from_secs(25);

/// How much of that is waited: the rest is for writing down and giving back what is not finished.
const PATIENCE: Duration = Duration::from_secs(18);

/// Handed to everything that runs: says when to stop, and waits for what was spawned.
#[derive(Clone, Debug, Default)]
pub struct Shutdown {
    soft: CancellationToken,
    hard: CancellationToken,
    tasks: TaskTracker,
}

impl Shutdown {
    /// Stops on SIGTERM or SIGINT.
    ///
    /// # Errors
    /// When the process may not listen for signals.
    pub fn on_signals() -> std::io::Result<Self> {
        let shutdown = Self::default();
        let mut terminate = signal(SignalKind::terminate())?;
        let mut interrupt = signal(SignalKind::interrupt())?;
        let stop = shutdown.clone();
        spawn_detached(async move {
            for token in [&stop.soft, &stop.hard] {
                tokio::select! {
                    _ = terminate.recv() => {}
                    _ = interrupt.recv() => {}
                }
                token.cancel();
            }
        });
        Ok(shutdown)
    }

    /// Cancelled when no new work is to be taken on.
    #[must_use]
    pub fn soft(&self) -> &CancellationToken {
        &self.soft
    }

    /// Asks for a soft stop.
    pub fn stop(&self) {
        self.soft.cancel();
    }

    /// Ends shortly before work in hand is given up after a soft stop: what is still waited for then
    /// is better given back.
    pub async fn nearly_over(&self) {
        self.soft.cancelled().await;
        tokio::time::sleep(PATIENCE).await;
    }

    /// Runs a task that a stop waits for.
    pub fn spawn<F>(&self, task: F) -> tokio::task::JoinHandle<F::Output>
    where
        F: Future + Send + 'static,
        F::Output: Send + 'static,
    {
        self.tasks.spawn(task)
    }

    /// Waits until everything that was spawned has ended, at most [`GRACE`] after the soft stop.
    /// Returns whether all of it did.
    pub async fn finished(&self) -> bool {
        self.soft.cancelled().await;
        self.tasks.close();
        tokio::select! {
            () = self.tasks.wait() => true,
            () = self.hard.cancelled() => false,
            () = tokio::time::sleep(GRACE) => false,
        }
    }
}

#[expect(
    clippy::disallowed_methods,
    reason = "the listener for signals outlives all work"
)]
fn spawn_detached<F>(task: F)
where
    F: Future<Output = ()> + Send + 'static,
{
    drop(tokio::spawn(task));
}
