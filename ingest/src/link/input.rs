//! The JSON that somebody posts, read only after they have proven who they are.

use axum::{
    body::Bytes,
    extract::{FromRequest, Request},
    http::StatusCode,
};
use serde::de::DeserializeOwned;

use crate::{app::App, problem::Problem};

/// A body of that shape, whatever it calls its content type.
pub(crate) struct Input<T>(pub(crate) T);

impl<T: DeserializeOwned> FromRequest<App> for Input<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, app: &App) -> Result<Self, Problem> {
        let body = tokio::time::timeout(super::PATIENCE, Bytes::from_request(request, app));
        let body =
            body.await
                .map_err(|_| Problem::too_slow())?
                .map_err(|rejection| match rejection.status() {
                    StatusCode::PAYLOAD_TOO_LARGE => Problem::too_large("The body is over 16 KiB."),
                    _ => Problem::invalid_request(),
                })?;
        serde_json::from_slice(&body)
            .map(Self)
            .map_err(|_| Problem::invalid_request())
    }
}
