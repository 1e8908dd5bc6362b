//! What no stage can finish: published as a dead letter, filed into PostgreSQL, and its sender told.

mod consumer;
mod insert_reply;
mod notify_sender;
mod publish;

pub(crate) use self::{
    consumer::DeadLetters,
    insert_reply::insert_reply,
    notify_sender::notify_sender,
    publish::{GivenUp, publish},
};
