//! What a listener answers with: that nothing can be done yet, until it opens. Connections stay:
//! one that was closed then could take somebody's next request along.

use std::sync::{Arc, OnceLock};

use axum::Router;
use tokio_util::sync::CancellationToken;

/// The routes of a listener.
#[derive(Clone, Debug)]
pub(crate) struct StartupRouter {
    before: Router,
    after: Arc<OnceLock<Router>>,
    opened: CancellationToken,
}

impl StartupRouter {
    /// With these routes until it opens.
    pub(crate) fn new(before: Router) -> Self {
        Self {
            before,
            after: Arc::default(),
            opened: CancellationToken::new(),
        }
    }

    /// Opens, once and for all.
    pub(crate) fn open(&self, routes: Router) {
        self.after.get_or_init(|| routes);
        self.opened.cancel();
    }

    /// Waits until it opens.
    pub(crate) async fn opened(&self) {
        self.opened.cancelled().await;
    }

    /// What the next request is answered with.
    pub(crate) fn routes(&self) -> Router {
        self.after.get().unwrap_or(&self.before).clone()
    }
}
