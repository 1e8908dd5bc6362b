//! The simulator on a real port, against a small webhook: what the project's tests rely on.
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test that fails should say where"
)]

mod faults;
mod inbound;
mod model;
mod sends;
mod stage;
