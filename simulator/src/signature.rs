//! Twilio's request signature and a user's bearer token, written here a second time on purpose: the
//! product verifies with its own implementation, and two that agree are better than one that agrees
//! with itself.
//! Rules: <https://www.twilio.com/docs/usage/security#validating-requests>; RFC 7515 and RFC 7518.

use std::collections::{BTreeMap, BTreeSet};

use base64::{
    Engine as _,
    engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD},
};
use hmac::{Hmac, KeyInit as _, Mac as _};
use serde_json::{Value, json};
use sha1::Sha1;
use sha2::Sha256;

/// Parameters of a form in the order in which they are sent; a key may repeat.
pub type Params = Vec<(String, String)>;

/// The value of `X-Twilio-Signature` for a form that is posted to `url`.
///
/// The signed text is the URL, then for each distinct key in code-point order each distinct value in
/// order, key and value without a delimiter.
#[must_use]
pub fn sign(auth_token: &str, url: &str, params: &[(String, String)]) -> String {
    let mut sorted: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for (key, value) in params {
        sorted.entry(key).or_default().insert(value);
    }
    let mut text = url.to_owned();
    for (key, values) in sorted {
        for value in values {
            text.push_str(key);
            text.push_str(value);
        }
    }
    STANDARD.encode(hmac_sha1(auth_token.as_bytes(), text.as_bytes()))
}

/// A JSON Web Token with these claims, signed with HS256.
#[must_use]
pub fn token(secret: &[u8], claims: &Value) -> String {
    let header = json!({"alg": "HS256", "typ": "JWT"});
    let part = |json: &Value| URL_SAFE_NO_PAD.encode(json.to_string());
    let message = format!("{}.{}", part(&header), part(claims));
    let signature = hmac_sha256(secret, message.as_bytes());
    format!("{message}.{}", URL_SAFE_NO_PAD.encode(signature))
}

fn hmac_sha256(key: &[u8], text: &[u8]) -> Vec<u8> {
    let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(key) else {
        return Vec::new();
    };
    mac.update(text);
    mac.finalize().into_bytes().to_vec()
}

fn hmac_sha1(key: &[u8], text: &[u8]) -> Vec<u8> {
    // HMAC takes a key of any length, so the error never comes; an empty signature would be refused.
    let Ok(mut mac) = Hmac::<Sha1>::new_from_slice(key) else {
        return Vec::new();
    };
    mac.update(text);
    mac.finalize().into_bytes().to_vec()
}

#[cfg(test)]
mod tests;
