//! Twilio's side: forms, signed by an implementation of the tests' own.

use std::collections::{BTreeMap, BTreeSet};

use base64::{Engine as _, engine::general_purpose::STANDARD};
use hmac::{Hmac, KeyInit as _, Mac as _};
use reqwest::{RequestBuilder, Response};
use sha1::Sha1;

use crate::world::{ACCOUNT, Ingester, PUBLIC, TOKEN};

pub(crate) const WEBHOOK: &str = "/api/integrations/whatsapp/webhook";
pub(crate) const EMPTY: &str = r#"<?xml version="1.0" encoding="UTF-8"?><Response></Response>"#;

/// A form, as pairs.
pub(crate) type Form = Vec<(&'static str, String)>;

/// A text message that nobody sent before.
pub(crate) fn text(from: &str, body: &str) -> Form {
    vec![
        ("MessageSid", format!("SM{}", uuid::Uuid::new_v4().simple())),
        ("AccountSid", ACCOUNT.to_owned()),
        ("From", from.to_owned()),
        ("To", "whatsapp:+14155550100".to_owned()),
        ("Body", body.to_owned()),
        ("NumMedia", "0".to_owned()),
    ]
}

/// A sender that no other test uses.
pub(crate) fn sender() -> String {
    let digits = uuid::Uuid::new_v4().as_u128() % 100_000_000;
    format!("whatsapp:+52155{digits:08}")
}

/// The form with a parameter changed, added or (`None`) removed.
pub(crate) fn with(mut form: Form, name: &'static str, value: Option<&str>) -> Form {
    form.retain(|pair| pair.0 != name);
    form.extend(value.map(|value| (name, value.to_owned())));
    form
}

pub(crate) fn sign(url: &str, form: &Form) -> String {
    let mut sorted = BTreeMap::<&str, BTreeSet<&str>>::new();
    for (name, value) in form {
        sorted.entry(name).or_default().insert(value);
    }
    let mut mac = Hmac::<Sha1>::new_from_slice(TOKEN.as_bytes()).unwrap();
    mac.update(url.as_bytes());
    for (name, value) in sorted
        .iter()
        .flat_map(|(name, values)| values.iter().map(move |v| (name, v)))
    {
        mac.update(name.as_bytes());
        mac.update(value.as_bytes());
    }
    STANDARD.encode(mac.finalize().into_bytes())
}

pub(crate) fn encode(form: &Form) -> String {
    form_urlencoded::Serializer::new(String::new())
        .extend_pairs(form)
        .finish()
}

impl Ingester {
    /// A request as Twilio makes it, to be changed or sent.
    pub(crate) fn webhook(&self, target: &str, form: &Form) -> RequestBuilder {
        self.http
            .post(format!("{}{target}", self.url))
            .header(
                "x-twilio-signature",
                sign(&format!("{PUBLIC}{target}"), form),
            )
            .header(
                "content-type",
                "application/x-www-form-urlencoded; charset=UTF-8",
            )
            .body(encode(form))
    }

    /// Posts a form as Twilio does.
    pub(crate) async fn post(&self, form: &Form) -> Response {
        let answer = self.webhook(WEBHOOK, form).send().await.unwrap();
        self.assert_described("POST", WEBHOOK, answer.status().as_u16())
            .await;
        answer
    }

    /// Posts a form, and gives status and body.
    pub(crate) async fn answer(&self, form: &Form) -> (u16, String) {
        let response = self.post(form).await;
        (response.status().as_u16(), response.text().await.unwrap())
    }
}
