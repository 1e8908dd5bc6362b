//! `focobot dead discard`: it will not be worked on again. Whoever waits for an answer still gets
//! one: the sweep of a worker writes that it could not be carried out.

use std::process::ExitCode;

use common::settings::Environment;
use sqlx::PgPool;

use super::{
    filter::Scope,
    settle::{self, Settled, Words},
};
use crate::{args, connections};

const WORDS: Words = Words {
    verb: "discard",
    done: "Discarded",
};

/// Discards those of the scope that are open.
pub(super) async fn run(
    env: &Environment,
    scope: &Scope,
    rate: u32,
    json: bool,
) -> anyhow::Result<ExitCode> {
    let pool = connections::database(env).await?;
    let by = args::sender::operator(env);
    let discard = |id| discard(&pool, id, &by);
    settle::each(env, &pool, scope, rate, (WORDS, json), discard).await
}

async fn discard(pool: &PgPool, id: i64, by: &str) -> anyhow::Result<Settled> {
    Ok(if store::dead_letter::discard(pool, id, by).await? {
        Settled::Done
    } else {
        Settled::Skipped(settle::SETTLED)
    })
}
