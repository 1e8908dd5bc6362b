//! The verifier against vectors on which Twilio's own libraries agree, and against requests
//! signed by a second implementation.

use std::collections::{BTreeMap, BTreeSet};

use proptest::{collection::vec, prelude::*, sample::Index};
use serde::Deserialize;

use super::*;

const VECTORS: &str = include_str!("../../../tests/data/twilio_signature_vectors.json");

#[derive(Deserialize)]
struct Vector {
    id: String,
    category: String,
    method: String,
    note: String,
    url: String,
    params: Vec<(String, String)>,
    raw_body: Option<String>,
    auth_token: String,
    signature: Option<String>,
    valid: bool,
}

/// Splits an address where our own path would begin.
fn split(url: &str) -> (&str, &str) {
    let host = url.find("://").unwrap() + 3;
    let end = url[host..]
        .find(['/', '?'])
        .map_or(url.len(), |at| host + at);
    url.split_at(end)
}

fn verify(
    url: &str,
    tokens: &[&str],
    body: &[u8],
    signature: Option<&[u8]>,
) -> Result<(), Mismatch> {
    let (base, target) = split(url);
    let tokens: Vec<SecretString> = tokens
        .iter()
        .map(|token| SecretString::from(*token))
        .collect();
    Verifier::new(base, &tokens)
        .verify(RawForm::parse(body), target, signature)
        .map(drop)
        .map_err(|(mismatch, _)| mismatch)
}

/// Twilio's rule, written down once more as plainly as possible.
fn sign(token: &str, url: &str, pairs: &[(String, String)]) -> String {
    let mut sorted = BTreeMap::<&str, BTreeSet<&str>>::new();
    for (name, value) in pairs {
        sorted.entry(name).or_default().insert(value);
    }
    let mut text = url.to_owned();
    for (name, values) in sorted {
        for value in values {
            text += name;
            text += value;
        }
    }
    let mut mac = Hmac::<Sha1>::new_from_slice(token.as_bytes()).unwrap();
    mac.update(text.as_bytes());
    STANDARD.encode(mac.finalize().into_bytes())
}

fn encode(pairs: &[(String, String)]) -> String {
    form_urlencoded::Serializer::new(String::new())
        .extend_pairs(pairs)
        .finish()
}

#[test]
fn every_vector_is_judged_as_twilios_libraries_judge_it() {
    let vectors: Vec<Vector> = serde_json::from_str(VECTORS).unwrap();
    assert!(vectors.len() >= 70);
    for vector in vectors {
        let body = vector
            .raw_body
            .clone()
            .unwrap_or_else(|| encode(&vector.params));
        let signature = vector.signature.as_deref().map(str::as_bytes);
        let verdict = verify(
            &vector.url,
            &[&vector.auth_token],
            body.as_bytes(),
            signature,
        );
        let Vector {
            id,
            category,
            method,
            note,
            ..
        } = vector;
        assert_eq!(
            verdict.is_ok(),
            vector.valid,
            "{id} {category} {method}: {note}: {verdict:?}"
        );
    }
}

#[test]
fn bodies_are_decoded_as_twilio_encodes_them() {
    let vectors: Vec<Vector> = serde_json::from_str(VECTORS).unwrap();
    for vector in vectors.iter().filter(|vector| vector.valid) {
        let Some(body) = &vector.raw_body else {
            continue;
        };
        let decoded: Vec<(String, String)> = RawForm::parse(body.as_bytes())
            .into_pairs()
            .into_iter()
            .map(|(name, value)| (name.into_owned(), value.into_owned()))
            .collect();
        assert_eq!(decoded, vector.params, "{}", vector.id);
    }
}

#[test]
fn absurd_signatures_are_refused_without_a_panic() {
    for (signature, mismatch) in [
        (None, Mismatch::Missing),
        (Some(&b""[..]), Mismatch::Malformed),
        (Some(&[0xff; 28]), Mismatch::Wrong),
        (Some(&[b'='; 28]), Mismatch::Wrong),
        (Some(&[b'A'; 10_000]), Mismatch::Malformed),
    ] {
        let verdict = verify("https://a.example/x", &["token"], b"a=b", signature);
        assert_eq!(verdict, Err(mismatch), "{signature:?}");
    }
}

