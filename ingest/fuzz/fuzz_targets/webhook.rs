//! Any body, address and signature: nothing panics, what a second implementation signed is
//! accepted, and nothing else is.
#![no_main]

use std::collections::{BTreeMap, BTreeSet};

use base64::{Engine as _, engine::general_purpose::STANDARD};
use chrono::DateTime;
use common::sid::AccountSid;
use hmac::{Hmac, KeyInit as _, Mac as _};
use ingest::webhook::{event::Event, form::RawForm, signature::Verifier};
use libfuzzer_sys::{arbitrary, arbitrary::Arbitrary, fuzz_target};
use secrecy::SecretString;
use sha1::Sha1;

const TOKENS: [&str; 2] = ["0123456789abcdef", "fedcba9876543210"];
const ACCOUNT: &str = "AC0123456789abcdef0123456789abcdef";

/// A request, in the parts that the gate looks at.
#[derive(Arbitrary, Debug)]
struct Request<'a> {
    target: &'a str,
    body: &'a [u8],
    signed: Option<Signed>,
    signature: Option<&'a [u8]>,
    ours: bool,
}

/// Which of the genuine signatures it has.
#[derive(Arbitrary, Debug)]
struct Signed {
    second_token: bool,
    with_port: bool,
}

fn sign(token: &str, origin: &str, target: &str, body: &[u8]) -> Vec<u8> {
    let mut sorted = BTreeMap::<String, BTreeSet<String>>::new();
    for (name, value) in form_urlencoded::parse(body) {
        sorted.entry(name.into()).or_default().insert(value.into());
    }
    let mut mac = Hmac::<Sha1>::new_from_slice(token.as_bytes()).expect("any length");
    mac.update(origin.as_bytes());
    mac.update(target.as_bytes());
    for (name, values) in &sorted {
        for value in values {
            mac.update(name.as_bytes());
            mac.update(value.as_bytes());
        }
    }
    STANDARD.encode(mac.finalize().into_bytes()).into_bytes()
}

fuzz_target!(|request: Request<'_>| {
    let Request {
        target,
        body,
        signed,
        signature,
        ours,
    } = request;
    // The account's number is too long to be guessed byte by byte.
    let mut body = body.to_vec();
    if ours {
        body.extend_from_slice(format!("&AccountSid={ACCOUNT}").as_bytes());
    }
    let genuine: Vec<Vec<u8>> = TOKENS
        .iter()
        .flat_map(|token| {
            ["https://bot.example", "https://bot.example:443"].map(|origin| (token, origin))
        })
        .map(|(token, origin)| sign(token, origin, target, &body))
        .collect();
    let signature = match &signed {
        Some(signed) => {
            let at = 2 * usize::from(signed.second_token) + usize::from(signed.with_port);
            Some(genuine[at].as_slice())
        }
        None => signature,
    };
    let verifier = Verifier::new("https://bot.example", &TOKENS.map(SecretString::from));
    let verified = verifier.verify(RawForm::parse(&body), target, signature);
    let is_genuine = signature.is_some_and(|signature| genuine.iter().any(|one| one == signature));
    assert_eq!(verified.is_ok(), is_genuine);
    if let Ok(form) = verified {
        let account = AccountSid::parse(ACCOUNT).expect("an account");
        let query = target.split_once('?').map(|(_, query)| query);
        drop(Event::read(&form, query, &account, DateTime::UNIX_EPOCH));
    }
});
