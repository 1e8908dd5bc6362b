//! Typing dots on the sender's phone while a request is read: Twilio's indicator, best effort.
//! Nobody waits for it and nobody minds when it fails.
//! <https://www.twilio.com/docs/whatsapp/api/typing-indicators-resource>

use std::time::Duration;

use common::{http, settings::TwilioSettings, shutdown::Shutdown, sid::MessageSid};
use secrecy::{ExposeSecret, SecretString};

/// Longest that it may take: dots that come later are of no use.
const LIMIT: Duration = Duration::from_secs(3);

/// Asks Twilio for typing dots.
#[derive(Clone)]
pub(crate) struct Typing {
    client: reqwest::Client,
    url: String,
    user: String,
    password: SecretString,
}

impl Typing {
    /// For one account.
    ///
    /// # Errors
    /// When the system's certificates cannot be read.
    pub(crate) fn new(settings: &TwilioSettings) -> Result<Self, reqwest::Error> {
        let (user, password) = settings.credentials();
        Ok(Self {
            client: http::client(LIMIT)?,
            url: format!("{}/v2/Indicators/Typing.json", settings.messaging_url),
            user,
            password,
        })
    }

    /// Shows the dots under that message, beside whatever else is done.
    pub(crate) fn show(&self, message: &MessageSid, shutdown: &Shutdown) {
        let form = [("channel", "whatsapp"), ("messageId", message.as_str())];
        let password = Some(self.password.expose_secret());
        let call = self.client.post(&self.url);
        let call = call.basic_auth(&self.user, password).form(&form);
        drop(shutdown.spawn(async move {
            let outcome = match call.send().await {
                Ok(answer) if answer.status().is_success() => "shown",
                Ok(_) => "refused",
                Err(_) => "unanswered",
            };
            metrics::counter!("typing_indicators_total", "outcome" => outcome).increment(1);
        }));
    }
}
