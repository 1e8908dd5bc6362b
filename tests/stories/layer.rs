//! The schema between FocoBot and Foco: that it alone keeps tenants apart, and that `migrate` makes it
//! for the tables that it finds, says what is missing, and leaves an operator's own alone.

use std::process::Output;

use common::database::act_as_user;
use harness::{
    BareDatabase, Foco, GUEST, PROJECT_WEB, RECURSIVE, Setup, USER, USER_OF_ANOTHER_WORKSPACE,
    WORKSPACE, World,
};
use serde_json::json;
use sqlx::{AssertSqlSafe, Executor as _, PgConnection, PgPool};
use uuid::Uuid;

on_each_foco! {
    the_layer_alone_hides_every_row_from_a_stranger,
    a_second_run_of_migrate_makes_nothing_anew,
}

/// How many rows a part of the layer has for a user.
async fn rows(conn: &mut PgConnection, part: &str) -> i64 {
    let query = format!("select count(*) from focobot.{part}");
    sqlx::query_scalar(AssertSqlSafe(query))
        .fetch_one(conn)
        .await
        .unwrap_or_else(|error| panic!("{part}: {error}"))
}

/// Takes row-level security away from Foco's tables: nothing but the layer is left.
async fn row_security_is_off(world: &World) {
    let tables: Vec<String> = sqlx::query_scalar(
        "select oid::regclass::text from pg_class
         where relnamespace = 'public'::regnamespace and relkind = 'r' and relrowsecurity
             and relname not like 'whatsapp%' and relname <> '_sqlx_migrations'",
    )
    .fetch_all(world.pool())
    .await
    .unwrap();
    assert!(tables.len() > 5, "{tables:?}");
    for table in tables {
        let statement = format!("alter table {table} disable row level security");
        world
            .pool()
            .execute(AssertSqlSafe(statement))
            .await
            .unwrap();
    }
}

fn proposal(id: Uuid) -> serde_json::Value {
    json!({
        "id": id, "workspace_id": WORKSPACE, "project_id": PROJECT_WEB, "title": "T",
        "text": "Anything", "provenance": {},
        "items": [{"position": 1, "kind": "task", "title": "One", "description": "",
            "priority": "high", "depends_on": []}],
    })
}

async fn the_layer_alone_hides_every_row_from_a_stranger(foco: Foco) {
    let world = Setup::on(foco).start().await;
    let phone = world.phone_at_work().await;
    phone.asks("Fix the login, 2 hours").await;
    row_security_is_off(&world).await;
    let made = world.proposals().await[0].id;
    let members = format!("members('{WORKSPACE}')");
    let names = format!("account_names('{WORKSPACE}')");
    let taken = format!("take_back('{made}')");
    // In their own workspace a stranger has one of each; a guest sees, and takes nothing back.
    for (user, seen) in [
        (USER, [2, 3, 1, 2, 2, 1]),
        (USER_OF_ANOTHER_WORKSPACE, [1, 1, 1, 0, 0, 0]),
        (GUEST, [1, 2, 1, 2, 2, 0]),
        (Uuid::from_u128(7), [0; 6]),
    ] {
        let mut transaction = world.pool().begin().await.unwrap();
        act_as_user(&mut transaction, user).await.unwrap();
        let parts = [
            "my_workspaces",
            "my_projects",
            "my_tasks",
            &members,
            &names,
            &taken,
        ];
        for (part, expected) in parts.into_iter().zip(seen) {
            assert_eq!(
                rows(&mut transaction, part).await,
                expected,
                "{user} {part}"
            );
        }
        let proposed = sqlx::query("select focobot.propose($1)")
            .bind(proposal(Uuid::new_v4()))
            .execute(&mut *transaction)
            .await;
        // Today's app has no guests.
        let may = user == USER || (user == GUEST && foco == Foco::B);
        assert_eq!(proposed.is_ok(), may, "{user}: {proposed:?}");
        transaction.rollback().await.unwrap();
    }
    nothing_is_for_who_is_not_signed_in(world.pool()).await;
    world.ends().await;
}

