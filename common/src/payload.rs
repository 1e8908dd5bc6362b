//! What travels on the queue: tagged, versioned JSON. A release writes only versions that the
//! release before it can read; an unknown one goes to the dead letters with its name.

use chrono::{DateTime, Utc};
use parser::Language;
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use uuid::Uuid;

use crate::{identity::WaAddress, personal::PersonalText, sid::MessageSid};

/// A payload that this release cannot read.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
pub enum Undecodable {
    /// It is tagged with a version that another release writes.
    #[error("unknown payload version {0:?}: a newer release wrote it")]
    UnknownVersion(String),
    /// It is no JSON of that shape. The message names the place, never the content.
    #[error("undecodable payload at line {line}, column {column}")]
    Malformed {
        /// Line of the JSON text.
        line: usize,
        /// Column of that line.
        column: usize,
    },
}

/// Reads one payload.
///
/// # Errors
/// When it is malformed or of an unknown version.
pub fn decode<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, Undecodable> {
    #[derive(Deserialize)]
    struct Tag {
        r#type: String,
    }
    serde_json::from_slice(bytes).map_err(|error| match serde_json::from_slice::<Tag>(bytes) {
        // serde's own words for an unknown tag; a known tag with a wrong body is malformed.
        Ok(tag) if error.to_string().starts_with("unknown variant") => {
            Undecodable::UnknownVersion(tag.r#type.chars().take(64).collect())
        }
        _ => Undecodable::Malformed {
            line: error.line(),
            column: error.column(),
        },
    })
}

/// Writes one payload.
///
/// # Panics
/// Never: these types have only text keys.
#[must_use]
pub fn encode<T: Serialize>(payload: &T) -> Vec<u8> {
    match serde_json::to_vec(payload) {
        Ok(bytes) => bytes,
        Err(impossible) => unreachable!("a payload always has a JSON form: {impossible}"),
    }
}

/// On `<PREFIX>_INBOUND`: what somebody wrote to us.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "type")]
pub enum InboundPayload {
    /// First version.
    #[serde(rename = "inbound/1")]
    V1(InboundMessage),
}

/// A message as the stages need it; what else Twilio sent is not kept.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct InboundMessage {
    /// Twilio's identifier: one message, whatever happens.
    pub message_sid: MessageSid,
    /// Where replies go.
    pub from: WaAddress,
    /// The sender's business-scoped id, where WhatsApp gave one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub external_user_id: Option<PersonalText>,
    /// The text, a caption, or the text of the button or list entry that was chosen.
    pub text: PersonalText,
    /// What kind of message it is.
    pub content: Content,
    /// The message of ours or theirs that this one answers.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub replied_to: Option<MessageSid>,
    /// What Twilio has done about it by itself, where its opt-out management knows the word.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub opt_out: Option<OptOut>,
    /// When the webhook came.
    pub received_at: DateTime<Utc>,
}

/// A word that Twilio's opt-out management has answered itself (`OptOutType`): nothing of ours is
/// sent, and while somebody is out, nothing arrives.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OptOut {
    /// They want no more messages.
    Stop,
    /// They want them again.
    Start,
    /// They asked what this is.
    Help,
}

impl OptOut {
    /// Reads Twilio's word; another one is nothing that we know.
    #[must_use]
    pub fn parse(word: &str) -> Option<Self> {
        [
            ("STOP", Self::Stop),
            ("START", Self::Start),
            ("HELP", Self::Help),
        ]
        .into_iter()
        .find_map(|(name, kind)| name.eq_ignore_ascii_case(word.trim()).then_some(kind))
    }
}

/// Kinds of WhatsApp messages (Twilio's `MessageType`, or told from the media).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Content {
    /// Text, a button or a list entry.
    Text,
    /// A picture.
    Image,
    /// A film.
    Video,
    /// A voice message or another sound.
    Audio,
    /// A file.
    Document,
    /// A sticker.
    Sticker,
    /// A place.
    Location,
    /// Contact cards.
    Contacts,
    /// An emoji on an earlier message.
    Reaction,
    /// What WhatsApp invents next.
    #[serde(other)]
    Unknown,
}

