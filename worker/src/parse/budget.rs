//! What each workspace spends on the model in a day (UTC), counted in Redis over all workers, and
//! the limit on it. While Redis is away nothing is counted and nothing refused.

use chrono::{DateTime, Utc};
use redis::{RedisError, aio::ConnectionManager};
use uuid::Uuid;

use super::model::Tokens;

/// How long a day's count is kept, so that yesterday's can be looked at.
const KEPT_SECONDS: i64 = 8 * 24 * 60 * 60;

/// The budget of every workspace.
pub(super) struct Budget {
    redis: ConnectionManager,
    prefix: String,
    /// Tokens a day and workspace; `None` is no limit.
    limit: Option<u64>,
}

impl Budget {
    /// A budget whose counts are under that prefix.
    pub(super) fn new(redis: ConnectionManager, prefix: &str, limit: Option<u32>) -> Self {
        Self {
            redis,
            prefix: prefix.to_owned(),
            limit: limit.map(u64::from),
        }
    }

    fn key(&self, workspace: Uuid, now: DateTime<Utc>) -> String {
        format!(
            "{}:tokens:{}:{workspace}",
            self.prefix,
            now.format("%Y%m%d")
        )
    }

    /// Whether the workspace may still ask the model today. The last request may go beyond the
    /// limit: what it costs is known only afterwards.
    pub(super) async fn allows(&self, workspace: Uuid, now: DateTime<Utc>) -> bool {
        let Some(limit) = self.limit else {
            return true;
        };
        match self.spent(workspace, now).await {
            Ok(spent) => spent < limit,
            Err(error) => {
                tracing::debug!(%error, "the budget is not checked");
                true
            }
        }
    }

    async fn spent(&self, workspace: Uuid, now: DateTime<Utc>) -> Result<u64, RedisError> {
        let mut redis = self.redis.clone();
        let fields: (Option<u64>, Option<u64>) = redis::cmd("HMGET")
            .arg(self.key(workspace, now))
            .arg("prompt")
            .arg("completion")
            .query_async(&mut redis)
            .await?;
        Ok(fields.0.unwrap_or(0).saturating_add(fields.1.unwrap_or(0)))
    }

    /// Counts what a request cost.
    pub(super) async fn spend(&self, workspace: Uuid, now: DateTime<Utc>, tokens: Tokens) {
        if tokens.sum() == 0 {
            return;
        }
        let Tokens {
            prompt,
            cached,
            completion,
        } = tokens;
        tracing::info!(%workspace, prompt, cached, completion, "tokens spent");
        let key = self.key(workspace, now);
        let mut pipeline = redis::pipe();
        pipeline.atomic();
        for (field, number) in [
            ("requests", 1),
            ("prompt", prompt),
            ("cached", cached),
            ("completion", completion),
        ] {
            pipeline.cmd("HINCRBY").arg(&key).arg(field).arg(number);
        }
        pipeline.cmd("EXPIRE").arg(&key).arg(KEPT_SECONDS);
        let mut redis = self.redis.clone();
        if let Err(error) = pipeline.exec_async(&mut redis).await {
            tracing::debug!(%error, "tokens are not counted");
        }
    }
}
