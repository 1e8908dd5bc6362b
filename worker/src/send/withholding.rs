//! A reply that is not posted any more, since it may not be said or is of no use: failed without a
//! dead letter, and nobody is told that it did not arrive. What Twilio may have already is found out
//! all the same.

use chrono::{DateTime, Utc};
use common::reply::{Withheld, why_withheld};
use sqlx::{PgConnection, PgPool};

use super::part::Part;
use crate::engine::stage_error::StageError;

/// Begins the numbers at zero.
pub(crate) fn begin_counting() {
    for why in Withheld::ALL {
        metrics::counter!("replies_withheld_total", "reason" => why.as_str()).increment(0);
    }
}

/// Counts one.
pub(crate) fn count(why: Withheld) {
    tracing::info!(reason = why.as_str(), "withheld");
    metrics::counter!("replies_withheld_total", "reason" => why.as_str()).increment(1);
}

impl Part {
    /// Withholds it, if it may not be said; returns whether. For what is not to be posted now: when
    /// it is, the intent to post it asks the same.
    pub(super) async fn is_withheld(&self, pool: &PgPool) -> Result<bool, StageError> {
        let mut transaction = pool.begin().await?;
        let withheld = self.withhold(&mut transaction).await?;
        transaction.commit().await?;
        if let Some(why) = withheld {
            count(why);
        }
        Ok(withheld.is_some())
    }

    /// Withholds what is due of its reply, if that may not be said, and says why.
    pub(super) async fn withhold(
        &self,
        conn: &mut PgConnection,
    ) -> Result<Option<Withheld>, StageError> {
        let Some(why) = why_withheld(conn, self.reply).await? else {
            return Ok(None);
        };
        store::part::withhold(conn, self.reply, why).await?;
        Ok(Some(why))
    }

    /// Ends what Twilio does not post, since the recipient has opted out.
    pub(super) async fn opted_out(
        &self,
        pool: &PgPool,
        attempt: i32,
        code: i32,
    ) -> Result<(), StageError> {
        let why = Withheld::OptedOut;
        let part = (self.id, attempt);
        if store::part::withhold_refused(pool, part, self.reply, (why, code)).await? {
            count(why);
        }
        Ok(())
    }

    /// Whether it is no use to anybody any more.
    pub(super) fn is_too_late(&self, now: DateTime<Utc>) -> bool {
        self.not_after.is_some_and(|end| end <= now)
    }
}
