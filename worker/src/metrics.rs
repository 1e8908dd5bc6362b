//! What a worker counts: what became of its messages, and what waits.

pub(crate) mod backlog;
pub(crate) mod counted;
