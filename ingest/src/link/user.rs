//! The account that a request acts for, proven by its bearer token. No handler of the linking
//! API can run without one.

use axum::{
    extract::FromRequestParts,
    http::{header, request::Parts},
};
use uuid::Uuid;

use super::user_token::TokenError;
use crate::{app::App, problem::Problem};

/// A signed-in account.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct User(Uuid);

impl User {
    /// The account's id.
    pub(crate) fn id(self) -> Uuid {
        self.0
    }
}

impl FromRequestParts<App> for User {
    type Rejection = Problem;

    async fn from_request_parts(head: &mut Parts, app: &App) -> Result<Self, Problem> {
        let mut values = head.headers.get_all(header::AUTHORIZATION).iter();
        let (Some(value), None) = (values.next(), values.next()) else {
            return Err(Problem::unauthorized());
        };
        let token = value
            .to_str()
            .ok()
            .and_then(|text| text.split_once(' '))
            .filter(|(scheme, _)| scheme.eq_ignore_ascii_case("bearer"))
            .map(|(_, token)| token.trim())
            .ok_or_else(Problem::unauthorized)?;
        match app.tokens.verify(token).await {
            Ok(id) => Ok(Self(id)),
            Err(TokenError::Wrong) => Err(Problem::unauthorized()),
            Err(TokenError::NoKeys) => Err(Problem::unavailable()),
        }
    }
}
