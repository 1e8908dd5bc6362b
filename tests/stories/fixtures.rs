//! The copies of the customer's database do what the customer's database does: what each role sees
//! and may, and what follows by itself.

mod live;

use common::database::act_as_user;
use harness::{BareDatabase, Foco, GUEST, PROJECT_WEB, USER, USER_OF_ANOTHER_WORKSPACE, WORKSPACE};
use sqlx::{AssertSqlSafe, PgConnection};
use uuid::{Uuid, uuid};

/// A member of "Estudio Jacaranda" without a role.
const ROLELESS: Uuid = uuid!("00000000-0000-4000-8000-000000000004");
/// Who looks: nobody with an account, then these.
const LOOKING: [Option<Uuid>; 5] = [
    None,
    Some(USER_OF_ANOTHER_WORKSPACE),
    Some(USER),
    Some(GUEST),
    Some(ROLELESS),
];

/// What a statement comes to for somebody, all of it undone: how many rows, or PostgreSQL's code.
async fn tries(foco: &BareDatabase, who: Option<Uuid>, statement: &str) -> String {
    let mut transaction = foco.pool().begin().await.unwrap();
    act(&mut transaction, who).await;
    let done = sqlx::query(AssertSqlSafe(statement.to_owned()))
        .execute(&mut *transaction)
        .await;
    transaction.rollback().await.unwrap();
    match done {
        Ok(done) => done.rows_affected().to_string(),
        Err(error) => code(&error),
    }
}

async fn act(conn: &mut PgConnection, who: Option<Uuid>) {
    if let Some(user) = who {
        act_as_user(conn, user).await.unwrap();
    } else {
        let anon = sqlx::query("select set_config('role', 'anon', true)");
        anon.execute(conn).await.unwrap();
    }
}

fn code(error: &sqlx::Error) -> String {
    let error = error.as_database_error();
    let code = error.and_then(sqlx::error::DatabaseError::code);
    code.expect("PostgreSQL's own error").into_owned()
}

/// Runs statements as the role that migrates.
async fn does(foco: &BareDatabase, statements: &str) {
    sqlx::raw_sql(AssertSqlSafe(statements.to_owned()))
        .execute(foco.pool())
        .await
        .expect(statements);
}

async fn text(foco: &BareDatabase, query: &'static str) -> String {
    let found = sqlx::query_scalar(query).fetch_one(foco.pool()).await;
    found.expect(query)
}

/// How many rows nobody, a stranger, the user, the guest and who has no role see of each table.
fn seen(foco: Foco) -> Vec<(&'static str, [&'static str; 5])> {
    let mut all = vec![
        ("auth.users", ["42501"; 5]),
        ("inbox_items", ["0", "0", "1", "0", "0"]),
        ("proposals", ["0", "0", "1", "1", "1"]),
        ("proposal_items", ["0", "0", "1", "1", "1"]),
        ("user_notification_settings", ["0", "0", "1", "0", "0"]),
        ("user_profiles", ["0", "1", "1", "1", "0"]),
    ];
    if foco == Foco::A {
        all.extend([
            ("foco_projects", ["0", "2", "6", "4", "4"]),
            ("work_items", ["0", "1", "2", "2", "2"]),
            ("workspace_members", ["0", "1", "4", "3", "3"]),
            ("workspaces", ["0", "1", "2", "1", "1"]),
        ]);
        return all;
    }
    // Who had no role was left behind.
    for (_, rows) in &mut all[2..4] {
        rows[4] = "0";
    }
    all.extend([
        ("foco_projects", ["0", "2", "6", "4", "0"]),
        ("foco_workspace_members", ["0", "1", "3", "2", "0"]),
        ("foco_workspaces", ["0", "1", "2", "1", "0"]),
        ("work_items", ["0", "1", "2", "2", "0"]),
        // No longer kept: they tell of who was a member, and not of who is.
        ("workspace_members", ["0", "5", "4", "4", "4"]),
        ("workspaces", ["0", "2", "1", "1", "1"]),
    ]);
    all
}