/// Views and functions alike.
async fn nothing_is_for_who_is_not_signed_in(pool: &PgPool) {
    let open: Vec<String> = sqlx::query_scalar(
        "select c.oid::regclass::text from pg_class c
         where c.relnamespace = 'focobot'::regnamespace
             and has_table_privilege('anon', c.oid, 'select, insert, update, delete')
         union all
         select p.oid::regprocedure::text from pg_proc p
         where p.pronamespace = 'focobot'::regnamespace
             and (has_function_privilege('anon', p.oid, 'execute')
                 or (p.proname = 'forget'
                     and has_function_privilege('authenticated', p.oid, 'execute')))
         union all
         select 'the schema' where has_schema_privilege('anon', 'focobot', 'usage, create')",
    )
    .fetch_all(pool)
    .await
    .unwrap();
    assert_eq!(open, [""; 0]);
}

/// Every part of the layer, by PostgreSQL's number for it.
async fn parts(pool: &PgPool) -> Vec<String> {
    sqlx::query_scalar(
        "select oid || ' ' || relname from pg_class
         where relnamespace = to_regnamespace('focobot')
         union all
         select oid || ' ' || proname from pg_proc
         where pronamespace = to_regnamespace('focobot')
         order by 1",
    )
    .fetch_all(pool)
    .await
    .unwrap()
}

async fn a_second_run_of_migrate_makes_nothing_anew(foco: Foco) {
    let world = Setup::on(foco).start().await;
    let before = parts(world.pool()).await;
    assert!(before.len() > 6, "{before:?}");
    let again: &[&str] = match foco {
        Foco::StandIn => &["migrate", "--standalone"],
        _ => &["migrate"],
    };
    let output = world.runs("focobot", again).await;
    assert!(output.status.success(), "{output:?}");
    assert_eq!(parts(world.pool()).await, before);
    world.ends_clean().await;
}

fn complaint(output: &Output) -> String {
    assert!(!output.status.success(), "{output:?}");
    String::from_utf8_lossy(&output.stderr).into_owned()
}

#[tokio::test(flavor = "multi_thread")]
async fn tables_of_no_known_shape_are_described_column_by_column() {
    let changed = "alter table proposals rename column created_by to author_id;
        alter table work_items alter column due_date type text;
        drop table user_profiles cascade;";
    let database = BareDatabase::of(Foco::A).await.has(changed).await;
    let said = complaint(&database.focobot(&["migrate"]).await);
    for expected in [
        "public.proposals.created_by: no such column",
        "public.proposals.author_id: has to be given, and FocoBot does not know it",
        "public.work_items.due_date: is of type text",
        "public.user_profiles: no such table",
    ] {
        assert!(said.contains(expected), "{expected}: {said}");
    }
    assert_eq!(parts(database.pool()).await, [""; 0]);
    database.ends().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn policies_that_ask_each_other_are_named_before_a_message_meets_them() {
    let database = BareDatabase::of(Foco::B).await.has(RECURSIVE).await;
    let said = complaint(&database.focobot(&["migrate"]).await);
    assert!(said.contains("42P17"), "{said}");
    assert!(said.contains("foco_"), "{said}");
    assert_eq!(parts(database.pool()).await, [""; 0]);
    database.ends().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_layer_that_an_operator_wrote_is_left_alone_and_what_it_lacks_is_named() {
    let world = Setup::default().start().await;
    // Tables of their own, under views that are not ours.
    let own = "comment on schema focobot is 'Ours, by hand';
        alter table foco_proposals rename column source_type to came_from;";
    world.pool().execute(own).await.unwrap();
    let before = parts(world.pool()).await;
    let output = world.runs("focobot", &["migrate"]).await;
    assert!(output.status.success(), "{output:?}");
    assert_eq!(parts(world.pool()).await, before);
    let less = "drop function focobot.take_back(uuid);
        alter view focobot.my_tasks rename column priority to urgency;";
    world.pool().execute(less).await.unwrap();
    let said = complaint(&world.runs("focobot", &["migrate"]).await);
    for expected in [
        "focobot.take_back(uuid) returning TABLE(title text, items bigint)",
        "focobot.my_tasks.priority (text)",
    ] {
        assert!(said.contains(expected), "{expected}: {said}");
    }
    world.ends().await;
}
