//! The right to write to a recipient, over all workers, until a deadline.

use std::time::Duration;

use chrono::{DateTime, Utc};
use common::identity::WaAddress;
use sqlx::PgConnection;
use store::{RecipientId, recipient::Claim};

use crate::engine::{
    isolation::SUSPECT_AFTER,
    stage_error::{Reason, StageError},
};

/// A recipient that this worker holds.
#[derive(Debug)]
pub(super) struct RecipientClaim {
    pub(super) recipient: RecipientId,
    /// Raised by every claim: an older claim may not post any more.
    pub(super) attempt: i32,
    /// Claims in a row that began and never ended.
    pub(super) unended: i32,
    pub(super) address: WaAddress,
    pub(super) last_inbound_at: Option<DateTime<Utc>>,
    /// Whether a linking code is to be sent. One that is asked for later is announced by itself.
    pub(super) has_codes: bool,
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
    /// There is no such recipient any more.
    Gone,
}

impl RecipientClaim {
    /// Takes the recipient unless somebody holds it; a suspect only where `alone`. `ended` is a claim
    /// that is known to have ended, though it could not be released (0 for none).
    pub(super) async fn take(
        conn: &mut PgConnection,
        (recipient, ended): (RecipientId, i32),
        lease: Duration,
        alone: bool,
    ) -> Result<Reach, StageError> {
        let suspect = (alone, SUSPECT_AFTER);
        let row = store::recipient::take(conn, (recipient, ended), lease, suspect).await?;
        let Some(row) = row else {
            return Self::why_not(conn, (recipient, ended)).await;
        };
        let address = WaAddress::parse(&row.wa_address)
            .map_err(|error| StageError::Permanent(Reason::Inconsistent, error.into()))?;
        Ok(Reach::Mine(Self {
            recipient,
            attempt: row.attempt,
            unended: row.unended,
            address,
            last_inbound_at: row.last_inbound_at,
            has_codes: row.has_codes,
        }))
    }

    /// Why a recipient could not be taken.
    async fn why_not(
        conn: &mut PgConnection,
        (recipient, ended): (RecipientId, i32),
    ) -> Result<Reach, StageError> {
        let free = sqlx::query_scalar!(
            r#"select held_until is null or held_until < clock_timestamp() or attempt = $2 as "free!"
               from whatsapp_recipients where id = $1"#,
            recipient.0,
            ended
        )
        .fetch_optional(conn)
        .await?;
        Ok(match free {
            Some(true) => Reach::Suspect,
            Some(false) => Reach::Busy,
            None => Reach::Gone,
        })
    }

    /// Makes sure, at the start of a transaction, that nobody has claimed the recipient since; nor
    /// can anybody until it ends.
    pub(super) async fn still_mine(&self, conn: &mut PgConnection) -> Result<(), StageError> {
        let mine = sqlx::query_scalar!(
            "select id from whatsapp_recipients where id = $1 and attempt = $2 for update",
            self.recipient.0,
            self.attempt
        )
        .fetch_optional(conn)
        .await?;
        mine.map(drop).ok_or(StageError::Fenced)
    }

    /// Its number, for what is written under it.
    pub(super) fn number(&self) -> Claim {
        Claim {
            recipient: self.recipient,
            attempt: self.attempt,
        }
    }

    /// Holds it for another `lease` from now, while nobody else has claimed it since.
    pub(super) async fn extend(
        &self,
        conn: &mut PgConnection,
        lease: Duration,
    ) -> Result<(), StageError> {
        if store::recipient::extend(conn, self.number(), lease).await? {
            Ok(())
        } else {
            Err(StageError::Fenced)
        }
    }
}
