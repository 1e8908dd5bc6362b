//! What operators do to messages is written down: who, when, which, and what came of it.

use serde_json::Value;
use sqlx::PgPool;

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
        pool: &PgPool,
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
        .fetch_one(pool)
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
    pub async fn end(self, pool: &PgPool, report: &Value) -> Result<(), sqlx::Error> {
        sqlx::query!(
            "update whatsapp_operations set report = $2, ended_at = now() where id = $1",
            self.id,
            report
        )
        .execute(pool)
        .await
        .map(drop)
    }
}
