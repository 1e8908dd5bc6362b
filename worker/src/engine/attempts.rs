//! Attempts at a message of the queue, where no other row counts them: how often the queue has handed
//! it out says nothing, since who waits, gives back or is stopped has not failed. Counted from the
//! second delivery on: what goes well at once costs nothing.

use anyhow::anyhow;
use sqlx::PgPool;

use crate::engine::{
    delivery::Delivery,
    failure::Findings,
    ledger::MOST_UNENDED,
    stage_error::{Reason, StageError},
};

/// How many attempts began and never ended, as far as is known.
pub(crate) async fn unended(pool: &PgPool, delivery: &Delivery) -> Result<i32, StageError> {
    if delivery.delivered() == 1 {
        return Ok(0);
    }
    let found = sqlx::query_scalar!(
        "select unended from whatsapp_delivery_attempts where source = $1",
        delivery.source()
    )
    .fetch_optional(pool)
    .await?;
    Ok(found.unwrap_or(0) - i32::from(delivery.is_marked()))
}

/// Writes down that an attempt begins; fails where too many have begun and never ended.
pub(crate) async fn begin(
    pool: &PgPool,
    delivery: &Delivery,
    findings: &mut Findings,
) -> Result<(), StageError> {
    // One that has ended, and could not be written down so, is this one from now on.
    if delivery.delivered() == 1 || delivery.is_marked() {
        return Ok(());
    }
    let unended = store::delivery_attempt::begin(pool, &delivery.source()).await?;
    delivery.mark(true);
    let before = unended - 1;
    if before < MOST_UNENDED {
        return Ok(());
    }
    *findings = Findings::counted(before);
    let error = anyhow!("{before} attempts began and never ended");
    Err(StageError::Permanent(Reason::Unended, error))
}

/// Writes down that the attempt has ended, however it did. Where that cannot be written down now, the
/// next attempt of this delivery takes its place.
pub(crate) async fn end(pool: &PgPool, delivery: &Delivery) {
    if !delivery.is_marked() {
        return;
    }
    let ended = store::delivery_attempt::end(pool, &delivery.source()).await;
    match ended {
        Ok(()) => delivery.mark(false),
        Err(error) => {
            let failure = StageError::from(error);
            tracing::debug!(%failure, "writing down that an attempt has ended");
        }
    }
}
