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

fn variants() -> Variants {
    Variants {
        public: Origin::parse("https://bot.example/foco"),
        web: Origin::parse("https://foco.example"),
        keys: vec![
            (AS_EXPECTED, key(&SecretString::from("token"))),
            ("API key", key(&SecretString::from("secret"))),
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

fn find(token: &str, url: &str) -> Option<String> {
    let request = Request::builder()
        .uri("/api/hook?job=1")
        .header("host", "inner.example:8080")
        .header("x-forwarded-host", "outer.example, inner.example")
        .header("x-forwarded-prefix", "/other/")
        .body(())
        .unwrap();
    let (head, ()) = request.into_parts();
    variants().find(&unsigned(), &head, sign(token, url).as_bytes())
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
        ("https://bot.example/foco/api/hook/?job=1", "trailing slash"),
        ("https://bot.example/foco/api/hook", "query"),
        ("https://bot.example/api/hook?job=1", "path prefix"),
        ("https://bot.example/other/api/hook?job=1", "path prefix"),
    ] {
        let found = find("token", url).unwrap_or_default();
        assert!(found.contains(name), "{url}: {found:?}");
    }
    let found = find("secret", "https://bot.example/foco/api/hook?job=1");
    assert_eq!(found.as_deref(), Some("API key"));
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
