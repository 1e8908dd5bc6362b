//! Every way in which a token can be wrong, by secret and by public keys.

use base64::{
    Engine as _,
    engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD},
};
use common::{clock::Clock, token_crypto};
use jsonwebtoken::{EncodingKey, Header, encode, jwk::Jwk};
use ring::{
    rand::SystemRandom,
    signature::{RSA_PSS_SHA256, RsaKeyPair},
};
use secrecy::SecretString;
use serde_json::{Value, json};

use super::{key_set::pinned, *};

const SECRET: &str = "0123456789abcdef0123456789abcdef";
const USER: &str = "0190163d-8694-739b-8c8f-d0f3a1b2c3d4";
// Made for these tests, and used for nothing else.
const EC: &str = include_str!("../../../tests/data/ec_key.b64");
const RSA: &str = include_str!("../../../tests/data/rsa_key.b64");

fn claims(change: impl FnOnce(&mut Value)) -> Value {
    let now = Clock::system().now().timestamp();
    let mut claims = json!({"aud": "authenticated", "sub": USER, "exp": now + 3600, "now": now});
    change(&mut claims);
    claims
}

fn der(base64: &str) -> Vec<u8> {
    STANDARD.decode(base64.trim()).unwrap()
}

fn pinned_key(
    key: &EncodingKey,
    algorithm: Algorithm,
    change: impl FnOnce(&mut Value),
) -> Option<Arc<PinnedKey>> {
    token_crypto::install();
    let mut jwk = serde_json::to_value(Jwk::from_encoding_key(key, algorithm).unwrap()).unwrap();
    jwk["kid"] = json!("k1");
    change(&mut jwk);
    pinned(&serde_json::from_value(jwk).unwrap()).map(|(_, key)| key)
}

/// What is changed about right claims.
type Change = fn(&mut Value);

fn by_secret() -> TokenVerifier {
    TokenVerifier::new(&UserTokenSettings::Secret(SecretString::from(SECRET))).unwrap()
}

fn signed(algorithm: Algorithm, change: Change) -> String {
    token_crypto::install();
    let key = EncodingKey::from_secret(SECRET.as_bytes());
    encode(&Header::new(algorithm), &claims(change), &key).unwrap()
}

fn without(claims: &mut Value, name: &str) {
    claims.as_object_mut().unwrap().remove(name);
}

fn shifted(claims: &mut Value, name: &str, seconds: i64) {
    claims[name] = json!(claims["now"].as_i64().unwrap() + seconds);
}

#[tokio::test]
async fn claims_have_to_be_whole_current_and_for_us() {
    let changes: [(&str, Change, bool); 14] = [
        ("as it should be", |_| {}, true),
        (
            "one audience of several",
            |c| c["aud"] = json!(["x", "authenticated"]),
            true,
        ),
        (
            "expired within the leeway",
            |c| shifted(c, "exp", -20),
            true,
        ),
        ("expired", |c| shifted(c, "exp", -40), false),
        ("no expiry", |c| without(c, "exp"), false),
        ("expiry is a word", |c| c["exp"] = json!("never"), false),
        ("begins within the leeway", |c| shifted(c, "nbf", 20), true),
        ("begins later", |c| shifted(c, "nbf", 40), false),
        ("another audience", |c| c["aud"] = json!("anon"), false),
        ("no audience", |c| without(c, "aud"), false),
        ("no subject", |c| without(c, "sub"), false),
        ("subject is no UUID", |c| c["sub"] = json!("admin"), false),
        ("subject is empty", |c| c["sub"] = json!(""), false),
        ("subject is null", |c| c["sub"] = json!(null), false),
    ];
    let verifier = by_secret();
    for (name, change, is_right) in changes {
        let user = verifier
            .verify(&signed(Algorithm::HS256, change))
            .await
            .ok();
        assert_eq!(user, is_right.then(|| USER.parse().unwrap()), "{name}");
    }
}

