//! The control API: what tests and the phone page use. Shapes are in the crate's README.

pub mod faults;
pub mod link;
pub mod story;
pub mod view;
pub mod write;

use axum::{
    Json,
    http::StatusCode,
    response::{IntoResponse, Response},
};
use serde_json::json;

/// A refusal of the control API.
#[derive(Debug, thiserror::Error)]
pub enum Refusal {
    /// An address that is none.
    #[error("not a URL: {0}")]
    Url(#[from] url::ParseError),
    /// Rules that cannot be read.
    #[error("not a list of rules: {0}")]
    Rules(#[from] serde_json::Error),
    /// A setting that the call needs is missing.
    #[error("start the simulator with {0}")]
    Setting(&'static str),
    /// No such message in FocoBot's ledger, or not yet.
    #[error("FocoBot's ledger does not have that message")]
    Unknown,
    /// FocoBot's ledger could not be read.
    #[error("FocoBot's ledger could not be read: {0}")]
    Ledger(#[from] sqlx::Error),
    /// FocoBot's web side did not answer.
    #[error("FocoBot's web side did not answer: {0}")]
    Web(#[from] reqwest::Error),
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        let status = match self {
            Self::Url(_) | Self::Rules(_) => StatusCode::BAD_REQUEST,
            Self::Setting(_) => StatusCode::CONFLICT,
            Self::Unknown => StatusCode::NOT_FOUND,
            Self::Web(_) | Self::Ledger(_) => StatusCode::BAD_GATEWAY,
        };
        (status, Json(json!({ "error": self.to_string() }))).into_response()
    }
}
