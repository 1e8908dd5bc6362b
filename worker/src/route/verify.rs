//! `VERIFY 123456`: redeems a code that was made on the web, from the phone it was made for.

use common::phone::PhoneNumber;
use sqlx::PgConnection;
use uuid::Uuid;

use super::{
    account::{Link, external_id},
    answer::Answer,
    turn::Turn,
};
use crate::{failure::Failure, session::Session};

/// Wrong codes after which a claim's code is void.
const MOST_ATTEMPTS: i32 = 5;

/// Redeems a code; `None` where the message held none.
pub(super) async fn redeem(
    turn: &Turn<'_>,
    conn: &mut PgConnection,
    code: Option<&str>,
) -> Result<Answer, Failure> {
    let Some(code) = code else {
        return Ok(Answer::saying(turn.say("verify-usage", &[])));
    };
    let page = [("link", turn.link_page())];
    let Some((claim, user)) = matching_claim(turn, conn, code).await? else {
        let void = count_wrong_code(turn, conn).await?;
        let text = if void {
            "verify-too-many"
        } else {
            "verify-wrong"
        };
        return Ok(Answer::saying(turn.say(text, &page)));
    };
    if held_by_another(turn, conn, user).await? {
        return Ok(Answer::saying(turn.say("verify-taken", &page)));
    }
    let link = establish(turn, conn, claim, user).await?;
    let mut answer = Answer::saying(turn.say("linked", &[])).keeping(Session::new(link.id));
    answer.link = Some(link);
    Ok(answer)
}

/// The claim that this code redeems: made for this phone, or a long code made for a sender whose
/// phone is hidden. Its row is locked, so that a code is used once.
async fn matching_claim(
    turn: &Turn<'_>,
    conn: &mut PgConnection,
    code: &str,
) -> Result<Option<(Uuid, Uuid)>, Failure> {
    let hashes = turn.context.settings.process.keys.codes(code);
    let row = sqlx::query!(
        "select id, user_id from whatsapp_user_links
         where not verified and verification_code_hash = any($1)
             and verification_code_expires_at > $2 and verification_attempts < $3
             and (phone = $4 or (phone is null and $5))
         for update",
        &hashes,
        turn.message.received_at,
        MOST_ATTEMPTS,
        phone(turn),
        code.len() == 8
    )
    .fetch_optional(conn)
    .await?;
    Ok(row.map(|row| (row.id, row.user_id)))
}

fn phone<'t>(turn: &'t Turn<'_>) -> Option<&'t str> {
    turn.identity.phone().map(PhoneNumber::reveal)
}

/// Counts a wrong code against every live claim on this phone. Answers whether one is void now.
async fn count_wrong_code(turn: &Turn<'_>, conn: &mut PgConnection) -> Result<bool, Failure> {
    let counts = sqlx::query_scalar!(
        "update whatsapp_user_links set verification_attempts = verification_attempts + 1
         where not verified and phone = $1 and verification_code_expires_at > $2
         returning verification_attempts",
        phone(turn),
        turn.message.received_at
    )
    .fetch_all(conn)
    .await?;
    metrics::counter!("link_codes_wrong_total").increment(1);
    Ok(counts.into_iter().any(|count| count >= MOST_ATTEMPTS))
}

/// Whether another account holds this sender. A link whose phone now shows another
/// business-scoped id has changed hands and holds nothing.
async fn held_by_another(
    turn: &Turn<'_>,
    conn: &mut PgConnection,
    user: Uuid,
) -> Result<bool, Failure> {
    let external = external_id(turn.message);
    let changed_hands = sqlx::query!(
        "delete from whatsapp_user_links where verified and user_id <> $3
             and phone = $1 and wa_user_id <> $2",
        phone(turn),
        external,
        user
    )
    .execute(&mut *conn)
    .await?;
    if changed_hands.rows_affected() > 0 {
        tracing::info!("a number that changed hands was linked anew");
    }
    let held = sqlx::query_scalar!(
        r#"select exists(select from whatsapp_user_links where verified and user_id <> $3
               and (phone = $1 or wa_user_id = $2)) as "held!""#,
        phone(turn),
        external,
        user
    )
    .fetch_one(conn)
    .await?;
    Ok(held)
}

/// Turns the claim into the account's link, in place of the one before it.
async fn establish(
    turn: &Turn<'_>,
    conn: &mut PgConnection,
    claim: Uuid,
    user: Uuid,
) -> Result<Link, Failure> {
    sqlx::query!(
        "delete from whatsapp_user_links where user_id = $1 and verified",
        user
    )
    .execute(&mut *conn)
    .await?;
    sqlx::query!(
        "update whatsapp_user_links set verified = true, linked_at = $2, phone = $3,
             wa_user_id = $4, verification_code_hash = null, verification_code_expires_at = null,
             verification_attempts = 0
         where id = $1",
        claim,
        turn.now(),
        phone(turn),
        external_id(turn.message)
    )
    .execute(conn)
    .await?;
    Ok(Link {
        id: claim,
        user_id: user,
    })
}
