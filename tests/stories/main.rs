//! What users and operators are promised, told as stories on the real programs and real servers.

#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "tests fail by panicking"
)]

mod callbacks;
mod chaos;
mod codes;
mod contracts;
mod conversation;
mod database;
mod dead_letters;
mod dead_letters_in_bulk;
mod deploy;
mod doctor;
mod faults;
mod forget;
mod giving_up;
mod isolation;
mod kill;
mod linking;
mod logs;
mod model;
mod observability;
mod once;
mod patience;
mod reconcile;
mod restore;
mod retention;
mod roles;
mod schema;
mod scripted;
mod sender;
mod sending;
mod settings;
mod status;
mod texts;
mod trace;
mod twilio;
mod undo;
mod unlinking;
mod walk;
