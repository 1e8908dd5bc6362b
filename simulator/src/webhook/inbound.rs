//! A message that somebody writes on a phone: into the account's log, then to the webhook, with all
//! the parameters that real ones carry; what the answer says, back to the phone.

use std::sync::Arc;

use chrono::{DateTime, Utc};
use serde_json::json;
use tokio::task::JoinHandle;

use super::{
    delivery::{Delivery, Signing},
    parameters::params,
    post::Post,
    target::{Target, configured_url},
    twiml,
    written::Inbound,
};
use crate::{
    clock,
    message::{Direction, Message, Status},
    sid,
    signature::Params,
    simulator::Simulator,
    twilio::senders,
};

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
    // Who forges a webhook is not Twilio, which knows nothing of it.
    if inbound.signature == Signing::Valid {
        enter(simulator, &message_sid, &params, inbound.sent_at);
    }
    let post = Post {
        target,
        params,
        signature: inbound.signature,
        headers: Vec::new(),
    };
    let times = if inbound.lost {
        0
    } else {
        inbound.repeat.clamp(1, 100)
    };
    let posts: Vec<JoinHandle<Delivery>> = (0..times)
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

fn enter(
    simulator: &Simulator,
    message_sid: &str,
    params: &Params,
    sent_at: Option<DateTime<Utc>>,
) {
    let value = |name: &str| {
        let found = params.iter().find(|(key, _)| key == name);
        found.map(|(_, value)| value.clone()).unwrap_or_default()
    };
    let now = sent_at.unwrap_or_else(clock::now);
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
        kind: Some(value("MessageType")).filter(|kind| !kind.is_empty()),
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
