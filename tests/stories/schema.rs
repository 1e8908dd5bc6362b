//! What the migrations promise: every table and column says what it holds, every table with
//! anybody's data is under row-level security, and they can be run again.

use harness::Setup;

#[tokio::test(flavor = "multi_thread")]
async fn every_table_and_column_is_commented_and_under_row_level_security() {
    let world = Setup::default().start().await;
    let without_comment: Vec<String> = sqlx::query_scalar(
        "select c.oid::regclass || coalesce('.' || a.attname, '')
         from pg_class c
         join pg_namespace n on n.oid = c.relnamespace
         left join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
         where n.nspname in ('public', 'auth') and c.relkind = 'r'
             and c.relname <> '_sqlx_migrations'
             and (col_description(c.oid, a.attnum) is null or obj_description(c.oid) is null)",
    )
    .fetch_all(world.pool())
    .await
    .unwrap();
    assert_eq!(without_comment, [""; 0]);
    let open: Vec<String> = sqlx::query_scalar(
        "select c.oid::regclass::text from pg_class c
         join pg_namespace n on n.oid = c.relnamespace
         where n.nspname in ('public', 'auth') and c.relkind = 'r' and not c.relrowsecurity
             and c.relname <> '_sqlx_migrations'",
    )
    .fetch_all(world.pool())
    .await
    .unwrap();
    assert_eq!(open, [""; 0]);
    let again = world.runs("focobot", &["migrate", "--standalone"]).await;
    assert!(
        again.status.success(),
        "{}",
        String::from_utf8_lossy(&again.stderr)
    );
    world.ends_clean().await;
}
