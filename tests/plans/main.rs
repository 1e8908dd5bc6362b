//! No query ages: on a ledger of two million messages and six million callbacks every statement of
//! the programs, taken from `.sqlx`, is planned. A program of its own, since it fills both cores and
//! some gigabytes.
#![expect(
    clippy::expect_used,
    clippy::panic,
    clippy::print_stderr,
    reason = "a test: what it cannot do fails it, and it says how long the filling takes"
)]

mod plan;
mod statements;

use std::{collections::BTreeMap, time::Instant};

use harness::{Setup, World};
use sqlx::{AssertSqlSafe, Connection, PgConnection};

use crate::{plan::Plan, statements::Statement};

const LEDGER: &str = include_str!("ledger.sql");
/// Messages of the old ledger.
const OLD: u32 = 2_000_000;
/// Messages of the young one: what is not settled or not erased yet is all there, and little else.
const YOUNG: u32 = 250_000;

/// A world whose ledger has so many messages, with nobody at work.
async fn with_messages(many: u32) -> World {
    let mut world = Setup::default().start().await;
    world.worker.take().expect("a worker").stop().await;
    let began = Instant::now();
    let mut conn = PgConnection::connect(&world.admin_url())
        .await
        .expect("PostgreSQL");
    let set = format!("set aged.messages = {many}");
    for script in [set.as_str(), LEDGER, "vacuum (analyze)"] {
        sqlx::raw_sql(AssertSqlSafe(script.to_owned()))
            .execute(&mut conn)
            .await
            .unwrap_or_else(|error| panic!("{many} messages: {error}"));
    }
    eprintln!("{many} messages in {} s", began.elapsed().as_secs());
    world
}

/// Some gigabytes are free again. What the queue has is not waited for: nobody is at work.
async fn is_dropped(world: World) {
    let url = world.admin_url();
    let (server, name) = url.rsplit_once('/').expect("a database's name");
    drop(world);
    let mut conn = PgConnection::connect(&format!("{server}/postgres"))
        .await
        .expect("PostgreSQL");
    sqlx::raw_sql(AssertSqlSafe(format!("drop database {name} with (force)")))
        .execute(&mut conn)
        .await
        .expect("dropping it");
}

/// The plans that PostgreSQL has for every statement, whatever its values are.
async fn plans(world: &World, statements: &[Statement]) -> BTreeMap<String, Plan> {
    let mut conn = PgConnection::connect(&world.admin_url())
        .await
        .expect("PostgreSQL");
    let run = async |conn: &mut PgConnection, sql: String| {
        sqlx::raw_sql(AssertSqlSafe(sql.clone()))
            .fetch_all(conn)
            .await
            .unwrap_or_else(|error| panic!("{sql}: {error}"))
    };
    run(&mut conn, "set plan_cache_mode = force_generic_plan".into()).await;
    let mut plans = BTreeMap::new();
    for (number, statement) in statements.iter().enumerate() {
        run(
            &mut conn,
            format!("prepare s{number} as {}", statement.text),
        )
        .await;
        let explain = format!(
            "explain (format json) execute s{number}{}",
            statement.nulls()
        );
        let rows = run(&mut conn, explain).await;
        plans.insert(statement.text.clone(), Plan::of(&rows));
    }
    plans
}

/// What is wrong with each statement's plan, but for what is known of it.
fn faults(
    statements: &[Statement],
    old: &BTreeMap<String, Plan>,
    young: &BTreeMap<String, Plan>,
) -> Vec<String> {
    let mut found = Vec::new();
    for statement in statements {
        let (old, young) = (&old[&statement.text], &young[&statement.text]);
        let mut faults = old.whole_reads(statement.may_read_unsettled());
        faults.extend(old.growth(young));
        match (statement.exception(), faults.is_empty()) {
            (None, false) => found.push(format!("{}: {faults:#?}\n{old:#?}", statement.text)),
            (Some(reason), true) => found.push(format!(
                "{}: is no exception ({reason}) any more",
                statement.text
            )),
            _ => {}
        }
    }
    found
}

/// Foreign keys that a deletion would look for in the whole table.
async fn keys_without_index(world: &World) -> Vec<String> {
    sqlx::query_scalar(
        "select c.conrelid::regclass || '.' || c.conname
         from pg_constraint c join pg_class t on t.oid = c.conrelid
         where c.contype = 'f' and t.relname like 'whatsapp%' and not exists (
             select from pg_index i
             where i.indrelid = c.conrelid and i.indpred is null
                 and (i.indkey::int2[])[0] = c.conkey[1])",
    )
    .fetch_all(world.pool())
    .await
    .expect("the foreign keys")
}

#[tokio::test(flavor = "multi_thread")]
async fn no_statement_reads_more_because_the_ledger_is_old() {
    let statements = statements::all();
    let world = with_messages(YOUNG).await;
    let young = plans(&world, &statements).await;
    is_dropped(world).await;
    let world = with_messages(OLD).await;
    let old = plans(&world, &statements).await;
    let found = faults(&statements, &old, &young);
    assert!(
        found.is_empty(),
        "{} statements:\n{}",
        found.len(),
        found.join("\n\n")
    );
    assert_eq!(keys_without_index(&world).await, [""; 0]);
    is_dropped(world).await;
}
