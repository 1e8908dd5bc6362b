//! What users and operators are promised, told as stories on the real programs and real servers.

#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "tests fail by panicking"
)]

mod conversation;
mod isolation;
mod kill;
mod once;
mod settings;
mod walk;
