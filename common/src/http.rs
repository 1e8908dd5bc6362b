//! The one HTTP client of a process, and the small server that shows health and metrics.

use std::{future::Future, sync::Arc, time::Duration};

use axum::{
    Json, Router,
    http::{StatusCode, header},
    response::{IntoResponse, Response},
    routing::get,
};
use metrics_exporter_prometheus::PrometheusHandle;
use serde_json::json;

/// A client for other companies' APIs: connects within 5 s, follows no redirect (an API that
/// redirects is misconfigured, and credentials must not travel), bounds every call by `timeout`.
///
/// # Errors
/// When the system's certificates cannot be read.
pub fn client(timeout: Duration) -> Result<reqwest::Client, reqwest::Error> {
    install_tls_provider();
    reqwest::Client::builder()
        .connect_timeout(Duration::from_secs(5))
        .timeout(timeout)
        .redirect(reqwest::redirect::Policy::none())
        .user_agent(concat!("FocoBot/", env!("CARGO_PKG_VERSION")))
        .build()
}

/// Makes ring the process's TLS implementation; a second call changes nothing.
pub fn install_tls_provider() {
    // An error only says that one is installed already, which is what was wanted.
    drop(rustls::crypto::ring::default_provider().install_default());
}

/// What a process needs to do its work, asked one by one: the name of the first that is away.
pub type Readiness = Arc<
    dyn Fn() -> futures_util::future::BoxFuture<'static, Result<(), &'static str>> + Send + Sync,
>;

/// Turns an asynchronous function into a [`Readiness`].
pub fn readiness<F, Fut>(check: F) -> Readiness
where
    F: Fn() -> Fut + Send + Sync + 'static,
    Fut: Future<Output = Result<(), &'static str>> + Send + 'static,
{
    Arc::new(move || Box::pin(check()))
}

/// `GET /livez`: the process answers; `GET /readyz`: its dependencies do too.
pub fn health_routes(ready: Readiness) -> Router {
    Router::new()
        .route("/livez", get(|| async { Json(json!({"status": "ok"})) }))
        .route(
            "/readyz",
            get(move || {
                let ready = Arc::clone(&ready);
                async move { ready_answer(ready().await) }
            }),
        )
}

/// 200, or 503 that names what is away.
#[must_use]
pub fn ready_answer(result: Result<(), &'static str>) -> Response {
    match result {
        Ok(()) => Json(json!({"status": "ok"})).into_response(),
        Err(part) => (
            StatusCode::SERVICE_UNAVAILABLE,
            [(header::RETRY_AFTER, "5")],
            Json(json!({"status": "unavailable", "failing": part})),
        )
            .into_response(),
    }
}

/// `GET /metrics` in Prometheus' text format.
pub fn metrics_routes(metrics: PrometheusHandle) -> Router {
    Router::new().route(
        "/metrics",
        get(move || {
            let text = metrics.render();
            async move { ([(header::CONTENT_TYPE, "text/plain; version=0.0.4")], text) }
        }),
    )
}
