//! The right to write to a recipient, over all workers, until a deadline.

use std::time::Duration;

use chrono::{DateTime, Utc};
use common::identity::WaAddress;
use sqlx::{PgPool, postgres::types::PgInterval};
use uuid::Uuid;

use crate::{
    failure::{Failure, Reason},
    quarantine::SUSPECT_AFTER,
};

/// A recipient that this worker holds.
#[derive(Debug)]
pub(super) struct RecipientClaim {
    pub(super) recipient: Uuid,
    /// Raised by every claim: an older claim may not post any more.
    pub(super) attempt: i32,
    /// Claims in a row that began and never ended.
    pub(super) unended: i32,
    pub(super) address: WaAddress,
    pub(super) last_inbound_at: Option<DateTime<Utc>>,
}

/// A duration as PostgreSQL's.
pub(super) fn interval(duration: Duration) -> PgInterval {
    let microseconds = i64::try_from(duration.as_micros()).unwrap_or(i64::MAX);
    PgInterval {
        months: 0,
        days: 0,
        microseconds,
    }
}

/// What came of reaching for a recipient.
#[derive(Debug)]
pub(super) enum Reach {
    /// It is held from now on.
    Mine(RecipientClaim),
    /// Somebody else holds it.
    Busy,
    /// Its last claims never ended: to be taken alone.
    Suspect,
    /// Forgotten, with all that was to be sent.
    Gone,
}

impl RecipientClaim {
    /// Takes the recipient unless somebody holds it; a suspect only where `alone`.
    pub(super) async fn take(
        pool: &PgPool,
        recipient: Uuid,
        lease: Duration,
        alone: bool,
    ) -> Result<Reach, Failure> {
        let row = sqlx::query!(
            "update whatsapp_recipients set attempt = attempt + 1,
                 unended = case when held_until is null then 0 else unended + 1 end,
                 held_until = clock_timestamp() + $2
             where id = $1 and (held_until is null or held_until < clock_timestamp())
                 and ($3 or unended + (held_until is not null)::int < $4)
             returning attempt, unended, wa_address, last_inbound_at",
            recipient,
            interval(lease),
            alone,
            SUSPECT_AFTER
        )
        .fetch_optional(pool)
        .await?;
        let Some(row) = row else {
            return Self::why_not(pool, recipient).await;
        };
        let address = WaAddress::parse(&row.wa_address)
            .map_err(|error| Failure::Fail(Reason::Inconsistent, error.into()))?;
        Ok(Reach::Mine(Self {
            recipient,
            attempt: row.attempt,
            unended: row.unended,
            address,
            last_inbound_at: row.last_inbound_at,
        }))
    }

    /// Why a recipient could not be taken.
    async fn why_not(pool: &PgPool, recipient: Uuid) -> Result<Reach, Failure> {
        let free = sqlx::query_scalar!(
            r#"select held_until is null or held_until < clock_timestamp() as "free!"
               from whatsapp_recipients where id = $1"#,
            recipient
        )
        .fetch_optional(pool)
        .await?;
        Ok(match free {
            Some(true) => Reach::Suspect,
            Some(false) => Reach::Busy,
            None => Reach::Gone,
        })
    }

    /// Lets go, if it is still held.
    pub(super) async fn release(&self, pool: &PgPool) -> Result<(), Failure> {
        sqlx::query!(
            "update whatsapp_recipients set held_until = null, unended = 0
             where id = $1 and attempt = $2",
            self.recipient,
            self.attempt
        )
        .execute(pool)
        .await?;
        Ok(())
    }
}
