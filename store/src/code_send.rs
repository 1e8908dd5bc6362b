//! `whatsapp_code_sends`: linking codes that are sent to a phone. The code itself stands in no row.

use std::time::Duration;

use chrono::{DateTime, Utc};
use sqlx::{PgConnection, PgExecutor};
use uuid::Uuid;

use crate::{
    callback::Callback,
    id::{CodeSendId, RecipientId},
    interval::interval,
    sid::MessageSid,
    word::words,
};

words! {
    /// Where the send of a code stands.
    pub enum State {
        /// To be made and posted.
        Pending = "pending",
        /// A post has begun, under a claim that may have ended since.
        Posting = "posting",
        /// Nobody can say whether Twilio took it, and it is not repeated: nobody can say which code
        /// is on the phone.
        Unknown = "unknown",
        /// Twilio has it.
        Accepted = "accepted",
        /// For good.
        Failed = "failed",
        /// A newer code was asked for, or it is late.
        Void = "void",
    }
}

impl State {
    /// Whether a send that stands here may come to stand there, or stays.
    #[must_use]
    pub const fn may_become(self, next: Self) -> bool {
        match (self, next) {
            (Self::Pending, Self::Posting | Self::Unknown | Self::Failed | Self::Void)
            | (
                Self::Posting,
                Self::Pending | Self::Unknown | Self::Accepted | Self::Failed | Self::Void,
            )
            // Refused, or not delivered: in another way, or for good.
            | (Self::Unknown, Self::Pending | Self::Accepted | Self::Failed)
            | (Self::Accepted, Self::Pending | Self::Failed) => true,
            _ => self as u8 == next as u8,
        }
    }
}

/// Has a code made and sent: to whom, for which claim and until when that is of use, in the
/// language of that tag. In the transaction of the claim.
///
/// # Errors
/// When the database does not answer.
pub async fn insert(
    conn: &mut PgConnection,
    recipient: RecipientId,
    (claim, expires_at): (Uuid, DateTime<Utc>),
    language: &str,
) -> Result<CodeSendId, sqlx::Error> {
    let id = Uuid::now_v7();
    sqlx::query!(
        "insert into whatsapp_code_sends (id, recipient_id, link_id, expires_at, language)
         values ($1, $2, $3, $4, $5)",
        id,
        recipient.0,
        claim,
        expires_at,
        language
    )
    .execute(conn)
    .await?;
    Ok(CodeSendId(id))
}

/// Voids what was not sent yet for a claim, which has a newer code. The claim is locked.
///
/// # Errors
/// When the database does not answer.
pub async fn void_of_claim(conn: &mut PgConnection, claim: Uuid) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "update whatsapp_code_sends set state = 'void' where link_id = $1 and state = 'pending'",
        claim
    )
    .execute(conn)
    .await
    .map(drop)
}

/// Writes down that a code is being posted, whose hash its claim has; answers which post it is.
/// `None` where it is not pending any more. The recipient's claim is held.
///
/// # Errors
/// When the database does not answer.
pub async fn intend(conn: &mut PgConnection, send: CodeSendId) -> Result<Option<i32>, sqlx::Error> {
    sqlx::query_scalar!(
        "update whatsapp_code_sends set state = 'posting', post_attempt = post_attempt + 1,
             not_before = null, twilio_sid = null, status = null, error_code = null
         where id = $1 and state = 'pending'
         returning post_attempt",
        send.0
    )
    .fetch_optional(conn)
    .await
}

/// Twilio took it. A callback may have said so before.
///
/// # Errors
/// When the database does not answer.
pub async fn accept(
    executor: impl PgExecutor<'_>,
    (send, attempt): (CodeSendId, i32),
    (sid, status): (&MessageSid, &str),
) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "update whatsapp_code_sends set state = 'accepted', twilio_sid = $3,
             status = coalesce(status, $4)
         where id = $1 and post_attempt = $2 and state in ('posting', 'unknown')",
        send.0,
        attempt,
        sid.as_str(),
        status
    )
    .execute(executor)
    .await
    .map(drop)
}

/// It surely was not taken: to be posted again after `delay`, as another code.
///
/// # Errors
/// When the database does not answer.
pub async fn put_back(
    executor: impl PgExecutor<'_>,
    (send, attempt): (CodeSendId, i32),
    delay: Duration,
) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "update whatsapp_code_sends
         set state = 'pending', not_before = clock_timestamp() + $3
         where id = $1 and post_attempt = $2 and state = 'posting'",
        send.0,
        attempt,
        interval(delay)
    )
    .execute(executor)
    .await
    .map(drop)
}

