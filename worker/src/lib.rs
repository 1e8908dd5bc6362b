//! The queue side of FocoBot. The modules stand in the order of a message's life: how a stage
//! takes a message from the queue, what it may do to it, and then the stages themselves.

pub mod evaluation;
pub mod settings;

mod run;

mod engine;

mod delay;
mod foco;
mod recipient;
mod reply;
mod session;
mod small_talk;

mod route;

mod parse;

mod send;

mod status;

mod dead;
mod reconcile;
mod sweep;

mod metrics;

pub use run::{RunError, run};
