//! What was on its way at the time of the backup may have arrived since: Twilio is asked before it
//! is sent, and what was handed on is handed on anew.

use sqlx::PgPool;

use super::Report;

/// How much that is.
pub(super) async fn count(pool: &PgPool, report: &mut Report) -> anyhow::Result<()> {
    let counted = sqlx::query!(
        r#"select
               (select count(*) from whatsapp_messages
                where state in ('received', 'waiting_project', 'routed', 'dead')) as "unsettled!",
               (select count(*) from whatsapp_reply_parts
                where state in ('pending', 'posting', 'unknown', 'held')) as "replies!""#
    )
    .fetch_one(pool)
    .await?;
    report.unsettled = u64::try_from(counted.unsettled)?;
    report.replies = u64::try_from(counted.replies)?;
    Ok(())
}

/// Writes it down.
pub(super) async fn cast(pool: &PgPool, report: &mut Report) -> anyhow::Result<()> {
    let mut transaction = pool.begin().await?;
    // As long as it takes, after a restore with nothing in memory.
    sqlx::query!("set local statement_timeout = 0")
        .execute(&mut *transaction)
        .await?;
    // Under a new generation, which no stream takes for what it has.
    let unsettled = sqlx::query!(
        "update whatsapp_messages set may_be_answered = true,
             generation = generation + (state in ('waiting_project', 'routed'))::int
         where state in ('received', 'waiting_project', 'routed', 'dead')"
    )
    .execute(&mut *transaction)
    .await?;
    let replies = sqlx::query!(
        "update whatsapp_reply_parts p
         set state = 'unknown', posted_at = coalesce(p.posted_at, r.created_at), not_before = now()
         from whatsapp_replies r
         where r.id = p.reply_id and p.state in ('pending', 'posting', 'unknown', 'held')"
    )
    .execute(&mut *transaction)
    .await?;
    // A code that nobody can say the fate of is not sent again.
    sqlx::query!(
        "update whatsapp_code_sends set state = 'unknown' where state in ('pending', 'posting')"
    )
    .execute(&mut *transaction)
    .await?;
    // Whoever held a recipient is gone.
    sqlx::query!("update whatsapp_recipients set held_until = null where held_until is not null")
        .execute(&mut *transaction)
        .await?;
    // Also of what will be fetched from Twilio's log.
    sqlx::query!("update whatsapp_reconciliation set restored_at = now()")
        .execute(&mut *transaction)
        .await?;
    transaction.commit().await?;
    report.unsettled = unsettled.rows_affected();
    report.replies = replies.rows_affected();
    Ok(())
}
