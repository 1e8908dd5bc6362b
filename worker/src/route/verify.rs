//! `VERIFY 123456`: redeems a code that was made on the web, from the phone it was made for.

use chrono::{DateTime, Utc};
use common::{
    link::{self, Entry, Event, Origin, Proof},
    phone::PhoneNumber,
    sender::HashKeys,
};
use sqlx::PgConnection;
use uuid::Uuid;

use super::{
    account::{Writer, external_id},
    answer::Answer,
    code,
    intent::Intent,
    route_context::RouteContext,
};
use crate::{engine::stage_error::StageError, session::Session};

/// Wrong codes after which a claim's code is void.
const MOST_ATTEMPTS: i32 = 5;

/// Redeems a code; `None` where the message held none.
pub(super) async fn redeem(
    route: &RouteContext<'_>,
    conn: &mut PgConnection,
    code: Option<&str>,
) -> Result<Answer, StageError> {
    let Some(code) = code else {
        return Ok(Answer::saying(route.say("verify-usage", &[])));
    };
    let page = ("link", route.link_page());
    let at = route.message.received_at;
    if let Some(until) = link::locked_until(conn, route.recipient, at).await? {
        refused(route, conn, "locked", None).await?;
        let minutes = ("minutes", minutes_between(at, until).into());
        return Ok(Answer::saying(route.say("verify-locked", &[minutes, page])));
    }
    let Some((claim, user)) = matching_claim(route, conn, code).await? else {
        return wrong(route, conn).await;
    };
    let (phone, external) = (phone(route), external_id(route.message));
    if link::is_held_by_another(conn, user, phone, external.as_deref()).await? {
        refused(route, conn, "phone_taken", Some((claim, user))).await?;
        return Ok(Answer::saying(route.say("verify-taken", &[page])));
    }
    link::forgive(conn, route.recipient).await?;
    let proof = Proof {
        claim,
        user,
        phone,
        wa_user_id: external.as_deref(),
        sender: &route.sender,
        at: held_since(route, conn).await?,
    };
    let (texts, link_url) = (
        &route.context.texts,
        &route.context.settings.process.link_url,
    );
    let made = link::establish(conn, texts, link_url, &proof, origin(route)).await?;
    let mut answer = Answer::saying(route.say("linked", &[])).keeping(Session::new(made.link.id));
    answer.side_effects.ended = made.ended;
    answer.side_effects.next = made.told.into_iter().map(Into::into).collect();
    answer.link = Some(made.link);
    Ok(answer)
}

/// The live codes in a text, whoever they were made for and however they are redeemed. Asks only
/// where something looks like one.
pub(super) async fn live(
    conn: &mut PgConnection,
    keys: &HashKeys,
    text: &str,
) -> Result<Vec<code::Found>, StageError> {
    let mut found = code::candidates(text);
    let hashes = |found: &code::Found| {
        let shown = keys.codes(&found.code).into_iter();
        shown.chain(keys.delivered_codes(&found.code))
    };
    let all: Vec<String> = found.iter().flat_map(hashes).collect();
    if all.is_empty() {
        return Ok(found);
    }
    let live = sqlx::query_scalar!(
        r#"select verification_code_hash as "hash!" from whatsapp_user_links
           where not verified and verification_code_hash = any($1)
               and verification_code_expires_at > now()"#,
        &all
    )
    .fetch_all(conn)
    .await?;
    found.retain(|found| hashes(found).any(|hash| live.contains(&hash)));
    Ok(found)
}

/// Whether a text that is more than `VERIFY` and a code redeems one all the same. From somebody who
/// is not linked it does, right or wrong. Somebody who is linked mostly means work: only while a code
/// is live for their phone, so that guesses count then too, or where it is right.
pub(super) async fn meant(
    route: &RouteContext<'_>,
    conn: &mut PgConnection,
    intent: &Intent,
) -> Result<Option<Intent>, StageError> {
    if !matches!(intent, Intent::Request | Intent::Pick(_)) {
        return Ok(None);
    }
    let Some((language, code)) = code::said(route.message.text.reveal()) else {
        return Ok(None);
    };
    let redeems = match route.writer {
        Writer::Stranger => true,
        Writer::Linked(_) => {
            is_asked_for(route, conn).await? || matching_claim(route, conn, &code).await?.is_some()
        }
        Writer::Doubtful(_) => false,
    };
    let language = language.unwrap_or(route.language);
    Ok(redeems.then_some(Intent::Verify(language, Some(code))))
}

