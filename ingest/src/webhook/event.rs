//! What a verified form says: a message that somebody wrote, or what became of one of ours.
//! It keeps what later stages need and nothing else.

use chrono::{DateTime, Utc};
use common::{
    identity::{Identity, WaAddress},
    payload::{Callback, Content, InboundMessage, Job, OptOut},
    personal::PersonalText,
    sid::{AccountSid, MessageSid},
};

use super::signature::{Repeated, SignedForm};

/// Longest `MessageStatus`: it becomes part of an id.
const LONGEST_STATUS: usize = 32;

/// What a webhook brings.
#[derive(Debug)]
pub enum Event {
    /// Somebody wrote to us.
    Inbound(InboundMessage),
    /// Twilio says what became of a message of ours, and to whom that went.
    Callback(Callback, Identity),
}

/// Why a verified form is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unacceptable {
    /// It is another account's.
    ForeignAccount,
    /// A parameter that has to be there is not, or has another form.
    Missing(&'static str),
    /// A parameter is there twice.
    Repeated(&'static str),
}

impl From<Repeated> for Unacceptable {
    fn from(Repeated(name): Repeated) -> Self {
        Self::Repeated(name)
    }
}

impl Event {
    /// Reads a form that was posted with `query` behind the address.
    ///
    /// # Errors
    /// When it belongs to another account, or lacks what every webhook has.
    pub fn read(
        form: &SignedForm<'_>,
        query: Option<&str>,
        account: &AccountSid,
        received_at: DateTime<Utc>,
    ) -> Result<Self, Unacceptable> {
        // A token belongs to one account, but subaccounts may share an address.
        match form.only("AccountSid")? {
            None => return Err(Unacceptable::Missing("AccountSid")),
            Some(sid) if sid != account.as_str() => return Err(Unacceptable::ForeignAccount),
            Some(_) => {}
        }
        let message_sid = form
            .only("MessageSid")?
            .and_then(|sid| MessageSid::parse(sid).ok())
            .ok_or(Unacceptable::Missing("MessageSid"))?;
        let from = form.only("From")?.ok_or(Unacceptable::Missing("From"))?;
        let to = form.only("To")?;
        let body = form.only("Body")?.unwrap_or_default();
        match status_of_ours(form) {
            Some(status) => {
                let status = status_word(status).ok_or(Unacceptable::Missing("MessageStatus"))?;
                let callback = Callback {
                    message_sid,
                    status,
                    error_code: form.get("ErrorCode").and_then(|code| code.parse().ok()),
                    job: query.and_then(job),
                    received_at,
                };
                Ok(Self::Callback(callback, identity(to.unwrap_or(from))))
            }
            None => Ok(Self::Inbound(InboundMessage {
                message_sid,
                from: WaAddress::parse(from).map_err(|_| Unacceptable::Missing("From"))?,
                external_user_id: external_user_id(form),
                text: PersonalText::new(text(form, body)),
                content: content(form),
                replied_to: form
                    .get("OriginalRepliedMessageSid")
                    .and_then(|sid| MessageSid::parse(sid).ok()),
                opt_out: form.get("OptOutType").and_then(OptOut::parse),
                received_at,
            })),
        }
    }
}

/// What became of a message of ours. A message to us has no status, or is being received;
/// `SmsStatus` is the older name, which comes beside the newer one.
fn status_of_ours<'a>(form: &'a SignedForm<'_>) -> Option<&'a str> {
    let said = |name| form.get(name).filter(|status: &&str| !status.is_empty());
    let is_inbound = |status: &str| {
        ["received", "receiving"]
            .iter()
            .any(|word| status.eq_ignore_ascii_case(word))
    };
    said("MessageStatus")
        .or_else(|| said("SmsStatus"))
        .filter(|status| !is_inbound(status))
}

/// Twilio's word in lower case, as long as it can be part of an id.
fn status_word(status: &str) -> Option<String> {
    let is_word = (1..=LONGEST_STATUS).contains(&status.len())
        && status
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'-');
    is_word.then(|| status.to_ascii_lowercase())
}

/// The recipient of a callback, whatever address it has.
fn identity(address: &str) -> Identity {
    WaAddress::parse(address).map_or_else(
        |_| Identity::from_stored(address),
        |address| address.identity(),
    )
}

/// `?job=` of the callback's own address.
fn job(query: &str) -> Option<Job> {
    form_urlencoded::parse(query.as_bytes())
        .find(|(name, _)| name == "job")
        .and_then(|(_, value)| Job::parse(&value))
}

/// The business-scoped id without Twilio's prefix, as [`Identity::reveal`] gives it too.
fn external_user_id(form: &SignedForm<'_>) -> Option<PersonalText> {
    let address = WaAddress::parse(form.get("ExternalUserId")?).ok()?;
    address
        .reveal()
        .split_once(':')
        .map(|(_, id)| PersonalText::new(id))
}

/// The text or caption; that of a button or a list's entry where there is no other.
fn text<'a>(form: &'a SignedForm<'_>, body: &'a str) -> &'a str {
    [Some(body), form.get("ButtonText"), form.get("ListTitle")]
        .into_iter()
        .flatten()
        .find(|text| !text.is_empty())
        .unwrap_or_default()
}

/// The kind of message: Twilio's word where it says one, else by what the message carries.
fn content(form: &SignedForm<'_>) -> Content {
    let has_media = form
        .get("NumMedia")
        .is_some_and(|count| !matches!(count, "" | "0"));
    match form
        .get("MessageType")
        .map(str::to_ascii_lowercase)
        .as_deref()
    {
        Some("text" | "button" | "interactive") => Content::Text,
        Some("image") => Content::Image,
        Some("video") => Content::Video,
        Some("audio" | "voice") => Content::Audio,
        Some("document") => Content::Document,
        Some("sticker") => Content::Sticker,
        Some("location") => Content::Location,
        Some("contact" | "contacts") => Content::Contacts,
        Some("reaction") => Content::Reaction,
        _ if has_media => media(form.get("MediaContentType0").unwrap_or_default()),
        _ if form.get("Latitude").is_some() => Content::Location,
        None | Some("") => Content::Text,
        Some(_) => Content::Unknown,
    }
}

/// The kind of a file by its content type.
fn media(content_type: &str) -> Content {
    let essence = content_type
        .split(';')
        .next()
        .unwrap_or_default()
        .trim()
        .to_ascii_lowercase();
    match essence.split_once('/') {
        Some(("text", "vcard" | "x-vcard" | "directory")) => Content::Contacts,
        Some(("image", "webp")) => Content::Sticker,
        Some(("image", _)) => Content::Image,
        Some(("video", _)) => Content::Video,
        Some(("audio", _)) => Content::Audio,
        Some(("application" | "text", _)) => Content::Document,
        _ => Content::Unknown,
    }
}

#[cfg(test)]
mod tests;
