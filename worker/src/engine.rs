//! What takes a message through a stage, whichever it is: from the queue, through the ledger, to what
//! follows. The stages themselves stand beside it.

pub(crate) mod context;
pub(crate) mod registration;
pub(crate) mod store_watch;

pub(crate) mod delivery;
pub(crate) mod failure;
pub(crate) mod health;
pub(crate) mod isolation;
pub(crate) mod stage;
pub(crate) mod stage_error;

pub(crate) mod attempts;
pub(crate) mod idempotent_stage;
pub(crate) mod ledger;
pub(crate) mod outbox;
