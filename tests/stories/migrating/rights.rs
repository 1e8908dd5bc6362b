//! Supabase gives everybody every right on what is made in `public`. Of ours nobody has one, from
//! the first moment; and what is called as ours are and is somebody else's stays as it is.

use harness::{BareDatabase, Foco, LIVE_BRANCH};
use sqlx::{Connection as _, Executor as _, PgConnection};

use super::{does, migrates, texts};

/// Rights of users on what is called as ours are, but for the columns that people see of their
/// own link.
const OPEN: &str = "
    with users as (select oid from pg_roles where rolname in ('anon', 'authenticated')
        union select 0::oid)
    select c.relname || ': ' || a.privilege_type
    from pg_class c, aclexplode(c.relacl) a
    where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'S', 'v')
        and c.relname ~ '^(whatsapp|_sqlx)_' and a.grantee in (select oid from users)
    union all
    select p.proname || ': ' || a.privilege_type
    from pg_proc p, aclexplode(coalesce(p.proacl, acldefault('f', p.proowner))) a
    where p.pronamespace = 'public'::regnamespace and p.proname like 'whatsapp%'
        and a.grantee in (select oid from users)
    order by 1";

#[tokio::test(flavor = "multi_thread")]
async fn nobody_with_the_public_key_and_nobody_signed_in_has_a_right_on_anything_of_ours() {
    for shape in Foco::REAL {
        let foco = BareDatabase::of(shape).await;
        migrates(&foco, &[]).await;
        assert_eq!(texts(&foco, OPEN).await, [""; 0], "{shape:?}");
        let columns = "select a.attname::text from pg_attribute a, aclexplode(a.attacl) g
            where a.attrelid = 'whatsapp_user_links'::regclass
                and g.grantee = 'authenticated'::regrole and g.privilege_type = 'SELECT'
            order by a.attnum";
        assert_eq!(
            texts(&foco, columns).await,
            [
                "id",
                "user_id",
                "phone",
                "wa_user_id",
                "verified",
                "linked_at",
                "created_at",
                "updated_at",
                "suspended_at"
            ]
        );
        foco.ends().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_record_of_what_was_applied_is_closed_as_it_is_made() {
    let foco = BareDatabase::of(Foco::A).await;
    let mut holder = PgConnection::connect(&foco.admin_url()).await.unwrap();
    holder
        .execute("begin; lock table auth.users in share row exclusive mode")
        .await
        .unwrap();
    let mut migrate = foco.starts(&["migrate"]);
    foco.migrate_is_held_up().await;
    // It is there, and its first migration waits.
    let record = "select (relrowsecurity)::text || coalesce(relacl::text, '') from pg_class
        where relname = '_sqlx_migrations'";
    let found = texts(&foco, record).await.concat();
    assert!(found.starts_with("true"), "{found}");
    assert!(
        !found.contains("anon") && !found.contains("authenticated"),
        "{found}"
    );
    for role in ["anon", "authenticated"] {
        let mut attempt = foco.pool().begin().await.unwrap();
        let acting = format!("set local role {role}");
        sqlx::raw_sql(sqlx::AssertSqlSafe(acting))
            .execute(&mut *attempt)
            .await
            .unwrap();
        let read = attempt.execute("select from public._sqlx_migrations").await;
        let code = read.unwrap_err().into_database_error().unwrap();
        assert_eq!(code.code().as_deref(), Some("42501"), "{role}");
    }
    holder.execute("rollback").await.unwrap();
    assert!(migrate.ended().await.success(), "{}", migrate.logged());
    foco.ends().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn one_that_an_older_release_left_open_is_closed() {
    let foco = BareDatabase::of(Foco::A).await;
    migrates(&foco, &[]).await;
    does(
        &foco,
        "alter table _sqlx_migrations disable row level security;
         grant all on _sqlx_migrations to anon",
    )
    .await;
    let plan = migrates(&foco, &["--dry-run"]).await;
    assert!(
        plan.contains("close public._sqlx_migrations to users"),
        "{plan}"
    );
    migrates(&foco, &[]).await;
    assert_eq!(texts(&foco, OPEN).await, [""; 0]);
    foco.ends().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn tables_of_others_that_are_called_as_ours_are_keep_their_rights() {
    let foco = BareDatabase::of(Foco::A).await.has(LIVE_BRANCH).await;
    // And one that is not even its owner's who migrates.
    foco.administer(
        "create table public.whatsapp_typing (n int);
         grant all on public.whatsapp_typing to anon, authenticated",
    )
    .await;
    let rights = "select relname || ' ' || relacl::text from pg_class
        where relname in ('whatsapp_bot_sessions', 'whatsapp_device_fingerprints',
            'whatsapp_typing')
        order by 1";
    let before = texts(&foco, rights).await;
    assert_eq!(before.len(), 3);
    assert!(
        before.iter().all(|rights| rights.contains("anon=arwdDxt")),
        "{before:?}"
    );
    migrates(&foco, &[]).await;
    assert_eq!(texts(&foco, rights).await, before);
    foco.ends().await;
}
