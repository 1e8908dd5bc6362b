//! Every address that the ingester answers at.

use axum::{
    Router,
    extract::DefaultBodyLimit,
    http::StatusCode,
    middleware::from_fn,
    routing::{delete, get, post},
};
use metrics_exporter_prometheus::PrometheusHandle;
use tower_http::catch_panic::CatchPanicLayer;

use crate::{app::App, health, hygiene, link, openapi, problem::Problem, webhook};

/// Largest body of the linking API.
const LARGEST_JSON: usize = 16 * 1024;

/// What the world sees.
pub(crate) fn public(app: &App) -> Router {
    let routes = Router::new()
        .route(
            "/api/integrations/whatsapp/webhook",
            get(webhook::greet).post(webhook::receive),
        )
        .route(
            "/api/integrations/whatsapp/link",
            post(link::link).get(link::status),
        )
        .route("/api/integrations/whatsapp/verify", post(link::verify))
        .route(
            "/api/integrations/whatsapp/unlink",
            delete(link::unlink)
                .post(link::unlink_by_post)
                .get(link::unlink_status),
        )
        .route("/readyz/webhook", get(health::webhook))
        .route("/openapi.json", get(openapi::serve))
        .with_state(app.clone())
        .merge(common::http::health_routes(health::of(app)));
    finished(routes)
}

/// What only operators see, at `METRICS_ADDR`.
pub(crate) fn watched(app: &App, metrics: PrometheusHandle) -> Router {
    finished(
        common::http::metrics_routes(metrics).merge(common::http::health_routes(health::of(app))),
    )
}

/// What holds for every answer.
fn finished(routes: Router) -> Router {
    routes
        .fallback(|| async {
            Problem::new(
                StatusCode::NOT_FOUND,
                "not_found",
                "Nothing is at this address.",
            )
        })
        .method_not_allowed_fallback(|| async {
            let error = "This address does not know that method; Allow lists those that it knows.";
            Problem::new(StatusCode::METHOD_NOT_ALLOWED, "method_not_allowed", error)
        })
        .layer(DefaultBodyLimit::max(LARGEST_JSON))
        .layer(CatchPanicLayer::custom(hygiene::after_panic))
        .layer(from_fn(hygiene::finish))
}
