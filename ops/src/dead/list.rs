//! `focobot dead list`.

use std::process::ExitCode;

use common::settings::Environment;
use sqlx::PgPool;

use super::{Filter, Row};
use crate::connections;

/// Prints the open dead letters that the filter lets through.
pub(super) async fn run(
    env: &Environment,
    filter: &Filter,
    limit: i64,
    json: bool,
) -> anyhow::Result<ExitCode> {
    let pool = connections::database(env).await?;
    let ids = filter.ids(env, &pool, i64::MAX).await?;
    let newest = ids.len().saturating_sub(usize::try_from(limit)?);
    let rows = sqlx::query_as!(
        Row,
        "select d.id, d.message_sid, d.stage, d.reason, m.error_code, d.attempts, d.dead_at as at
         from whatsapp_dead_letters d left join whatsapp_messages m using (message_sid)
         where d.id = any($1) order by d.dead_at desc, d.id desc",
        &ids[newest..]
    )
    .fetch_all(&pool)
    .await?;
    if json {
        println!("{}", serde_json::to_string(&rows)?);
        return Ok(ExitCode::SUCCESS);
    }
    if rows.is_empty() {
        println!("No dead letters.");
        return Ok(ExitCode::SUCCESS);
    }
    println!(
        "{:>6}  {:<16}  {:<6}  {:<15}  message",
        "id", "at (UTC)", "stage", "reason"
    );
    for row in rows {
        println!(
            "{:>6}  {:<16}  {:<6}  {:<15}  {}",
            row.id,
            row.at.format("%Y-%m-%d %H:%M"),
            row.stage,
            row.reason,
            row.message_sid.as_deref().unwrap_or("-")
        );
    }
    print_counts(&pool, &ids).await?;
    println!("Next: focobot dead show ID, then focobot dead replay ID");
    Ok(ExitCode::SUCCESS)
}

/// How many there are of each kind, shown or not.
async fn print_counts(pool: &PgPool, ids: &[i64]) -> anyhow::Result<()> {
    let counts = sqlx::query!(
        r#"select stage, reason, count(*) as "count!" from whatsapp_dead_letters
           where id = any($1) group by stage, reason order by 3 desc, 1, 2"#,
        ids
    )
    .fetch_all(pool)
    .await?;
    println!("{} in all:", ids.len());
    for kind in counts {
        println!("{:>6}  {} {}", kind.count, kind.stage, kind.reason);
    }
    Ok(())
}
