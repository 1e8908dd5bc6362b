//! The model's settings: any OpenAI-compatible API, or none.

use secrecy::SecretString;

use super::environment::{Environment, SettingError};

/// What happens when the model cannot answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ModelFallback {
    /// The built-in parser takes over and says that the estimate is rough.
    Builtin,
    /// The request waits for the model.
    Wait,
}

/// An OpenAI-compatible chat completions API.
#[derive(Clone, Debug)]
pub struct ModelSettings {
    /// `OPENAI_API_KEY` or `KIMI_API_KEY`.
    pub api_key: SecretString,
    /// Its address, `/v1` included, no trailing slash.
    pub base_url: String,
    /// The model's name.
    pub model: String,
    /// `AI_FALLBACK`.
    pub fallback: ModelFallback,
}

/// Kimi's address and model, chosen by `KIMI_API_KEY` (Moonshot's platform documentation).
const KIMI: (&str, &str) = ("https://api.moonshot.ai/v1", "kimi-k2-turbo-preview");
/// `OpenAI`'s address, and a current small model.
const OPENAI: (&str, &str) = ("https://api.openai.com/v1", "gpt-5-mini");

impl ModelSettings {
    /// Reads the group; `None` when no key is set.
    ///
    /// # Errors
    /// Names the variable that is wrong.
    pub fn load(env: &Environment) -> Result<Option<Self>, SettingError> {
        let fallback = match env.get("AI_FALLBACK") {
            None | Some("builtin") => ModelFallback::Builtin,
            Some("wait") => ModelFallback::Wait,
            Some(_) => {
                return Err(SettingError::new(
                    "AI_FALLBACK",
                    "is neither",
                    "builtin or wait",
                ));
            }
        };
        let (key, (default_url, default_model)) =
            match (env.get("OPENAI_API_KEY"), env.get("KIMI_API_KEY")) {
                (Some(_), Some(_)) => {
                    let problem = "is set beside OPENAI_API_KEY: set one of them";
                    return Err(SettingError::new("KIMI_API_KEY", problem, "(unset)"));
                }
                (None, None) if fallback == ModelFallback::Wait => {
                    let problem = "is wait, but no model is configured (OPENAI_API_KEY)";
                    return Err(SettingError::new("AI_FALLBACK", problem, "builtin"));
                }
                (None, None) => return Ok(None),
                (Some(key), None) => (key, OPENAI),
                (None, Some(key)) => (key, KIMI),
            };
        let base_url = env.get("OPENAI_BASE_URL").unwrap_or(default_url);
        env.address("OPENAI_BASE_URL", base_url, OPENAI.0)?;
        Ok(Some(Self {
            api_key: SecretString::from(key),
            base_url: base_url.to_owned(),
            model: env.get("OPENAI_MODEL").unwrap_or(default_model).to_owned(),
            fallback,
        }))
    }
}
