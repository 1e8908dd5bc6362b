//! What every answer has: an id by which it is found in the logs, and headers that keep
//! browsers from doing anything with it but show it.

use std::any::Any;

use axum::{
    body::Body,
    extract::{Request, State},
    http::{HeaderName, HeaderValue, Method, StatusCode, header},
    middleware::Next,
    response::{IntoResponse as _, Response},
};
use tracing::Instrument as _;
use uuid::Uuid;

use crate::{
    app::App,
    problem::{Problem, SchemaProblem},
};

const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// Security headers of an API without pages (OWASP REST Security Cheat Sheet).
const HEADERS: [(HeaderName, HeaderValue); 5] = [
    (
        header::X_CONTENT_TYPE_OPTIONS,
        HeaderValue::from_static("nosniff"),
    ),
    (header::X_FRAME_OPTIONS, HeaderValue::from_static("DENY")),
    (
        header::CONTENT_SECURITY_POLICY,
        HeaderValue::from_static("default-src 'none'; frame-ancestors 'none'"),
    ),
    (
        header::REFERRER_POLICY,
        HeaderValue::from_static("no-referrer"),
    ),
    (header::CACHE_CONTROL, HeaderValue::from_static("no-store")),
];

/// Answers that may be given before the body was read. The server then closes the connection, and a
/// client that is not told would lose its next request in it.
const BEFORE_THE_BODY: [StatusCode; 6] = [
    StatusCode::UNAUTHORIZED,
    StatusCode::NOT_FOUND,
    StatusCode::METHOD_NOT_ALLOWED,
    StatusCode::REQUEST_TIMEOUT,
    StatusCode::PAYLOAD_TOO_LARGE,
    StatusCode::UNSUPPORTED_MEDIA_TYPE,
];

/// The request's id, for whoever logs apart from its span.
#[derive(Clone, Copy, Debug)]
pub(crate) struct RequestId(pub(crate) Uuid);

/// Gives the request an id of ours (a client's could be anything) and the answer its headers.
pub(crate) async fn finish(mut request: Request, next: Next) -> Response {
    let id = Uuid::now_v7();
    request.extensions_mut().insert(RequestId(id));
    let span = tracing::info_span!("request", %id);
    let may_have_body = !matches!(*request.method(), Method::GET | Method::HEAD);
    let mut response = next.run(request).instrument(span).await;
    let closes = may_have_body && BEFORE_THE_BODY.contains(&response.status());
    let headers = response.headers_mut();
    headers.extend(HEADERS);
    if let Ok(id) = HeaderValue::from_str(&id.to_string()) {
        headers.insert(REQUEST_ID, id);
    }
    if closes {
        headers.insert(header::CONNECTION, HeaderValue::from_static("close"));
    }
    response
}

/// Notes where a statement asked for what the database has not.
pub(crate) async fn watch_schema(State(app): State<App>, request: Request, next: Next) -> Response {
    let response = next.run(request).await;
    if let Some(SchemaProblem(said)) = response.extensions().get() {
        app.schema.report(said.to_string());
    }
    response
}

/// A panic is a bug, but ends only its own request.
pub(crate) fn after_panic(_: Box<dyn Any + Send + 'static>) -> Response<Body> {
    // Its message may hold anything, so it is not logged; the panic hook has logged its place.
    tracing::error!("a request panicked");
    Problem::internal().into_response()
}
