//! The model: whether it is reachable and takes the key. Asking for its description costs nothing.

use std::time::Duration;

use common::{
    http,
    settings::{Environment, ModelSettings},
};
use reqwest::StatusCode;
use secrecy::ExposeSecret;

use super::{Check, Lines};

const NAME: &str = "model";

pub(super) async fn check(env: &Environment) -> Lines {
    let Some(settings) = ModelSettings::load(env)? else {
        return Ok(vec![Check::ok(
            NAME,
            "none: the built-in parser works alone",
        )]);
    };
    let url = format!("{}/models/{}", settings.base_url, settings.model);
    let call = http::client(Duration::from_secs(10))?.get(url);
    let answer = call
        .bearer_auth(settings.api_key.expose_secret())
        .send()
        .await;
    let Ok(answer) = answer else {
        let fix = "OPENAI_BASE_URL and the way there";
        return Ok(vec![Check::wrong(NAME, "does not answer", fix)]);
    };
    let status = answer.status();
    let detail = format!("{} answers {}", settings.model, status.as_u16());
    Ok(vec![match status {
        status if status.is_success() => Check::ok(NAME, "reachable, and takes the key"),
        StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN => {
            Check::wrong(NAME, detail, "OPENAI_API_KEY or KIMI_API_KEY")
        }
        StatusCode::NOT_FOUND => Check::wrong(NAME, detail, "OPENAI_MODEL, or OPENAI_BASE_URL"),
        StatusCode::TOO_MANY_REQUESTS => Check::wrong(
            NAME,
            detail,
            "the account's limits and balance at the provider",
        ),
        _ => Check::wrong(
            NAME,
            detail,
            "look at the provider's status, then OPENAI_BASE_URL",
        ),
    }])
}
