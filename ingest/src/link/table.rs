//! The rows of the linking API: claims, links and when codes were made.

use std::time::Duration;

use chrono::{DateTime, Utc};
use common::phone::PhoneNumber;
use sqlx::PgConnection;

use super::user::User;
use crate::problem::Problem;

/// Codes that are made for one account in an hour.
const CODES_PER_USER: i64 = 5;

/// Counts the making of a code, unless the account had its five in this hour, or the phone
/// (`crowd`: how long it would have to wait) and the account asks for it again. An account's
/// first request for a phone is always let through: others cannot use the phone's up.
pub(super) async fn count_code(
    connection: &mut PgConnection,
    user: User,
    phone: Option<&PhoneNumber>,
    crowd: Duration,
) -> Result<(), Problem> {
    // One request of an account at a time, so that none slips past the count.
    let lock = format!("whatsapp link {}", user.id());
    sqlx::query!(
        "select pg_advisory_xact_lock(hashtextextended($1, 0))",
        lock
    )
    .execute(&mut *connection)
    .await?;
    let row = sqlx::query!(
        r#"
        select count(*) as "many!",
            coalesce(ceil(extract(epoch from min(made_at) + interval '1 hour' - now())), 1)::bigint
                as "wait!",
            exists (select from whatsapp_user_links where user_id = $1 and not verified
                and phone = $2 and updated_at > now() - interval '1 hour') as "again!"
        from whatsapp_link_codes
        where user_id = $1 and made_at > now() - interval '1 hour'
        "#,
        user.id(),
        phone.map(PhoneNumber::reveal),
    )
    .fetch_one(&mut *connection)
    .await?;
    let crowded = !crowd.is_zero() && row.again;
    if row.many >= CODES_PER_USER || crowded {
        let wait = if crowded {
            crowd.as_secs()
        } else {
            u64::try_from(row.wait).unwrap_or(1)
        };
        return Err(Problem::too_many_codes().after(wait.max(1)));
    }
    sqlx::query!(
        "insert into whatsapp_link_codes (user_id) values ($1)",
        user.id()
    )
    .execute(connection)
    .await
    .map(drop)
    .map_err(account_is_gone)
}

/// Whether the phone is linked to another account.
pub(super) async fn is_anothers(
    connection: &mut PgConnection,
    user: User,
    phone: &PhoneNumber,
) -> Result<bool, sqlx::Error> {
    sqlx::query_scalar!(
        r#"select exists (select from whatsapp_user_links
            where verified and suspended_at is null and phone = $2 and user_id <> $1)
                as "taken!""#,
        user.id(),
        phone.reveal(),
    )
    .fetch_one(connection)
    .await
}

/// The account's one claim: a new code voids the one before. Answers when it expires.
pub(super) async fn upsert_claim(
    connection: &mut PgConnection,
    user: User,
    phone: Option<&PhoneNumber>,
    code_hash: &str,
) -> Result<DateTime<Utc>, Problem> {
    sqlx::query_scalar!(
        r#"
        insert into whatsapp_user_links
            (user_id, phone, verification_code_hash, verification_code_expires_at)
        values ($1, $2, $3, now() + interval '10 minutes')
        on conflict (user_id) where not verified do update set
            phone = excluded.phone,
            wa_user_id = null,
            verification_code_hash = excluded.verification_code_hash,
            verification_code_expires_at = excluded.verification_code_expires_at,
            verification_attempts = 0,
            created_at = now()
        returning verification_code_expires_at as "expires_at!"
        "#,
        user.id(),
        phone.map(PhoneNumber::reveal),
        code_hash,
    )
    .fetch_one(connection)
    .await
    .map_err(account_is_gone)
}

/// What an attempt at `/verify` met.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Attempt {
    /// A live code, which has one attempt less.
    Counted,
    /// A code that has used up its attempts.
    Void,
    /// No live code for that phone.
    NoClaim,
}

/// Counts an attempt against the account's live code for that phone.
pub(super) async fn count_attempt(
    connection: &mut PgConnection,
    user: User,
    phone: &PhoneNumber,
) -> Result<Attempt, sqlx::Error> {
    let row = sqlx::query!(
        r#"
        update whatsapp_user_links set verification_attempts = least(verification_attempts + 1, 6)
        where user_id = $1 and phone = $2 and not verified
            and verification_code_hash is not null and verification_code_expires_at > now()
        returning verification_attempts
        "#,
        user.id(),
        phone.reveal(),
    )
    .fetch_optional(connection)
    .await?;
    Ok(match row {
        None => Attempt::NoClaim,
        Some(row) if row.verification_attempts > 5 => Attempt::Void,
        Some(_) => Attempt::Counted,
    })
}

/// Deletes the account's claim.
pub(super) async fn delete_claim(
    connection: &mut PgConnection,
    user: User,
) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "delete from whatsapp_user_links where user_id = $1 and not verified",
        user.id()
    )
    .execute(connection)
    .await
    .map(drop)
}

/// A link or claim, as its account sees it.
pub(super) struct Link {
    pub(super) phone: Option<String>,
    /// Whether it is verified, and not suspended.
    pub(super) stands: bool,
    pub(super) linked_at: Option<DateTime<Utc>>,
}

/// The account's link, else its claim.
pub(super) async fn newest_link(
    connection: &mut PgConnection,
    user: User,
) -> Result<Option<Link>, sqlx::Error> {
    sqlx::query_as!(
        Link,
        r#"select phone, verified and suspended_at is null as "stands!", linked_at
        from whatsapp_user_links
        where user_id = $1 order by verified desc limit 1"#,
        user.id(),
    )
    .fetch_optional(connection)
    .await
}

/// A token outlives its account: the account's row is what other rows refer to.
fn account_is_gone(error: sqlx::Error) -> Problem {
    let is_reference = |error: &dyn sqlx::error::DatabaseError| error.is_foreign_key_violation();
    if error.as_database_error().is_some_and(is_reference) {
        Problem::unauthorized()
    } else {
        error.into()
    }
}
