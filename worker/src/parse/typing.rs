//! Typing dots on the sender's phone while a request is read: Twilio's indicator, best effort.
//! Nobody waits for it and nobody minds when it fails.
//! <https://www.twilio.com/docs/whatsapp/api/typing-indicators-resource>

use std::time::Duration;

use common::{settings::TwilioSettings, shutdown::Shutdown, sid::MessageSid, twilio::TwilioClient};

/// Longest that it may take: dots that come later are of no use.
const LIMIT: Duration = Duration::from_secs(3);

/// Asks Twilio for typing dots.
#[derive(Clone)]
pub(crate) struct Typing {
    client: TwilioClient,
    url: String,
}

impl Typing {
    /// For one account.
    ///
    /// # Errors
    /// When the system's certificates cannot be read.
    pub(crate) fn new(settings: &TwilioSettings) -> Result<Self, reqwest::Error> {
        Ok(Self {
            client: TwilioClient::new(settings, LIMIT)?,
            url: format!("{}/v2/Indicators/Typing.json", settings.messaging_url),
        })
    }

    /// Shows the dots under that message, beside whatever else is done.
    pub(crate) fn show(&self, message: &MessageSid, shutdown: &Shutdown) {
        let form = [("channel", "whatsapp"), ("messageId", message.as_str())];
        let call = self.client.post(&self.url).form(&form);
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
