//! The two hashes of an identity: the lane (stable, unkeyed) that keeps a sender's messages in
//! order, and the keyed hash that stands for the sender in subjects, logs and Redis keys.

use std::fmt;

use hmac::{Hmac, KeyInit, Mac};
use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::identity::Identity;

/// How many lanes there are. Never changed: a sender's lane is part of the subject.
pub const LANES: u8 = 32;

/// The lane of a sender, 0 to 31.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Lane(u8);

impl Lane {
    /// The lane of that identity: SHA-256 of its clear form, so that it is the same in every
    /// process, release and language.
    #[must_use]
    pub fn of(identity: &Identity) -> Self {
        Self(Sha256::digest(identity.reveal().as_bytes())[0] % LANES)
    }

    /// Every lane.
    pub fn all() -> impl Iterator<Item = Self> {
        (0..LANES).map(Self)
    }
}

impl fmt::Display for Lane {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:02}", self.0)
    }
}

/// 16 hex digits that stand for a sender and say nothing about it without the key.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct SenderHash(String);

impl SenderHash {
    /// Reads back a hash, from a subject or a row.
    #[must_use]
    pub fn from_stored(text: &str) -> Option<Self> {
        let is_hash = text.len() == 16 && text.bytes().all(|byte| byte.is_ascii_hexdigit());
        is_hash.then(|| Self(text.to_owned()))
    }

    /// The hash's text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for SenderHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// `FOCO_SECRET`: keys the hashes of senders and of linking codes. While it is rotated there are
/// two: the first writes, both are tried.
#[derive(Clone, Debug)]
pub struct HashKeys(Vec<SecretString>);

impl HashKeys {
    /// The keys in their order; `None` without any.
    #[must_use]
    pub fn new(keys: Vec<SecretString>) -> Option<Self> {
        (!keys.is_empty()).then_some(Self(keys))
    }

    /// The sender's hash by the key that writes.
    #[must_use]
    pub fn sender(&self, identity: &Identity) -> SenderHash {
        SenderHash(keyed(&self.0[0], "sender", identity.reveal())[..16].to_owned())
    }

    /// The hashes that a sender's messages may bear while the key is rotated.
    pub fn senders(&self, identity: &Identity) -> impl Iterator<Item = SenderHash> {
        let hash = |key| SenderHash(keyed(key, "sender", identity.reveal())[..16].to_owned());
        self.0.iter().map(hash)
    }

    /// A linking code's hash by the key that writes, 64 hex digits.
    #[must_use]
    pub fn code(&self, code: &str) -> String {
        keyed(&self.0[0], "code", code)
    }

    /// The hash of a code that is sent to a phone, by the key that writes. It is no code that is
    /// shown: neither can be redeemed where the other is.
    #[must_use]
    pub fn delivered_code(&self, code: &str) -> String {
        keyed(&self.0[0], "delivered-code", code)
    }

    /// The hashes that a code that was sent to a phone may be stored under.
    #[must_use]
    pub fn delivered_codes(&self, code: &str) -> Vec<String> {
        let hash = |key| keyed(key, "delivered-code", code);
        self.0.iter().map(hash).collect()
    }

    /// The hashes that a code may be stored under.
    #[must_use]
    pub fn codes(&self, code: &str) -> Vec<String> {
        self.0.iter().map(|key| keyed(key, "code", code)).collect()
    }
}

fn keyed(key: &SecretString, purpose: &str, text: &str) -> String {
    // HMAC takes a key of any length (RFC 2104), so this cannot fail.
    let mut mac = match Hmac::<Sha256>::new_from_slice(key.expose_secret().as_bytes()) {
        Ok(mac) => mac,
        Err(impossible) => unreachable!("HMAC takes any key: {impossible}"),
    };
    mac.update(purpose.as_bytes());
    mac.update(b":");
    mac.update(text.as_bytes());
    hex::encode(mac.finalize().into_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::identity::WaAddress;

    fn identity(from: &str) -> Identity {
        WaAddress::parse(from).unwrap().identity()
    }

    #[test]
    fn both_forms_of_a_mexican_number_share_lane_and_hash() {
        let keys = HashKeys::new(vec![SecretString::from("k".repeat(32))]).unwrap();
        let (with, without) = (
            identity("whatsapp:+5215555550100"),
            identity("whatsapp:+525555550100"),
        );
        assert_eq!(Lane::of(&with), Lane::of(&without));
        assert_eq!(keys.sender(&with), keys.sender(&without));
        assert_eq!(keys.sender(&with).as_str().len(), 16);
    }

    #[test]
    fn a_lane_never_changes() {
        // Frozen: a message in the stream is found under the lane that an older release chose.
        let lane = |from| Lane::of(&identity(from)).to_string();
        assert_eq!(
            (
                lane("whatsapp:+525555550100"),
                lane("whatsapp:+525555550101"),
                lane("whatsapp:MX.1")
            ),
            ("02".to_owned(), "17".to_owned(), "27".to_owned())
        );
    }

    #[test]
    fn lanes_are_filled_evenly() {
        let mut counts = [0_u32; LANES as usize];
        for n in 0..32_000 {
            let phone = identity(&format!("whatsapp:+52555{n:07}"));
            counts[usize::from(Lane::of(&phone).0)] += 1;
        }
        assert!(
            counts.iter().all(|count| (850..1150).contains(count)),
            "{counts:?}"
        );
    }
}
