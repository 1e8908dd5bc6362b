//! Indexes on tables that stand are built beside the work on them.

use futures_util::future::join_all;
use harness::{BareDatabase, Foco};
use sqlx::{Connection as _, Executor as _, PgConnection};

use super::{does, migrates, texts};

/// A migration that builds an index concurrently, and what it builds.
const VERSION: i64 = 20_261_129_100_000;
const INDEX: &str = "whatsapp_messages_used_workspaces";

async fn is_whole(foco: &BareDatabase) -> bool {
    let whole = format!(
        "select indisvalid::text from pg_index where indexrelid = to_regclass('public.{INDEX}')"
    );
    let recorded = format!("select version::text from _sqlx_migrations where version = {VERSION}");
    texts(foco, &whole).await == ["true"] && texts(foco, &recorded).await.len() == 1
}

#[tokio::test(flavor = "multi_thread")]
async fn several_that_start_at_once_build_each_index_once_and_all_succeed() {
    let foco = BareDatabase::of(Foco::A).await;
    migrates(&foco, &[]).await;
    for _ in 0..3 {
        does(
            &foco,
            &format!("delete from _sqlx_migrations where version = {VERSION}; drop index {INDEX}"),
        )
        .await;
        let ends = join_all((0..6).map(|_| foco.focobot(&["migrate"]))).await;
        for end in ends {
            assert!(end.status.success(), "{}", super::said(&end));
        }
        assert!(is_whole(&foco).await);
    }
    foco.ends().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_index_that_was_left_half_made_is_made_anew_and_writers_go_on_meanwhile() {
    let foco = BareDatabase::of(Foco::A).await;
    migrates(&foco, &[]).await;
    let forget = format!("delete from _sqlx_migrations where version = {VERSION}");
    does(&foco, &forget).await;
    foco.administer(&format!(
        "update pg_index set indisvalid = false where indexrelid = 'public.{INDEX}'::regclass"
    ))
    .await;
    // Somebody has written and not ended: the build waits for them, and nobody waits for the build.
    let mut writer = PgConnection::connect(foco.url()).await.unwrap();
    let write = |n: u8| {
        format!(
            "insert into whatsapp_messages (message_sid, received_at)
             values ('SM{n:032}', now())"
        )
    };
    writer.execute("begin").await.unwrap();
    writer.execute(sqlx::AssertSqlSafe(write(1))).await.unwrap();
    let mut migrate = foco.starts(&["migrate"]);
    foco.migrate_is_held_up().await;
    does(&foco, &format!("set lock_timeout = '10s'; {}", write(2))).await;
    writer.execute("commit").await.unwrap();
    assert!(migrate.ended().await.success(), "{}", migrate.logged());
    let logged = migrate.logged();
    assert!(
        logged.contains(&format!("The index {INDEX} is half-made")),
        "{logged}"
    );
    assert!(is_whole(&foco).await);
    foco.ends().await;
}
