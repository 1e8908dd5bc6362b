//! The pool: what one piece of work gives up halfway is nobody else's trouble.

use std::{collections::BTreeSet, pin::pin};

use common::{
    database,
    settings::{DatabaseSettings, Environment},
};
use futures_util::poll;
use harness::{Setup, World};
use sqlx::{Connection as _, PgPool};

/// A pool as the programs have it, with the few connections that make a reuse certain.
fn pool(world: &World) -> PgPool {
    let env = Environment::of([
        ("DATABASE_URL", &world.variables()["DATABASE_URL"]),
        ("DATABASE_MAX_CONNECTIONS", "1"),
    ]);
    database::open(&DatabaseSettings::load(&env).unwrap())
        .unwrap()
        .pool
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_stored_after_somebody_gave_up_a_begin_is_stored() {
    let world = Setup::default().start().await;
    let pool = pool(&world);
    sqlx::query("create table given_up (n integer primary key)")
        .execute(&pool)
        .await
        .unwrap();
    for n in 0..50 {
        let mut connection = pool.acquire().await.unwrap();
        {
            // The request is on its way, and nobody waits for the answer any more.
            let mut begin = pin!(connection.begin());
            drop(poll!(&mut begin));
        }
        drop(connection);
        sqlx::query("insert into given_up values ($1)")
            .bind(n)
            .execute(&pool)
            .await
            .unwrap();
        let seen = sqlx::query_scalar::<_, i32>("select max(n) from given_up")
            .fetch_one(world.pool())
            .await
            .unwrap();
        assert_eq!(
            seen, n,
            "it was said to be stored, and others do not see it"
        );
    }
    world.ends_clean().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_connection_is_kept_for_whoever_needs_it_next() {
    let world = Setup::default().start().await;
    let pool = pool(&world);
    let mut servers = BTreeSet::new();
    for _ in 0..100 {
        let mut transaction = pool.begin().await.unwrap();
        let server = sqlx::query_scalar::<_, i32>("select pg_backend_pid()")
            .fetch_one(&mut *transaction)
            .await
            .unwrap();
        transaction.commit().await.unwrap();
        servers.insert(server);
    }
    assert_eq!(servers.len(), 1, "they were closed");
    world.ends_clean().await;
}
