//! Users' bearer tokens, as Supabase Auth signs them: one secret, or public keys by address.
//! Each key has one algorithm, whatever a token says about itself.

use std::sync::Arc;

use common::{settings::UserTokenSettings, token_crypto};
use jsonwebtoken::{Algorithm, DecodingKey, Validation, decode, decode_header};
use secrecy::ExposeSecret as _;
use serde::Deserialize;
use uuid::Uuid;

use self::key_set::KeySet;

mod key_set;

/// Whom a token is for.
const AUDIENCE: &str = "authenticated";
/// How far clocks may differ, in seconds.
const LEEWAY: u64 = 30;

/// Why a token does not say who somebody is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum TokenError {
    /// Something is wrong with it; what, is nobody's business.
    Wrong,
    /// The keys cannot be fetched, so nobody can say.
    NoKeys,
}

/// A key, and what it demands of a token.
pub(crate) struct PinnedKey {
    key: DecodingKey,
    validation: Validation,
}

#[derive(Deserialize)]
struct Claims {
    sub: Uuid,
}

impl PinnedKey {
    fn new(key: DecodingKey, algorithm: Algorithm) -> Self {
        let mut validation = Validation::new(algorithm);
        validation.leeway = LEEWAY;
        validation.validate_nbf = true;
        validation.set_audience(&[AUDIENCE]);
        validation.set_required_spec_claims(&["exp", "aud", "sub"]);
        Self { key, validation }
    }

    fn verify(&self, token: &str) -> Result<Uuid, TokenError> {
        decode::<Claims>(token, &self.key, &self.validation)
            .map(|token| token.claims.sub)
            .map_err(|_| TokenError::Wrong)
    }
}

/// Verifies tokens.
pub(crate) enum TokenVerifier {
    /// By `SUPABASE_JWT_SECRET`.
    Secret(Box<PinnedKey>),
    /// By `SUPABASE_JWKS_URL`.
    Keys(Box<KeySet>),
}

impl TokenVerifier {
    /// A verifier by the key or keys of settings.
    ///
    /// # Errors
    /// When no HTTP client can be made.
    pub(crate) fn new(settings: &UserTokenSettings) -> Result<Self, reqwest::Error> {
        token_crypto::install();
        Ok(match settings {
            UserTokenSettings::Secret(secret) => {
                let key = DecodingKey::from_secret(secret.expose_secret().as_bytes());
                Self::Secret(Box::new(PinnedKey::new(key, Algorithm::HS256)))
            }
            UserTokenSettings::Jwks(url) => Self::Keys(Box::new(KeySet::new(url.clone())?)),
        })
    }

    /// The account that the token was made for.
    ///
    /// # Errors
    /// When it is wrong in any way, or there is no key to tell by.
    pub(crate) async fn verify(&self, token: &str) -> Result<Uuid, TokenError> {
        match self {
            Self::Secret(key) => key.verify(token),
            Self::Keys(keys) => {
                let header = decode_header(token).map_err(|_| TokenError::Wrong)?;
                let key: Arc<PinnedKey> = keys.find(header.kid.as_deref()).await?;
                key.verify(token)
            }
        }
    }
}

#[cfg(test)]
mod tests;
