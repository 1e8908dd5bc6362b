//! FocoBot's own tables. Each is one module: where its rows stand, as enums, and every write to it. A
//! read that is used once stays where it is used.
//!
//! **What a module is.** Plain functions on a connection: whoever calls them begins and commits, and
//! decides what an error means. Each says what it changes, and which lock its caller has to hold. A
//! statement that writes to two tables at once stands with the one that it is about. Texts, traces and
//! people's names come as plain values: nothing here knows where they are from.
//!
//! **States.** An enum's words are the column's, and a test holds them against the check of the
//! migrations. Which state may follow which is one `match` (`may_become`), and a test holds every
//! statement against it. In the statements themselves states stand as words and not as parameters:
//! PostgreSQL uses an index over a part of a table only where it can read off the statement which part
//! is meant.
//!
//! **Below `common`.** This crate depends on none of ours. Linking, replies and recovery in `common`
//! write rows, and so do ingest, workers and `focobot`, so that the writes lie below all of them.
//!
//! # The order of locks
//!
//! Whoever locks rows of several tables in one transaction does so in this order, so that two wait for
//! each other and not in a circle:
//!
//! 1. the dead letter that is filed or replayed;
//! 2. the message that is worked on, before its stage ([`message`]): a claim shares it, recording and
//!    repeating lock it;
//! 3. the recipient ([`recipient`]): by a claim, or by what they wrote;
//! 4. the link, or the claim that is proven: shared by who records or posts under it, locked by who
//!    ends or proves it;
//! 5. requests that wait under that link, then replies and parts ([`part`]), then codes that are sent
//!    ([`code_send`]).
//!
//! What is only inserted comes anywhere: callbacks, new letters, the record.
//!
//! Some go another way, and are taken back by PostgreSQL where they meet one of those: the end of what
//! is old takes letters after their messages, and passes over what is locked; forgetting a person
//! begins such a step again; a callback about a code locks that before its recipient, and is handed out
//! again.
//!
//! Beside rows there are advisory locks: one for each account that asks for codes, taken before any
//! row, and one for the worker that sweeps, held while each of its steps has a transaction of its own.

pub mod callback;
pub mod code_send;
pub mod dead_letter;
pub mod delivery_attempt;
pub mod ended_link;
mod id;
mod interval;
pub mod link;
pub mod link_code;
pub mod link_event;
pub mod message;
pub mod operation;
pub mod part;
pub mod recipient;
pub mod reconciliation;
pub mod reply;
pub mod sid;
pub mod stage;
pub mod stream_mark;
mod word;
#[cfg(test)]
mod written;

pub use id::{CodeSendId, PartId, RecipientId, ReplyId};
