//! Why a genuine request was turned away: the usual mistakes of a deployment, tried one after
//! another on a sample. What is logged is the mistake's name and the setting to change.

use axum::http::{HeaderMap, request::Parts};

use common::settings::WEBHOOK_PATH;

use super::{
    origin::{Origin, split_port},
    signature::{self, Key, UnsignedForm},
};
use crate::settings::Settings;

/// What may have been signed in place of what was expected.
pub(super) struct SignatureDiagnosis {
    public: Origin,
    web: Origin,
    keys: Vec<(&'static str, Key)>,
}

/// One guess: the name of what differs, and the address up to our path.
type Guess = (&'static str, Origin);

const AS_EXPECTED: &str = "";

/// What differs in the variant that matches: each a name, or nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Difference {
    origin: &'static str,
    target: &'static str,
    key: &'static str,
}

impl Difference {
    /// The names of what differs.
    fn names(self) -> String {
        let names = [self.origin, self.target, self.key];
        let differing: Vec<&str> = names.into_iter().filter(|name| !name.is_empty()).collect();
        differing.join("; ")
    }

    /// What to change: whatever is wrong with the key or the path hides what else is.
    fn advice(self) -> &'static str {
        match (self.key, self.target) {
            (API_KEY, _) => {
                "Twilio signs with the account's auth token, never with an API key's secret: set \
                 TWILIO_AUTH_TOKEN to the auth token of TWILIO_ACCOUNT_SID"
            }
            (_, SLASH) => {
                "set the webhook at Twilio to PUBLIC_BASE_URL and \
                 /api/integrations/whatsapp/webhook, without a slash behind it"
            }
            (_, QUERY) => "have the proxy before us pass on the query as it is",
            _ => {
                "set PUBLIC_BASE_URL to the address that is configured at Twilio, up to /api; or \
                 the other way round: focobot twilio configure-webhook"
            }
        }
    }
}

const API_KEY: &str = "key: the API key's secret";
const OLD_TOKEN: &str = "token: the old one of the rotation";
const SLASH: &str = "path: a slash behind it";
const QUERY: &str = "query: a proxy changed it";

impl SignatureDiagnosis {
    pub(super) fn new(settings: &Settings) -> Self {
        let twilio = &settings.twilio;
        let tokens = [AS_EXPECTED, OLD_TOKEN]
            .into_iter()
            .zip(&twilio.auth_tokens);
        let tokens = tokens.map(|(name, token)| (name, signature::key(token)));
        let secret = twilio.api_key.iter();
        let secret = secret.map(|api_key| (API_KEY, signature::key(&api_key.secret)));
        Self {
            public: Origin::parse(&settings.process.public_base_url),
            web: Origin::parse(&settings.process.web_url),
            keys: tokens.chain(secret).collect(),
        }
    }

    /// Looks for the variant that matches, and logs it with what to change.
    pub(super) fn report(&self, form: &UnsignedForm<'_>, head: &Parts, signature: &[u8]) {
        if let Some(difference) = self.find(form, head, signature) {
            tracing::warn!(
                variant = difference.names(),
                advice = difference.advice(),
                "rejected a webhook whose signature is over something else"
            );
        } else {
            tracing::warn!(
                "rejected a webhook whose signature matches no variant of our address: it is \
                 forged, or TWILIO_AUTH_TOKEN is an old token or another account's"
            );
        }
    }

    /// What differs in the variant that matches.
    pub(super) fn find(
        &self,
        form: &UnsignedForm<'_>,
        head: &Parts,
        signature: &[u8],
    ) -> Option<Difference> {
        let target = head
            .uri
            .path_and_query()
            .map_or("/", |target| target.as_str());
        for (target_name, target) in targets(target) {
            for (origin, address) in self.origins(&head.headers) {
                for candidate in address.candidates() {
                    for (key_name, key) in &self.keys {
                        if form.is_signed_by(key, [&candidate, &target], signature) {
                            return Some(Difference {
                                origin,
                                target: target_name,
                                key: key_name,
                            });
                        }
                    }
                }
            }
        }
        None
    }

    fn origins(&self, headers: &HeaderMap) -> Vec<Guess> {
        let header = |name: &str| {
            let value = headers.get(name)?.to_str().ok()?;
            // A chain of proxies appends: the first is what the outermost saw.
            value
                .split(',')
                .next()
                .map(str::trim)
                .filter(|value| !value.is_empty())
        };
        let mut guesses: Vec<Guess> = vec![(AS_EXPECTED, self.public.clone())];
        for (name, seen) in [
            ("host: as in X-Forwarded-Host", header("x-forwarded-host")),
            ("host: as in Host", header("host")),
        ] {
            guesses.extend(seen.map(|seen| (name, self.on_host(seen))));
        }
        guesses.push(("host: as in FOCO_WEB_URL", self.web.clone()));
        if let Some(port) = header("x-forwarded-port").or_else(|| split_port(header("host")?).1) {
            let port = Some(port.to_owned());
            guesses.push((
                "port: as in X-Forwarded-Port or Host",
                Origin {
                    port,
                    ..self.public.clone()
                },
            ));
        }
        let forwarded = header("x-forwarded-prefix").unwrap_or_default();
        for prefix in ["", forwarded.trim_end_matches('/')] {
            let prefix = prefix.to_owned();
            guesses.push((
                "path prefix",
                Origin {
                    prefix,
                    ..self.public.clone()
                },
            ));
        }
        let bare = Origin {
            credentials: String::new(),
            ..self.public.clone()
        };
        guesses.push(("user and password", bare));
        let swapped: Vec<Guess> = guesses.iter().map(with_other_scheme).collect();
        guesses.extend(swapped);
        guesses
    }

    fn on_host(&self, seen: &str) -> Origin {
        let (host, port) = split_port(seen);
        Origin {
            host: host.to_owned(),
            port: port.map(str::to_owned),
            ..self.public.clone()
        }
    }
}

/// Logs what is wrong with a path that is not the webhook's.
pub(super) fn report_path(path: &str) {
    let variant = match path.strip_suffix('/').unwrap_or(path) {
        WEBHOOK_PATH => SLASH,
        longer if longer.ends_with(WEBHOOK_PATH) => "path: something before /api",
        _ => "path: another one",
    };
    tracing::warn!(
        variant,
        advice = "set the webhook at Twilio to PUBLIC_BASE_URL and \
                  /api/integrations/whatsapp/webhook; a path prefix that PUBLIC_BASE_URL has is \
                  to be taken off by the proxy",
        "a signed request came to an address that is not the webhook's"
    );
}

fn with_other_scheme((name, origin): &Guess) -> Guess {
    let scheme = if origin.scheme == "http" {
        "https"
    } else {
        "http"
    }
    .to_owned();
    let name = if name.is_empty() {
        "scheme: http in place of https, or the reverse"
    } else {
        name
    };
    (
        name,
        Origin {
            scheme,
            ..origin.clone()
        },
    )
}

/// The path as it came, with or without its last slash, and without its query.
fn targets(target: &str) -> Vec<(&'static str, String)> {
    let (path, query) = target.split_at(target.find('?').unwrap_or(target.len()));
    let slashed = match path.strip_suffix('/') {
        Some(shorter) => shorter.to_owned(),
        None => format!("{path}/"),
    };
    vec![
        (AS_EXPECTED, target.to_owned()),
        (SLASH, format!("{slashed}{query}")),
        (QUERY, path.to_owned()),
    ]
}

#[cfg(test)]
mod tests;
