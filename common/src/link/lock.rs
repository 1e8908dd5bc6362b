//! Who guesses codes waits: five wrong ones from one sender lock it for 15 minutes, and each lock
//! that follows is twice as long. A right code, or a day without a wrong one, begins anew.

use chrono::{DateTime, TimeDelta, Utc};
use sqlx::PgConnection;
use store::RecipientId;

use super::{Entry, Event, Origin, note};
use crate::sender::SenderHash;

/// Wrong codes before a lock.
const MOST_WRONG: i32 = 5;
/// The first lock.
const FIRST: TimeDelta = TimeDelta::minutes(15);
/// The longest.
const LONGEST: TimeDelta = TimeDelta::hours(24);
/// After so long without a wrong code all is forgotten.
const FORGOTTEN: TimeDelta = TimeDelta::hours(24);

/// Until when no code is taken from a recipient; `None` where one is taken at `at`.
///
/// # Errors
/// When the database does not answer.
pub async fn locked_until(
    conn: &mut PgConnection,
    recipient: RecipientId,
    at: DateTime<Utc>,
) -> Result<Option<DateTime<Utc>>, sqlx::Error> {
    let until = sqlx::query_scalar!(
        "select locked_until from whatsapp_recipients where id = $1 for update",
        recipient.0
    )
    .fetch_optional(conn)
    .await?;
    Ok(until.flatten().filter(|until| *until > at))
}

/// How long the `n`th lock in a row lasts, counted from 1.
fn length(n: i32) -> TimeDelta {
    let doublings = u32::try_from(n.saturating_sub(1)).unwrap_or(0).min(10);
    (FIRST * 2_i32.pow(doublings)).min(LONGEST)
}

/// Counts a wrong code that came at `at`; returns until when the recipient is locked by it.
///
/// # Errors
/// When the database does not answer.
pub async fn count_wrong(
    conn: &mut PgConnection,
    (recipient, sender): (RecipientId, &SenderHash),
    at: DateTime<Utc>,
    origin: Origin<'_>,
) -> Result<Option<DateTime<Utc>>, sqlx::Error> {
    let counted = store::recipient::count_wrong_code(conn, recipient, (at - FORGOTTEN, at)).await?;
    if counted.wrong_codes < MOST_WRONG {
        return Ok(None);
    }
    let locks = counted.code_locks.saturating_add(1);
    let until = at + length(locks);
    store::recipient::lock_codes(conn, recipient, locks, until).await?;
    let entry = Entry {
        sender: Some(sender.as_str()),
        ..Entry::new(Event::Lock, "done")
    };
    note(conn, origin, entry).await?;
    metrics::counter!("link_locks_total").increment(1);
    Ok(Some(until))
}

/// Forgets wrong codes and locks: a right code came, or an operator says so. Returns whether
/// there was something.
///
/// # Errors
/// When the database does not answer.
pub async fn forgive(conn: &mut PgConnection, recipient: RecipientId) -> Result<bool, sqlx::Error> {
    store::recipient::forgive_wrong_codes(conn, recipient).await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn locks_double_up_to_a_day() {
        let minutes: Vec<i64> = [1, 2, 3, 4, 7, 8, 1000]
            .map(|n| length(n).num_minutes())
            .into();
        assert_eq!(minutes, [15, 30, 60, 120, 960, 1440, 1440]);
    }
}
