//! `whatsapp_user_links`: which sender is which account. A row is a claim until it is proven, and a
//! link from then on; one that is suspended is nobody's. There is no state beside that.

use chrono::{DateTime, Utc};
use sqlx::{PgConnection, PgExecutor};
use uuid::Uuid;

/// A claim that waits to be proven.
#[derive(Clone, Copy, Debug)]
pub struct Claim {
    /// The claim.
    pub id: Uuid,
    /// When its code is void.
    pub expires_at: DateTime<Utc>,
}

/// Begins an account's one claim, or exchanges its phone and its code: the one before is void.
/// Without a hash the code is made by whoever sends it.
///
/// # Errors
/// When the database does not answer, or the account is gone.
pub async fn claim(
    conn: &mut PgConnection,
    user: Uuid,
    phone: Option<&str>,
    code_hash: Option<&str>,
) -> Result<Claim, sqlx::Error> {
    sqlx::query_as!(
        Claim,
        r#"insert into whatsapp_user_links
               (user_id, phone, verification_code_hash, verification_code_expires_at)
           values ($1, $2, $3, now() + interval '10 minutes')
           on conflict (user_id) where not verified do update set
               phone = excluded.phone,
               wa_user_id = null,
               verification_code_hash = excluded.verification_code_hash,
               verification_code_expires_at = excluded.verification_code_expires_at,
               verification_attempts = 0,
               created_at = now()
           returning id, verification_code_expires_at as "expires_at!""#,
        user,
        phone,
        code_hash
    )
    .fetch_one(conn)
    .await
}

/// Gives a claim the hash of the code that is about to be sent; returns false where it has a newer
/// code, or none any more.
///
/// # Errors
/// When the database does not answer.
pub async fn set_code(
    conn: &mut PgConnection,
    (claim, expires_at): (Uuid, DateTime<Utc>),
    hash: &str,
) -> Result<bool, sqlx::Error> {
    let live = sqlx::query!(
        "update whatsapp_user_links set verification_code_hash = $3
         where id = $1 and not verified and verification_code_expires_at = $2",
        claim,
        expires_at,
        hash
    )
    .execute(conn)
    .await?;
    Ok(live.rows_affected() > 0)
}

/// Counts a wrong code against a claim, which is locked.
///
/// # Errors
/// When the database does not answer.
pub async fn count_wrong_code(conn: &mut PgConnection, claim: Uuid) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "update whatsapp_user_links set verification_attempts = verification_attempts + 1
         where id = $1",
        claim
    )
    .execute(conn)
    .await
    .map(drop)
}

/// Counts a wrong code that came at `at` against every live claim on a phone; answers the counts.
///
/// # Errors
/// When the database does not answer.
pub async fn count_wrong_code_of_phone(
    conn: &mut PgConnection,
    phone: Option<&str>,
    at: DateTime<Utc>,
) -> Result<Vec<i32>, sqlx::Error> {
    sqlx::query_scalar!(
        "update whatsapp_user_links set verification_attempts = verification_attempts + 1
         where not verified and phone = $1 and verification_code_expires_at > $2
         returning verification_attempts",
        phone,
        at
    )
    .fetch_all(conn)
    .await
}

/// Makes a claim the link of its account, since `at`. Its row is locked, the account has no other
/// link, and nobody else holds the sender.
///
/// # Errors
/// When the database does not answer, or two accounts prove the same sender at the same moment.
pub async fn prove(
    conn: &mut PgConnection,
    claim: Uuid,
    (phone, wa_user_id): (Option<&str>, Option<&str>),
    at: DateTime<Utc>,
) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "update whatsapp_user_links set verified = true, linked_at = $2, phone = $3,
             wa_user_id = $4, verification_code_hash = null, verification_code_expires_at = null,
             verification_attempts = 0
         where id = $1",
        claim,
        at,
        phone,
        wa_user_id
    )
    .execute(conn)
    .await
    .map(drop)
}

/// Keeps what a link did not know of its sender, unless another link has it. The link is shared.
///
/// # Errors
/// When the database does not answer.
pub async fn keep_pair(
    conn: &mut PgConnection,
    link: Uuid,
    (phone, wa_user_id): (Option<&str>, Option<&str>),
) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "update whatsapp_user_links set phone = coalesce(phone, $2),
             wa_user_id = coalesce(wa_user_id, $3)
         where id = $1 and not exists (
             select from whatsapp_user_links
             where verified and id <> $1 and (phone = $2 or wa_user_id = $3))",
        link,
        phone,
        wa_user_id
    )
    .execute(conn)
    .await
    .map(drop)
}

/// Whose a link was that ended.
#[derive(Clone)]
pub struct Holder {
    /// The account.
    pub user_id: Uuid,
    /// The phone, where it was known.
    pub phone: Option<String>,
    /// The business-scoped id, where it was known.
    pub wa_user_id: Option<String>,
}

/// Deletes a link; `None` where it is gone. Waits for whoever shares it.
///
/// # Errors
/// When the database does not answer.
pub async fn end(conn: &mut PgConnection, link: Uuid) -> Result<Option<Holder>, sqlx::Error> {
    sqlx::query_as!(
        Holder,
        "delete from whatsapp_user_links where id = $1 and verified
         returning user_id, phone, wa_user_id",
        link
    )
    .fetch_optional(conn)
    .await
}

/// Suspends a link: from now on it is nobody's. `None` where it was before. Waits for whoever
/// shares it.
///
/// # Errors
/// When the database does not answer.
pub async fn suspend(conn: &mut PgConnection, link: Uuid) -> Result<Option<Holder>, sqlx::Error> {
    sqlx::query_as!(
        Holder,
        "update whatsapp_user_links set suspended_at = now()
         where id = $1 and verified and suspended_at is null
         returning user_id, phone, wa_user_id",
        link
    )
    .fetch_optional(conn)
    .await
}

/// Deletes an account's claim.
///
/// # Errors
/// When the database does not answer.
pub async fn delete_claim(conn: &mut PgConnection, user: Uuid) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "delete from whatsapp_user_links where user_id = $1 and not verified",
        user
    )
    .execute(conn)
    .await
    .map(drop)
}

/// Deletes these claims, which are locked.
///
/// # Errors
/// When the database does not answer.
pub async fn delete_claims(conn: &mut PgConnection, claims: &[Uuid]) -> Result<(), sqlx::Error> {
    sqlx::query!("delete from whatsapp_user_links where id = any($1)", claims)
        .execute(conn)
        .await
        .map(drop)
}

/// Deletes the links and claims of these identities; answers of each whether it was a link.
///
/// # Errors
/// When the database does not answer.
pub async fn forget(
    executor: impl PgExecutor<'_>,
    identities: &[String],
) -> Result<Vec<bool>, sqlx::Error> {
    sqlx::query_scalar!(
        "delete from whatsapp_user_links where phone = any($1) or wa_user_id = any($1)
         returning verified",
        identities
    )
    .fetch_all(executor)
    .await
}
