//! Arguments that more than one command takes.

pub(crate) mod sender;
pub(crate) mod time;
