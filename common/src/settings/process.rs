//! What every serving process needs to know of itself.

use std::{net::SocketAddr, time::Duration};

use url::Url;
use uuid::Uuid;

use super::environment::{Environment, SettingError, is_loopback};
use crate::{kill_point::KillSwitch, sender::HashKeys};

/// The webhook's path behind `PUBLIC_BASE_URL`.
pub const WEBHOOK_PATH: &str = "/api/integrations/whatsapp/webhook";
/// What Twilio reads off the end of an address that it calls: five more tries after any failure.
/// It neither signs nor sends this
/// (<https://www.twilio.com/docs/usage/webhooks/webhooks-connection-overrides>).
pub const WEBHOOK_RETRIES: &str = "#rc=5&rp=all";

/// Stands in `FOCO_PROPOSAL_URL` for the proposal's id.
const ID: &str = "{id}";

/// Whether this is the real thing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    /// Serves people.
    Production,
    /// A machine of ours.
    Development,
}

/// What every serving process needs.
#[derive(Clone, Debug)]
pub struct ProcessSettings {
    /// `FOCO_ENV`.
    pub mode: Mode,
    /// `FOCO_SECRET`.
    pub keys: HashKeys,
    /// `FOCO_WEB_URL`: where people use Foco, no trailing slash.
    pub web_url: String,
    /// `FOCO_LINK_URL`: the page on which people link their phone.
    pub link_url: String,
    /// `FOCO_PROPOSAL_URL`: where a proposal is looked at, with `{id}` where its id belongs.
    pub proposal_url: String,
    /// `PUBLIC_BASE_URL`: the address at which Twilio calls us, no trailing slash.
    pub public_base_url: String,
    /// `METRICS_ADDR`.
    pub metrics_addr: SocketAddr,
    /// `SESSION_TTL_SECONDS`.
    pub session_ttl: Duration,
    /// `FOCO_KILL_AT`, in development only.
    pub kill_switch: KillSwitch,
}

impl ProcessSettings {
    /// Reads the group.
    ///
    /// # Errors
    /// Names the variable that is missing or wrong.
    pub fn load(env: &Environment) -> Result<Self, SettingError> {
        let mode = mode(env)?;
        let public_base_url = public_base_url(env)?;
        let web_url = web_url(env)?;
        Ok(Self {
            mode,
            keys: hash_keys(env)?,
            proposal_url: proposal_url(env, &web_url)?,
            link_url: link_url(env)?,
            web_url,
            public_base_url,
            metrics_addr: listen_address(env, "METRICS_ADDR", "0.0.0.0:9464")?,
            session_ttl: env.seconds("SESSION_TTL_SECONDS", 1800, 1..=86_400)?,
            kill_switch: kill_switch(env)?,
        })
    }
}

impl ProcessSettings {
    /// Where a proposal is looked at.
    #[must_use]
    pub fn proposal_link(&self, proposal: Uuid) -> String {
        self.proposal_url.replace(ID, &proposal.to_string())
    }
}

/// Reads `FOCO_PROPOSAL_URL`, else a page below `FOCO_WEB_URL`.
fn proposal_url(env: &Environment, web_url: &str) -> Result<String, SettingError> {
    let (name, example) = ("FOCO_PROPOSAL_URL", "https://foco.mx/proposals?open={id}");
    let Some(value) = env.get(name) else {
        return Ok(format!("{web_url}/proposals/{ID}"));
    };
    if value.matches(ID).count() != 1 {
        let problem = "does not say once where the proposal's id belongs, as {id}";
        return Err(SettingError::new(name, problem, example));
    }
    // The id is read again out of what Twilio lists, so it must stand in the link as it is.
    let filled = value.replace(ID, &Uuid::nil().to_string());
    let secure = |url: &Url| url.host().is_some() && (url.scheme() == "https" || is_loopback(url));
    match Url::parse(&filled) {
        Ok(url) if secure(&url) && !filled.contains(char::is_whitespace) => Ok(value.to_owned()),
        _ => Err(SettingError::new(name, "is no https address", example)),
    }
}

