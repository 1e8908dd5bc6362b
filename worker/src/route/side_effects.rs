//! What the end of a link leads to, beside the answer to the message that ended it.

use common::announcement::Announcement;
use uuid::Uuid;

use crate::engine::outbox::Next;

/// What is to be published, and whose conversations are to be cleared.
#[derive(Debug, Default)]
pub(super) struct SideEffects {
    pub(super) next: Vec<Next>,
    pub(super) ended: Vec<Uuid>,
}

impl SideEffects {
    /// A link has ended, and this is said of it.
    pub(super) fn note(&mut self, link: Uuid, told: Vec<Announcement>) {
        self.ended.push(link);
        self.next.extend(told.into_iter().map(Next::from));
    }
}
