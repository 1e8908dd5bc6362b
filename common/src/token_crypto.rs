//! Signatures of JSON Web Tokens by ring, which TLS uses too: the one set of cryptographic primitives
//! in the programs. `jsonwebtoken` brings its own sets, of which one holds the `rsa` crate
//! (RUSTSEC-2023-0071) and the other a second C library.
//!
//! Algorithms are those of RFC 7518: HMAC with SHA-2, RSA PKCS #1 v1.5 with SHA-256 and keys of 2,048
//! to 8,192 bits, ECDSA on P-256. Whatever else is refused.

use jsonwebtoken::{
    Algorithm, AlgorithmFamily, DecodingKey, DecodingKeyKind, EncodingKey,
    crypto::{CryptoProvider, JwtSigner, JwtVerifier, KeyUtils},
    errors::{Error, ErrorKind},
    jwk::{EllipticCurve, ThumbprintHash},
    signature::{self, Signer, Verifier},
};
use ring::{
    digest, hmac,
    rand::SystemRandom,
    rsa::{KeyPair as RsaKeyPair, PublicKeyComponents},
    signature::{
        ECDSA_P256_SHA256_FIXED, ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, KeyPair as _,
        RSA_PKCS1_2048_8192_SHA256, RSA_PKCS1_SHA256, UnparsedPublicKey,
    },
};

static PROVIDER: CryptoProvider = CryptoProvider {
    signer_factory: |algorithm, key| signer(*algorithm, key),
    verifier_factory: |algorithm, key| verifier(*algorithm, key),
    key_utils: KeyUtils {
        rsa_pub_components_from_private_key: rsa_components,
        rsa_pub_components_from_public_key: |_der| Err(ErrorKind::InvalidAlgorithm.into()),
        ec_pub_components_from_private_key: ec_components,
        ed_pub_components_from_private_key: |_der, _curve| Err(ErrorKind::InvalidAlgorithm.into()),
        compute_digest: |data, hash| compute_digest(data, &hash),
    },
};

/// Has tokens of this process signed and verified so. Before the first one; once more does nothing.
pub fn install() {
    // An error says only that it has been done.
    let _already_done = PROVIDER.install_default();
}

/// A key, ready to sign.
enum SigningKey {
    Hmac(hmac::Key),
    Rsa(Box<RsaKeyPair>),
    Ec(Box<EcdsaKeyPair>),
}

struct RingSigner {
    algorithm: Algorithm,
    key: SigningKey,
}

/// A key, ready to verify by.
enum VerifyingKey {
    Hmac(hmac::Key),
    Rsa(PublicKeyComponents<Vec<u8>>),
    Ec(UnparsedPublicKey<Vec<u8>>),
}

struct RingVerifier {
    algorithm: Algorithm,
    key: VerifyingKey,
}

/// The hash of an HMAC.
fn hash(algorithm: Algorithm) -> Option<hmac::Algorithm> {
    match algorithm {
        Algorithm::HS256 => Some(hmac::HMAC_SHA256),
        Algorithm::HS384 => Some(hmac::HMAC_SHA384),
        Algorithm::HS512 => Some(hmac::HMAC_SHA512),
        _ => None,
    }
}

fn ec_key_pair(der: &[u8]) -> Result<EcdsaKeyPair, Error> {
    let random = SystemRandom::new();
    EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, der, &random)
        .map_err(|_| ErrorKind::InvalidEcdsaKey.into())
}

fn rsa_key_pair(der: &[u8]) -> Result<RsaKeyPair, Error> {
    RsaKeyPair::from_der(der).map_err(|error| ErrorKind::InvalidRsaKey(error.to_string()).into())
}

fn signer(algorithm: Algorithm, key: &EncodingKey) -> Result<Box<dyn JwtSigner>, Error> {
    let der = key.as_bytes();
    let key = match (algorithm, key.family()) {
        (Algorithm::RS256, AlgorithmFamily::Rsa) => SigningKey::Rsa(Box::new(rsa_key_pair(der)?)),
        (Algorithm::ES256, AlgorithmFamily::Ec) => SigningKey::Ec(Box::new(ec_key_pair(der)?)),
        (_, AlgorithmFamily::Hmac) => {
            let hash = hash(algorithm).ok_or(ErrorKind::InvalidAlgorithm)?;
            SigningKey::Hmac(hmac::Key::new(hash, der))
        }
        _ => return Err(ErrorKind::InvalidAlgorithm.into()),
    };
    Ok(Box::new(RingSigner { algorithm, key }))
}

