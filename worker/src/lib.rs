//! The queue side of FocoBot. The modules stand in the order of a message's life: how a stage
//! takes a message from the queue, what it may do to it, and then the stages themselves.

pub mod evaluation;
pub mod settings;

mod context;
mod run;

mod delivery;
mod failure;
mod health;
mod quarantine;
mod stage;

mod attempts;
mod delay;
mod foco;
mod ledger;
mod ledger_stage;
mod outcome;
mod recipient;
mod reply;
mod session;
mod small_talk;

mod route;

mod parse;
mod presence;

mod send;

mod status;
mod store_watch;

mod backlog;
mod bad_news;
mod counted;
mod dead_letter;
mod expiry;
mod filing;
mod overdue;
mod reconcile;
mod retention;
mod sweep;

pub use run::{RunError, run};
