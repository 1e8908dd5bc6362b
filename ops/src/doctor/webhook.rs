//! The way that Twilio's webhooks take: a form that is signed as Twilio signs is posted through
//! `PUBLIC_BASE_URL`. It names no message, so that `ingest` answers 400 once the signature held,
//! and nothing else happens; a forged one has to get 403.

use std::time::Duration;

use base64::{Engine as _, engine::general_purpose::STANDARD};
use common::{
    http,
    settings::{Environment, TwilioSettings, WEBHOOK_PATH, public_base_url},
};
use hmac::{Hmac, KeyInit as _, Mac as _};
use secrecy::{ExposeSecret, SecretString};
use sha1::Sha1;
use url::Url;

use super::{Check, Lines};
use crate::address::without_password;

const NAME: &str = "webhook";

/// Posts the form.
struct Prober {
    client: reqwest::Client,
    url: String,
    account: String,
}

pub(super) async fn check(env: &Environment) -> Lines {
    let settings = TwilioSettings::load(env)?;
    let base = public_base_url(env)?;
    let prober = Prober {
        client: http::client(Duration::from_secs(10))?,
        url: format!("{base}{WEBHOOK_PATH}"),
        account: settings.account.as_str().to_owned(),
    };
    let Some(unsigned) = prober.post(None).await else {
        return Ok(vec![Check::wrong(
            NAME,
            "nobody answers at PUBLIC_BASE_URL",
            "DNS, TLS, the proxy and that ingest runs; or PUBLIC_BASE_URL",
        )]);
    };
    if unsigned == 400 {
        return Ok(vec![Check::wrong(
            NAME,
            "a form without a signature is accepted",
            "TWILIO_SIGNATURE=enforce for ingest",
        )]);
    }
    if unsigned != 403 {
        return Ok(vec![Check::wrong(
            NAME,
            format!("something else answers there ({unsigned})"),
            "let the proxy pass POST, path, query and body to ingest; or PUBLIC_BASE_URL",
        )]);
    }
    let tokens = &settings.auth_tokens;
    let Some(first) = tokens.first() else {
        anyhow::bail!("TWILIO_AUTH_TOKEN is missing");
    };
    if prober.accepts(&prober.url, first).await {
        let detail = "a signed form is accepted through PUBLIC_BASE_URL, a forged one refused";
        return Ok(vec![Check::ok(NAME, detail)]);
    }
    for (name, url) in addresses(env, &base) {
        for token in tokens {
            if prober.accepts(&url, token).await {
                return Ok(vec![Check::wrong(
                    NAME,
                    format!(
                        "ingest verifies for another address ({name}): {}",
                        without_password(&url)
                    ),
                    "the same PUBLIC_BASE_URL for ingest and at Twilio: the address that Twilio \
                     calls, up to /api",
                )]);
            }
        }
    }
    Ok(vec![prober.other_key(&settings).await])
}

impl Prober {
    /// The answer's status, or nothing where nobody answers.
    async fn post(&self, signature: Option<String>) -> Option<u16> {
        let mut call = self.client.post(&self.url);
        call = call.form(&[("AccountSid", &self.account)]);
        if let Some(signature) = signature {
            call = call.header("X-Twilio-Signature", signature);
        }
        Some(call.send().await.ok()?.status().as_u16())
    }

    /// Whether a signature by this key over that address holds.
    async fn accepts(&self, url: &str, key: &SecretString) -> bool {
        let text = format!("{url}AccountSid{}", self.account);
        self.post(Some(sign(&text, key))).await == Some(400)
    }

    /// The address is right, or nothing that is known here matches.
    async fn other_key(&self, settings: &TwilioSettings) -> Check {
        for (name, key) in settings
            .auth_tokens
            .iter()
            .skip(1)
            .map(|token| ("the old token of the rotation", token))
            .chain(
                settings
                    .api_key
                    .iter()
                    .map(|key| ("the API key's secret", &key.secret)),
            )
        {
            if self.accepts(&self.url, key).await {
                return Check::wrong(
                    NAME,
                    format!("ingest accepts another key: {name}"),
                    "the account's auth token in TWILIO_AUTH_TOKEN of ingest, as here",
                );
            }
        }
        Check::wrong(
            NAME,
            "ingest refuses a signed form",
            "the same TWILIO_AUTH_TOKEN, TWILIO_ACCOUNT_SID and PUBLIC_BASE_URL for ingest and \
             here; its log names the variant that would have matched",
        )
    }
}

/// The usual mistakes: what may have been configured in place of `PUBLIC_BASE_URL`.
fn addresses(env: &Environment, base: &str) -> Vec<(&'static str, String)> {
    let path = WEBHOOK_PATH;
    let mut found = vec![("trailing slash", format!("{base}{path}/"))];
    let mut bases = vec![("", base.to_owned())];
    if let Some(web) = env.get("FOCO_WEB_URL") {
        bases.push(("host: as in FOCO_WEB_URL", web.to_owned()));
    }
    if let Ok(mut url) = Url::parse(base) {
        url.set_path("");
        let root = url.as_str().trim_end_matches('/').to_owned();
        bases.push(("path prefix", root));
        if url.set_port(None).is_ok() {
            let without = url.as_str().trim_end_matches('/').to_owned();
            bases.push(("port", without));
        }
    }
    for (name, base) in &bases {
        let other = match base.split_once("://") {
            Some(("https", rest)) => format!("http://{rest}"),
            Some((_, rest)) => format!("https://{rest}"),
            None => continue,
        };
        found.push(("scheme", format!("{other}{path}")));
        if !name.is_empty() {
            found.push((name, format!("{base}{path}")));
        }
    }
    found
}

/// Twilio's signature (<https://www.twilio.com/docs/usage/security#validating-requests>).
fn sign(text: &str, key: &SecretString) -> String {
    let mut mac = match Hmac::<Sha1>::new_from_slice(key.expose_secret().as_bytes()) {
        Ok(mac) => mac,
        Err(impossible) => unreachable!("HMAC takes any key (RFC 2104): {impossible}"),
    };
    mac.update(text.as_bytes());
    STANDARD.encode(mac.finalize().into_bytes())
}
