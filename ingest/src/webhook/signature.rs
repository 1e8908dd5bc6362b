//! Twilio's signature: HMAC-SHA1 by the auth token over the address and all parameters
//! (<https://www.twilio.com/docs/usage/security#validating-requests>). Between the raw form and
//! anything that reads it stands [`SignedForm`], which only this module makes.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use hmac::{Hmac, KeyInit as _, Mac as _};
use secrecy::{ExposeSecret as _, SecretString};
use sha1::Sha1;
use subtle::ConstantTimeEq as _;

use super::{
    form::{Pair, RawForm},
    origin::Origin,
};

/// The header that carries the signature.
pub const HEADER: &str = "x-twilio-signature";
/// Length of a signature: 20 bytes in base64.
const LENGTH: usize = 28;

/// A keyed hash that waits for its text.
pub(super) type Key = Hmac<Sha1>;

/// Why a request is not Twilio's.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mismatch {
    /// There is no signature.
    Missing,
    /// It has another form than a signature, or there is more than one.
    Malformed,
    /// It is over something else, or by another token.
    Wrong,
}

/// A form that Twilio signed.
pub struct SignedForm<'a> {
    /// In the order of the signature: by name, then by value.
    pairs: Vec<Pair<'a>>,
    /// The place of the token that signed it, among those of a rotation.
    token: usize,
}

/// Knows the tokens and the address that Twilio signs.
pub struct Verifier {
    /// The public address without and with its port: either may have been signed.
    origins: [String; 2],
    keys: Vec<Key>,
}

impl Verifier {
    /// A verifier for the address at which Twilio calls us, and every token of a rotation.
    #[must_use]
    pub fn new(public_base_url: &str, tokens: &[SecretString]) -> Self {
        Self {
            origins: Origin::parse(public_base_url).candidates(),
            keys: tokens.iter().map(key).collect(),
        }
    }

    /// Whether `signature` is Twilio's over this form, posted to `target` (path and query as
    /// they were received).
    ///
    /// # Errors
    /// Says why it is not, and gives the form back to whoever wants to find out more.
    pub fn verify<'a>(
        &self,
        form: RawForm<'a>,
        target: &str,
        signature: Option<&[u8]>,
    ) -> Result<SignedForm<'a>, (Mismatch, UnsignedForm<'a>)> {
        let unsigned = UnsignedForm::new(form);
        let Some(signature) = signature else {
            return Err((Mismatch::Missing, unsigned));
        };
        if signature.len() != LENGTH {
            return Err((Mismatch::Malformed, unsigned));
        }
        let is_signed_by = |key: &Key| {
            let mut origins = self.origins.iter();
            origins.any(|origin| unsigned.is_signed_by(key, [origin, target], signature))
        };
        match self.keys.iter().position(is_signed_by) {
            Some(token) => Ok(SignedForm {
                pairs: unsigned.0,
                token,
            }),
            None => Err((Mismatch::Wrong, unsigned)),
        }
    }
}

/// The key of a token.
pub(super) fn key(token: &SecretString) -> Key {
    match Key::new_from_slice(token.expose_secret().as_bytes()) {
        Ok(key) => key,
        Err(impossible) => unreachable!("HMAC takes any key (RFC 2104): {impossible}"),
    }
}

/// A form whose signature does not hold, in the order of signatures.
pub struct UnsignedForm<'a>(Vec<Pair<'a>>);

impl<'a> UnsignedForm<'a> {
    fn new(form: RawForm<'a>) -> Self {
        let mut pairs = form.into_pairs();
        // Text in Rust is ordered by code points, as Twilio orders names and values.
        pairs.sort_unstable();
        Self(pairs)
    }

    /// Whether `signature` is that of this form, posted to the address `url` (in two pieces).
    pub(super) fn is_signed_by(&self, key: &Key, url: [&str; 2], signature: &[u8]) -> bool {
        let mut mac = key.clone();
        for piece in url {
            mac.update(piece.as_bytes());
        }
        let mut last = None;
        // A name that repeats counts once with each distinct value.
        for pair in self
            .0
            .iter()
            .filter(|pair| last.replace(*pair) != Some(*pair))
        {
            mac.update(pair.0.as_bytes());
            mac.update(pair.1.as_bytes());
        }
        let mut expected = [0; LENGTH];
        STANDARD
            .encode_slice(mac.finalize().into_bytes(), &mut expected)
            .is_ok()
            && bool::from(expected.as_slice().ct_eq(signature))
    }

    /// Takes the form without a signature: `TWILIO_SIGNATURE=off`, which settings allow in
    /// development only.
    #[must_use]
    pub fn trust_in_development(form: RawForm<'a>) -> SignedForm<'a> {
        SignedForm {
            pairs: Self::new(form).0,
            token: 0,
        }
    }
}

/// A parameter that may be there once is there more often.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Repeated(pub &'static str);

impl SignedForm<'_> {
    /// Whether the second token of a rotation signed it: Twilio still uses the old one.
    #[must_use]
    pub fn is_by_old_token(&self) -> bool {
        self.token > 0
    }

    /// The value of a parameter, if it is there; the first in order where there are several.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&str> {
        let at = self.pairs.partition_point(|pair| &*pair.0 < name);
        self.pairs
            .get(at)
            .filter(|pair| pair.0 == name)
            .map(|pair| &*pair.1)
    }

    /// The value of a parameter that may be there only once.
    ///
    /// # Errors
    /// When it repeats, be it with the same value.
    pub fn only(&self, name: &'static str) -> Result<Option<&str>, Repeated> {
        let at = self.pairs.partition_point(|pair| &*pair.0 < name);
        match self.pairs.get(at + 1) {
            Some(second) if second.0 == name => Err(Repeated(name)),
            _ => Ok(self.get(name)),
        }
    }
}

#[cfg(test)]
mod tests;
