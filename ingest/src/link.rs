//! The linking API: a signed-in person asks for a code, and proves a phone by sending from it the
//! code that is shown, or by typing the code that was sent to it. What is shown on the web proves
//! nothing when it is typed back into the web.

use std::time::Duration;

use axum::{Json, extract::State};
use chrono::{DateTime, Utc};
use common::{
    identity::{Identity, WaAddress},
    kill_point::KillPoint,
    phone::{InvalidPhone, PhoneNumber},
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{
    app::App,
    problem::{Problem, ProblemBody},
};

mod asking;
mod holder;
mod input;
mod redeeming;
mod side_effects;
mod table;
mod user;
mod user_token;

use asking::{Asked, Question};
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
    /// `whatsapp` to have the code sent to the phone, and not shown.
    deliver: Option<String>,
}

/// A code, and how to send it.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct LinkAnswer {
    /// The code; null where it is sent to the phone.
    #[schema(example = "123456")]
    code: Option<String>,
    /// When it is void.
    #[schema(value_type = String, format = DateTime)]
    expires_at: DateTime<Utc>,
    /// Where to send it.
    #[schema(example = "+14155550100")]
    whatsapp_number: String,
    /// What to do, for a person.
    message: String,
    /// Opens WhatsApp with the text written; null where the code is sent to the phone.
    #[schema(example = "https://wa.me/14155550100?text=VERIFY%20123456")]
    deep_link: Option<String>,
}

/// A code that came by WhatsApp.
#[derive(Deserialize, ToSchema)]
pub(crate) struct VerifyRequest {
    /// The phone that it was sent to.
    #[schema(example = "+52 55 5555 0100")]
    phone: String,
    /// The code.
    #[schema(example = "123456")]
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
    message: &'static str,
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
        (status = 401, body = ProblemBody),
        (status = 408, body = ProblemBody, description = "The body did not come in time"),
        (status = 409, body = ProblemBody), (status = 413, body = ProblemBody),
        (status = 429, body = ProblemBody), (status = 503, body = ProblemBody)))]
pub(crate) async fn link(
    user: User,
    State(app): State<App>,
    Input(request): Input<LinkRequest>,
) -> Result<Json<LinkAnswer>, Problem> {
    let deliver = match request.deliver.as_deref() {
        None => false,
        Some("whatsapp") => true,
        Some(_) => return Err(Problem::unsupported_delivery()),
    };
    let phone = request.phone.as_deref().map(typed);
    let phone = phone.transpose().map_err(|_| Problem::invalid_phone())?;
    if deliver && phone.is_none() {
        return Err(Problem::invalid_phone());
    }
    let question = Question {
        user,
        phone: phone.as_ref(),
        deliver,
    };
    let asked = asking::ask(&app, question).await?;
    Ok(Json(answer(&app, asked)))
}

/// A phone number as its owner's messages name it, which for Argentina is not as it is dialled.
fn typed(text: &str) -> Result<PhoneNumber, InvalidPhone> {
    let phone = PhoneNumber::parse_typed(text)?;
    Ok(match WaAddress::of_phone(&phone).identity() {
        Identity::Phone(phone) => phone,
        Identity::BusinessScoped(_) => phone,
    })
}

fn answer(app: &App, asked: Asked) -> LinkAnswer {
    let number = app.settings.twilio.number.reveal();
    let message = match &asked.code {
        Some(code) => format!("Send VERIFY {code} to {number} on WhatsApp within ten minutes."),
        None => format!("Type the code that {number} sends you on WhatsApp within ten minutes."),
    };
    let digits = number.trim_start_matches('+');
    let deep_link = asked
        .code
        .as_ref()
        .map(|code| format!("https://wa.me/{digits}?text=VERIFY%20{code}"));
    LinkAnswer {
        expires_at: asked.expires_at,
        whatsapp_number: number.to_owned(),
        message,
        deep_link,
        code: asked.code,
    }
}

/// Redeems a code that was sent to the phone. One that is shown is wrong here, and trying it
/// counts: it has five attempts in all.
#[utoipa::path(post, path = "/api/integrations/whatsapp/verify", tag = "linking",
    request_body = VerifyRequest, security(("bearer" = [])),
    responses((status = 200, body = VerifyAnswer), (status = 400, body = ProblemBody),
        (status = 401, body = ProblemBody),
        (status = 408, body = ProblemBody, description = "The body did not come in time"),
        (status = 409, body = ProblemBody), (status = 413, body = ProblemBody),
        (status = 429, body = ProblemBody), (status = 503, body = ProblemBody)))]
pub(crate) async fn verify(
    user: User,
    State(app): State<App>,
    Input(request): Input<VerifyRequest>,
) -> Result<Json<VerifyAnswer>, Problem> {
    let Ok(phone) = typed(&request.phone) else {
        return Err(Problem::invalid_code());
    };
    redeeming::redeem(&app, user, &phone, &request.code).await?;
    Ok(Json(VerifyAnswer {
        success: true,
        linked: true,
        message: "WhatsApp is linked to your account.",
    }))
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
    store::link::delete_claim(&mut transaction, user.id()).await?;
    let told = match common::link::of_user(&mut transaction, user.id()).await? {
        Some(of_user) => side_effects::end(&app, &mut transaction, of_user).await?,
        None => Vec::new(),
    };
    transaction.commit().await?;
    app.reach(KillPoint::IngestUnlinked);
    side_effects::apply(&app, told).await;
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

#[cfg(test)]
mod tests {
    use super::typed;

    #[test]
    fn a_phone_is_named_as_its_owners_messages_name_it() {
        for (text, named) in [
            ("+54 11 5555 0100", "+5491155550100"),
            ("+54 9 11 5555 0100", "+5491155550100"),
            ("55 5555 0100", "+525555550100"),
            ("+52 1 55 5555 0100", "+525555550100"),
        ] {
            let phone = typed(text).map(|phone| phone.reveal().to_owned());
            assert_eq!(phone.as_deref().ok(), Some(named), "{text}");
        }
    }
}
