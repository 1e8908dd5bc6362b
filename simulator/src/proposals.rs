//! The page behind a proposal's link.

/// `GET /proposals/{id}`.
pub async fn page() -> &'static str {
    ""
}
