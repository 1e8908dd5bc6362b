//! The phone: one page with its style and its script, built into the program.

use axum::{
    extract::Path,
    http::{HeaderName, StatusCode, header},
    response::{Html, IntoResponse, Response},
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

/// `GET /script/{name}`: the page's script, in modules.
pub async fn script(Path(name): Path<String>) -> Response {
    let script = match name.as_str() {
        "phone.js" => include_str!("phone/phone.js"),
        "bubble.js" => include_str!("phone/bubble.js"),
        "format.js" => include_str!("phone/format.js"),
        "story.js" => include_str!("phone/story.js"),
        "texts.js" => include_str!("phone/texts.js"),
        _ => return StatusCode::NOT_FOUND.into_response(),
    };
    let kind = (header::CONTENT_TYPE, "text/javascript; charset=utf-8");
    ([kind, NO_STORE], script).into_response()
}

const NO_STORE: (HeaderName, &str) = (header::CACHE_CONTROL, "no-store");