fn verifier(algorithm: Algorithm, key: &DecodingKey) -> Result<Box<dyn JwtVerifier>, Error> {
    let key = match (algorithm, key.family(), key.kind()) {
        (Algorithm::RS256, AlgorithmFamily::Rsa, DecodingKeyKind::RsaModulusExponent { n, e }) => {
            let (n, e) = (n.clone(), e.clone());
            VerifyingKey::Rsa(PublicKeyComponents { n, e })
        }
        (Algorithm::ES256, AlgorithmFamily::Ec, DecodingKeyKind::SecretOrDer(point)) => {
            VerifyingKey::Ec(UnparsedPublicKey::new(
                &ECDSA_P256_SHA256_FIXED,
                point.clone(),
            ))
        }
        (_, AlgorithmFamily::Hmac, DecodingKeyKind::SecretOrDer(secret)) => {
            let hash = hash(algorithm).ok_or(ErrorKind::InvalidAlgorithm)?;
            VerifyingKey::Hmac(hmac::Key::new(hash, secret))
        }
        _ => return Err(ErrorKind::InvalidAlgorithm.into()),
    };
    Ok(Box::new(RingVerifier { algorithm, key }))
}

impl Signer<Vec<u8>> for RingSigner {
    fn try_sign(&self, message: &[u8]) -> Result<Vec<u8>, signature::Error> {
        let random = SystemRandom::new();
        match &self.key {
            SigningKey::Hmac(key) => Ok(hmac::sign(key, message).as_ref().to_vec()),
            SigningKey::Rsa(key) => {
                let mut signed = vec![0; key.public().modulus_len()];
                key.sign(&RSA_PKCS1_SHA256, &random, message, &mut signed)
                    .map_err(|_| signature::Error::new())?;
                Ok(signed)
            }
            SigningKey::Ec(key) => {
                let signed = key.sign(&random, message);
                let signed = signed.map_err(|_| signature::Error::new())?;
                Ok(signed.as_ref().to_vec())
            }
        }
    }
}

impl JwtSigner for RingSigner {
    fn algorithm(&self) -> Algorithm {
        self.algorithm
    }
}

impl Verifier<Vec<u8>> for RingVerifier {
    fn verify(&self, message: &[u8], signed: &Vec<u8>) -> Result<(), signature::Error> {
        match &self.key {
            VerifyingKey::Hmac(key) => hmac::verify(key, message, signed),
            VerifyingKey::Rsa(key) => key.verify(&RSA_PKCS1_2048_8192_SHA256, message, signed),
            VerifyingKey::Ec(key) => key.verify(message, signed),
        }
        .map_err(|_| signature::Error::new())
    }
}

impl JwtVerifier for RingVerifier {
    fn algorithm(&self) -> Algorithm {
        self.algorithm
    }
}

/// Modulus and exponent.
fn rsa_components(der: &[u8]) -> Result<(Vec<u8>, Vec<u8>), Error> {
    let PublicKeyComponents { n, e } = PublicKeyComponents::from(rsa_key_pair(der)?.public());
    Ok((n, e))
}

/// The curve, and the public point's two coordinates.
fn ec_components(
    der: &[u8],
    algorithm: Algorithm,
) -> Result<(EllipticCurve, Vec<u8>, Vec<u8>), Error> {
    if algorithm != Algorithm::ES256 {
        return Err(ErrorKind::InvalidAlgorithm.into());
    }
    let pair = ec_key_pair(der)?;
    // SEC 1, uncompressed: 4, then 32 bytes each.
    match pair.public_key().as_ref() {
        [4, point @ ..] if point.len() == 64 => {
            let (x, y) = point.split_at(32);
            Ok((EllipticCurve::P256, x.to_vec(), y.to_vec()))
        }
        _ => Err(ErrorKind::InvalidEcdsaKey.into()),
    }
}

fn compute_digest(data: &[u8], hash: &ThumbprintHash) -> Result<Vec<u8>, Error> {
    let algorithm = match hash {
        ThumbprintHash::SHA256 => &digest::SHA256,
        ThumbprintHash::SHA384 => &digest::SHA384,
        ThumbprintHash::SHA512 => &digest::SHA512,
        _ => return Err(ErrorKind::InvalidAlgorithm.into()),
    };
    Ok(digest::digest(algorithm, data).as_ref().to_vec())
}
