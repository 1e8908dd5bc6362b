//! What the programs ask of the schema `focobot`, whoever made it.

use std::collections::BTreeSet;

use sqlx::PgConnection;

use super::Missing;

/// Views, with their columns and types.
const VIEWS: [(&str, &[(&str, &str)]); 3] = [
    (
        "my_workspaces",
        &[
            ("id", "uuid"),
            ("name", "text"),
            ("role", "text"),
            ("timezone", "text"),
        ],
    ),
    (
        "my_projects",
        &[
            ("id", "uuid"),
            ("workspace_id", "uuid"),
            ("workspace", "text"),
            ("name", "text"),
            ("timezone", "text"),
            ("active_at", "timestamp with time zone"),
        ],
    ),
    (
        "my_tasks",
        &[
            ("id", "uuid"),
            ("project_id", "uuid"),
            ("title", "text"),
            ("status", "text"),
            ("priority", "text"),
            ("due_date", "date"),
            ("assignee_id", "uuid"),
            ("active_at", "timestamp with time zone"),
        ],
    ),
];

/// Functions: name and arguments, and what comes back.
const FUNCTIONS: [(&str, &str); 4] = [
    ("members(uuid)", "TABLE(user_id uuid, name text)"),
    ("propose(jsonb)", "void"),
    ("take_back(uuid)", "TABLE(title text, items bigint)"),
    ("forget(uuid)", "text"),
];

/// Whether there is anything in the schema.
pub(super) async fn has_anything(conn: &mut PgConnection) -> Result<bool, sqlx::Error> {
    sqlx::query_scalar!(
        r#"select exists(select from pg_class where relnamespace = to_regnamespace('focobot'))
               or exists(select from pg_proc where pronamespace = to_regnamespace('focobot'))
               as "any!""#
    )
    .fetch_one(conn)
    .await
}

/// What is missing, and who may use what: signed-in people all but `forget`, nobody else anything.
pub(super) async fn missing(conn: &mut PgConnection) -> Result<Vec<Missing>, sqlx::Error> {
    let columns = sqlx::query!(
        r#"select c.relname::text as "of!", a.attname::text as "name!",
               format_type(a.atttypid, null) as "type!"
           from pg_class c join pg_attribute a on a.attrelid = c.oid
           where c.relnamespace = to_regnamespace('focobot') and a.attnum > 0
               and not a.attisdropped
               and has_table_privilege('authenticated', c.oid, 'select')"#
    )
    .fetch_all(&mut *conn)
    .await?;
    let columns: BTreeSet<(String, String, String)> = columns
        .into_iter()
        .map(|row| (row.of, row.name, row.r#type))
        .collect();
    let functions = sqlx::query!(
        r#"select p.proname || '(' || oidvectortypes(p.proargtypes) || ')' as "name!",
               pg_get_function_result(p.oid) as "result!"
           from pg_proc p where p.pronamespace = to_regnamespace('focobot')
               and (p.proname = 'forget'
                   or has_function_privilege('authenticated', p.oid, 'execute'))"#
    )
    .fetch_all(&mut *conn)
    .await?;
    let functions: BTreeSet<(String, String)> = functions
        .into_iter()
        .map(|row| (row.name, row.result))
        .collect();
    let mut missing = Vec::new();
    for (view, wanted) in VIEWS {
        for (column, kind) in wanted {
            let wanted = (view.to_owned(), (*column).to_owned(), (*kind).to_owned());
            if !columns.contains(&wanted) {
                missing.push(lacks(&format!("focobot.{view}.{column} ({kind})")));
            }
        }
    }
    for (name, result) in FUNCTIONS {
        if !functions.contains(&(name.to_owned(), result.to_owned())) {
            missing.push(lacks(&format!("focobot.{name} returning {result}")));
        }
    }
    Ok(missing)
}

fn lacks(what: &str) -> Missing {
    Missing {
        what: format!("{what} is not there, or authenticated may not use it"),
        fix: None,
    }
}
