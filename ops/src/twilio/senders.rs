//! Twilio's Senders API: JSON, in pages, and accepted changes that take a moment to show
//! (<https://www.twilio.com/docs/whatsapp/api/senders>).

use std::time::Duration;

use anyhow::{Context, bail};
use common::{settings::TwilioSettings, twilio::TwilioClient};
use reqwest::{RequestBuilder, StatusCode};
use serde::Deserialize;
use serde_json::{Map, Value, json};

const TIMEOUT: Duration = Duration::from_secs(10);
/// Most pages that are read; a page has as many senders as Twilio allows.
const MOST_PAGES: usize = 100;

/// What a sender is configured with: addresses, and how they are called.
pub(crate) type Webhook = Map<String, Value>;

/// A sender of ours.
#[derive(Clone, Debug, Deserialize)]
pub(crate) struct Sender {
    /// Twilio's id, `XE...`.
    pub(crate) sid: String,
    /// `whatsapp:` and the number.
    #[serde(rename = "sender_id")]
    address: String,
    /// Null where nothing was ever configured.
    webhook: Option<Webhook>,
}

impl Sender {
    /// What it is configured with.
    pub(crate) fn webhook(&self) -> Webhook {
        self.webhook.clone().unwrap_or_default()
    }
}

#[derive(Deserialize)]
struct Page {
    #[serde(default)]
    senders: Vec<Sender>,
    #[serde(default)]
    meta: Meta,
}

#[derive(Default, Deserialize)]
struct Meta {
    next_page_url: Option<String>,
}

/// The API, for one account.
pub(crate) struct Senders {
    client: TwilioClient,
    url: String,
    ours: String,
}

impl Senders {
    pub(crate) fn new(settings: &TwilioSettings) -> anyhow::Result<Self> {
        Ok(Self {
            client: TwilioClient::new(settings, TIMEOUT)?,
            url: format!("{}/v2/Channels/Senders", settings.messaging_url),
            ours: format!("whatsapp:{}", settings.number.reveal()),
        })
    }

    /// Our sender.
    ///
    /// # Errors
    /// When there is none or more than one, or Twilio cannot be asked; each with what to do.
    pub(crate) async fn ours(&self) -> anyhow::Result<Sender> {
        let mut found = Vec::new();
        let mut query = "Channel=whatsapp&PageSize=100".to_owned();
        for _ in 0..MOST_PAGES {
            let page = self.client.get(&format!("{}?{query}", self.url));
            let page: Page = serde_json::from_value(self.call(page).await?)
                .context("Twilio's list of senders is not as its API describes it")?;
            found.extend(page.senders);
            // Only the query: credentials go to no address that an answer names.
            let next = page.meta.next_page_url.filter(|url| !url.is_empty());
            let Some(next) = next else {
                return only(&self.ours, found);
            };
            next.split_once('?')
                .unwrap_or_default()
                .1
                .clone_into(&mut query);
        }
        bail!("Twilio's list of senders has more than {MOST_PAGES} pages")
    }

    /// One sender as it is now.
    pub(crate) async fn fetch(&self, sid: &str) -> anyhow::Result<Sender> {
        let call = self.client.get(&format!("{}/{sid}", self.url));
        serde_json::from_value(self.call(call).await?)
            .context("Twilio's description of the sender is not as its API describes it")
    }

    /// Asks for another configuration. It is accepted here, and shows a moment later.
    pub(crate) async fn update(&self, sid: &str, webhook: &Webhook) -> anyhow::Result<()> {
        let call = self.client.post(&format!("{}/{sid}", self.url));
        self.call(call.json(&json!({ "webhook": webhook })))
            .await
            .map(drop)
    }

    async fn call(&self, call: RequestBuilder) -> anyhow::Result<Value> {
        let response = call.send().await.map_err(reqwest::Error::without_url);
        let response = response.context(
            "TWILIO_MESSAGING_BASE_URL: Twilio does not answer; check the network and the address",
        )?;
        let status = response.status();
        let body = response.bytes().await.map_err(reqwest::Error::without_url);
        let body: Value = serde_json::from_slice(&body?).unwrap_or_default();
        match status {
            status if status.is_success() => Ok(body),
            StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN => bail!(
                "Twilio refuses our credentials ({}): check TWILIO_ACCOUNT_SID, and \
                 TWILIO_AUTH_TOKEN or TWILIO_API_KEY_SID and TWILIO_API_KEY_SECRET",
                body["code"]
            ),
            StatusCode::TOO_MANY_REQUESTS => bail!("Twilio has too much to do; try again later"),
            status => bail!(
                "Twilio answers {} (error {}): look it up at {}",
                status.as_u16(),
                body["code"],
                body["more_info"].as_str().unwrap_or("twilio.com/docs")
            ),
        }
    }
}

/// The only sender with our number.
fn only(ours: &str, senders: Vec<Sender>) -> anyhow::Result<Sender> {
    let mut matching: Vec<Sender> = senders
        .into_iter()
        .filter(|sender| sender.address == ours)
        .collect();
    match (matching.pop(), matching.len()) {
        (Some(sender), 0) => Ok(sender),
        (Some(_), more) => bail!(
            "the account has {} WhatsApp senders with TWILIO_WHATSAPP_NUMBER: delete all but one \
             in the Twilio console",
            more + 1
        ),
        (None, _) => bail!(
            "the account has no WhatsApp sender with TWILIO_WHATSAPP_NUMBER: check the number \
             and TWILIO_ACCOUNT_SID, or register the sender in the Twilio console"
        ),
    }
}

/// Reads the address of another way in: what Twilio calls has to be reachable for it.
pub(super) fn parse_fallback(text: &str) -> Result<String, String> {
    let is_address = text.starts_with("https://") && url::Url::parse(text).is_ok();
    is_address
        .then(|| text.to_owned())
        .ok_or_else(|| "must be an address that begins with https://".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn senders(ids: &[&str]) -> Vec<Sender> {
        let sender = |id: &&str| json!({"sid": format!("XE{id}"), "sender_id": id});
        let senders = ids.iter().map(sender);
        senders
            .map(|sender| serde_json::from_value(sender).unwrap())
            .collect()
    }

    #[test]
    fn ours_is_the_only_one_with_our_number() {
        let found = only("b", senders(&["a", "b", "c"])).unwrap();
        assert_eq!(found.sid, "XEb");
        assert!(found.webhook().is_empty());
    }

    #[test]
    fn none_and_several_are_refused_in_a_sentence() {
        let none = only("b", senders(&["a"])).unwrap_err().to_string();
        assert!(none.contains("no WhatsApp sender"), "{none}");
        let several = only("b", senders(&["b", "a", "b"]))
            .unwrap_err()
            .to_string();
        assert!(several.contains("2 WhatsApp senders"), "{several}");
    }
}
