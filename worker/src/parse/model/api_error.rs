//! What the API says of a call that failed.

use serde::Deserialize;
use serde_json::Value;

/// `error` of a failed call; empty where the body says nothing that can be read.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct ApiError {
    /// Text, or a number in some APIs.
    code: Value,
    r#type: Value,
}

impl ApiError {
    pub(super) fn read(body: &[u8]) -> Self {
        #[derive(Deserialize)]
        struct Failed {
            error: ApiError,
        }
        serde_json::from_slice::<Failed>(body)
            .map_or_else(|_| Self::default(), |failed| failed.error)
    }

    /// Whether its code or its type is one of these.
    pub(super) fn is_any_of(&self, names: &[&str]) -> bool {
        let is = |name: &Value| name.as_str().is_some_and(|name| names.contains(&name));
        is(&self.code) || is(&self.r#type)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_error_is_known_by_its_code_or_its_type() {
        let read = |body: &str| ApiError::read(body.as_bytes()).is_any_of(&["insufficient_quota"]);
        assert!(read(
            r#"{"error":{"code":null,"type":"insufficient_quota"}}"#
        ));
        assert!(read(
            r#"{"error":{"code":"insufficient_quota","type":"requests"}}"#
        ));
        assert!(read(
            r#"{"error":{"code":429,"type":"insufficient_quota"}}"#
        ));
        assert!(!read(r#"{"error":{"code":"rate_limit_exceeded"}}"#));
        assert!(!read("<html>"));
    }
}
