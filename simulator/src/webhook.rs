//! Twilio's calls to us: inbound messages and status callbacks, signed, with time-outs and retries.

pub mod delivery;
pub mod inbound;
pub mod parameters;
pub mod post;
pub mod target;
pub mod twiml;
pub mod written;