/// Whether somebody has asked for a code for this phone, and it lives.
async fn is_asked_for(
    route: &RouteContext<'_>,
    conn: &mut PgConnection,
) -> Result<bool, StageError> {
    let asked = sqlx::query_scalar!(
        r#"select exists(select from whatsapp_user_links
               where not verified and phone = $1 and verification_code_expires_at > $2
                   and verification_code_hash is not null) as "asked!""#,
        phone(route),
        route.message.received_at
    )
    .fetch_one(conn)
    .await?;
    Ok(asked)
}

/// Since when the account holds the sender: since it was proven, which may be a while before it is
/// read, so that what was written in between counts; but not since before the end of another link.
async fn held_since(
    route: &RouteContext<'_>,
    conn: &mut PgConnection,
) -> Result<DateTime<Utc>, StageError> {
    let keys = &route.context.settings.process.keys;
    let hashes: Vec<String> = keys
        .senders(&route.identity)
        .map(|hash| hash.to_string())
        .collect();
    let ended = sqlx::query_scalar!(
        "select max(last.at) from unnest($1::text[]) as mine (hash)
         cross join lateral (
             select e.at from whatsapp_link_events e
             where e.sender_hash = mine.hash and e.event in ('unlink', 'suspend')
             order by e.at desc limit 1) last",
        &hashes
    )
    .fetch_one(conn)
    .await?;
    let proven = route.lateness.latest(route.message.received_at);
    Ok(ended.map_or(proven, |ended| ended.max(proven)))
}

fn origin<'t>(route: &'t RouteContext<'_>) -> Origin<'t> {
    Origin::Chat(&route.message.message_sid)
}

/// Whole minutes, at least one.
fn minutes_between(at: DateTime<Utc>, until: DateTime<Utc>) -> usize {
    let seconds = usize::try_from((until - at).num_seconds()).unwrap_or(0);
    seconds.div_ceil(60).max(1)
}

/// Writes down that a code was not taken.
async fn refused(
    route: &RouteContext<'_>,
    conn: &mut PgConnection,
    why: &str,
    claim: Option<(Uuid, Uuid)>,
) -> Result<(), StageError> {
    let entry = Entry {
        user: claim.map(|(_, user)| user),
        link: claim.map(|(claim, _)| claim),
        sender: Some(route.sender.as_str()),
        ..Entry::new(Event::Verify, why)
    };
    Ok(link::note(conn, origin(route), entry).await?)
}

/// A wrong code: it counts against the codes that were made for this phone, and against whoever
/// sends it.
async fn wrong(route: &RouteContext<'_>, conn: &mut PgConnection) -> Result<Answer, StageError> {
    refused(route, conn, "wrong_code", None).await?;
    metrics::counter!("link_codes_wrong_total").increment(1);
    let void = count_wrong_code(route, conn).await?;
    let (who, at) = ((route.recipient, &route.sender), route.message.received_at);
    let locked = link::count_wrong(conn, who, at, origin(route)).await?;
    let page = ("link", route.link_page());
    let text = match locked {
        Some(until) => {
            let minutes = ("minutes", minutes_between(at, until).into());
            route.say("verify-locked", &[minutes, page])
        }
        None if void => route.say("verify-too-many", &[page]),
        None => route.say("verify-wrong", &[page]),
    };
    Ok(Answer::saying(text))
}

/// The claim that this code redeems: made for this phone, or a long code made for a sender whose
/// phone is hidden. Its row is locked, so that a code is used once. Where two accounts happen to
/// have the same code for this phone, nobody can say whose it is, and it is wrong for both.
async fn matching_claim(
    route: &RouteContext<'_>,
    conn: &mut PgConnection,
    code: &str,
) -> Result<Option<(Uuid, Uuid)>, StageError> {
    let hashes = route.context.settings.process.keys.codes(code);
    let rows = sqlx::query!(
        "select id, user_id from whatsapp_user_links
         where not verified and verification_code_hash = any($1)
             and verification_code_expires_at > $2 and verification_attempts < $3
             and (phone = $4 or (phone is null and $5))
         for update",
        &hashes,
        route.message.received_at,
        MOST_ATTEMPTS,
        phone(route),
        code.len() == 8
    )
    .fetch_all(conn)
    .await?;
    Ok(match rows.as_slice() {
        [only] => Some((only.id, only.user_id)),
        _ => None,
    })
}

fn phone<'t>(route: &'t RouteContext<'_>) -> Option<&'t str> {
    route.identity.phone().map(PhoneNumber::reveal)
}

/// Counts a wrong code against every live claim on this phone. Returns whether one is void now.
async fn count_wrong_code(
    route: &RouteContext<'_>,
    conn: &mut PgConnection,
) -> Result<bool, StageError> {
    let at = route.message.received_at;
    let counts = store::link::count_wrong_code_of_phone(conn, phone(route), at).await?;
    Ok(counts.into_iter().any(|count| count >= MOST_ATTEMPTS))
}
