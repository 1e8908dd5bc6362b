//! Twilio's identifiers.

use std::fmt;

use serde::{Deserialize, Serialize};

/// A text that is no identifier of that kind.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
#[error("not a Twilio {0} SID")]
pub struct InvalidSid(&'static str);

fn is_sid(text: &str, prefixes: &[&str]) -> bool {
    text.len() == 34
        && prefixes.iter().any(|prefix| text.starts_with(prefix))
        && text
            .bytes()
            .skip(2)
            .all(|byte| byte.is_ascii_hexdigit() && !byte.is_ascii_uppercase())
}

/// A message: `SM` or `MM` and 32 lower-case hex digits (Twilio's OpenAPI, `Message.sid`).
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct MessageSid(String);

impl MessageSid {
    /// Reads a message's SID.
    ///
    /// # Errors
    /// When it has another form.
    pub fn parse(text: &str) -> Result<Self, InvalidSid> {
        if is_sid(text, &["SM", "MM"]) {
            Ok(Self(text.to_owned()))
        } else {
            Err(InvalidSid("message"))
        }
    }

    /// The SID's text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl TryFrom<String> for MessageSid {
    type Error = InvalidSid;
    fn try_from(text: String) -> Result<Self, InvalidSid> {
        Self::parse(&text)
    }
}

impl From<MessageSid> for String {
    fn from(sid: MessageSid) -> Self {
        sid.0
    }
}

impl fmt::Display for MessageSid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// An account: `AC` and 32 lower-case hex digits.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AccountSid(String);

impl AccountSid {
    /// Reads an account's SID.
    ///
    /// # Errors
    /// When it has another form.
    pub fn parse(text: &str) -> Result<Self, InvalidSid> {
        if is_sid(text, &["AC"]) {
            Ok(Self(text.to_owned()))
        } else {
            Err(InvalidSid("account"))
        }
    }

    /// The SID's text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sids_are_two_letters_and_32_lower_case_hex_digits() {
        let good = format!("SM{}", "0a".repeat(16));
        assert_eq!(MessageSid::parse(&good).unwrap().as_str(), good);
        assert!(MessageSid::parse(&good.replace("SM", "MM")).is_ok());
        for bad in [
            "",
            "SM",
            &good.to_uppercase(),
            &good.replace("SM", "AC"),
            &format!("{good}0"),
        ] {
            assert_eq!(MessageSid::parse(bad), Err(InvalidSid("message")), "{bad}");
        }
        assert!(AccountSid::parse(&good.replace("SM", "AC")).is_ok());
    }
}
