//! Everything the simulator remembers: the account's message log, every call it got and made, the
//! senders and the faults in force. One value behind one lock, in memory, gone with the process.

use std::collections::{BTreeMap, HashMap};

use chrono::{DateTime, Duration, Utc};
use serde::Serialize;
use serde_json::Value;

use crate::{
    fault::{self, RuleBook, callbacks::CallbackRules},
    message::{Direction, Message},
    signature::Params,
    webhook::delivery::Delivery,
};

/// Everything the simulator remembers.
#[derive(Debug, Default)]
pub struct World {
    /// The account's messages.
    pub log: Log,
    /// Calls to `POST Messages.json`, in order received.
    pub sends: Vec<SendCall>,
    /// Inbound messages and raw requests that were posted to the webhook.
    pub webhooks: Vec<Delivery>,
    /// Status callbacks that were posted.
    pub callbacks: Vec<Delivery>,
    /// Typing indicators that were asked for.
    pub typing: Vec<TypingCall>,
    /// Calls to OpenAI's side.
    pub completions: Vec<CompletionCall>,
    /// WhatsApp senders by SID.
    pub senders: BTreeMap<String, Value>,
    /// Faults of Twilio's API.
    pub twilio_rules: RuleBook<fault::twilio::Match, fault::twilio::Action>,
    /// Faults and scripted answers of OpenAI's API.
    pub openai_rules: RuleBook<fault::openai::Match, fault::openai::Action>,
    /// Faults of the status callbacks.
    pub callback_rules: CallbackRules,
    /// Most messages on a page of the log, whatever is asked for.
    pub longest_page: Option<usize>,
}

/// The account's messages in the order in which the log took them.
#[derive(Debug, Default)]
pub struct Log {
    messages: Vec<Message>,
    by_sid: HashMap<String, usize>,
}

impl Log {
    /// Takes a message; a SID that is there already keeps its first message.
    pub fn insert(&mut self, message: Message) {
        if !self.by_sid.contains_key(&message.sid) {
            self.by_sid.insert(message.sid.clone(), self.messages.len());
            self.messages.push(message);
        }
    }

    /// The message with this SID.
    #[must_use]
    pub fn get(&self, sid: &str) -> Option<&Message> {
        self.by_sid.get(sid).map(|&index| &self.messages[index])
    }

    /// The message with this SID, to be changed.
    pub fn get_mut(&mut self, sid: &str) -> Option<&mut Message> {
        self.by_sid.get(sid).map(|&index| &mut self.messages[index])
    }

    /// All messages, oldest first.
    #[must_use]
    pub fn iter(&self) -> impl DoubleEndedIterator<Item = &Message> {
        self.messages.iter()
    }
}

/// A call to `POST Messages.json` and what became of it.
#[derive(Clone, Debug, Serialize)]
pub struct SendCall {
    /// Position, from 0.
    pub n: usize,
    /// When it came.
    pub at: DateTime<Utc>,
    /// The form as it came.
    pub params: Params,
    /// `To`, empty where it was missing.
    pub to: String,
    /// `Body`, empty where it was missing.
    pub body: String,
    /// Whether Twilio took the message, whatever the caller was told.
    pub accepted: bool,
    /// The message's SID, where it was accepted.
    pub sid: Option<String>,
    /// The fault that was played, where one was.
    pub fault: Option<Value>,
    /// What was answered; null while it is being worked on and where the connection was cut.
    pub answer: Option<Answered>,
}

/// What a caller was answered.
#[derive(Clone, Debug, Serialize)]
pub struct Answered {
    /// HTTP status.
    pub status: u16,
    /// JSON body, or the text of one that is not JSON.
    pub body: Value,
}

/// A typing indicator that was asked for.
#[derive(Clone, Debug, Serialize)]
pub struct TypingCall {
    /// When.
    pub at: DateTime<Utc>,
    /// `v2` or `v3`.
    pub version: &'static str,
    /// The inbound message that it answers.
    pub message_sid: String,
    /// The phone that sees it; null where the message is not known.
    pub phone: Option<String>,
}

/// A call to OpenAI's side.
#[derive(Clone, Debug, Serialize)]
pub struct CompletionCall {
    /// Position, from 0.
    pub n: usize,
    /// When it came.
    pub at: DateTime<Utc>,
    /// The request's JSON.
    pub request: Value,
    /// The fault or script that was played, where one was.
    pub fault: Option<Value>,
    /// What was answered; null while it is being worked on and where the connection was cut.
    pub answer: Option<Answered>,
}

impl World {
    /// The phones on which typing dots show: for 25 seconds, or until the next message to them.
    #[must_use]
    pub fn typing_phones(&self, now: DateTime<Utc>) -> Vec<String> {
        let limit = now - Duration::seconds(25);
        let recent = self.typing.iter().rev().take_while(|call| call.at > limit);
        let mut phones: Vec<String> = recent
            .filter(|call| !self.was_answered(call))
            .filter_map(|call| call.phone.clone())
            .collect();
        phones.sort_unstable();
        phones.dedup();
        phones
    }

    fn was_answered(&self, call: &TypingCall) -> bool {
        let since = self
            .log
            .iter()
            .rev()
            .take_while(|message| message.created_at >= call.at);
        since.into_iter().any(|message| {
            message.direction != Direction::Inbound && call.phone.as_ref() == Some(&message.to)
        })
    }
}
