//! `POST Messages.json`: checks what Twilio checks, takes the message, answers, and lets its status
//! move on.

use std::sync::Arc;

use chrono::Duration;
use serde_json::json;
use url::Url;

use super::{answer::Answer, callbacks, fault_play, resource};
use crate::{
    clock,
    fault::twilio::{Action, Operation},
    message::{Direction, Message, Status},
    settings::Settings,
    sid,
    signature::Params,
    simulator::Simulator,
    world::SendCall,
};

/// Longest text that the API takes, in characters.
const LONGEST_BODY: usize = 1600;

/// Takes a send to its end, even if the caller goes away. `None` means that the connection is cut.
pub async fn send(
    simulator: Arc<Simulator>,
    allowed: Result<(), Answer>,
    params: Params,
) -> Option<Answer> {
    let form = Form(&params);
    let (to, body) = (form.get("To").to_owned(), form.get("Body").to_owned());
    let pick = || fault_play::pick(&simulator, Operation::Send, &to, &body);
    let fault = if allowed.is_ok() { pick() } else { None };
    let call = SendCall {
        n: 0,
        at: clock::now(),
        params: params.clone(),
        to,
        body,
        accepted: false,
        sid: None,
        fault: fault.as_ref().map(|fault| json!(fault)),
        answer: None,
    };
    let n = simulator.change(|world| {
        let n = world.sends.len();
        world.sends.push(SendCall { n, ..call });
        n
    });
    let take = || accept(&simulator, n, &params, fault.as_ref());
    let answer = match allowed.err() {
        Some(refusal) => Some(refusal),
        None => fault_play::play(fault.clone(), take).await,
    };
    simulator.change(|world| {
        if let Some(call) = world.sends.get_mut(n) {
            call.answer = answer.as_ref().map(Answer::answered);
        }
    });
    answer
}

fn accept(simulator: &Arc<Simulator>, n: usize, params: &Params, fault: Option<&Action>) -> Answer {
    let form = Form(params);
    if let Err(refusal) = form.check(&simulator.settings) {
        return refusal;
    }
    let mut message = form.message(&simulator.settings);
    if let Some(Action::ListLate { ms, .. }) = fault {
        message.listed_from += Duration::milliseconds(i64::try_from(*ms).unwrap_or(i64::MAX));
    }
    let answer = Answer::new(
        201,
        resource::message(&message, &simulator.settings.account_sid),
    );
    simulator.record("send", json!({ "sid": message.sid, "params": params }));
    let sid = message.sid.clone();
    simulator.change(|world| {
        if let Some(call) = world.sends.get_mut(n) {
            (call.accepted, call.sid) = (true, Some(sid.clone()));
        }
        world.log.insert(message);
    });
    let failure = match fault {
        Some(Action::AsyncFailure { code, status }) => Some((*status, *code)),
        _ => None,
    };
    let url = Some(form.get("StatusCallback"))
        .filter(|url| !url.is_empty())
        .map(str::to_owned);
    simulator.spawn(callbacks::progress(
        Arc::clone(simulator),
        sid,
        url,
        failure,
    ));
    answer
}

/// The form of a send.
struct Form<'a>(&'a Params);

