//! A message that has brought its process down twice is worked on alone, so that it does not
//! take its neighbours along a third time.

use std::{sync::Arc, time::Duration};

use tokio::sync::{OwnedRwLockReadGuard, OwnedRwLockWriteGuard, RwLock};

/// After so many unended attempts a message is a suspect.
pub(crate) const SUSPECT_AFTER: i32 = 2;

/// How long a suspect holds up others at a time while it waits to be alone.
const PATIENCE: Duration = Duration::from_secs(2);

/// One for a process: many work side by side, a suspect works alone.
#[derive(Clone, Debug, Default)]
pub(crate) struct Isolation(Arc<RwLock<()>>);

/// Held while a message is worked on.
#[derive(Debug)]
#[expect(dead_code, reason = "held for its effect")]
pub(crate) enum Guard {
    /// Beside others.
    Shared(OwnedRwLockReadGuard<()>),
    /// Nobody else.
    Exclusive(OwnedRwLockWriteGuard<()>),
}

impl Isolation {
    /// Alone with a suspect, beside others else.
    pub(crate) async fn enter(&self, suspect: bool) -> Guard {
        if suspect {
            self.exclusive().await
        } else {
            self.shared().await
        }
    }

    /// Works beside others. Taken before a message is claimed: who waits behind a suspect has
    /// not begun, so that its attempt does not count as unended if the suspect strikes.
    async fn shared(&self) -> Guard {
        Guard::Shared(Arc::clone(&self.0).read_owned().await)
    }

    /// Works alone, once everybody else has finished. Who comes meanwhile waits behind it, so it
    /// lets them pass every now and then.
    async fn exclusive(&self) -> Guard {
        loop {
            let alone = Arc::clone(&self.0).write_owned();
            if let Ok(alone) = tokio::time::timeout(PATIENCE, alone).await {
                return Guard::Exclusive(alone);
            }
            tokio::time::sleep(PATIENCE).await;
        }
    }
}
