//! `focobot dead list`.

use std::process::ExitCode;

use common::settings::Environment;

use super::Row;
use crate::connections;

/// Prints the open dead letters.
pub(super) async fn run(env: &Environment, limit: i64, json: bool) -> anyhow::Result<ExitCode> {
    let pool = connections::database(env).await?;
    let rows = sqlx::query_as!(
        Row,
        "select d.id, d.message_sid, d.stage, d.reason, m.error_code, d.attempts, d.dead_at as at
         from whatsapp_dead_letters d left join whatsapp_messages m using (message_sid)
         where d.state = 'open' order by d.dead_at desc, d.id desc limit $1",
        limit
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
    println!("Next: focobot dead show ID, then focobot dead replay ID");
    Ok(ExitCode::SUCCESS)
}