impl<'a> Form<'a> {
    fn get(&self, name: &str) -> &'a str {
        let found = self.0.iter().find(|(key, _)| key == name);
        found.map_or("", |(_, value)| value.as_str())
    }

    fn has(&self, name: &str) -> bool {
        !self.get(name).is_empty()
    }

    /// Twilio's checks, each with Twilio's code.
    fn check(&self, settings: &Settings) -> Result<(), Answer> {
        let to = self.get("To");
        let refuse = |code, text: &str| Err(Answer::refused(code, text));
        if to.is_empty() {
            return refuse(21604, "A 'To' phone number is required.");
        }
        if !self.has("From") && !self.has("MessagingServiceSid") {
            return refuse(21603, "A 'From' phone number is required.");
        }
        if !self.has("Body") && !self.has("MediaUrl") && !self.has("ContentSid") {
            return refuse(21602, "Message body is required.");
        }
        if self.get("Body").chars().count() > LONGEST_BODY {
            let text = "The concatenated message body exceeds the 1600 character limit.";
            return refuse(21617, text);
        }
        self.check_addresses(to, settings)?;
        let variables = self.get("ContentVariables");
        if !variables.is_empty() && serde_json::from_str::<Variables>(variables).is_err() {
            return refuse(21656, "The Content Variables Parameter is invalid.");
        }
        let callback = self.get("StatusCallback");
        if !callback.is_empty() && Url::parse(callback).is_err() {
            return refuse(
                21609,
                &format!("The StatusCallback URL {callback} is not a valid URL."),
            );
        }
        Ok(())
    }

    fn check_addresses(&self, to: &str, settings: &Settings) -> Result<(), Answer> {
        let from = self.get("From");
        let is_whatsapp = |text: &str| text.starts_with("whatsapp:");
        if self.has("From") && is_whatsapp(from) != is_whatsapp(to) {
            let text = "Invalid From and To pair. From and To should be of the same channel";
            return Err(Answer::refused(21910, text));
        }
        if !is_address(to) {
            let text = format!("The 'To' number {to} is not a valid phone number.");
            return Err(Answer::refused(21211, &text));
        }
        if self.has("From") && from != settings.sender() {
            let text = "Twilio could not find a Channel with the specified From address";
            return Err(Answer::refused(63007, text));
        }
        if from == to {
            let text = "'To' and 'From' number cannot be the same";
            return Err(Answer::refused(21211, text));
        }
        Ok(())
    }

    fn message(&self, settings: &Settings) -> Message {
        let optional = |name: &str| Some(self.get(name).to_owned()).filter(|v| !v.is_empty());
        let service = optional("MessagingServiceSid");
        let status = if service.is_some() {
            Status::Accepted
        } else {
            Status::Queued
        };
        let media = self.0.iter().filter(|(key, _)| key == "MediaUrl").count();
        let prefix = if media > 0 { "MM" } else { "SM" };
        let message = Message::new(
            sid::random(prefix),
            Direction::OutboundApi,
            status,
            clock::now(),
        );
        Message {
            num_media: media,
            content_sid: optional("ContentSid"),
            content_variables: optional("ContentVariables"),
            messaging_service_sid: service,
            ..message.with_text(
                settings.sender(),
                self.get("To").into(),
                self.get("Body").into(),
            )
        }
    }
}

type Variables = std::collections::BTreeMap<String, String>;

/// A phone in E.164 or a business-scoped id (`whatsapp:MX.1A2B3C`).
fn is_address(to: &str) -> bool {
    let Some(id) = to.strip_prefix("whatsapp:") else {
        return is_e164(to);
    };
    is_e164(id)
        || id.split_once('.').is_some_and(|(country, rest)| {
            country.len() == 2
                && country.bytes().all(|b| b.is_ascii_uppercase())
                && !rest.is_empty()
                && rest.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'.')
        })
}

fn is_e164(phone: &str) -> bool {
    phone.strip_prefix('+').is_some_and(|digits| {
        (7..=15).contains(&digits.len())
            && !digits.starts_with('0')
            && digits.bytes().all(|b| b.is_ascii_digit())
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::Parser as _;

    fn code(params: &[(&str, &str)]) -> Option<u64> {
        let params: Params = params
            .iter()
            .map(|(k, v)| ((*k).into(), (*v).into()))
            .collect();
        let settings = Settings::parse_from(["simulator", "--whatsapp-number", "+14155550100"]);
        Form(&params).check(&settings).err()?.body["code"].as_u64()
    }

    #[test]
    fn each_mistake_gets_twilios_code() {
        let from = ("From", "whatsapp:+14155550100");
        let to = ("To", "whatsapp:+5215555550100");
        let body = ("Body", "hi");
        let long = "x".repeat(1601);
        assert_eq!(code(&[from, to, body]), None);
        assert_eq!(code(&[from, body]), Some(21604));
        assert_eq!(code(&[to, body]), Some(21603));
        assert_eq!(code(&[from, to]), Some(21602));
        assert_eq!(code(&[from, to, ("Body", &long)]), Some(21617));
        assert_eq!(code(&[from, ("To", "whatsapp:+52"), body]), Some(21211));
        assert_eq!(code(&[from, ("To", "+5215555550100"), body]), Some(21910));
        assert_eq!(
            code(&[("From", "whatsapp:+14155550199"), to, body]),
            Some(63007)
        );
        assert_eq!(code(&[from, ("To", "whatsapp:MX.1A2B3C"), body]), None);
        assert_eq!(code(&[from, to, ("ContentSid", "HX1")]), None);
        assert_eq!(
            code(&[from, to, body, ("ContentVariables", "{\"1\":null}")]),
            Some(21656)
        );
        assert_eq!(
            code(&[from, to, body, ("StatusCallback", "nowhere")]),
            Some(21609)
        );
    }
}
