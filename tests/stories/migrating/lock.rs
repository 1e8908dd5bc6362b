//! One migrates at a time; who waits knows for whom; a kill leaves nothing behind.

use harness::{BareDatabase, Foco, until};
use sqlx::{Connection as _, Executor as _, PgConnection};

use super::{migrates, texts};

#[tokio::test(flavor = "multi_thread")]
async fn who_waits_says_for_whom_and_what_was_killed_holds_nobody_up() {
    let foco = BareDatabase::of(Foco::A).await;
    let before = foco.snapshot().await;
    let mut holder = PgConnection::connect(&foco.admin_url()).await.unwrap();
    holder
        .execute("begin; lock table auth.users in share row exclusive mode")
        .await
        .unwrap();
    let mut first = foco.starts(&["migrate"]);
    foco.migrate_is_held_up().await;
    let pid = "select pid::text from pg_stat_activity
        where application_name = 'focobot migrate (lock)' and state = 'idle in transaction'
            and datname = current_database()";
    let holds = texts(&foco, pid).await.concat();
    let mut second = foco.starts(&["migrate"]);
    let waits = format!("waiting: process {holds} of PostgreSQL (focobot migrate (lock), role ");
    let logged = || async { second.logged() };
    until("its words", logged, |logged| logged.contains(&waits)).await;
    // Whoever waits holds no snapshot that a concurrent build would wait for.
    let snapshots = "select pid::text from pg_stat_activity
        where application_name = 'focobot migrate (lock)' and state like 'idle%'
            and backend_xmin is not null and datname = current_database()";
    assert_eq!(texts(&foco, snapshots).await, [""; 0]);

    first.signal("KILL").await;
    first.ended().await;
    holder.execute("rollback").await.unwrap();
    assert!(second.ended().await.success(), "{}", second.logged());
    foco.is_left_alone().await;
    let again = migrates(&foco, &[]).await;
    assert!(again.contains("there was nothing to do"), "{again}");
    assert_ne!(foco.snapshot().await, before);
    foco.ends().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_lock_that_others_need_is_not_waited_for_at_their_cost() {
    let foco = BareDatabase::of(Foco::A).await;
    let mut holder = PgConnection::connect(&foco.admin_url()).await.unwrap();
    holder
        .execute("begin; select from auth.users; lock table auth.users in row exclusive mode")
        .await
        .unwrap();
    let mut migrate = foco.starts(&["migrate"]);
    // It gives up its place in the queue, and says so, and comes again.
    let logged = || async { migrate.logged() };
    let gives_way = |logged: &String| logged.contains("waiting: ") && logged.contains("55P03");
    until("it gives way", logged, gives_way).await;
    holder.execute("rollback").await.unwrap();
    assert!(migrate.ended().await.success(), "{}", migrate.logged());
    foco.ends().await;
}
