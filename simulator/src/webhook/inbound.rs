//! A message that somebody writes on a phone: into the account's log, then to the webhook, with all
//! the parameters that real ones carry: <https://www.twilio.com/docs/messaging/guides/webhook-request>.

use std::{collections::BTreeMap, sync::Arc};

use serde::Deserialize;
use serde_json::json;
use tokio::task::JoinHandle;

use super::{
    delivery::{Delivery, Post, Signing},
    target::{Target, configured_url},
    twiml,
};
use crate::{
    clock,
    message::{Direction, Message, Status},
    settings::{Settings, address},
    sid,
    signature::Params,
    simulator::Simulator,
    twilio::senders,
};

/// What a phone writes.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Inbound {
    /// The phone, or a business-scoped id such as `whatsapp:MX.1A2B3C`.
    pub from: String,
    /// The text.
    #[serde(default)]
    pub body: String,
    /// A random one where it is missing.
    #[serde(default)]
    pub message_sid: Option<String>,
    /// Our sender where it is missing.
    #[serde(default)]
    pub to: Option<String>,
    /// Parameters to add or to replace; null takes one away.
    #[serde(default)]
    pub params: BTreeMap<String, Option<String>>,
    /// Times that the same message is posted, all at once.
    #[serde(default = "once")]
    pub repeat: usize,
    /// How the request is signed.
    #[serde(default)]
    pub signature: Signing,
}

fn once() -> usize {
    1
}

/// What became of it.
#[derive(Debug)]
pub struct Received {
    /// The message's SID.
    pub message_sid: String,
    /// One for each time that it was posted.
    pub deliveries: Vec<Delivery>,
}

/// Takes a message into the log and posts it; the message stays in the log when nobody answers.
///
/// # Errors
/// When the sender's webhook is not a URL.
pub async fn receive(
    simulator: &Arc<Simulator>,
    inbound: Inbound,
) -> Result<Received, url::ParseError> {
    let message_sid = inbound
        .message_sid
        .clone()
        .unwrap_or_else(|| sid::random("SM"));
    let params = params(&inbound, &message_sid, &simulator.settings);
    let (callback, fallback) = webhook_urls(simulator);
    let target = Target::resolve(&callback, &simulator.settings)?;
    enter(simulator, &message_sid, &params);
    let post = Post {
        target,
        params,
        signature: inbound.signature,
        headers: Vec::new(),
    };
    let posts: Vec<JoinHandle<Delivery>> = (0..inbound.repeat.clamp(1, 100))
        .map(|_| {
            let (simulator_, post, fallback) =
                (Arc::clone(simulator), post.clone(), fallback.clone());
            simulator.spawn(async move { post_one(&simulator_, post, fallback).await })
        })
        .collect();
    let mut deliveries = Vec::new();
    for post in posts {
        deliveries.extend(post.await);
    }
    Ok(Received {
        message_sid,
        deliveries,
    })
}

fn enter(simulator: &Simulator, message_sid: &str, params: &Params) {
    let value = |name: &str| {
        let found = params.iter().find(|(key, _)| key == name);
        found.map(|(_, value)| value.clone()).unwrap_or_default()
    };
    let now = clock::now();
    let message = Message::new(
        message_sid.to_owned(),
        Direction::Inbound,
        Status::Received,
        now,
    )
    .with_text(value("From"), value("To"), value("Body"));
    let num_media = value("NumMedia").parse().unwrap_or(0);
    let message = Message {
        num_media,
        sent_at: Some(now),
        ..message
    };
    simulator.record("inbound", json!({ "sid": message_sid, "params": params }));
    simulator.change(|world| world.log.insert(message));
}

async fn post_one(simulator: &Arc<Simulator>, post: Post, fallback: Option<String>) -> Delivery {
    let delivery = post.clone().deliver(simulator).await;
    settle(simulator, &delivery);
    let target = fallback.and_then(|url| Target::resolve(&url, &simulator.settings).ok());
    if let (false, Some(target)) = (delivery.succeeded(), target) {
        let code = delivery.error_code.unwrap_or(11200).to_string();
        let mut params = post.params;
        params.push(("ErrorCode".to_owned(), code));
        params.push(("ErrorUrl".to_owned(), delivery.url.clone()));
        let second = Post {
            target,
            params,
            ..post
        }
        .deliver(simulator)
        .await;
        settle(simulator, &second);
    }
    delivery
}

/// Writes down an answer, and delivers what it says to the phone.
pub fn settle(simulator: &Simulator, delivery: &Delivery) {
    let mut delivery = delivery.clone();
    let said = if delivery.succeeded() {
        twiml::replies(delivery.content_type.as_deref(), &delivery.body)
    } else {
        Ok(Vec::new())
    };
    let texts = said.unwrap_or_else(|code| {
        delivery.error_code = Some(code);
        Vec::new()
    });
    let now = clock::now();
    simulator.change(|world| {
        let message = delivery
            .message_sid
            .as_deref()
            .and_then(|sid| world.log.get_mut(sid));
        let mut ends = None;
        if let Some(message) = message {
            message.webhook_status = delivery.status.or(message.webhook_status);
            message.webhook_answers += u32::from(delivery.status.is_some());
            ends = Some((message.to.clone(), message.from.clone()));
        }
        for text in texts {
            let Some((from, to)) = ends.clone() else {
                break;
            };
            let kind = (Direction::OutboundReply, Status::Queued);
            let mut reply =
                Message::new(sid::random("SM"), kind.0, kind.1, now).with_text(from, to, text);
            for status in [Status::Sent, Status::Delivered, Status::Read] {
                reply.advance(status, None, now);
            }
            world.log.insert(reply);
        }
        world.webhooks.push(delivery);
    });
}

/// The webhook and its fallback as the sender is configured.
fn webhook_urls(simulator: &Simulator) -> (String, Option<String>) {
    let callback = senders::webhook_setting(simulator, "callback_url");
    let callback = callback.unwrap_or_else(|| configured_url(&simulator.settings).to_owned());
    (
        callback,
        senders::webhook_setting(simulator, "fallback_url"),
    )
}

/// Every parameter of an inbound `WhatsApp` text, in the order in which they are seen in the wild.
fn params(inbound: &Inbound, message_sid: &str, settings: &Settings) -> Params {
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

const PROFILE_NAME: &str = "María";

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