/// Rows in the tables that nothing was entered into.
const ROWS: &str = "
    insert into proposals (id, workspace_id, project_id, title, created_by, source_type)
    values ('00000000-0000-4000-8000-0000000000f1', '00000000-0000-4000-8000-00000000000a',
        '00000000-0000-4000-8000-0000000000a1', 'Logo', '00000000-0000-4000-8000-000000000003',
        'text');
    insert into proposal_items (proposal_id, action, entity_type)
    values ('00000000-0000-4000-8000-0000000000f1', 'add', 'task');
    insert into inbox_items (workspace_id, user_id, type, title)
    values ('00000000-0000-4000-8000-00000000000a', '00000000-0000-4000-8000-000000000001',
        'approval', 'Una propuesta');
    insert into user_notification_settings (user_id)
    values ('00000000-0000-4000-8000-000000000001');";

#[tokio::test(flavor = "multi_thread")]
async fn each_account_sees_its_own_workspaces_and_nobody_without_an_account_sees_a_row() {
    for shape in Foco::REAL {
        let foco = BareDatabase::of(shape).await;
        does(&foco, ROWS).await;
        let expected = seen(shape);
        let tables = "select count(*)::text from pg_tables where schemaname = 'public'";
        let public = expected.len() - 1;
        assert_eq!(text(&foco, tables).await, public.to_string(), "{shape:?}");
        for (table, expected) in expected {
            for (who, expected) in LOOKING.into_iter().zip(expected) {
                let found = tries(&foco, who, &format!("select 1 from {table}")).await;
                assert_eq!(found, expected, "{shape:?} {table} {who:?}");
            }
        }
        foco.ends().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_proposal_is_made_in_ones_own_name_and_its_first_item_ends_the_draft() {
    for shape in Foco::REAL {
        let foco = BareDatabase::of(shape).await;
        let propose = |by: Uuid| {
            format!(
                "insert into proposals (workspace_id, project_id, title, created_by, source_type)
                 values ('{WORKSPACE}', '{PROJECT_WEB}', 'Logo', '{by}', 'text')"
            )
        };
        for (who, by, expected) in [
            (None, USER, "42501"),
            (Some(USER_OF_ANOTHER_WORKSPACE), USER, "42501"),
            (
                Some(USER_OF_ANOTHER_WORKSPACE),
                USER_OF_ANOTHER_WORKSPACE,
                "42501",
            ),
            (Some(GUEST), USER, "42501"),
            // Foco's own rules let a guest propose.
            (Some(GUEST), GUEST, "1"),
            (Some(USER), USER, "1"),
        ] {
            let found = tries(&foco, who, &propose(by)).await;
            assert_eq!(found, expected, "{shape:?} {who:?} for {by}");
        }
        does(&foco, &propose(GUEST)).await;
        let status = "select status from proposals";
        assert_eq!(text(&foco, status).await, "draft", "{shape:?}");
        let item = "insert into proposal_items (proposal_id, action, entity_type)
            select id, 'add', 'task' from proposals";
        assert_eq!(tries(&foco, Some(USER), item).await, "42501", "{shape:?}");
        assert_eq!(tries(&foco, Some(GUEST), item).await, "1", "{shape:?}");
        let delete = "delete from proposals";
        assert_eq!(tries(&foco, Some(GUEST), delete).await, "1", "{shape:?}");
        does(&foco, item).await;
        assert_eq!(text(&foco, status).await, "pending_review", "{shape:?}");
        // It is no draft any more: who made it cannot delete it, and an owner of the workspace can.
        assert_eq!(tries(&foco, Some(GUEST), delete).await, "0", "{shape:?}");
        assert_eq!(tries(&foco, Some(USER), delete).await, "1", "{shape:?}");
        for (decided, follows) in [("approved", "approved"), ("rejected", "rejected")] {
            let decide = format!("update proposal_items set approval_status = '{decided}'");
            does(&foco, &decide).await;
            assert_eq!(text(&foco, status).await, follows, "{shape:?}");
        }
        foco.ends().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_left_out_is_as_foco_says_and_what_it_does_not_know_is_refused() {
    for shape in Foco::REAL {
        let foco = BareDatabase::of(shape).await;
        let task = "insert into work_items (workspace_id, project_id, title, position)
            values ('00000000-0000-4000-8000-00000000000a', '00000000-0000-4000-8000-0000000000a1',
                'Nuevo', 'b0')";
        does(&foco, task).await;
        let found = "select concat_ws(' ', type, status, priority) from work_items
            where position = 'b0'";
        assert_eq!(text(&foco, found).await, "task backlog none", "{shape:?}");
        let member = "select concat(role::text, '/', timezone) from workspace_members
            where user_id = '00000000-0000-4000-8000-000000000004'";
        assert_eq!(text(&foco, member).await, "/", "{shape:?}");
        does(
            &foco,
            "update work_items set status = null, priority = null, type = null",
        )
        .await;
        let source = "insert into proposals (workspace_id, project_id, title, created_by,
                source_type)
            values ('00000000-0000-4000-8000-00000000000a', '00000000-0000-4000-8000-0000000000a1',
                'Logo', '00000000-0000-4000-8000-000000000001', 'whatsapp')";
        for (wrong, expected) in [
            (source, "23514"),
            ("update work_items set priority = 'someday'", "22P02"),
            ("update work_items set position = null", "23502"),
            ("update workspace_members set role = 'chief'", "22P02"),
        ] {
            let done = sqlx::query(wrong).execute(foco.pool()).await;
            assert_eq!(code(&done.unwrap_err()), expected, "{shape:?} {wrong}");
        }
        foco.ends().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn accounts_are_seen_by_who_passes_row_security_by_and_others_see_none_without_an_error() {
    let foco = BareDatabase::of(Foco::A).await;
    let attributes = "select concat_ws(' ', rolsuper, rolbypassrls, rolcreaterole)
        from pg_roles where rolname = current_user";
    assert_eq!(text(&foco, attributes).await, "f t t");
    let accounts = "select count(*)::text from auth.users";
    assert_eq!(text(&foco, accounts).await, "4");
    let admin = sqlx::PgPool::connect(&foco.admin_url()).await.unwrap();
    let grant = "grant select on auth.users to authenticated";
    sqlx::query(grant).execute(&admin).await.unwrap();
    assert_eq!(
        tries(&foco, Some(USER), "select 1 from auth.users").await,
        "0"
    );
    // As at Supabase: the migrating role makes nothing in the schema of accounts.
    let there = sqlx::query("create table auth.ours ()")
        .execute(foco.pool())
        .await;
    assert_eq!(code(&there.unwrap_err()), "42501");
    admin.close().await;
    foco.ends().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_claim_that_was_set_for_a_transaction_reads_as_nobody_afterwards() {
    let foco = BareDatabase::of(Foco::A).await;
    let mut conn = foco.pool().acquire().await.unwrap();
    for (name, value) in [
        (
            "request.jwt.claims",
            format!(r#"{{"sub": "{USER}", "role": "authenticated"}}"#),
        ),
        ("request.jwt.claim.sub", USER.to_string()),
    ] {
        sqlx::query("begin").execute(&mut *conn).await.unwrap();
        let set = sqlx::query("select set_config($1, $2, true)");
        let set = set.bind(name).bind(value).execute(&mut *conn).await;
        set.unwrap();
        let who = "select auth.uid()";
        let found: Option<Uuid> = sqlx::query_scalar(who).fetch_one(&mut *conn).await.unwrap();
        assert_eq!(found, Some(USER), "{name}");
        sqlx::query("commit").execute(&mut *conn).await.unwrap();
        let found: Option<Uuid> = sqlx::query_scalar(who).fetch_one(&mut *conn).await.unwrap();
        assert_eq!(found, None, "{name}");
        let left = "select current_setting($1, true)";
        let left = sqlx::query_scalar(left).bind(name).fetch_one(&mut *conn);
        let left: String = left.await.unwrap();
        assert_eq!(left, "", "{name}");
    }
    drop(conn);
    foco.ends().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn policies_that_ask_each_other_answer_nobody() {
    let foco = BareDatabase::of(Foco::B).await;
    let foco = foco.has(harness::RECURSIVE).await;
    for table in ["foco_projects", "foco_workspace_members"] {
        let found = tries(&foco, Some(USER), &format!("select 1 from {table}")).await;
        assert_eq!(found, "42P17", "{table}");
    }
    // Functions that run as their owner ask on.
    let found = tries(&foco, Some(USER), "select 1 from foco_workspaces").await;
    assert_eq!(found, "2");
    foco.ends().await;
}
