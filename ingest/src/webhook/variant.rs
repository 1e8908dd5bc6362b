//! Why a genuine request was turned away: the usual mistakes of a deployment, tried one after
//! another on a sample. What is logged is the mistake's name and the setting to change.

use axum::http::{HeaderMap, request::Parts};

use super::{
    origin::{Origin, split_port},
    signature::{self, Key, UnsignedForm},
};
use crate::settings::Settings;

/// What may have been signed in place of what was expected.
pub(super) struct Variants {
    public: Origin,
    web: Origin,
    keys: Vec<(&'static str, Key)>,
}

/// One guess: the name of what differs, and the address up to our path.
type Guess = (&'static str, Origin);

const AS_EXPECTED: &str = "";

impl Variants {
    pub(super) fn new(settings: &Settings) -> Self {
        let twilio = &settings.twilio;
        let tokens = twilio
            .auth_tokens
            .iter()
            .map(|token| (AS_EXPECTED, signature::key(token)));
        let secret = twilio.api_key.iter().map(|api_key| {
            (
                "the API key's secret signs, which Twilio never does",
                signature::key(&api_key.secret),
            )
        });
        Self {
            public: Origin::parse(&settings.process.public_base_url),
            web: Origin::parse(&settings.process.web_url),
            keys: tokens.chain(secret).collect(),
        }
    }

    /// Looks for the variant that matches, and logs it.
    pub(super) fn report(&self, form: &UnsignedForm<'_>, head: &Parts, signature: &[u8]) {
        if let Some(variant) = self.find(form, head, signature) {
            tracing::warn!(
                variant,
                "rejected a webhook that is signed for another address: set PUBLIC_BASE_URL to \
                 the address that is configured at Twilio, up to /api"
            );
        } else {
            tracing::warn!(
                "rejected a webhook whose signature matches no variant of our address: it is \
                 forged, or TWILIO_AUTH_TOKEN is an old token or another account's"
            );
        }
    }

    /// The names of what differs in the variant that matches.
    pub(super) fn find(
        &self,
        form: &UnsignedForm<'_>,
        head: &Parts,
        signature: &[u8],
    ) -> Option<String> {
        let target = head
            .uri
            .path_and_query()
            .map_or("/", |target| target.as_str());
        for (target_name, target) in targets(target) {
            for (origin_name, origin) in self.origins(&head.headers) {
                for candidate in origin.candidates() {
                    for (key_name, key) in &self.keys {
                        if form.is_signed_by(key, [&candidate, &target], signature) {
                            let names = [origin_name, target_name, key_name];
                            return Some(joined(&names));
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
        ("trailing slash", format!("{slashed}{query}")),
        ("query: a proxy changed it", path.to_owned()),
    ]
}

fn joined(names: &[&str]) -> String {
    let differing: Vec<&str> = names
        .iter()
        .copied()
        .filter(|name| !name.is_empty())
        .collect();
    if differing.is_empty() {
        "port".to_owned()
    } else {
        differing.join("; ")
    }
}

#[cfg(test)]
mod tests;