/// How a code ends that is not delivered, as far as is known when it is sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum End {
    /// A newer code was asked for, or it is late.
    Void,
    /// Nobody can say whether Twilio took it.
    Unknown,
    /// For good, with Twilio's code.
    Failed(Option<i32>),
}

impl End {
    /// Where the send stands from then on.
    #[must_use]
    pub const fn state(self) -> State {
        match self {
            Self::Void => State::Void,
            Self::Unknown => State::Unknown,
            Self::Failed(_) => State::Failed,
        }
    }
}

/// Ends it unsent, or as good as that.
///
/// # Errors
/// When the database does not answer.
pub async fn end(
    executor: impl PgExecutor<'_>,
    send: CodeSendId,
    end: End,
) -> Result<(), sqlx::Error> {
    let code = match end {
        End::Void | End::Unknown => None,
        End::Failed(code) => code,
    };
    sqlx::query!(
        "update whatsapp_code_sends set state = $2, error_code = $3
         where id = $1 and state in ('pending', 'posting')",
        send.0,
        end.state().as_str(),
        code
    )
    .execute(executor)
    .await
    .map(drop)
}

/// Makes a code that was refused due in another way, once for each: by the template, or in the
/// other form of the number. Returns whether it is due, which it is while it is of use.
///
/// # Errors
/// When the database does not answer.
pub async fn send_another_way(
    conn: &mut PgConnection,
    send: CodeSendId,
    (by_template, other_form): (bool, bool),
) -> Result<bool, sqlx::Error> {
    let due = sqlx::query!(
        "update whatsapp_code_sends
         set state = 'pending', by_template = by_template or $2, other_form = other_form or $3
         where id = $1 and (($2 and not by_template) or ($3 and not other_form))
             and state in ('posting', 'unknown', 'accepted') and expires_at > now()",
        send.0,
        by_template,
        other_form
    )
    .execute(conn)
    .await?;
    Ok(due.rows_affected() > 0)
}

/// Writes down a callback that is no failure: Twilio has it. The send is locked.
///
/// # Errors
/// When the database does not answer.
pub async fn move_forward(
    conn: &mut PgConnection,
    send: CodeSendId,
    callback: &Callback<'_>,
) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "update whatsapp_code_sends
         set state = case when state in ('posting', 'unknown') then 'accepted' else state end,
             twilio_sid = coalesce(twilio_sid, $2), status = $3
         where id = $1 and state in ('posting', 'unknown', 'accepted')",
        send.0,
        callback.twilio_sid.as_str(),
        callback.status
    )
    .execute(conn)
    .await
    .map(drop)
}

/// Writes down that it was not delivered, for good; returns how many sends that ends. The send is
/// locked.
///
/// # Errors
/// When the database does not answer.
pub async fn fail_called_back(
    conn: &mut PgConnection,
    send: CodeSendId,
    callback: &Callback<'_>,
) -> Result<u64, sqlx::Error> {
    let ended = sqlx::query!(
        "update whatsapp_code_sends set state = 'failed', status = $2, error_code = $3
         where id = $1 and state in ('posting', 'unknown', 'accepted')",
        send.0,
        callback.status,
        callback.error_code
    )
    .execute(conn)
    .await?;
    Ok(ended.rows_affected())
}

/// After a restore: a code that nobody can say the fate of is not sent again.
///
/// # Errors
/// When the database does not answer.
pub async fn doubt_unsettled(conn: &mut PgConnection) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "update whatsapp_code_sends set state = 'unknown' where state in ('pending', 'posting')"
    )
    .execute(conn)
    .await
    .map(drop)
}

#[cfg(test)]
mod tests {
    use super::{End, State};
    use crate::written;

    const TABLE: &str = "whatsapp_code_sends";

    #[test]
    fn the_states_are_those_that_the_table_takes() {
        let words: Vec<&str> = State::ALL.iter().map(|state| state.as_str()).collect();
        assert_eq!(written::words_checked_in(TABLE, "state"), words);
    }

    #[test]
    fn every_statement_keeps_to_the_transitions() {
        let states = (State::ALL, State::as_str as fn(State) -> _);
        written::all_follow((TABLE, 8), states, State::may_become);
        for end in [End::Void, End::Unknown, End::Failed(None)] {
            assert!(State::Pending.may_become(end.state()), "{end:?}");
            assert!(State::Posting.may_become(end.state()), "{end:?}");
        }
    }
}