#[tokio::test]
async fn a_token_by_another_key_or_algorithm_or_none_is_wrong() {
    let other = EncodingKey::from_secret(b"another secret of the same length");
    let good = signed(Algorithm::HS256, |_| {});
    let parts: Vec<&str> = good.split('.').collect();
    let none = "eyJhbGciOiJub25lIn0";
    let verifier = by_secret();
    for wrong in [
        signed(Algorithm::HS384, |_| {}),
        signed(Algorithm::HS512, |_| {}),
        encode(&Header::new(Algorithm::HS256), &claims(|_| {}), &other).unwrap(),
        String::new(),
        "....".to_owned(),
        "x".repeat(10_000),
        format!("{none}.{}.", parts[1]),
        format!("{none}.{}.{}", parts[1], parts[2]),
        format!("{}.{}.", parts[0], parts[1]),
        format!("{good}x"),
    ] {
        assert_eq!(
            verifier.verify(&wrong).await,
            Err(TokenError::Wrong),
            "{wrong}"
        );
    }
}

#[test]
fn a_public_key_is_pinned_to_its_algorithm() {
    let ec = EncodingKey::from_ec_der(&der(EC));
    let rsa = EncodingKey::from_rsa_der(&der(RSA));
    for (key, algorithm, other) in [(&ec, Algorithm::ES256, &rsa), (&rsa, Algorithm::RS256, &ec)] {
        let other_algorithm = if algorithm == Algorithm::ES256 {
            Algorithm::RS256
        } else {
            Algorithm::ES256
        };
        let pinned = pinned_key(key, algorithm, |_| {}).unwrap();
        let token = encode(&Header::new(algorithm), &claims(|_| {}), key).unwrap();
        assert_eq!(pinned.verify(&token), Ok(USER.parse().unwrap()));
        let by_other = encode(&Header::new(other_algorithm), &claims(|_| {}), other).unwrap();
        assert_eq!(pinned.verify(&by_other), Err(TokenError::Wrong));
        // The old trick: a public key used as if it were a shared secret.
        let public = serde_json::to_vec(&Jwk::from_encoding_key(key, algorithm).unwrap()).unwrap();
        let shared = EncodingKey::from_secret(&public);
        let tricked = encode(&Header::new(Algorithm::HS256), &claims(|_| {}), &shared).unwrap();
        assert_eq!(pinned.verify(&tricked), Err(TokenError::Wrong));
    }
    let pinned = pinned_key(&rsa, Algorithm::RS256, |_| {}).unwrap();
    assert_eq!(pinned.verify(&by_pss()), Err(TokenError::Wrong));
}

/// A token that the RSA key signed rightly, by another scheme.
fn by_pss() -> String {
    let part = |json: &[u8]| URL_SAFE_NO_PAD.encode(json);
    let header = serde_json::to_vec(&Header::new(Algorithm::PS256)).unwrap();
    let claims = serde_json::to_vec(&claims(|_| {})).unwrap();
    let message = format!("{}.{}", part(&header), part(&claims));
    let pair = RsaKeyPair::from_der(&der(RSA)).unwrap();
    let mut signature = vec![0; pair.public().modulus_len()];
    let random = SystemRandom::new();
    pair.sign(&RSA_PSS_SHA256, &random, message.as_bytes(), &mut signature)
        .unwrap();
    format!("{message}.{}", part(&signature))
}

#[test]
fn keys_for_something_else_are_left_out() {
    let ec = EncodingKey::from_ec_der(&der(EC));
    let with = |change: fn(&mut Value)| pinned_key(&ec, Algorithm::ES256, change).is_some();
    assert!(with(|_| {}));
    assert!(with(|jwk| jwk["use"] = json!("sig")));
    assert!(!with(|jwk| jwk["use"] = json!("enc")));
    assert!(!with(|jwk| jwk["alg"] = json!("ES384")));
    assert!(!with(|jwk| drop(
        jwk.as_object_mut().unwrap().remove("kid")
    )));
    let shared = json!({"kty": "oct", "k": "c2VjcmV0", "kid": "k1", "alg": "HS256"});
    assert!(pinned(&serde_json::from_value(shared).unwrap()).is_none());
}
