//! The phone: one page with its style and its script, built into the program.

use axum::{
    http::{HeaderName, header},
    response::{Html, IntoResponse},
};

/// Nothing is loaded from elsewhere, and no script but ours runs.
const POLICY: (HeaderName, &str) = (
    header::CONTENT_SECURITY_POLICY,
    "default-src 'self'; img-src 'self' data:; base-uri 'none'; form-action 'self'; frame-ancestors 'none'",
);

/// `GET /`.
pub async fn page() -> impl IntoResponse {
    ([POLICY, NO_STORE], Html(include_str!("phone/phone.html")))
}

/// `GET /phone.css`.
pub async fn style() -> impl IntoResponse {
    let kind = (header::CONTENT_TYPE, "text/css; charset=utf-8");
    ([kind, NO_STORE], include_str!("phone/phone.css"))
}

/// `GET /phone.js`.
pub async fn script() -> impl IntoResponse {
    let kind = (header::CONTENT_TYPE, "text/javascript; charset=utf-8");
    ([kind, NO_STORE], include_str!("phone/phone.js"))
}

const NO_STORE: (HeaderName, &str) = (header::CACHE_CONTROL, "no-store");
