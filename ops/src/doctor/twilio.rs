//! Twilio: whether it takes our credentials, and where it delivers what people write.

use std::time::Duration;

use common::{
    settings::{Environment, TwilioSettings, public_base_url},
    twilio::TwilioClient,
};
use reqwest::StatusCode;

use super::{Check, Lines};
use crate::twilio::{Senders, differences};

const NAME: &str = "twilio";

pub(super) async fn check(env: &Environment) -> Lines {
    let settings = TwilioSettings::load(env)?;
    let token = token(&settings).await?;
    // Without an API key everything else is asked with the token.
    let mut lines = if token.ok || settings.api_key.is_some() {
        let sender = sender(env, &settings).await;
        sender.unwrap_or_else(|error| vec![Check::failed(NAME, &error)])
    } else {
        Vec::new()
    };
    lines.insert(0, token);
    Ok(lines)
}

/// Whether the token is the account's: what it signs is refused otherwise, whatever key is used
/// for calls. <https://www.twilio.com/docs/iam/api/account>
async fn token(settings: &TwilioSettings) -> anyhow::Result<Check> {
    let twilio = TwilioClient::by_token(settings, Duration::from_secs(10))?;
    let Ok(answer) = twilio.get(&twilio.account_url()).send().await else {
        let fix = "the way to api.twilio.com: DNS, a firewall; or TWILIO_API_BASE_URL";
        return Ok(Check::wrong(NAME, "does not answer", fix));
    };
    Ok(match answer.status() {
        status if status.is_success() => Check::ok(NAME, "knows our account and auth token"),
        StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN => Check::wrong(
            NAME,
            "refuses our auth token, so ingest refuses what Twilio signs",
            "TWILIO_AUTH_TOKEN: the auth token of TWILIO_ACCOUNT_SID in the Twilio console",
        ),
        status => Check::wrong(
            NAME,
            format!("answers {} for our account", status.as_u16()),
            "TWILIO_ACCOUNT_SID; then status.twilio.com",
        ),
    })
}

async fn sender(env: &Environment, settings: &TwilioSettings) -> Lines {
    let sender = Senders::new(settings)?.ours().await?;
    let base = public_base_url(env)?;
    let differing = differences(&base, &sender.webhook());
    let detail = format!("takes our credentials; our sender is {}", sender.sid);
    Ok(vec![
        Check::ok(NAME, detail),
        if differing.is_empty() {
            Check::ok(NAME, "the sender calls PUBLIC_BASE_URL")
        } else {
            Check::wrong(
                NAME,
                format!("the sender has another {}", differing.join(", ")),
                "focobot twilio configure-webhook (--dry-run shows what would change)",
            )
        },
    ])
}
