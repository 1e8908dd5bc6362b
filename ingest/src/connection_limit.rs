//! How many connections there may be at once. When all places are taken, whoever idles on one is
//! asked to leave, so that nobody holds the door shut by holding connections open.

use std::{sync::Arc, time::Duration};

use nix::sys::resource::{Resource, getrlimit, setrlimit};
use tokio::sync::{OwnedSemaphorePermit, Semaphore, watch};

/// How many connections there may be.
const MOST: usize = 4096;
/// How many connections there may be of those who look at metrics.
const WATCHERS: usize = 64;
/// File descriptors that are kept for servers, logs and listeners, and for connections that are
/// being told that there is no room.
const KEPT: usize = 256;

/// The limit for connections.
#[derive(Clone)]
pub(crate) struct ConnectionLimit {
    free: Arc<Semaphore>,
    /// Changes when one is wanted and none is free.
    wanted: watch::Sender<()>,
}

/// One permit, until it is dropped.
pub(crate) struct ConnectionPermit {
    wanted: watch::Receiver<()>,
    _permit: OwnedSemaphorePermit,
}

impl ConnectionLimit {
    /// As many as the system's limit of open files leaves room for, which is raised as far as it
    /// may be.
    pub(crate) fn within_limits() -> Self {
        let files = raise_open_files();
        let many = MOST.min(files.saturating_sub(KEPT)).max(1);
        if many < MOST {
            tracing::warn!(
                files,
                "few open files are allowed: raise the limit (nofile) to 8192"
            );
        }
        Self::of(many)
    }

    /// Those of whoever looks at metrics.
    pub(crate) fn for_watchers() -> Self {
        Self::of(WATCHERS)
    }

    fn of(many: usize) -> Self {
        Self {
            free: Arc::new(Semaphore::new(many)),
            wanted: watch::Sender::new(()),
        }
    }

    /// A permit; waits for one that idles to make room, at most `room`.
    pub(crate) async fn take(&self, room: Duration) -> Option<ConnectionPermit> {
        let free = || Arc::clone(&self.free);
        let permit = if let Ok(permit) = free().try_acquire_owned() {
            permit
        } else {
            self.wanted.send_replace(());
            let freed = tokio::time::timeout(room, free().acquire_owned()).await;
            freed.ok()?.ok()?
        };
        Some(ConnectionPermit {
            wanted: self.wanted.subscribe(),
            _permit: permit,
        })
    }
}

impl ConnectionPermit {
    /// Waits until somebody wants the permit of a connection that idles.
    pub(crate) async fn is_wanted(&mut self) {
        if self.wanted.changed().await.is_err() {
            std::future::pending::<()>().await;
        }
    }
}

/// Raises the limit of open files to what the system allows this process; returns the limit.
fn raise_open_files() -> usize {
    let Ok((soft, hard)) = getrlimit(Resource::RLIMIT_NOFILE) else {
        return MOST + KEPT;
    };
    let raised = setrlimit(Resource::RLIMIT_NOFILE, hard, hard).is_ok();
    usize::try_from(if raised { hard } else { soft }).unwrap_or(usize::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn who_holds_a_place_is_asked_for_it_when_none_is_left() {
        let limit = ConnectionLimit::of(1);
        let mut held = limit.take(Duration::ZERO).await.unwrap();
        assert!(limit.take(Duration::ZERO).await.is_none());
        held.is_wanted().await;
        drop(held);
        assert!(limit.take(Duration::ZERO).await.is_some());
    }
}
