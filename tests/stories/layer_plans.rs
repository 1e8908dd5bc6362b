//! What is asked of Foco is found by index, however many customers there are: every statement's
//! plan among two thousand of them, and what its functions really read.

use std::{fs, path::Path};

use common::database::{act_as_self, act_as_user};
use harness::{Foco, PROJECT_WEB, Setup, USER, WORKSPACE, World};
use serde_json::{Value, json};
use sqlx::{AssertSqlSafe, Executor as _, PgConnection};
use uuid::Uuid;

on_each_foco! {
    nothing_that_is_asked_of_foco_reads_a_table_from_end_to_end,
}

/// Customers beside the story's own.
const CUSTOMERS: &str = "
    insert into auth.users (id, email)
        select {id:1}, 'p' || n || '@example.com' from generate_series(1, 2000) n;
    insert into {workspaces} (id, name, slug)
        select {id:2}, 'W' || n, 'w' || n from generate_series(1, 2000) n;
    insert into {members} (workspace_id, user_id, role)
        select {id:2}, {id:1}, 'owner' from generate_series(1, 2000) n;
    insert into foco_projects (id, workspace_id, name, slug)
        select {id:3}, {id:2}, 'P' || n, 'p' || n from generate_series(1, 2000) n;";

async fn many_customers_are_there(world: &World) {
    let mut script = CUSTOMERS.to_owned();
    for kind in 1..=3 {
        let id = format!("('0000000{kind}' || lpad(to_hex(n), 24, '0'))::uuid");
        script = script.replace(&format!("{{id:{kind}}}"), &id);
    }
    // Foco's own tables ask for a task's place, and have profiles.
    script += match world.foco {
        Foco::StandIn => {
            "insert into work_items (workspace_id, project_id, title)
                 select workspace_id, id, 'T' from foco_projects"
        }
        Foco::A | Foco::B => {
            "insert into work_items (workspace_id, project_id, title, position, type)
                 select workspace_id, id, 'T', 'a0', 'task' from foco_projects;
             insert into user_profiles (user_id)
                 select id from auth.users u
                 where not exists (select from user_profiles p where p.user_id = u.id)"
        }
    };
    let script = world.foco.says(&script);
    let mut conn = world.pool().acquire().await.unwrap();
    sqlx::raw_sql(script).execute(&mut *conn).await.unwrap();
    let analyze = "set client_min_messages = error; analyze";
    sqlx::raw_sql(analyze).execute(&mut *conn).await.unwrap();
}

/// The checked statements that ask the layer, each with the types of its parameters.
fn statements() -> Vec<(String, Vec<String>)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../.sqlx");
    let read = |entry: fs::DirEntry| -> Value {
        serde_json::from_str(&fs::read_to_string(entry.path()).unwrap()).unwrap()
    };
    let all = fs::read_dir(folder)
        .unwrap()
        .map(|entry| read(entry.unwrap()));
    let mut found = Vec::new();
    for described in all {
        let query = described["query"].as_str().unwrap().to_owned();
        if query.contains(" focobot.") && !query.contains("focobot.forget") {
            let types = described["describe"]["parameters"]["Left"].as_array();
            let types = types.into_iter().flatten();
            let types = types.map(|name| name.as_str().unwrap().to_lowercase());
            found.push((query, types.collect()));
        }
    }
    found
}

/// The plan that serves whatever the values are.
async fn plan(conn: &mut PgConnection, query: &str, types: &[String]) -> String {
    let list = |items: Vec<&str>| match items.len() {
        0 => String::new(),
        _ => format!("({})", items.join(", ")),
    };
    let prepare = format!(
        "deallocate all; prepare asked{} as {query}",
        list(types.iter().map(String::as_str).collect())
    );
    sqlx::raw_sql(AssertSqlSafe(prepare))
        .execute(&mut *conn)
        .await
        .unwrap_or_else(|error| panic!("{query}: {error}"));
    let explain = format!(
        "explain (costs off) execute asked{}",
        list(vec!["null"; types.len()])
    );
    let rows = sqlx::raw_sql(AssertSqlSafe(explain)).fetch_all(conn).await;
    let rows = rows.unwrap();
    let lines = rows.iter().map(|row| sqlx::Row::get::<String, _>(row, 0));
    lines.collect::<Vec<_>>().join("\n")
}

async fn nothing_that_is_asked_of_foco_reads_a_table_from_end_to_end(foco: Foco) {
    let world = Setup::on(foco).start().await;
    many_customers_are_there(&world).await;
    let statements = statements();
    assert!(statements.len() >= 8, "{statements:#?}");
    let mut transaction = world.pool().begin().await.unwrap();
    transaction
        .execute("set local plan_cache_mode = force_generic_plan")
        .await
        .unwrap();
    act_as_user(&mut transaction, USER).await.unwrap();
    for (query, types) in &statements {
        let plan = plan(&mut transaction, query, types).await;
        assert!(!plan.contains("Seq Scan"), "{query}\n{plan}");
    }
    // What functions do is in no plan of their callers'.
    let id = Uuid::new_v4();
    let proposal = json!({
        "id": id, "workspace_id": WORKSPACE, "project_id": PROJECT_WEB, "title": "T",
        "text": "Anything", "provenance": {},
        "items": [{"position": 1, "kind": "task", "title": "One", "description": "",
            "priority": "high", "depends_on": []}],
    });
    let calls = [
        format!("select focobot.propose('{proposal}')"),
        format!("select count(*) from focobot.members('{WORKSPACE}')"),
        format!("select count(*) from focobot.my_tasks where project_id = '{PROJECT_WEB}'"),
        format!("select count(*) from focobot.take_back('{id}')"),
    ];
    for call in calls {
        transaction.execute(AssertSqlSafe(call)).await.unwrap();
    }
    act_as_self(&mut transaction).await.unwrap();
    let large = "select relname::text || ': ' || seq_tup_read from pg_stat_xact_user_tables
        where seq_tup_read > 1000";
    let read: Vec<String> = sqlx::query_scalar(large)
        .fetch_all(&mut *transaction)
        .await
        .unwrap();
    assert_eq!(read, [""; 0]);
    transaction.rollback().await.unwrap();
    world.ends_clean().await;
}
