//! The description of this API: what is said of it as a whole. Its addresses are added where they
//! are routed.

use std::sync::Arc;

use axum::{Extension, Json};
use utoipa::{
    Modify, OpenApi,
    openapi::{
        Components,
        security::{Http, HttpAuthScheme, SecurityScheme},
    },
};

/// This document.
#[utoipa::path(get, path = "/openapi.json", tag = "health", operation_id = "openapi",
    responses((status = 200, description = "OpenAPI 3.1")))]
pub(crate) async fn serve(
    Extension(document): Extension<Arc<utoipa::openapi::OpenApi>>,
) -> Json<Arc<utoipa::openapi::OpenApi>> {
    Json(document)
}

/// The document without its addresses.
pub(crate) fn frame() -> utoipa::openapi::OpenApi {
    Document::openapi()
}

#[derive(OpenApi)]
#[openapi(
    info(
        title = "FocoBot ingest",
        description = "Twilio's WhatsApp webhook, and linking a WhatsApp sender to a Foco account."
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
