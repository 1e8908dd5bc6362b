//! A part that will not be sent: failed, with its dead letter, in one transaction.

use super::{part::Part, recipient_claim::RecipientClaim};
use crate::{
    dead,
    engine::{
        context::Context,
        stage_error::{Reason, StageError},
    },
};

impl Part {
    /// Fails for good. Somebody else may have settled it meanwhile, in which case nothing is done.
    pub(super) async fn give_up(
        &self,
        context: &Context,
        claim: &RecipientClaim,
        code: Option<i32>,
        (reason, error): (Reason, &str),
    ) -> Result<(), StageError> {
        let mut transaction = context.pool.begin().await?;
        claim.still_mine(&mut transaction).await?;
        if store::part::fail(&mut transaction, self.id, code).await? {
            store::part::fail_after(&mut transaction, self.id).await?;
            dead::insert_reply(context, &mut transaction, self.id, (reason, error)).await?;
        }
        transaction.commit().await?;
        Ok(())
    }
}
