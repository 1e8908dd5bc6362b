//! Whether a store has less than it had, and what a failover of PostgreSQL would keep.

use common::{
    settings::Environment,
    store_marks::{MEND, StoreMarks},
    stream_marks,
};

use super::{Check, Lines};
use crate::connections::{self, Postgres};

const NAME: &str = "stores";

pub(super) async fn check(env: &Environment, postgres: &Postgres<'_>) -> Lines {
    let queue = connections::queue(env).await?;
    let read = StoreMarks::of(&queue).read().await?;
    let mut lines = Vec::new();
    if let Some(behind) = read.standing.and_then(|standing| standing.behind) {
        lines.push(Check::wrong(NAME, behind.what(), MEND));
    }
    let pool = postgres.pool().await?;
    let behind = stream_marks::behind(&mut *pool.acquire().await?, &queue).await?;
    if !behind.is_empty() {
        lines.push(Check::wrong(NAME, stream_marks::what(&behind), MEND));
    }
    lines.push(replicas(postgres).await?);
    Ok(lines)
}

/// Replicas that a failover could go to, and whether what was recorded is there before it counts.
async fn replicas(postgres: &Postgres<'_>) -> anyhow::Result<Check> {
    let pool = postgres.pool().await?;
    let row = sqlx::query!(
        r#"select (select count(*) from pg_stat_replication r where not exists (
                   select from pg_replication_slots s
                   where s.active_pid = r.pid and s.slot_type = 'logical')) as "replicas!",
               current_setting('synchronous_standby_names') as "names!",
               current_setting('synchronous_commit') as "waits!""#
    )
    .fetch_one(&pool)
    .await?;
    Ok(judge(row.replicas, &row.names, &row.waits))
}

fn judge(replicas: i64, names: &str, waits: &str) -> Check {
    if replicas == 0 && names.is_empty() {
        return Check::ok(NAME, "PostgreSQL has no replica that is connected");
    }
    if names.is_empty() {
        return Check::ok(
            NAME,
            format!(
                "PostgreSQL has {replicas} replicas, none synchronous: after a failover to one all \
                 stages rest where it lacks something (synchronous_standby_names, deploy/README.md)"
            ),
        );
    }
    if ["local", "off"].contains(&waits) {
        return Check::wrong(
            NAME,
            format!("synchronous_commit is {waits}: a failover loses what was recorded last"),
            "synchronous_commit = on",
        );
    }
    Check::ok(
        NAME,
        "what is recorded is on a synchronous replica before it counts",
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_synchronous_replica_that_is_not_waited_for_is_named() {
        assert!(judge(0, "", "on").ok);
        assert!(judge(1, "", "on").detail.contains("none synchronous"));
        assert!(judge(1, "ANY 1 (*)", "on").ok);
        assert!(!judge(1, "ANY 1 (*)", "local").ok);
    }
}