#[test]
fn without_a_token_nothing_is_genuine() {
    let signature = sign("", "https://a.example/x", &[]);
    assert!(verify("https://a.example/x", &[], b"", Some(signature.as_bytes())).is_err());
}

#[test]
fn during_a_rotation_both_tokens_sign() {
    let url = "https://a.example/x";
    for (signs, is_genuine) in [("new-token", true), ("old-token", true), ("other", false)] {
        let signature = sign(signs, url, &[]);
        let verdict = verify(
            url,
            &["new-token", "old-token"],
            b"",
            Some(signature.as_bytes()),
        );
        assert_eq!(verdict.is_ok(), is_genuine, "{signs}");
    }
}

#[test]
fn a_parameter_is_found_by_its_whole_name_and_repetition_shows() {
    let body = b"b=2&a=1&aa=3&b=1&c=&b=2";
    let form = UnsignedForm::trust_in_development(RawForm::parse(body));
    assert_eq!(
        (form.get("a"), form.get("aa"), form.get("c")),
        (Some("1"), Some("3"), Some(""))
    );
    assert_eq!((form.get("d"), form.get("")), (None, None));
    assert_eq!(
        (form.only("a"), form.only("b")),
        (Ok(Some("1")), Err(Repeated("b")))
    );
    let same_twice = UnsignedForm::trust_in_development(RawForm::parse(b"a=1&a=1"));
    assert_eq!(same_twice.only("a"), Err(Repeated("a")));
}

fn text() -> impl Strategy<Value = String> {
    proptest::string::string_regex("[a-zA-Z0-9 +%&=ñ✅😀\u{ff21}]{0,6}").unwrap()
}

fn pairs() -> impl Strategy<Value = Vec<(String, String)>> {
    vec((text(), text()), 1..8)
}

proptest! {
    #[test]
    fn what_is_signed_is_accepted_in_any_order_and_repeated(
        pairs in pairs(), token in "[a-f0-9]{32}", path in "(/[a-z]{0,4}){0,3}(\\?[a-z=&%0-9]{0,8})?",
        port in proptest::option::of(1_u16..), again in any::<Index>(),
    ) {
        let host = port.map_or("https://a.example".to_owned(), |port| format!("https://a.example:{port}"));
        let url = format!("{host}{path}");
        let signature = sign(&token, &url, &pairs);
        let mut shuffled = pairs.clone();
        shuffled.reverse();
        shuffled.push(pairs[again.index(pairs.len())].clone());
        for body in [encode(&pairs), encode(&shuffled)] {
            prop_assert_eq!(verify(&url, &[&token], body.as_bytes(), Some(signature.as_bytes())), Ok(()));
        }
    }

    #[test]
    fn a_single_change_is_refused(
        original in pairs(), at in any::<Index>(), how in 0..7, extra in "[a-z]{1,3}",
    ) {
        let (token, url) = ("0123456789abcdef", "https://a.example/x?job=1");
        let mut signature = sign(token, url, &original).into_bytes();
        let (mut pairs, mut url, mut key) = (original.clone(), url.to_owned(), token.to_owned());
        let place = at.index(pairs.len());
        match how {
            0 => pairs[place].0 += &extra,
            1 => pairs[place].1 += &extra,
            2 => drop(pairs.remove(place)),
            3 => pairs.push((extra, String::new())),
            4 => url += &extra,
            5 => key += &extra,
            _ => signature[at.index(27)] ^= 1,
        }
        let is_changed = how >= 4 || sign(token, &url, &pairs) != sign(token, &url, &original);
        prop_assume!(is_changed);
        prop_assert_eq!(
            verify(&url, &[&key], encode(&pairs).as_bytes(), Some(&signature)),
            Err(Mismatch::Wrong)
        );
    }

    #[test]
    fn any_bytes_are_refused_without_a_panic(
        body in vec(any::<u8>(), 0..300), signature in vec(any::<u8>(), 0..40), target in ".{0,20}",
    ) {
        let verifier = Verifier::new("https://a.example", &[SecretString::from("token")]);
        let refused = verifier.verify(RawForm::parse(&body), &target, Some(&signature));
        prop_assert!(refused.is_err());
    }
}