/// Reads `FOCO_ENV`.
pub(super) fn mode(env: &Environment) -> Result<Mode, SettingError> {
    match env.get("FOCO_ENV") {
        None | Some("production") => Ok(Mode::Production),
        Some("development") => Ok(Mode::Development),
        Some(_) => Err(SettingError::new(
            "FOCO_ENV",
            "is neither",
            "production or development",
        )),
    }
}

/// Reads `FOCO_SECRET`.
///
/// # Errors
/// When it is missing or too short.
pub fn hash_keys(env: &Environment) -> Result<HashKeys, SettingError> {
    let example = "the output of: openssl rand -hex 32";
    HashKeys::new(env.secrets("FOCO_SECRET", 32, example)?)
        .ok_or_else(|| SettingError::new("FOCO_SECRET", "is missing", example))
}

/// Reads `PUBLIC_BASE_URL`, or `NEXT_PUBLIC_BASE_URL`.
///
/// # Errors
/// When it is missing or no address, or when the two differ.
pub fn public_base_url(env: &Environment) -> Result<String, SettingError> {
    let example = "https://bot.foco.mx";
    let (name, other) = ("PUBLIC_BASE_URL", "NEXT_PUBLIC_BASE_URL");
    let value = match (env.get(name), env.get(other)) {
        (Some(first), Some(second)) if first != second => {
            let problem = format!("differs from {other}: set one of them");
            return Err(SettingError::new(name, problem, example));
        }
        (Some(value), _) | (None, Some(value)) => value,
        (None, None) => return Err(SettingError::new(name, "is missing", example)),
    };
    env.address(name, value, example)?;
    // Kept as it is written: Twilio signs exactly this text.
    Ok(value.to_owned())
}

/// Reads `FOCO_WEB_URL`, else `PUBLIC_BASE_URL`.
///
/// # Errors
/// When it is no address, or neither is there.
pub fn web_url(env: &Environment) -> Result<String, SettingError> {
    match env.get("FOCO_WEB_URL") {
        None => public_base_url(env),
        Some(value) => Ok(plain(&env.address(
            "FOCO_WEB_URL",
            value,
            "https://foco.mx",
        )?)),
    }
}

/// Reads `FOCO_LINK_URL`, else [`web_url`].
///
/// # Errors
/// When it is no address, or none of the three is there.
pub fn link_url(env: &Environment) -> Result<String, SettingError> {
    let (name, example) = ("FOCO_LINK_URL", "https://foco.mx/settings/whatsapp");
    match env.get(name) {
        None => web_url(env),
        Some(value) => Ok(plain(&env.address(name, value, example)?)),
    }
}

/// An address as text without the slash that [`Url`] puts behind a bare host.
fn plain(url: &Url) -> String {
    url.as_str().trim_end_matches('/').to_owned()
}

/// Reads an address to listen on.
///
/// # Errors
/// When it is no address and port.
pub(super) fn listen_address(
    env: &Environment,
    name: &str,
    default: &str,
) -> Result<SocketAddr, SettingError> {
    env.get(name)
        .unwrap_or(default)
        .parse()
        .map_err(|_| SettingError::new(name, "is not an address and port", default))
}

/// Reads `FOCO_KILL_AT`.
///
/// # Errors
/// When it is no kill point, or this is no development.
pub fn kill_switch(env: &Environment) -> Result<KillSwitch, SettingError> {
    let name = "FOCO_KILL_AT";
    let Some(value) = env.get(name) else {
        return Ok(KillSwitch::default());
    };
    if mode(env)? == Mode::Production {
        return Err(SettingError::new(
            name,
            "kills the process: development only",
            "(unset)",
        ));
    }
    KillSwitch::parse(value)
        .ok_or_else(|| SettingError::new(name, "is no kill point", "route.recorded"))
}
