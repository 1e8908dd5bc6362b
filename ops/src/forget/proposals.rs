//! Proposals in Foco's tables. A draft is nothing but the person's words, and goes; one that became
//! work belongs to its workspace, and loses only the message that it quotes.

use common::database::{act_as_self, act_as_user};
use sqlx::{Connection as _, PgConnection, error::DatabaseError};
use uuid::Uuid;

use super::Erased;

/// Erases a draft; takes the message out of what is none.
pub(super) async fn erase(
    conn: &mut PgConnection,
    user: Option<Uuid>,
    proposal: Uuid,
    erased: &mut Erased,
) -> Result<(), sqlx::Error> {
    let mut deleted = 0;
    if let Some(user) = user {
        act_as_user(conn, user).await?;
        deleted += delete(conn, proposal).await?;
        act_as_self(conn).await?;
    }
    // Who has left the workspace may not delete in it any more; the owner of the table may.
    if deleted == 0 {
        deleted += permitted(conn, async |conn| delete(conn, proposal).await).await?;
    }
    erased.proposals += deleted;
    if deleted == 0 {
        let kept = permitted(conn, async |conn| take_out(conn, proposal).await).await?;
        erased.proposals_kept += kept;
    }
    Ok(())
}

async fn delete(conn: &mut PgConnection, proposal: Uuid) -> Result<u64, sqlx::Error> {
    let deleted = sqlx::query!(
        "delete from foco_proposals where id = $1 and status = 'draft'",
        proposal
    )
    .execute(conn)
    .await?;
    Ok(deleted.rows_affected())
}

/// Titles are the team's by now; what an item quotes word for word is not.
async fn take_out(conn: &mut PgConnection, proposal: Uuid) -> Result<u64, sqlx::Error> {
    sqlx::query!(
        "update foco_proposal_items i set description = null
         from foco_proposals p
         where p.id = $1 and p.status <> 'draft' and i.proposal_id = p.id
             and strpos(p.description, i.description) > 0",
        proposal
    )
    .execute(&mut *conn)
    .await?;
    let changed = sqlx::query!(
        "update foco_proposals set description = null, metadata = metadata - 'assumptions'
         where id = $1 and status <> 'draft'",
        proposal
    )
    .execute(conn)
    .await?;
    Ok(changed.rows_affected())
}

/// Does it as far as our role may: Foco's tables need not be ours.
async fn permitted(
    conn: &mut PgConnection,
    step: impl AsyncFn(&mut PgConnection) -> Result<u64, sqlx::Error>,
) -> Result<u64, sqlx::Error> {
    let mut attempt = conn.begin().await?;
    match step(&mut attempt).await {
        Ok(count) => {
            attempt.commit().await?;
            Ok(count)
        }
        Err(error) if is_forbidden(&error) => {
            attempt.rollback().await?;
            Ok(0)
        }
        Err(error) => Err(error),
    }
}

/// Insufficient privilege (PostgreSQL, appendix A).
fn is_forbidden(error: &sqlx::Error) -> bool {
    let code = error.as_database_error().and_then(DatabaseError::code);
    code.is_some_and(|code| code == "42501")
}
