//! What the simulator is told on its command line or by the environment (read by `clap` only).
//! The names of the environment are FocoBot's own where both sides must agree.

use std::{net::SocketAddr, path::PathBuf, time::Duration};

use clap::Parser;
use secrecy::{ExposeSecret as _, SecretString};
use url::Url;

/// Twilio's and OpenAI's side, for local work and tests. Never part of a deployment.
#[derive(Clone, Debug, Parser)]
#[command(name = "simulator", version, about, args_override_self = true)]
pub struct Settings {
    /// Address to listen on; port 0 takes a free one, and the line on stdout says which
    #[arg(long, env = "SIMULATOR_LISTEN", default_value = "127.0.0.1:4010")]
    pub listen: SocketAddr,

    /// FocoBot's webhook; a fragment such as `#rc=5&rp=all` sets retries as it does at Twilio
    #[arg(
        long,
        env = "SIMULATOR_WEBHOOK_URL",
        default_value = "http://127.0.0.1:8080/api/integrations/whatsapp/webhook"
    )]
    pub webhook_url: Url,

    /// The webhook's public address, when what is signed differs from what is called
    #[arg(long, env = "SIMULATOR_PUBLIC_WEBHOOK_URL")]
    pub public_webhook_url: Option<Url>,

    /// Twilio account
    #[arg(
        long,
        env = "TWILIO_ACCOUNT_SID",
        default_value = "ACaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
    )]
    pub account_sid: String,

    /// Signs webhooks and is accepted for API calls; of two separated by a comma the first signs
    #[arg(
        long,
        env = "TWILIO_AUTH_TOKEN",
        hide_env_values = true,
        default_value = "simulator-auth-token",
        hide_default_value = true
    )]
    pub auth_token: SecretString,

    /// API key that is accepted for API calls beside the auth token
    #[arg(long, env = "TWILIO_API_KEY_SID", requires = "api_key_secret")]
    pub api_key_sid: Option<String>,

    /// Secret of the API key
    #[arg(long, env = "TWILIO_API_KEY_SECRET", hide_env_values = true)]
    pub api_key_secret: Option<SecretString>,

    /// Our WhatsApp sender, E.164
    #[arg(long, env = "TWILIO_WHATSAPP_NUMBER", default_value = "+14155550100")]
    pub whatsapp_number: String,

    /// Messaging service that the sender belongs to; webhooks then carry it
    #[arg(long, env = "TWILIO_MESSAGING_SERVICE_SID")]
    pub messaging_service_sid: Option<String>,

    /// Bearer key that OpenAI's side asks for; without one any key will do
    #[arg(long, env = "OPENAI_API_KEY", hide_env_values = true)]
    pub openai_api_key: Option<SecretString>,

    /// Milliseconds between sent, delivered and read
    #[arg(long, env = "SIMULATOR_STATUS_DELAY_MS", default_value_t = 20)]
    pub status_delay_ms: u64,

    /// Milliseconds between two attempts at the same webhook
    #[arg(long, env = "SIMULATOR_RETRY_DELAY_MS", default_value_t = 200)]
    pub retry_delay_ms: u64,

    /// PostgreSQL, for the page that shows a proposal
    #[arg(long, env = "DATABASE_URL", hide_env_values = true)]
    pub database_url: Option<SecretString>,

    /// Signs bearer tokens of demo users, for linking a phone
    #[arg(long, env = "SUPABASE_JWT_SECRET", hide_env_values = true)]
    pub jwt_secret: Option<SecretString>,

    /// File that gets each accepted send and each inbound message as a line of JSON
    #[arg(long, env = "SIMULATOR_RECORD")]
    pub record: Option<PathBuf>,
}

impl Settings {
    /// The token that signs webhooks.
    #[must_use]
    pub fn signing_token(&self) -> &str {
        self.auth_tokens().next().unwrap_or_default()
    }

    /// Every token that is accepted for API calls.
    pub fn auth_tokens(&self) -> impl Iterator<Item = &str> {
        self.auth_token.expose_secret().split(',').map(str::trim)
    }

    /// Our sender as Twilio writes it: `whatsapp:+14155550100`.
    #[must_use]
    pub fn sender(&self) -> String {
        address(&self.whatsapp_number)
    }

    /// Time between two statuses of one message.
    #[must_use]
    pub fn status_delay(&self) -> Duration {
        Duration::from_millis(self.status_delay_ms)
    }

    /// Time between two attempts at the same webhook.
    #[must_use]
    pub fn retry_delay(&self) -> Duration {
        Duration::from_millis(self.retry_delay_ms)
    }
}

/// A phone as Twilio addresses it on WhatsApp; what carries the prefix already stays as it is.
#[must_use]
pub fn address(phone: &str) -> String {
    let phone = phone.trim();
    if phone.starts_with("whatsapp:") {
        phone.to_owned()
    } else {
        format!("whatsapp:{phone}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory as _;

    #[test]
    fn the_command_line_is_consistent() {
        Settings::command().debug_assert();
    }

    #[test]
    fn of_two_tokens_the_first_signs_and_both_are_accepted() {
        let settings = Settings::parse_from(["simulator", "--auth-token", "new, old"]);
        assert_eq!(settings.signing_token(), "new");
        assert_eq!(settings.auth_tokens().collect::<Vec<_>>(), ["new", "old"]);
        assert!(!format!("{settings:?}").contains("new, old"));
    }
}
