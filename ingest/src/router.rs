//! Every address that the ingester answers at, and the description that is made of them.

use std::sync::Arc;

use axum::{
    Extension, Router,
    extract::DefaultBodyLimit,
    http::StatusCode,
    middleware::{from_fn, from_fn_with_state},
};
use metrics_exporter_prometheus::PrometheusHandle;
use tower_http::catch_panic::CatchPanicLayer;
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::{app::App, health, link, openapi, problem::Problem, response_headers, webhook};

/// Largest body of the linking API.
const LARGEST_JSON: usize = 16 * 1024;

/// What the world sees.
pub(crate) fn public(app: &App) -> Router {
    let (routes, document) = OpenApiRouter::with_openapi(openapi::frame())
        .routes(routes!(webhook::greet, webhook::receive))
        .routes(routes!(link::link, link::status))
        .routes(routes!(link::verify))
        .routes(routes!(
            link::unlink,
            link::unlink_by_post,
            link::unlink_status
        ))
        .routes(routes!(health::livez))
        .routes(routes!(health::readyz))
        .routes(routes!(health::webhook))
        .routes(routes!(openapi::serve))
        .split_for_parts();
    let routes = routes
        .fallback(webhook::elsewhere)
        .with_state(app.clone())
        .layer(from_fn_with_state(
            app.clone(),
            response_headers::watch_schema,
        ))
        .layer(Extension(Arc::new(document)));
    finished(routes)
}

/// What only operators see, at `METRICS_ADDR`.
pub(crate) fn watched(app: &App, metrics: PrometheusHandle) -> Router {
    finished(
        common::http::metrics_routes(metrics)
            .merge(common::http::health_routes(health::of(app)))
            .fallback(|| async { Problem::not_found() }),
    )
}

/// What the world sees while NATS is not there yet: alive, and able to do nothing.
pub(crate) fn starting() -> Router {
    let away = common::http::readiness(|| async { Err("nats") });
    finished(common::http::health_routes(away).fallback(|| async { Problem::unavailable() }))
}

/// What holds for every answer.
fn finished(routes: Router) -> Router {
    routes
        .method_not_allowed_fallback(|| async {
            let error = "This address does not know that method; Allow lists those that it knows.";
            Problem::new(StatusCode::METHOD_NOT_ALLOWED, "method_not_allowed", error)
        })
        .layer(DefaultBodyLimit::max(LARGEST_JSON))
        .layer(CatchPanicLayer::custom(response_headers::after_panic))
        .layer(from_fn(response_headers::finish))
}
