//! WhatsApp's 24 hours: free text is taken for so long after a person's last message. What comes
//! later is held, and sent first once they write; whoever has written meanwhile is not waited for.

use chrono::{DateTime, Utc};
use common::recipient::WINDOW;
use sqlx::{PgConnection, PgPool};
use store::RecipientId;

use super::{part::Part, recipient_claim::RecipientClaim};
use crate::engine::stage_error::StageError;

/// Whether free text is taken now.
pub(super) fn is_open(last_inbound_at: Option<DateTime<Utc>>, now: DateTime<Utc>) -> bool {
    last_inbound_at.is_some_and(|at| now - at < WINDOW)
}

/// When somebody last wrote; whoever writes now waits until the transaction ends, and then
/// releases what it held.
pub(crate) async fn last_inbound(
    conn: &mut PgConnection,
    recipient: RecipientId,
) -> Result<Option<DateTime<Utc>>, StageError> {
    let row = sqlx::query_scalar!(
        "select last_inbound_at from whatsapp_recipients where id = $1 for update",
        recipient.0
    )
    .fetch_optional(conn)
    .await?;
    Ok(row.flatten())
}

impl Part {
    /// Holds what is not to be posted any more, unless they have written since.
    pub(super) async fn hold(
        &self,
        pool: &PgPool,
        claim: &RecipientClaim,
        now: DateTime<Utc>,
    ) -> Result<(), StageError> {
        let mut transaction = pool.begin().await?;
        claim.still_mine(&mut transaction).await?;
        if !is_open(last_inbound(&mut transaction, claim.recipient).await?, now) {
            store::part::hold(&mut transaction, self.id).await?;
        }
        transaction.commit().await?;
        Ok(())
    }

    /// Holds what Twilio refused because the 24 hours are over; it is posted again where they have
    /// written since that post began.
    pub(super) async fn hold_refused(
        &self,
        pool: &PgPool,
        claim: &RecipientClaim,
        attempt: i32,
    ) -> Result<(), StageError> {
        let mut transaction = pool.begin().await?;
        let written = last_inbound(&mut transaction, claim.recipient).await?;
        store::part::hold_refused(&mut transaction, (self.id, attempt), written).await?;
        transaction.commit().await?;
        Ok(())
    }
}
