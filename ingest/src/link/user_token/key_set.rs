//! The public keys at `SUPABASE_JWKS_URL` (RFC 7517): fetched when first needed, kept, fetched
//! again when they are old or a token names one that is not among them.

use std::{
    collections::HashMap,
    sync::Arc,
    time::{Duration, Instant},
};

use jsonwebtoken::{
    Algorithm, DecodingKey,
    jwk::{AlgorithmParameters, EllipticCurve, Jwk, JwkSet, KeyAlgorithm, PublicKeyUse},
};
use reqwest::Url;
use tokio::sync::Mutex;

use super::{PinnedKey, TokenError};

/// How long one fetch may take.
const PATIENCE: Duration = Duration::from_secs(3);
/// After so long keys are fetched again, so that a withdrawn one stops to count.
const FRESH: Duration = Duration::from_mins(10);
/// For so long they count while they cannot be fetched again: one that was withdrawn meanwhile must
/// not count for ever.
const LASTS: Duration = Duration::from_hours(1);
/// Between two fetches, whatever tokens come.
const PAUSE: Duration = Duration::from_secs(10);

/// The keys, and where they come from.
pub(crate) struct KeySet {
    url: Url,
    client: reqwest::Client,
    fetched: Mutex<Fetched>,
}

#[derive(Default)]
struct Fetched {
    keys: HashMap<String, Arc<PinnedKey>>,
    at: Option<Instant>,
    tried: Option<Instant>,
}

impl KeySet {
    pub(super) fn new(url: Url) -> Result<Self, reqwest::Error> {
        let client = common::http::client(PATIENCE)?;
        Ok(Self {
            url,
            client,
            fetched: Mutex::default(),
        })
    }

    /// The key of that id; a token without one is taken only where there is a single key.
    pub(super) async fn find(&self, id: Option<&str>) -> Result<Arc<PinnedKey>, TokenError> {
        // Held while keys are fetched: whoever comes meanwhile needs their result too.
        let mut fetched = self.fetched.lock().await;
        if fetched.is_wanting(id, Instant::now()) {
            fetched.tried = Some(Instant::now());
            match self.fetch().await {
                Ok(keys) => {
                    fetched.keys = keys;
                    fetched.at = Some(Instant::now());
                }
                Err(error) => {
                    let error = error.without_url();
                    tracing::error!(%error, "SUPABASE_JWKS_URL: cannot fetch the keys");
                }
            }
        }
        fetched.judge(id, Instant::now())
    }

    async fn fetch(&self) -> Result<HashMap<String, Arc<PinnedKey>>, reqwest::Error> {
        let response = self
            .client
            .get(self.url.clone())
            .send()
            .await?
            .error_for_status()?;
        let set: JwkSet = response.json().await?;
        Ok(set.keys.iter().filter_map(pinned).collect())
    }
}

impl Fetched {
    /// Whether to fetch keys: that one is unknown or all are old, and the last try is a while
    /// ago.
    fn is_wanting(&self, id: Option<&str>, now: Instant) -> bool {
        let is_past = |at: Option<Instant>, age| at.is_none_or(|at| now.duration_since(at) >= age);
        (is_past(self.at, FRESH) || self.find(id).is_none()) && is_past(self.tried, PAUSE)
    }

    /// The key of that id; without it a token is wrong, unless the keys are too old to say so or the
    /// newest try to fetch them failed.
    fn judge(&self, id: Option<&str>, now: Instant) -> Result<Arc<PinnedKey>, TokenError> {
        let at = self.at.filter(|at| now.duration_since(*at) < LASTS);
        match (self.find(id), at) {
            (_, None) => Err(TokenError::NoKeys),
            (Some(key), Some(_)) => Ok(key),
            (None, Some(at)) if self.tried > Some(at) => Err(TokenError::NoKeys),
            (None, Some(_)) => Err(TokenError::Wrong),
        }
    }

    fn find(&self, id: Option<&str>) -> Option<Arc<PinnedKey>> {
        match id {
            Some(id) => self.keys.get(id).cloned(),
            None if self.keys.len() == 1 => self.keys.values().next().cloned(),
            None => None,
        }
    }
}

/// A key for signatures with the one algorithm that it is for, under its id.
pub(super) fn pinned(jwk: &Jwk) -> Option<(String, Arc<PinnedKey>)> {
    if jwk
        .common
        .public_key_use
        .as_ref()
        .is_some_and(|usage| *usage != PublicKeyUse::Signature)
    {
        return None;
    }
    let algorithm = match &jwk.algorithm {
        AlgorithmParameters::RSA(_) => Algorithm::RS256,
        AlgorithmParameters::EllipticCurve(key) if key.curve == EllipticCurve::P256 => {
            Algorithm::ES256
        }
        // A shared secret among public keys would let anybody sign.
        _ => return None,
    };
    let says = match algorithm {
        Algorithm::RS256 => KeyAlgorithm::RS256,
        _ => KeyAlgorithm::ES256,
    };
    if jwk.common.key_algorithm.is_some_and(|said| said != says) {
        return None;
    }
    let key = DecodingKey::from_jwk(jwk).ok()?;
    Some((
        jwk.common.key_id.clone()?,
        Arc::new(PinnedKey::new(key, algorithm)),
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_fetched_when_one_is_unknown_or_all_are_old_but_never_in_a_row() {
        let start = Instant::now();
        let key = PinnedKey::new(DecodingKey::from_secret(b"any"), Algorithm::ES256);
        let mut fetched = Fetched::default();
        assert!(fetched.is_wanting(Some("a"), start));
        fetched.tried = Some(start);
        assert!(!fetched.is_wanting(Some("a"), start), "it has just failed");
        fetched.keys.insert("a".to_owned(), Arc::new(key));
        fetched.at = Some(start);
        assert!(!fetched.is_wanting(Some("a"), start + PAUSE));
        assert!(
            !fetched.is_wanting(Some("b"), start),
            "strangers' tokens cause no flood"
        );
        assert!(
            fetched.is_wanting(Some("b"), start + PAUSE),
            "a new key is found"
        );
        assert!(
            fetched.is_wanting(Some("a"), start + FRESH),
            "a withdrawn key is dropped"
        );
        assert!(fetched.find(None).is_some() && fetched.find(Some("b")).is_none());
    }

    #[test]
    fn keys_that_cannot_be_fetched_again_count_for_an_hour() {
        let start = Instant::now();
        let key = PinnedKey::new(DecodingKey::from_secret(b"any"), Algorithm::ES256);
        let mut fetched = Fetched {
            keys: HashMap::from([("a".to_owned(), Arc::new(key))]),
            at: Some(start),
            tried: Some(start),
        };
        let judge = |fetched: &Fetched, id, after| fetched.judge(Some(id), start + after).err();
        assert_eq!(judge(&fetched, "a", FRESH), None);
        assert_eq!(judge(&fetched, "b", FRESH), Some(TokenError::Wrong));
        // The key server is away.
        fetched.tried = Some(start + FRESH);
        assert_eq!(judge(&fetched, "a", FRESH), None, "it is still known");
        assert_eq!(
            judge(&fetched, "b", FRESH),
            Some(TokenError::NoKeys),
            "it may be a new one"
        );
        assert_eq!(judge(&fetched, "a", LASTS.saturating_sub(PAUSE)), None);
        assert_eq!(judge(&fetched, "a", LASTS), Some(TokenError::NoKeys));
        assert_eq!(judge(&fetched, "b", LASTS), Some(TokenError::NoKeys));
    }
}
