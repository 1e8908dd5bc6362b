//! The parameters of an inbound WhatsApp message, as real ones carry them:
//! <https://www.twilio.com/docs/messaging/guides/webhook-request>.

use serde_json::json;

use super::written::Inbound;
use crate::{
    settings::{Settings, address},
    sid,
    signature::Params,
};

/// What the phone's owner calls herself.
const PROFILE_NAME: &str = "María";

/// Every parameter of an inbound WhatsApp text, in the order in which they are seen in the wild.
#[must_use]
pub fn params(inbound: &Inbound, message_sid: &str, settings: &Settings) -> Params {
    let from = address(&inbound.from);
    let digits = from.strip_prefix("whatsapp:+").map(str::to_owned);
    let scoped = scoped_id(&from);
    let mut context = json!({ "ProfileName": PROFILE_NAME });
    if let Some(digits) = &digits {
        context["WaId"] = json!(digits);
    }
    let metadata = json!({ "type": "whatsapp", "data": { "context": context } }).to_string();
    let to = inbound
        .to
        .as_deref()
        .map_or_else(|| settings.sender(), address);
    let known = [
        ("SmsMessageSid", Some(message_sid.to_owned())),
        ("NumMedia", Some("0".to_owned())),
        ("ProfileName", Some(PROFILE_NAME.to_owned())),
        ("MessageType", Some("text".to_owned())),
        ("SmsSid", Some(message_sid.to_owned())),
        ("WaId", digits),
        ("SmsStatus", Some("received".to_owned())),
        ("Body", Some(inbound.body.clone())),
        ("To", Some(to)),
        (
            "MessagingServiceSid",
            settings.messaging_service_sid.clone(),
        ),
        ("NumSegments", Some("1".to_owned())),
        ("ReferralNumMedia", Some("0".to_owned())),
        ("MessageSid", Some(message_sid.to_owned())),
        ("AccountSid", Some(settings.account_sid.clone())),
        ("ChannelMetadata", Some(metadata)),
        ("From", Some(from)),
        ("ApiVersion", Some("2010-04-01".to_owned())),
        ("ExternalUserId", Some(scoped)),
    ];
    let mut params: Vec<(String, Option<String>)> = known
        .into_iter()
        .map(|(key, value)| (key.to_owned(), value))
        .collect();
    for (key, value) in &inbound.params {
        match params.iter_mut().find(|(known, _)| known == key) {
            Some((_, slot)) => slot.clone_from(value),
            None => params.push((key.clone(), value.clone())),
        }
    }
    params
        .into_iter()
        .filter_map(|(key, value)| Some((key, value?)))
        .collect()
}

/// The business-scoped id of a phone; always the same for the same phone.
fn scoped_id(from: &str) -> String {
    let Some(phone) = from.strip_prefix("whatsapp:+") else {
        return from.to_owned();
    };
    let country = match phone.as_bytes() {
        [b'5', b'2', ..] => "MX",
        [b'5', b'5', ..] => "BR",
        [b'5', b'4', ..] => "AR",
        [b'1', ..] => "US",
        _ => "ZZ",
    };
    let id = sid::named("", phone).to_uppercase();
    format!("whatsapp:{country}.{}", &id[..16])
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::Parser as _;

    fn written(json: &str) -> Params {
        let inbound = serde_json::from_str(json).unwrap();
        params(&inbound, "SM1", &Settings::parse_from(["simulator"]))
    }

    fn value<'a>(params: &'a Params, name: &str) -> Option<&'a str> {
        params
            .iter()
            .find(|(key, _)| key == name)
            .map(|(_, value)| value.as_str())
    }

    #[test]
    fn a_visible_phone_comes_with_its_digits_and_its_scoped_id() {
        let params = written(r#"{"from":"+5215555550100","body":"hola"}"#);
        assert_eq!(value(&params, "From"), Some("whatsapp:+5215555550100"));
        assert_eq!(value(&params, "WaId"), Some("5215555550100"));
        assert!(
            value(&params, "ExternalUserId")
                .unwrap()
                .starts_with("whatsapp:MX.")
        );
        assert_eq!(value(&params, "NumMedia"), Some("0"));
    }

    #[test]
    fn a_hidden_phone_has_no_digits_and_parameters_can_be_changed() {
        let params = written(
            r#"{"from":"whatsapp:MX.1A2B","params":{"Body":"x","ProfileName":null,"Extra":"1"}}"#,
        );
        assert_eq!(value(&params, "WaId"), None);
        assert_eq!(value(&params, "ExternalUserId"), Some("whatsapp:MX.1A2B"));
        assert_eq!(value(&params, "Body"), Some("x"));
        assert_eq!(value(&params, "ProfileName"), None);
        assert_eq!(value(&params, "Extra"), Some("1"));
    }
}
