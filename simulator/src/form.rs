//! Forms and queries.

use crate::signature::Params;

/// A form or a query as an ordered list of pairs.
#[must_use]
pub fn pairs(encoded: &[u8]) -> Params {
    form_urlencoded::parse(encoded).into_owned().collect()
}
