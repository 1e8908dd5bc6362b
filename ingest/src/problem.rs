//! What goes wrong, as a client is told: a sentence for a person and a word for a program,
//! never the source of the error.

use std::sync::Arc;

use axum::{
    Json,
    http::{HeaderName, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use common::database_error::{Said, Trouble};
use serde::Serialize;
use utoipa::ToSchema;

/// The body of every error.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(crate) struct ProblemBody {
    /// A sentence for a person: what is wrong and what to do next.
    #[schema(example = "That code is wrong or has expired. Ask for a new one.")]
    error: &'static str,
    /// A word for a program.
    #[schema(example = "invalid_code")]
    code: &'static str,
}

/// An error and its status.
#[derive(Debug)]
pub(crate) struct Problem {
    status: StatusCode,
    body: ProblemBody,
    header: Option<(HeaderName, HeaderValue)>,
    schema: Option<SchemaProblem>,
}

/// What the database has not that a statement asks for; an answer carries it to whoever watches the
/// schema.
#[derive(Clone, Debug)]
pub(crate) struct SchemaProblem(pub(crate) Arc<str>);

impl Problem {
    pub(crate) fn status(&self) -> StatusCode {
        self.status
    }

    pub(crate) fn new(status: StatusCode, code: &'static str, error: &'static str) -> Self {
        Self {
            status,
            body: ProblemBody { error, code },
            header: None,
            schema: None,
        }
    }

    /// With `Retry-After`.
    pub(crate) fn after(mut self, seconds: u64) -> Self {
        self.header = Some((header::RETRY_AFTER, HeaderValue::from(seconds)));
        self
    }

    /// With `Allow`.
    pub(crate) fn allowing(mut self, methods: &'static str) -> Self {
        self.header = Some((header::ALLOW, HeaderValue::from_static(methods)));
        self
    }

    /// No such address.
    pub(crate) fn not_found() -> Self {
        let error = "Nothing is at this address.";
        Self::new(StatusCode::NOT_FOUND, "not_found", error)
    }

    /// Something that is needed is away.
    pub(crate) fn unavailable() -> Self {
        let error = "Something that is needed for this is away. Try again in a moment.";
        Self::new(StatusCode::SERVICE_UNAVAILABLE, "unavailable", error).after(1)
    }

    /// A bug, which the log describes.
    pub(crate) fn internal() -> Self {
        let error = "Something went wrong on our side. Try again later.";
        Self::new(StatusCode::INTERNAL_SERVER_ERROR, "internal", error)
    }

    /// A body over its bound.
    pub(crate) fn too_large(error: &'static str) -> Self {
        Self::new(StatusCode::PAYLOAD_TOO_LARGE, "too_large", error)
    }

    /// A body that does not end.
    pub(crate) fn too_slow() -> Self {
        Self::new(
            StatusCode::REQUEST_TIMEOUT,
            "too_slow",
            "The body did not arrive in time.",
        )
    }

    /// A body that is no JSON of the expected shape.
    pub(crate) fn invalid_request() -> Self {
        let error = "The body is not the JSON that this address expects. See /openapi.json.";
        Self::new(StatusCode::BAD_REQUEST, "invalid_request", error)
    }

    /// What is asked for cannot be done as it is asked for.
    pub(crate) fn bad_request(code: &'static str, error: &'static str) -> Self {
        Self::new(StatusCode::BAD_REQUEST, code, error)
    }

    /// Wrong, expired or used: one wording.
    pub(crate) fn invalid_code() -> Self {
        Self::bad_request(
            "invalid_code",
            "That code is wrong or has expired. Ask for a new one.",
        )
    }

    /// The code has used up its attempts.
    pub(crate) fn too_many_attempts() -> Self {
        let error = "Too many wrong codes. Ask for a new one.";
        Self::new(StatusCode::TOO_MANY_REQUESTS, "too_many_attempts", error)
    }

    /// More codes than five an hour.
    pub(crate) fn too_many_codes() -> Self {
        let error = "Too many codes were asked for. Wait a while and ask again.";
        Self::new(StatusCode::TOO_MANY_REQUESTS, "too_many_codes", error)
    }

    /// No phone number.
    pub(crate) fn invalid_phone() -> Self {
        let error =
            "That is not a phone number. Write it with its country code, like +52 55 5555 0100.";
        Self::bad_request("invalid_phone", error)
    }

    /// Codes are sent by WhatsApp and by nothing else.
    pub(crate) fn unsupported_delivery() -> Self {
        let error = "Codes are sent by whatsapp only. Leave out deliver to have the code shown.";
        Self::bad_request("unsupported", error)
    }

    /// The 24 hours are over, and there is no template.
    pub(crate) fn cannot_deliver() -> Self {
        let error = "Nothing can be sent to that phone right now. Leave out deliver, and send the code that is shown.";
        Self::new(StatusCode::CONFLICT, "cannot_deliver", error)
    }

    /// The phone is another account's.
    pub(crate) fn phone_taken() -> Self {
        let error = "That phone is linked to another Foco account. Unlink it there first.";
        Self::new(StatusCode::CONFLICT, "phone_taken", error)
    }

    /// Whatever is wrong with a bearer token.
    pub(crate) fn unauthorized() -> Self {
        let error = "Sign in again: the bearer token is missing, wrong or expired.";
        let mut problem = Self::new(StatusCode::UNAUTHORIZED, "unauthorized", error);
        problem.header = Some((header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer")));
        problem
    }
}

impl From<sqlx::Error> for Problem {
    fn from(error: sqlx::Error) -> Self {
        // Logged here, at the edge: the client is told nothing of it.
        let said = Said::of(&error).to_string();
        tracing::error!(error = said, "the database could not do it");
        match Trouble::of(&error) {
            Trouble::Away | Trouble::Locked | Trouble::Undone => Self::unavailable(),
            Trouble::Contradiction => Self::internal(),
            Trouble::Schema => Self {
                schema: Some(SchemaProblem(said.into())),
                ..Self::internal()
            },
        }
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let mut response = (self.status, Json(self.body)).into_response();
        if let Some((name, value)) = self.header {
            response.headers_mut().insert(name, value);
        }
        if let Some(schema) = self.schema {
            response.extensions_mut().insert(schema);
        }
        response
    }
}
