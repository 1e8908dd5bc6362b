//! Text that belongs to a person: it travels and is stored, but no log can show it.

use std::fmt;

use serde::{Deserialize, Serialize};

/// A message's text, or anything else that only its sender and recipient should see.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct PersonalText(String);

impl PersonalText {
    /// Marks a text as personal. NUL, which `PostgreSQL` cannot store and nobody types, is left out.
    #[must_use]
    pub fn new(text: impl Into<String>) -> Self {
        let mut text = text.into();
        text.retain(|character| character != '\0');
        Self(text)
    }

    /// The text in clear.
    #[must_use]
    pub fn reveal(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for PersonalText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "PersonalText({} bytes)", self.0.len())
    }
}
