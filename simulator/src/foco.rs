//! Which of Foco's tables the database has: the stand-in's, January's or March's.

use sqlx::{AssertSqlSafe, PgPool};

/// A statement with the names that this Foco has for `{workspaces}`, `{proposals}`, who made one
/// (`{proposer}`), and its items (`{items}`).
///
/// # Errors
/// When the database does not answer.
pub(crate) async fn says(
    database: &PgPool,
    statement: &str,
) -> sqlx::Result<AssertSqlSafe<String>> {
    let (stand_in, march): (bool, bool) = sqlx::query_as(
        "select to_regclass('public.foco_proposals') is not null,
                to_regclass('public.foco_workspaces') is not null",
    )
    .fetch_one(database)
    .await?;
    let names = [
        (
            "{workspaces}",
            ["workspaces", "foco_workspaces"][usize::from(march)],
        ),
        (
            "{proposals}",
            ["proposals", "foco_proposals"][usize::from(stand_in)],
        ),
        (
            "{proposer}",
            ["created_by", "owner_id"][usize::from(stand_in)],
        ),
        ("{items}", [ITEMS, STAND_IN_ITEMS][usize::from(stand_in)]),
    ];
    let said = names
        .iter()
        .fold(statement.to_owned(), |statement, (name, value)| {
            statement.replace(name, value)
        });
    Ok(AssertSqlSafe(said))
}

const STAND_IN_ITEMS: &str = "(
    select proposal_id, position, type as kind, title, description, status, priority,
           estimated_hours::float8 as hours, due_date::text as due, assignee_id
    from foco_proposal_items)";

const ITEMS: &str = "(
    select proposal_id, position, coalesce(proposed_state ->> 'type', entity_type) as kind,
           coalesce(proposed_state ->> 'title', '') as title,
           proposed_state ->> 'description' as description, approval_status as status,
           coalesce(proposed_state ->> 'priority', 'none') as priority,
           (proposed_state ->> 'estimate_hours')::float8 as hours,
           proposed_state ->> 'due_date' as due,
           (proposed_state ->> 'assignee_id')::uuid as assignee_id
    from proposal_items)";
