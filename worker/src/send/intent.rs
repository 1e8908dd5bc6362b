//! The intent to post a part, written down before it is posted: the one place where it is decided
//! that a reply may still be said.

use std::time::Duration;

use sqlx::PgPool;

use super::{part::Part, recipient_claim::RecipientClaim, withholding};
use crate::engine::stage_error::StageError;

impl Part {
    /// Writes down that it is being posted, while nobody else has claimed the recipient, who is held
    /// anew for as long as that may take. Answers which post it is; `None` where it may not be said
    /// any more: then it is withheld.
    pub(super) async fn intend(
        &self,
        pool: &PgPool,
        claim: &RecipientClaim,
        lease: Duration,
    ) -> Result<Option<i32>, StageError> {
        let what = (self.id, self.reply);
        let intended = store::part::intend_at_once(pool, what, claim.number(), lease).await?;
        if intended.is_some() {
            return Ok(intended);
        }
        self.intend_or_withhold(pool, claim, lease).await
    }

    /// Step by step, which tells what is in the way.
    async fn intend_or_withhold(
        &self,
        pool: &PgPool,
        claim: &RecipientClaim,
        lease: Duration,
    ) -> Result<Option<i32>, StageError> {
        let mut transaction = pool.begin().await?;
        claim.extend(&mut transaction, lease).await?;
        if let Some(why) = self.withhold(&mut transaction).await? {
            transaction.commit().await?;
            withholding::count(why);
            return Ok(None);
        }
        let attempt = store::part::intend(&mut transaction, self.id)
            .await?
            .ok_or(StageError::Fenced)?;
        transaction.commit().await?;
        Ok(Some(attempt))
    }
}
