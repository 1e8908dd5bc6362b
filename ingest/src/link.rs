//! The linking API: a signed-in person asks for a code, and proves a phone by sending the code
//! from it. What is shown on the web proves nothing when it is typed back into the web.

use std::time::Duration;

use axum::{Json, extract::State};
use chrono::{DateTime, Utc};
use common::{identity::Identity, kill_point::KillPoint, phone::PhoneNumber};
use rand::rngs::SysRng;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{
    app::App,
    problem::{Problem, ProblemBody},
};

mod aftermath;
mod code;
mod input;
mod table;
mod user;
mod user_token;

use input::Input;
pub(crate) use {user::User, user_token::TokenVerifier};

/// How long a body may take.
const PATIENCE: Duration = Duration::from_secs(5);

/// What to link.
#[derive(Deserialize, ToSchema)]
pub(crate) struct LinkRequest {
    /// The phone, as a person types it; left out where WhatsApp hides it.
    #[schema(example = "+52 55 5555 0100")]
    phone: Option<String>,
    /// `whatsapp` to have the code sent to the phone; not offered yet.
    deliver: Option<String>,
}

/// A code, and how to send it.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct LinkAnswer {
    /// The code.
    #[schema(example = "123456")]
    code: String,
    /// When it is void.
    #[schema(value_type = String, format = DateTime)]
    expires_at: DateTime<Utc>,
    /// Where to send it.
    #[schema(example = "+14155550100")]
    whatsapp_number: String,
    /// What to do, for a person.
    message: String,
    /// Opens WhatsApp with the text written.
    #[schema(example = "https://wa.me/14155550100?text=VERIFY%20123456")]
    deep_link: String,
}

/// A code that came by WhatsApp.
#[derive(Deserialize, ToSchema)]
pub(crate) struct VerifyRequest {
    /// The phone that it was sent to.
    #[schema(example = "+52 55 5555 0100")]
    phone: String,
    /// The code.
    #[schema(example = "123456")]
    #[expect(
        dead_code,
        reason = "has to be there, but no code is redeemable here yet"
    )]
    code: String,
}

/// A phone is linked now.
#[derive(Serialize, ToSchema)]
pub(crate) struct VerifyAnswer {
    /// Always true.
    success: bool,
    /// Always true.
    linked: bool,
    /// What happened, for a person.
    message: String,
}

/// No phone is linked any more.
#[derive(Serialize, ToSchema)]
pub(crate) struct UnlinkAnswer {
    /// Always true.
    success: bool,
    /// What happened, for a person.
    message: &'static str,
}

/// What is linked.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct LinkStatus {
    /// Whether a sender is linked.
    linked: bool,
    /// Its phone, or the phone that a code was made for; null where WhatsApp hides it.
    phone: Option<String>,
    /// Whether that phone proved to be the account's, and has not changed hands since.
    verified: bool,
    /// Since when.
    #[schema(value_type = Option<String>, format = DateTime)]
    linked_at: Option<DateTime<Utc>>,
}

/// Makes a code for the signed-in account.
#[utoipa::path(post, path = "/api/integrations/whatsapp/link", tag = "linking",
    request_body = LinkRequest, security(("bearer" = [])),
    responses((status = 200, body = LinkAnswer), (status = 400, body = ProblemBody),
        (status = 401, body = ProblemBody), (status = 409, body = ProblemBody),
        (status = 429, body = ProblemBody), (status = 503, body = ProblemBody)))]
pub(crate) async fn link(
    user: User,
    State(app): State<App>,
    Input(request): Input<LinkRequest>,
) -> Result<Json<LinkAnswer>, Problem> {
    if request.deliver.is_some() {
        return Err(Problem::bad_request(
            "unsupported",
            "Codes are not sent by WhatsApp yet. Leave out deliver and send the code that is shown.",
        ));
    }
    let phone = request
        .phone
        .as_deref()
        .map(PhoneNumber::parse_typed)
        .transpose();
    let phone = phone.map_err(|_| {
        Problem::bad_request(
            "invalid_phone",
            "That is not a phone number. Write it with its country code, like +52 55 5555 0100.",
        )
    })?;
    let code = match phone {
        Some(_) => code::six_digits(&mut SysRng),
        None => code::eight_characters(&mut SysRng),
    };
    let code = code.map_err(|error| {
        tracing::error!(%error, "the system gives no random numbers");
        Problem::internal()
    })?;
    let expires_at = claim(&app, user, phone.as_ref(), &code).await?;
    Ok(Json(answer(&app, code, expires_at)))
}

/// Stores the claim with the code's hash, within the limits.
async fn claim(
    app: &App,
    user: User,
    phone: Option<&PhoneNumber>,
    code: &str,
) -> Result<DateTime<Utc>, Problem> {
    let keys = &app.settings.process.keys;
    let crowd = match phone {
        Some(phone) => {
            let sender = keys.sender(&Identity::Phone(phone.clone()));
            // Without Redis the limit per account remains.
            let wait = app.codes_per_phone.judge(sender.as_str(), "").await;
            wait.unwrap_or_default()
        }
        None => Duration::ZERO,
    };
    let mut transaction = app.database.begin().await?;
    table::count_code(&mut transaction, user, phone, crowd).await?;
    let taken = match phone {
        Some(phone) => table::is_anothers(&mut transaction, user, phone).await?,
        None => false,
    };
    if taken {
        // The request counts, so that nobody can ask phone by phone who is linked.
        transaction.commit().await?;
        return Err(Problem::phone_taken());
    }
    let expires_at = table::upsert_claim(&mut transaction, user, phone, &keys.code(code)).await?;
    transaction.commit().await?;
    Ok(expires_at)
}

