//! How users' bearer tokens are verified.

use secrecy::SecretString;
use url::Url;

use super::environment::{Environment, SettingError};

/// One of two ways; both or neither is refused.
#[derive(Clone, Debug)]
pub enum UserTokenSettings {
    /// `SUPABASE_JWT_SECRET`: HS256.
    Secret(SecretString),
    /// `SUPABASE_JWKS_URL`: ES256 or RS256 with the keys found there.
    Jwks(Url),
}

impl UserTokenSettings {
    /// Reads the group.
    ///
    /// # Errors
    /// When neither or both are set, or one is wrong.
    pub fn load(env: &Environment) -> Result<Self, SettingError> {
        let (secret, jwks) = ("SUPABASE_JWT_SECRET", "SUPABASE_JWKS_URL");
        let example = "https://project.supabase.co/auth/v1/.well-known/jwks.json";
        match (env.get(secret), env.get(jwks)) {
            (Some(_), Some(_)) => Err(SettingError::new(
                secret,
                format!("is set beside {jwks}: set one"),
                "(unset)",
            )),
            (Some(value), None) if value.len() < 32 => Err(SettingError::new(
                secret,
                "is shorter than 32 characters",
                "Supabase's secret",
            )),
            (Some(value), None) => Ok(Self::Secret(SecretString::from(value))),
            (None, Some(value)) => Ok(Self::Jwks(env.address(jwks, value, example)?)),
            (None, None) => Err(SettingError::new(
                secret,
                format!("is missing, and so is {jwks}"),
                example,
            )),
        }
    }
}