/// On `<PREFIX>_PARSE`: a request with all the context that it was made in.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "type")]
pub enum ParsePayload {
    /// First version.
    #[serde(rename = "parse/1")]
    V1(ParseRequest),
}

/// A request for work, to be understood and proposed in one project.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ParseRequest {
    /// The message that asks.
    pub message_sid: MessageSid,
    /// The message's generation: an older one than the ledger's is done with.
    pub generation: i32,
    /// The link by which the sender is known; checked again before anything is stored.
    pub link_id: Uuid,
    /// The Foco account.
    pub user_id: Uuid,
    /// The workspace chosen when the request was made.
    pub workspace_id: Uuid,
    /// The project chosen when the request was made.
    pub project_id: Uuid,
    /// IANA name of the sender's time zone.
    pub timezone: String,
    /// Whether the time zone is a guess, which the reply then says.
    #[serde(default)]
    pub timezone_guessed: bool,
    /// Whether the project was taken because it is the only one, which the reply then says.
    #[serde(default)]
    pub only_project: bool,
    /// Whether what was chosen before is out of the sender's reach, which the reply then says.
    #[serde(default)]
    pub context_lost: bool,
    /// The conversation's language, for a text that shows none of its own.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub language: Option<Language>,
    /// When the request was sent: dates count from that day.
    pub sent_at: DateTime<Utc>,
    /// The request itself.
    pub text: PersonalText,
}

/// On `<PREFIX>_OUTBOUND`: somebody has something due.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "type")]
pub enum OutboundPayload {
    /// First version.
    #[serde(rename = "due/1")]
    V1(Due),
}

/// Names the recipient; what is due stands in PostgreSQL.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Due {
    /// The recipient's row.
    pub recipient_id: Uuid,
    /// The reply that gave rise to it.
    pub reply_id: Uuid,
}

/// On `<PREFIX>_STATUS`: facts to be recorded.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "type")]
pub enum StatusPayload {
    /// Twilio says what became of a message that we sent.
    #[serde(rename = "callback/1")]
    Callback(Callback),
    /// A message was refused over the limit: final, also for reconcile and replay.
    #[serde(rename = "refused/1")]
    Refused(Refused),
}

/// A status callback.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Callback {
    /// The message that we sent.
    pub message_sid: MessageSid,
    /// Twilio's word: `sent`, `delivered`, `read`, `failed`, `undelivered` or one yet unknown.
    pub status: String,
    /// Twilio's error code, where it failed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub error_code: Option<i32>,
    /// Which of our posts it belongs to, from the callback's own address.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub job: Option<Job>,
    /// When the callback came.
    pub received_at: DateTime<Utc>,
}

/// One attempt to post one part of a reply; `?job=<part>.<attempt>` in a callback's address.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Job {
    /// The reply part's row.
    pub part_id: Uuid,
    /// Which of its posts.
    pub attempt: i32,
}

impl Job {
    /// Reads `<part>.<attempt>`.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let (part, attempt) = text.split_once('.')?;
        Some(Self {
            part_id: part.parse().ok()?,
            attempt: attempt.parse().ok()?,
        })
    }
}

impl TryFrom<String> for Job {
    type Error = &'static str;
    fn try_from(text: String) -> Result<Self, Self::Error> {
        Self::parse(&text).ok_or("not a job")
    }
}

impl From<Job> for String {
    fn from(job: Job) -> Self {
        format!("{}.{}", job.part_id.as_simple(), job.attempt)
    }
}

/// A message that was over the limit.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Refused {
    /// The message.
    pub message_sid: MessageSid,
    /// When it was refused.
    pub refused_at: DateTime<Utc>,
}

#[cfg(test)]
mod tests;
