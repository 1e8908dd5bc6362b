//! The rows of the linking API: claims, links and when codes were made.

use chrono::{DateTime, Utc};
use common::phone::PhoneNumber;
use sqlx::PgConnection;
use store::link::Claim;
use uuid::Uuid;

use super::user::User;
use crate::problem::Problem;

/// Codes that are made for one account in an hour.
const CODES_PER_USER: i64 = 5;
/// Accounts that may have a code of six digits for one phone at a time, beside one's own.
const SHORT_CODES: i64 = 5;
/// Wrong attempts after which a code is void.
const MOST_ATTEMPTS: i32 = 5;

/// Counts the making of a code; returns for how many seconds there may be none, where the account
/// had its five in this hour.
pub(super) async fn count_code(
    connection: &mut PgConnection,
    user: User,
) -> Result<Option<u64>, Problem> {
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
                as "wait!"
        from whatsapp_link_codes
        where user_id = $1 and made_at > now() - interval '1 hour'
        "#,
        user.id(),
    )
    .fetch_one(&mut *connection)
    .await?;
    if row.many >= CODES_PER_USER {
        return Ok(Some(u64::try_from(row.wait).unwrap_or(1).max(1)));
    }
    let counted = store::link_code::insert(connection, user.id()).await;
    counted.map(|()| None).map_err(account_is_gone)
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

/// Whether so many other accounts have a code for this phone at the moment that a mistyped one might
/// be theirs. Nobody is kept from asking by that, but what is made then is long.
pub(super) async fn is_crowded(
    connection: &mut PgConnection,
    user: User,
    phone: &PhoneNumber,
) -> Result<bool, sqlx::Error> {
    let claims = sqlx::query_scalar!(
        r#"select count(*) as "count!" from whatsapp_user_links
           where not verified and phone = $2 and user_id <> $1
               and verification_code_hash is not null and verification_code_expires_at > now()"#,
        user.id(),
        phone.reveal(),
    )
    .fetch_one(connection)
    .await?;
    Ok(claims >= SHORT_CODES)
}

/// The account's one claim: a new code voids the one before, and one that is still to be sent.
/// Without a hash the code is made by whoever sends it.
pub(super) async fn upsert_claim(
    connection: &mut PgConnection,
    user: User,
    phone: Option<&PhoneNumber>,
    code_hash: Option<&str>,
) -> Result<Claim, Problem> {
    let phone = phone.map(PhoneNumber::reveal);
    let claim = store::link::claim(connection, user.id(), phone, code_hash)
        .await
        .map_err(account_is_gone)?;
    store::code_send::void_of_claim(connection, claim.id).await?;
    Ok(claim)
}

/// What an attempt at `/verify` met.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Attempt {
    /// The code of this claim.
    Right(Uuid),
    /// A live code, which has one attempt less; or none.
    Wrong,
    /// A code that has used up its attempts.
    Void,
}

/// Tries a code, by the hashes that it may be stored under, on the account's claim on that phone.
/// A wrong one counts.
pub(super) async fn attempt(
    connection: &mut PgConnection,
    user: User,
    phone: &PhoneNumber,
    hashes: &[String],
) -> Result<Attempt, sqlx::Error> {
    let claim = sqlx::query!(
        "select id, verification_code_hash as hash, verification_attempts as attempts
         from whatsapp_user_links
         where user_id = $1 and phone = $2 and not verified
             and verification_code_expires_at > now()
         for update",
        user.id(),
        phone.reveal(),
    )
    .fetch_optional(&mut *connection)
    .await?;
    let Some(claim) = claim else {
        return Ok(Attempt::Wrong);
    };
    if claim.attempts >= MOST_ATTEMPTS {
        return Ok(Attempt::Void);
    }
    if claim.hash.is_some_and(|hash| hashes.contains(&hash)) {
        return Ok(Attempt::Right(claim.id));
    }
    store::link::count_wrong_code(connection, claim.id).await?;
    Ok(Attempt::Wrong)
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
