//! Starts the real programs against real servers, isolated by name: a database, a stream prefix
//! and a key prefix for each world. Only Twilio and OpenAI are stood in for.

#![expect(
    clippy::expect_used,
    clippy::panic,
    clippy::missing_panics_doc,
    clippy::disallowed_methods,
    reason = "a harness of tests: what it cannot do fails the test that asked for it"
)]

mod address;
mod cable;
pub mod chaos;
mod cluster;
mod collector;
mod database;
mod failover;
mod foco;
mod operator;
mod own_server;
mod pgbouncer;
mod phone;
mod port;
mod postgres;
mod program;
mod queue;
mod simulator;
mod twilio_account;
mod wait;
mod web;
mod world;

pub use cable::Cable;
pub use collector::{Collector, Span};
pub use database::{
    GUEST, PROJECT_APP, PROJECT_WEB, PROJECT_WORKSHOP, USER, USER_OF_ANOTHER_WORKSPACE, WORKSPACE,
    WORKSPACE_WORKSHOP,
};
pub use failover::Failover;
pub use foco::{BareDatabase, Foco, LIVE_BRANCH, LIVE_LINKS, RECURSIVE};
pub use own_server::{OlderNats, OwnServer};
pub use pgbouncer::{LossyWay, Lost, PgBouncer};
pub use phone::Phone;
pub use port::free_port;
pub use postgres::Postgres;
pub use program::{Program, printed};
pub use simulator::{Accepted, Simulator};
pub use wait::{ago, until};
pub use web::Account;
pub use world::{Item, Proposal, Setup, World};
