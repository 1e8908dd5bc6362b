//! The description of this API. A test compares it with what the router answers at.

use axum::Json;
use utoipa::{
    Modify, OpenApi,
    openapi::{
        Components,
        security::{Http, HttpAuthScheme, SecurityScheme},
    },
};

use crate::{health, link, webhook};

/// This document.
#[utoipa::path(get, path = "/openapi.json", tag = "health", operation_id = "openapi",
    responses((status = 200, description = "OpenAPI 3.1")))]
pub(crate) async fn serve() -> Json<utoipa::openapi::OpenApi> {
    Json(Document::openapi())
}

/// Whether the process answers.
#[utoipa::path(get, path = "/livez", tag = "health", responses((status = 200)))]
#[expect(dead_code, reason = "describes the route that all programs share")]
fn livez() {}

/// Whether NATS, Redis and PostgreSQL answer too.
#[utoipa::path(get, path = "/readyz", tag = "health",
    responses((status = 200), (status = 503, description = "`failing` names what is away")))]
#[expect(dead_code, reason = "describes the route that all programs share")]
fn readyz() {}

#[derive(OpenApi)]
#[openapi(
    info(
        title = "FocoBot ingest",
        description = "Twilio's WhatsApp webhook, and linking a WhatsApp sender to a Foco account."
    ),
    paths(
        webhook::greet, webhook::receive,
        link::link, link::status, link::verify,
        link::unlink, link::unlink_by_post, link::unlink_status,
        livez, readyz, health::webhook, serve,
    ),
    modifiers(&Bearer),
    tags(
        (name = "webhook", description = "For Twilio"),
        (name = "linking", description = "For signed-in accounts"),
        (name = "health", description = "For operators and load balancers"),
    )
)]
struct Document;

struct Bearer;

impl Modify for Bearer {
    fn modify(&self, document: &mut utoipa::openapi::OpenApi) {
        let scheme = SecurityScheme::Http(Http::new(HttpAuthScheme::Bearer));
        let components = document.components.get_or_insert_with(Components::new);
        components.add_security_scheme("bearer", scheme);
    }
}
