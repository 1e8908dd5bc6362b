//! Killed at any point: the old table is whole, or the new one is.

use harness::{BareDatabase, Foco};
use sqlx::{Connection as _, Executor as _, PgConnection};

use super::{LINKS, decide, live};
use crate::migrating::{does, migrates, texts};

/// Where it is held up, as a lock of somebody else's, and killed there.
const POINTS: [&str; 3] = [
    // Before the old table can be looked at for good.
    "lock table public.whatsapp_user_links in access share mode",
    // The old table is dropped, the new one is not made: it refers to accounts.
    "lock table auth.users in share row exclusive mode",
    // The new one is made, and its rows are put in: each looks for its account.
    "select from auth.users where id = '00000000-0000-4000-8000-000000000025' for update",
];

/// Everything but the table of what was applied, which is made before and holds nothing.
async fn but_the_record(foco: &BareDatabase) -> String {
    does(foco, "drop table if exists _sqlx_migrations").await;
    foco.snapshot().await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_kill_at_any_point_leaves_the_old_table_whole_and_the_next_run_takes_it_over() {
    let foco = live(Foco::A).await;
    decide(&foco).await;
    let before = but_the_record(&foco).await;
    for point in POINTS {
        let mut holder = PgConnection::connect(&foco.admin_url()).await.unwrap();
        holder.execute("begin").await.unwrap();
        holder.execute(point).await.unwrap();
        let mut migrate = foco.starts(&["migrate", "--keep-verified"]);
        foco.migrate_is_held_up().await;
        migrate.signal("KILL").await;
        migrate.ended().await;
        holder.execute("rollback").await.unwrap();
        foco.is_left_alone().await;
        assert_eq!(but_the_record(&foco).await, before, "{point}");
    }
    migrates(&foco, &["--keep-verified"]).await;
    let links = texts(&foco, LINKS).await;
    assert_eq!(links.len(), 6, "{links:?}");
    foco.ends().await;
}
