//! The layer is tried before it stands, as a signed-in user who has nothing: policies that ask each
//! other, and rights that are missing, show at once and not with somebody's message.

use anyhow::{Context as _, bail};
use common::database::{act_as_self, act_as_user};
use sqlx::{AssertSqlSafe, Connection as _, Executor as _, PgConnection};
use uuid::Uuid;

/// Each reads through all tables that it is about.
const READS: [&str; 5] = [
    "select count(*) from focobot.my_workspaces",
    "select count(*) from focobot.my_projects",
    "select count(*) from focobot.my_tasks",
    "select count(*) from focobot.members('00000000-0000-0000-0000-000000000000')",
    "select count(*) from focobot.take_back('00000000-0000-0000-0000-000000000000')",
];

/// Tries each part; whatever it does is undone.
pub(super) async fn as_user(conn: &mut PgConnection) -> anyhow::Result<()> {
    let mut attempt = conn.begin().await?;
    act_as_user(&mut attempt, Uuid::new_v4())
        .await
        .context("acting as a signed-in user")?;
    for statement in READS {
        match attempt.execute(AssertSqlSafe(statement)).await {
            Ok(_) => {}
            Err(sqlx::Error::Database(refused)) if refused.code().as_deref() == Some("42P17") => {
                bail!(
                    "{} (42P17, in: {statement}): two policies of Foco's ask each other; let one of \
                     them ask a security definer function instead",
                    refused.message()
                );
            }
            Err(error) => return Err(error).context(format!("trying {statement}")),
        }
    }
    act_as_self(&mut attempt).await?;
    attempt.rollback().await?;
    Ok(())
}
