//! The account at Twilio that every world has.

/// Its SID.
pub(crate) const ACCOUNT: &str = "AC0123456789abcdef0123456789abcdef";
/// Signs its webhooks, and opens its API.
pub(crate) const AUTH_TOKEN: &str = "0123456789abcdef0123456789abcdef";
