//! A form body as it came: pairs in their order, repeated keys included. Nothing may read a
//! value from it: that is what [`super::signature::SignedForm`] is for.

use std::borrow::Cow;

/// A name and a value.
pub(super) type Pair<'a> = (Cow<'a, str>, Cow<'a, str>);

/// The pairs of a body that nobody has vouched for yet.
pub struct RawForm<'a>(Vec<Pair<'a>>);

impl<'a> RawForm<'a> {
    /// Reads `application/x-www-form-urlencoded`. It reads anything: what is no UTF-8 becomes
    /// replacement characters, which no genuine signature covers.
    #[must_use]
    pub fn parse(body: &'a [u8]) -> Self {
        Self(form_urlencoded::parse(body).collect())
    }

    /// How many pairs there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The pairs, for the module that verifies them.
    pub(super) fn into_pairs(self) -> Vec<Pair<'a>> {
        self.0
    }
}
