//! FocoBot's own tables. Each is one module: where its rows stand, as enums, and every write to it.
//! A read that is used once stays where it is used.
//!
//! **What a module is.** Plain functions on a connection: whoever calls them begins and commits,
//! and decides what an error means. Each says what it changes, and which lock its caller has to
//! hold. A statement that writes to two tables at once stands with the one that it is about. Texts,
//! traces and people's names come as plain values: nothing here knows where they are from.
//!
//! **States.** An enum's words are the column's, and a test holds them against the check of the
//! migrations. Which state may follow which is one `match` (`may_become`), and a test holds every
//! statement against it. In the statements themselves states stand as words and not as parameters:
//! PostgreSQL uses an index over a part of a table only where it can read off the statement which
//! part is meant.
//!
//! **Below `common`.** This crate depends on none of ours. Linking, replies and recovery in
//! `common` write rows, and so do ingest, workers and `focobot`: the writes lie below all of them.
//!
//! # The order of locks
//!
//! Whoever locks rows of several tables in one transaction does so in this order, so that nobody
//! waits in a circle:
//!
//! 1. the dead letter that is filed or replayed;
//! 2. the message that is worked on, before its stage ([`message`], [`stage`]): a claim shares it,
//!    recording and repeating lock it;
//! 3. the recipient ([`recipient`]): by a claim, or by what they wrote;
//! 4. the link, or the claim that is proven ([`link`]): shared by who records or posts under it,
//!    locked by who ends or proves it;
//! 5. requests that wait under that link, then replies and parts ([`part`]), then codes that are
//!    sent ([`code_send`]).
//!
//! What is only inserted comes anywhere: callbacks, new letters, the record.
//!
//! These go another way. Where one of them meets another, PostgreSQL takes one of the two back, and
//! that one begins again:
//!
//! - a proposal whose recipient is told of a guessed time zone: the link is shared by then;
//! - a callback about a code, which locks the code before its recipient;
//! - `focobot dead replay`, which shares the link of a reply before the message;
//! - the end of what is old: letters after their messages; it passes over what is locked;
//! - forgetting a person, and what is done after a restore.
//!
//! Beside rows there are advisory locks: one for each account that asks for codes, taken before any
//! row, and one for the worker that sweeps, held while each of its steps has a transaction of its
//! own.

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
