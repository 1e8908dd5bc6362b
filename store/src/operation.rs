//! `whatsapp_operations` and `whatsapp_replays`: what operators do to messages is written down:
//! who, when, which, and what came of it.

use serde_json::Value;
use sqlx::{PgConnection, PgExecutor};

use crate::sid::MessageSid;

/// An operation that has begun.
#[derive(Debug)]
pub struct Operation {
    id: i64,
}

impl Operation {
    /// Writes down that it begins. Of a person the scope holds a keyed hash at most.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn begin(
        executor: impl PgExecutor<'_>,
        command: &str,
        operator: &str,
        scope: &Value,
    ) -> Result<Self, sqlx::Error> {
        let id = sqlx::query_scalar!(
            "insert into whatsapp_operations (command, operator, scope)
             values ($1, $2 || ' as ' || session_user, $3) returning id",
            command,
            operator,
            scope
        )
        .fetch_one(executor)
        .await?;
        Ok(Self { id })
    }

    /// Its row.
    #[must_use]
    pub fn id(&self) -> i64 {
        self.id
    }

    /// Writes down that it ended, and how.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn end(
        self,
        executor: impl PgExecutor<'_>,
        report: &Value,
    ) -> Result<(), sqlx::Error> {
        sqlx::query!(
            "update whatsapp_operations set report = $2, ended_at = now() where id = $1",
            self.id,
            report
        )
        .execute(executor)
        .await
        .map(drop)
    }
}

/// Writes down that an operation repeats a stage's work on a message, whose row is locked.
///
/// # Errors
/// When the database does not answer.
pub async fn note_repeated(
    conn: &mut PgConnection,
    operation: i64,
    (message_sid, stage, generation): (&MessageSid, &str, i32),
) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "insert into whatsapp_replays (operation_id, message_sid, repeated, generation)
         values ($1, $2, $3, $4) on conflict do nothing",
        operation,
        message_sid.as_str(),
        stage,
        generation
    )
    .execute(conn)
    .await
    .map(drop)
}

/// Takes these senders' keyed hashes out of what was asked for.
///
/// # Errors
/// When the database does not answer.
pub async fn forget(conn: &mut PgConnection, hashes: &[String]) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "update whatsapp_operations set scope = scope - 'senders'
         where scope -> 'senders' ?| $1",
        hashes
    )
    .execute(conn)
    .await
    .map(drop)
}
