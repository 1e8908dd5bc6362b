//! Each usual mistake of a deployment is named.

use axum::http::Request;
use base64::{Engine as _, engine::general_purpose::STANDARD};
use hmac::Mac as _;
use secrecy::SecretString;

use super::*;
use crate::webhook::{
    form::RawForm,
    signature::{UnsignedForm, Verifier, key},
};

fn diagnosis() -> SignatureDiagnosis {
    SignatureDiagnosis {
        public: Origin::parse("https://bot.example/foco"),
        web: Origin::parse("https://foco.example"),
        keys: vec![
            (AS_EXPECTED, key(&SecretString::from("token"))),
            (OLD_TOKEN, key(&SecretString::from("old token"))),
            (API_KEY, key(&SecretString::from("secret"))),
        ],
    }
}

fn sign(token: &str, url: &str) -> String {
    let mut mac = key(&SecretString::from(token));
    mac.update(url.as_bytes());
    mac.update(b"ab");
    STANDARD.encode(mac.finalize().into_bytes())
}

fn unsigned() -> UnsignedForm<'static> {
    let verifier = Verifier::new("https://x", &[]);
    match verifier.verify(RawForm::parse(b"a=b"), "/", None) {
        Err((_, form)) => form,
        Ok(_) => panic!("nobody signed it"),
    }
}

fn find(token: &str, url: &str) -> Option<Difference> {
    let request = Request::builder()
        .uri("/api/hook?job=1")
        .header("host", "inner.example:8080")
        .header("x-forwarded-host", "outer.example, inner.example")
        .header("x-forwarded-prefix", "/other/")
        .body(())
        .unwrap();
    let (head, ()) = request.into_parts();
    diagnosis().find(&unsigned(), &head, sign(token, url).as_bytes())
}

#[test]
fn the_usual_mistakes_are_named() {
    for (url, name) in [
        ("http://bot.example/foco/api/hook?job=1", "scheme"),
        ("https://bot.example:8080/foco/api/hook?job=1", "port"),
        (
            "https://outer.example/foco/api/hook?job=1",
            "X-Forwarded-Host",
        ),
        (
            "https://inner.example:8080/foco/api/hook?job=1",
            "as in Host",
        ),
        ("https://foco.example/api/hook?job=1", "FOCO_WEB_URL"),
        ("https://bot.example/foco/api/hook/?job=1", "slash"),
        ("https://bot.example/foco/api/hook", "query"),
        ("https://bot.example/api/hook?job=1", "path prefix"),
        ("https://bot.example/other/api/hook?job=1", "path prefix"),
    ] {
        let found = find("token", url)
            .map(Difference::names)
            .unwrap_or_default();
        assert!(found.contains(name), "{url}: {found:?}");
    }
}

#[test]
fn the_advice_names_what_is_to_be_changed() {
    let ours = "https://bot.example/foco/api/hook?job=1";
    let http = "http://bot.example/foco/api/hook?job=1";
    for (token, url, names, advice) in [
        ("secret", ours, API_KEY, "set TWILIO_AUTH_TOKEN"),
        (
            "old token",
            http,
            "scheme: http in place of https, or the reverse; token: the old one of the rotation",
            "set PUBLIC_BASE_URL",
        ),
        (
            "token",
            "https://bot.example/foco/api/hook/?job=1",
            SLASH,
            "set the webhook at Twilio",
        ),
        (
            "token",
            "https://bot.example/foco/api/hook",
            QUERY,
            "the proxy",
        ),
    ] {
        let found = find(token, url).unwrap();
        assert_eq!(found.names(), names, "{url}");
        assert!(found.advice().contains(advice), "{}", found.advice());
    }
}

#[test]
fn a_forgery_has_no_name() {
    assert_eq!(
        find("guess", "https://bot.example/foco/api/hook?job=1"),
        None
    );
    assert_eq!(
        find("token", "https://evil.example/foco/api/hook?job=1"),
        None
    );
}