fn answer(app: &App, code: String, expires_at: DateTime<Utc>) -> LinkAnswer {
    let number = app.settings.twilio.number.reveal();
    LinkAnswer {
        expires_at,
        whatsapp_number: number.to_owned(),
        message: format!("Send VERIFY {code} to {number} on WhatsApp within ten minutes."),
        deep_link: format!(
            "https://wa.me/{}?text=VERIFY%20{code}",
            number.trim_start_matches('+')
        ),
        code,
    }
}

/// Redeems a code that was sent to the phone. None is yet, so every code is wrong here; trying
/// counts against the code that is shown, which has five attempts in all.
#[utoipa::path(post, path = "/api/integrations/whatsapp/verify", tag = "linking",
    request_body = VerifyRequest, security(("bearer" = [])),
    responses((status = 200, body = VerifyAnswer), (status = 400, body = ProblemBody),
        (status = 401, body = ProblemBody), (status = 429, body = ProblemBody),
        (status = 503, body = ProblemBody)))]
pub(crate) async fn verify(
    user: User,
    State(app): State<App>,
    Input(request): Input<VerifyRequest>,
) -> Result<Json<VerifyAnswer>, Problem> {
    let Ok(phone) = PhoneNumber::parse_typed(&request.phone) else {
        return Err(Problem::invalid_code());
    };
    let mut connection = app.database.acquire().await?;
    match table::count_attempt(&mut connection, user, &phone).await? {
        table::Attempt::Void => Err(Problem::too_many_attempts()),
        table::Attempt::Counted | table::Attempt::NoClaim => Err(Problem::invalid_code()),
    }
}

/// Ends the account's link and its claim.
#[utoipa::path(delete, path = "/api/integrations/whatsapp/unlink", tag = "linking",
    security(("bearer" = [])),
    responses((status = 200, body = UnlinkAnswer), (status = 401, body = ProblemBody),
        (status = 503, body = ProblemBody)))]
pub(crate) async fn unlink(
    user: User,
    State(app): State<App>,
) -> Result<Json<UnlinkAnswer>, Problem> {
    let mut transaction = app.database.begin().await?;
    table::delete_claim(&mut transaction, user).await?;
    let told = match common::link::of_user(&mut transaction, user.id()).await? {
        Some(of_user) => aftermath::end(&app, &mut transaction, of_user).await?,
        None => Vec::new(),
    };
    transaction.commit().await?;
    app.reach(KillPoint::IngestUnlinked);
    aftermath::follow(&app, told).await;
    tracing::info!(user = %user.id(), "unlinked on the web");
    Ok(Json(UnlinkAnswer {
        success: true,
        message: "WhatsApp is unlinked from your account.",
    }))
}

/// What is linked to the account.
#[utoipa::path(get, path = "/api/integrations/whatsapp/link", tag = "linking",
    operation_id = "link_status", security(("bearer" = [])),
    responses((status = 200, body = LinkStatus), (status = 401, body = ProblemBody),
        (status = 503, body = ProblemBody)))]
pub(crate) async fn status(
    user: User,
    State(app): State<App>,
) -> Result<Json<LinkStatus>, Problem> {
    let mut transaction = app.database.begin().await?;
    common::database::act_as_user(&mut transaction, user.id()).await?;
    let link = table::newest_link(&mut transaction, user).await?;
    transaction.commit().await?;
    let verified = link.as_ref().is_some_and(|link| link.stands);
    Ok(Json(LinkStatus {
        linked: verified,
        verified,
        linked_at: link.as_ref().and_then(|link| link.linked_at),
        phone: link.and_then(|link| link.phone),
    }))
}

/// The same by POST, for callers that cannot send DELETE.
#[utoipa::path(post, path = "/api/integrations/whatsapp/unlink", tag = "linking",
    security(("bearer" = [])),
    responses((status = 200, body = UnlinkAnswer), (status = 401, body = ProblemBody),
        (status = 503, body = ProblemBody)))]
pub(crate) async fn unlink_by_post(
    user: User,
    app: State<App>,
) -> Result<Json<UnlinkAnswer>, Problem> {
    unlink(user, app).await
}

/// The same as `GET` of the link.
#[utoipa::path(get, path = "/api/integrations/whatsapp/unlink", tag = "linking",
    security(("bearer" = [])),
    responses((status = 200, body = LinkStatus), (status = 401, body = ProblemBody),
        (status = 503, body = ProblemBody)))]
pub(crate) async fn unlink_status(
    user: User,
    app: State<App>,
) -> Result<Json<LinkStatus>, Problem> {
    status(user, app).await
}
