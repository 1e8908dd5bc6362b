//! Who a sender is in Foco: a claim that was proven is a link. Linking and unlinking are done
//! here, by whichever program: on the web, in the chat, by an operator.

pub mod code;
mod ending;
mod establishing;
mod lock;

use uuid::Uuid;

pub use self::{
    ending::{Dropped, Ended, Ending, Telling, end, of_user, suspend},
    establishing::{Established, Proof, establish, is_held_by_another},
    lock::{count_wrong, forgive, locked_until},
};
pub use store::link_event::{Entry, Event, Origin, note};

/// A verified link that stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Link {
    /// The link.
    pub id: Uuid,
    /// Its account.
    pub user_id: Uuid,
}
