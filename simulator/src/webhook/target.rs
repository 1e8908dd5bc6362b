//! Which address a webhook is signed for, which one is called, and how often it is tried.
//! Twilio reads the retry policy from the URL's fragment, which is neither signed nor sent:
//! <https://www.twilio.com/docs/usage/webhooks/webhooks-connection-overrides>.

use std::time::Duration;

use url::{Host, Url};

use crate::settings::Settings;

/// Where a webhook goes.
#[derive(Clone, Debug)]
pub struct Target {
    /// The URL that is signed.
    pub signed: String,
    /// The URL that is called.
    pub call: Url,
    /// How often and how long it is tried.
    pub policy: RetryPolicy,
}

impl Target {
    /// Reads a URL as it is configured at Twilio.
    ///
    /// What is on this machine is called as it stands. A public address is signed as it stands and
    /// called at the configured webhook's host, because nothing here calls the outside world.
    ///
    /// # Errors
    /// When `url` is not a URL.
    pub fn resolve(url: &str, settings: &Settings) -> Result<Self, url::ParseError> {
        let (signed, fragment) = url.split_once('#').unwrap_or((url, ""));
        let parsed = Url::parse(signed)?;
        let public = settings.public_webhook_url.as_ref();
        let is_ours = public.is_some_and(|public| public.origin() == parsed.origin());
        let call = if is_loopback(&parsed) && !is_ours {
            parsed
        } else {
            local(&parsed, settings)
        };
        Ok(Self {
            signed: signed.to_owned(),
            call,
            policy: RetryPolicy::parse(fragment),
        })
    }

    /// The webhook from the command line.
    ///
    /// # Errors
    /// Never in practice: the settings hold URLs.
    pub fn configured(settings: &Settings) -> Result<Self, url::ParseError> {
        Self::resolve(configured_url(settings), settings)
    }
}

/// The webhook's address as it would be configured at Twilio, fragment included.
#[must_use]
pub fn configured_url(settings: &Settings) -> &str {
    settings
        .public_webhook_url
        .as_ref()
        .unwrap_or(&settings.webhook_url)
        .as_str()
}

/// The same path and query on the configured webhook's host; a prefix that only the public address
/// has (`/foco/api/...` for `/api/...`) is taken off.
fn local(url: &Url, settings: &Settings) -> Url {
    let mut call = settings.webhook_url.clone();
    let public_path = settings.public_webhook_url.as_ref().map_or("", Url::path);
    let prefix = public_path
        .strip_suffix(settings.webhook_url.path())
        .unwrap_or("");
    let path = url
        .path()
        .strip_prefix(prefix)
        .unwrap_or_else(|| url.path());
    call.set_path(path);
    call.set_query(url.query());
    call.set_fragment(None);
    call
}

fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(Host::Domain(name)) => name == "localhost",
        Some(Host::Ipv4(ip)) => ip.is_loopback(),
        Some(Host::Ipv6(ip)) => ip.is_loopback(),
        None => false,
    }
}

/// How often and how long a webhook is tried.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct RetryPolicy {
    /// `rc`: retries after the first attempt, 0 to 5.
    pub retries: u32,
    /// `rp`: what is retried.
    pub on: Vec<Failure>,
    /// `rt`: time for one answer.
    pub read_timeout: Duration,
    /// `tt`: time for everything.
    pub total: Duration,
}

/// Why an attempt failed.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Failure {
    /// `ct`: no connection.
    Connect,
    /// `rt`: no answer in time, or the connection broke.
    Read,
    /// `4xx`.
    Client,
    /// `5xx`, and everything else that is not a 2xx.
    Server,
}

impl Default for RetryPolicy {
    fn default() -> Self {
        let limit = Duration::from_secs(15);
        Self {
            retries: 1,
            on: vec![Failure::Connect],
            read_timeout: limit,
            total: limit,
        }
    }
}

impl RetryPolicy {
    fn parse(fragment: &str) -> Self {
        let mut policy = Self::default();
        for (key, value) in form_urlencoded::parse(fragment.as_bytes()) {
            let number = value.parse::<u64>().ok();
            match (key.as_ref(), number) {
                ("rc", Some(count)) => policy.retries = u32::try_from(count.min(5)).unwrap_or(5),
                ("rt", Some(ms)) => policy.read_timeout = millis(ms),
                ("tt", Some(ms)) => policy.total = millis(ms),
                ("rp", _) => policy.on = value.split(',').flat_map(failures).copied().collect(),
                _ => {}
            }
        }
        policy
    }
}

fn millis(ms: u64) -> Duration {
    Duration::from_millis(ms.clamp(100, 15_000))
}

fn failures(word: &str) -> &'static [Failure] {
    match word.trim() {
        "ct" => &[Failure::Connect],
        "rt" => &[Failure::Read],
        "4xx" => &[Failure::Client],
        "5xx" => &[Failure::Server],
        "all" => &[
            Failure::Connect,
            Failure::Read,
            Failure::Client,
            Failure::Server,
        ],
        _ => &[],
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::Parser as _;

    fn settings(args: &[&str]) -> Settings {
        let base = [
            "simulator",
            "--webhook-url",
            "http://127.0.0.1:9/api/hook#rc=3&rp=5xx,ct",
        ];
        Settings::parse_from(base.iter().chain(args).copied())
    }

    #[test]
    fn the_fragment_sets_the_policy_and_is_neither_signed_nor_called() {
        let target = Target::configured(&settings(&[])).unwrap();
        assert_eq!(target.signed, "http://127.0.0.1:9/api/hook");
        assert_eq!(target.call.as_str(), "http://127.0.0.1:9/api/hook");
        assert_eq!(target.policy.retries, 3);
        assert_eq!(target.policy.on, [Failure::Server, Failure::Connect]);
        assert_eq!(RetryPolicy::parse(""), RetryPolicy::default());
    }

    #[test]
    fn a_public_address_is_signed_and_the_local_one_is_called() {
        let settings = settings(&["--public-webhook-url", "https://foco.example/bot/api/hook"]);
        let target = Target::configured(&settings).unwrap();
        assert_eq!(target.signed, "https://foco.example/bot/api/hook");
        assert_eq!(target.call.as_str(), "http://127.0.0.1:9/api/hook");
        let callback = Target::resolve("https://foco.example/bot/api/hook?job=a%20b", &settings);
        assert_eq!(
            callback.unwrap().call.as_str(),
            "http://127.0.0.1:9/api/hook?job=a%20b"
        );
    }

    #[test]
    fn another_address_on_this_machine_is_called_as_it_stands() {
        let target = Target::resolve("http://localhost:7/x?y=1", &settings(&[])).unwrap();
        assert_eq!(target.call.as_str(), "http://localhost:7/x?y=1");
    }
}
