//! The way of a message's status after Twilio took it, and the callbacks that tell of it. There is
//! none for the first status: <https://www.twilio.com/docs/messaging/guides/outbound-message-status-in-status-callbacks>.

use std::{sync::Arc, time::Duration};

use super::senders;
use crate::{
    clock,
    fault::callbacks::CallbackFaults,
    message::{Message, Status},
    signature::Params,
    simulator::Simulator,
    webhook::{
        delivery::{Delivery, Signing},
        post::Post,
        target::Target,
    },
};

/// Lets a message reach its statuses one after the other, and posts a callback for each.
pub async fn progress(
    simulator: Arc<Simulator>,
    sid: String,
    url: Option<String>,
    failure: Option<(Status, u32)>,
) {
    let faults = simulator.look(|world| world.callback_rules.faults().clone());
    // A message that names no callback of its own uses its sender's.
    let target = url.or_else(|| senders::webhook_setting(&simulator, "status_callback_url"));
    let target = target.and_then(|url| Target::resolve(&url, &simulator.settings).ok());
    let mut held = Vec::new();
    for (status, code) in steps(failure, faults.last_status) {
        tokio::time::sleep(simulator.settings.status_delay()).await;
        let now = clock::now();
        let params = simulator.change(|world| {
            let message = world.log.get_mut(&sid)?;
            message
                .advance(status, code, now)
                .then(|| form(message, &simulator))
        });
        let Some(params) = params else { return };
        if faults.out_of_order {
            held.insert(0, params);
        } else {
            post(&simulator, target.as_ref(), params, &faults).await;
        }
    }
    for params in held {
        post(&simulator, target.as_ref(), params, &faults).await;
    }
}

/// A message that was taken is not delivered after all: the log says so, and its callback, without
/// faults. `None` where the message is not there or has come to its end, or names no callback.
pub async fn fails_late(
    simulator: &Arc<Simulator>,
    sid: &str,
    (status, code): (Status, u32),
) -> Option<Delivery> {
    let url = simulator.look(|world| {
        let call = world
            .sends
            .iter()
            .find(|call| call.sid.as_deref() == Some(sid))?;
        let url = call.params.iter().find(|(key, _)| key == "StatusCallback");
        url.map(|(_, url)| url.clone())
    })?;
    let target = Target::resolve(&url, &simulator.settings).ok()?;
    let now = clock::now();
    let params = simulator.change(|world| {
        let message = world.log.get_mut(sid)?;
        message
            .advance(status, Some(code), now)
            .then(|| form(message, simulator))
    })?;
    let post = Post {
        target,
        params,
        signature: Signing::Valid,
        headers: Vec::new(),
    };
    let delivery = post.deliver(simulator).await;
    simulator.change(|world| world.callbacks.push(delivery.clone()));
    Some(delivery)
}

fn steps(failure: Option<(Status, u32)>, last: Option<Status>) -> Vec<(Status, Option<u32>)> {
    if let Some((status, code)) = failure {
        return vec![(status, Some(code))];
    }
    let way = [Status::Sent, Status::Delivered, Status::Read];
    let end = way
        .iter()
        .position(|status| Some(*status) == last)
        .map_or(way.len(), |at| at + 1);
    way[..end].iter().map(|status| (*status, None)).collect()
}

async fn post(
    simulator: &Arc<Simulator>,
    target: Option<&Target>,
    params: Params,
    faults: &CallbackFaults,
) {
    let Some(target) = target else { return };
    let copies = simulator.change(|world| world.callback_rules.copies());
    for _ in 0..copies {
        tokio::time::sleep(Duration::from_millis(faults.delay_ms)).await;
        let (target, params) = (target.clone(), params.clone());
        let post = Post {
            target,
            params,
            signature: Signing::Valid,
            headers: Vec::new(),
        };
        let delivery = post.deliver(simulator).await;
        simulator.change(|world| world.callbacks.push(delivery));
    }
}

/// The parameters of a callback, in the order in which they are seen in the wild.
fn form(message: &Message, simulator: &Simulator) -> Params {
    let settings = &simulator.settings;
    let status = message.status.as_str();
    let event = match message.status {
        Status::Delivered | Status::Read | Status::Undelivered => Some(status.to_uppercase()),
        _ => None,
    };
    let sent = message.status == Status::Sent;
    let channel = crate::sid::named("XE", &settings.sender());
    let to_address = message
        .to
        .strip_prefix("whatsapp:")
        .unwrap_or(&message.to)
        .to_owned();
    let error = message.error_code.map(|code| code.to_string());
    let reason = message.error_code.map(|code| format!("Error {code}"));
    let params = [
        ("EventType", event),
        ("SmsSid", Some(message.sid.clone())),
        ("SmsStatus", Some(status.to_owned())),
        ("MessageStatus", Some(status.to_owned())),
        ("ChannelToAddress", Some(to_address)),
        ("To", Some(message.to.clone())),
        ("ChannelPrefix", Some("whatsapp".to_owned())),
        ("MessageSid", Some(message.sid.clone())),
        ("AccountSid", Some(settings.account_sid.clone())),
        ("MessagingServiceSid", message.messaging_service_sid.clone()),
        ("StructuredMessage", sent.then(|| "false".to_owned())),
        ("From", Some(message.from.clone())),
        ("ApiVersion", Some("2010-04-01".to_owned())),
        (
            "ChannelInstallSid",
            (message.status != Status::Read).then_some(channel),
        ),
        ("ErrorCode", error),
        ("ErrorMessage", reason.clone()),
        ("ChannelStatusMessage", reason),
    ];
    params
        .into_iter()
        .filter_map(|(key, value)| Some((key.to_owned(), value?)))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_message_goes_the_whole_way_unless_it_fails_or_stops_early() {
        let statuses = |way: Vec<(Status, Option<u32>)>| {
            way.into_iter()
                .map(|(status, _)| status.as_str())
                .collect::<Vec<_>>()
        };
        assert_eq!(statuses(steps(None, None)), ["sent", "delivered", "read"]);
        assert_eq!(statuses(steps(None, Some(Status::Sent))), ["sent"]);
        assert_eq!(
            statuses(steps(Some((Status::Failed, 63016)), None)),
            ["failed"]
        );
    }
}
