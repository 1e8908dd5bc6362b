//! Twilio's settings.

use secrecy::SecretString;

use super::environment::{Environment, SettingError};
use crate::{phone::PhoneNumber, sid::AccountSid};

/// A key for API calls in place of the account's token.
#[derive(Clone, Debug)]
pub struct ApiKey {
    /// `TWILIO_API_KEY_SID`.
    pub sid: String,
    /// `TWILIO_API_KEY_SECRET`.
    pub secret: SecretString,
}

/// The account, its sender and its addresses.
#[derive(Clone, Debug)]
pub struct TwilioSettings {
    /// `TWILIO_ACCOUNT_SID`.
    pub account: AccountSid,
    /// `TWILIO_AUTH_TOKEN`: signs webhooks; two while it is rotated.
    pub auth_tokens: Vec<SecretString>,
    /// Used for API calls where it is set.
    pub api_key: Option<ApiKey>,
    /// `TWILIO_WHATSAPP_NUMBER`: our sender.
    pub number: PhoneNumber,
    /// `TWILIO_MESSAGING_SERVICE_SID`.
    pub messaging_service: Option<String>,
    /// Whether signatures are enforced (`TWILIO_SIGNATURE`).
    pub enforce_signature: bool,
    /// `TWILIO_API_BASE_URL`, no trailing slash.
    pub api_url: String,
    /// `TWILIO_MESSAGING_BASE_URL`, no trailing slash.
    pub messaging_url: String,
    /// `TWILIO_CONTENT_BASE_URL`, no trailing slash.
    pub content_url: String,
    /// `TWILIO_CODE_CONTENT_SID`: the approved template that carries a linking code to a phone
    /// outside of WhatsApp's 24 hours.
    pub code_template: Option<String>,
    /// `TWILIO_SENDS_PER_SECOND`, over all workers together.
    pub sends_per_second: u32,
}

impl TwilioSettings {
    /// Reads the group.
    ///
    /// # Errors
    /// Names the variable that is missing or wrong.
    pub fn load(env: &Environment) -> Result<Self, SettingError> {
        let sid = "AC and 32 hex digits, from the Twilio console";
        let account = AccountSid::parse(env.required("TWILIO_ACCOUNT_SID", sid)?)
            .map_err(|_| SettingError::new("TWILIO_ACCOUNT_SID", "is no account SID", sid))?;
        let token = "32 hex digits, from the Twilio console";
        let number = "+14155550100";
        let whatsapp_number =
            PhoneNumber::parse(env.required("TWILIO_WHATSAPP_NUMBER", number)?)
                .map_err(|_| SettingError::new("TWILIO_WHATSAPP_NUMBER", "is not E.164", number))?;
        Ok(Self {
            account,
            auth_tokens: env.secrets("TWILIO_AUTH_TOKEN", 16, token)?,
            api_key: api_key(env)?,
            number: whatsapp_number,
            messaging_service: messaging_service(env)?,
            enforce_signature: enforce_signature(env)?,
            api_url: api_address(env, "TWILIO_API_BASE_URL", "https://api.twilio.com")?,
            messaging_url: api_address(
                env,
                "TWILIO_MESSAGING_BASE_URL",
                "https://messaging.twilio.com",
            )?,
            content_url: api_address(env, "TWILIO_CONTENT_BASE_URL", "https://content.twilio.com")?,
            code_template: code_template(env)?,
            sends_per_second: env.number("TWILIO_SENDS_PER_SECOND", 80, 1..=10_000)?,
        })
    }

    /// User and password of API calls: the API key where there is one, else account and token.
    #[must_use]
    pub fn credentials(&self) -> (String, SecretString) {
        match (&self.api_key, self.auth_tokens.first()) {
            (Some(key), _) => (key.sid.clone(), key.secret.clone()),
            (None, Some(token)) => (self.account.as_str().to_owned(), token.clone()),
            // Settings refuse to be without a token.
            (None, None) => (self.account.as_str().to_owned(), SecretString::default()),
        }
    }
}

fn api_key(env: &Environment) -> Result<Option<ApiKey>, SettingError> {
    let (sid, secret) = ("TWILIO_API_KEY_SID", "TWILIO_API_KEY_SECRET");
    let missing = |name, other| {
        let problem = format!("is missing although {other} is set");
        Err(SettingError::new(
            name,
            problem,
            "both from the Twilio console, or neither",
        ))
    };
    match (env.get(sid), env.get(secret)) {
        (None, None) => Ok(None),
        (Some(sid), Some(secret)) => Ok(Some(ApiKey {
            sid: sid.to_owned(),
            secret: SecretString::from(secret),
        })),
        (None, Some(_)) => missing(sid, secret),
        (Some(_), None) => missing(secret, sid),
    }
}

fn messaging_service(env: &Environment) -> Result<Option<String>, SettingError> {
    let name = "TWILIO_MESSAGING_SERVICE_SID";
    match env.get(name) {
        Some(value) if !(value.starts_with("MG") && value.len() == 34) => Err(SettingError::new(
            name,
            "is no messaging service",
            "MG and 32 hex digits",
        )),
        value => Ok(value.map(str::to_owned)),
    }
}

fn code_template(env: &Environment) -> Result<Option<String>, SettingError> {
    let name = "TWILIO_CODE_CONTENT_SID";
    let is_sid = |value: &str| {
        let hex = value.strip_prefix("HX").unwrap_or_default();
        hex.len() == 32 && hex.bytes().all(|byte| byte.is_ascii_hexdigit())
    };
    match env.get(name) {
        Some(value) if !is_sid(value) => Err(SettingError::new(
            name,
            "is no content template",
            "HX and 32 hex digits",
        )),
        value => Ok(value.map(str::to_owned)),
    }
}

fn enforce_signature(env: &Environment) -> Result<bool, SettingError> {
    let name = "TWILIO_SIGNATURE";
    match env.get(name) {
        None | Some("enforce") => Ok(true),
        Some("off") if env.get("FOCO_ENV") == Some("development") => Ok(false),
        Some("off") => Err(SettingError::new(name, "is off in production", "enforce")),
        Some(_) => Err(SettingError::new(name, "is neither", "enforce or off")),
    }
}

fn api_address(env: &Environment, name: &str, default: &str) -> Result<String, SettingError> {
    let value = env.get(name).unwrap_or(default);
    env.address(name, value, default)?;
    Ok(value.to_owned())
}
