//! Identifiers in Twilio's form: two letters and 32 hex digits.

use sha1::{Digest as _, Sha1};
use uuid::Uuid;

/// A new random identifier: `SM` for messages, `XE` for senders.
#[must_use]
pub fn random(prefix: &str) -> String {
    format!("{prefix}{}", Uuid::new_v4().simple())
}

/// The same identifier for the same name, so that it outlives a restart.
#[must_use]
pub fn named(prefix: &str, name: &str) -> String {
    let digest = hex::encode(Sha1::digest(name.as_bytes()));
    format!("{prefix}{}", &digest[..32])
}

/// Whether `text` is `prefix` and 32 lower-case hex digits.
#[must_use]
pub fn has_form(text: &str, prefix: &str) -> bool {
    text.strip_prefix(prefix).is_some_and(|hex| {
        hex.len() == 32
            && hex
                .bytes()
                .all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(&b))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn identifiers_have_twilios_form() {
        assert!(has_form(&random("SM"), "SM"));
        assert!(has_form(&named("XE", "whatsapp:+14155550100"), "XE"));
        assert!(!has_form("SM123", "SM"));
        assert_eq!(named("XE", "a"), named("XE", "a"));
    }
}
