//! Proposals in Foco's tables. What nobody has decided on is nothing but the person's words, and
//! goes; what became work belongs to its workspace, and loses only the message that it quotes.

use common::database::{act_as_self, act_as_user};
use sqlx::PgConnection;
use uuid::Uuid;

use super::Erased;

/// Erases a draft; takes the message out of what is none.
pub(super) async fn erase(
    conn: &mut PgConnection,
    user: Option<Uuid>,
    proposal: Uuid,
    erased: &mut Erased,
) -> Result<(), sqlx::Error> {
    if let Some(user) = user {
        act_as_user(conn, user).await?;
        let taken = sqlx::query_scalar!(
            r#"select count(*) as "count!" from focobot.take_back($1)"#,
            proposal
        )
        .fetch_one(&mut *conn)
        .await?;
        act_as_self(conn).await?;
        if taken > 0 {
            erased.proposals += 1;
            return Ok(());
        }
    }
    // Who has left the workspace may not delete in it any more; the owner of the table may.
    let done = sqlx::query_scalar!("select focobot.forget($1)", proposal)
        .fetch_one(conn)
        .await?;
    match done.as_deref() {
        Some("deleted") => erased.proposals += 1,
        Some("kept") => erased.proposals_kept += 1,
        _ => {}
    }
    Ok(())
}
