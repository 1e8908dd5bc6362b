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
    /// `OPENAI_REASONING_EFFORT`: how long the model may think; not sent where there is none.
    pub effort: Option<String>,
    /// `OPENAI_DAILY_TOKENS_PER_WORKSPACE`; `None` is no limit.
    pub daily_tokens: Option<u32>,
    /// `OPENAI_PRICES`, where they are known.
    pub prices: Option<Prices>,
    /// `AI_FALLBACK`.
    pub fallback: ModelFallback,
}

/// What a million tokens cost, in US dollars: so many microdollars each.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Prices {
    /// Of what is sent and not cached.
    pub prompt: f64,
    /// Of what is sent and the API has cached.
    pub cached: f64,
    /// Of what is answered.
    pub completion: f64,
}

/// Kimi's address and model, chosen by `KIMI_API_KEY`. K2's models are retired by the end of 2026
/// (Moonshot's platform documentation).
const KIMI: (&str, &str) = ("https://api.moonshot.ai/v1", "kimi-k3");
/// `OpenAI`'s address, and a current small model.
const OPENAI: (&str, &str) = ("https://api.openai.com/v1", "gpt-5.4-mini");
/// What both default models are asked for: they think, and a chat waits for them.
const DEFAULT_EFFORT: &str = "low";
/// What `OpenAI`'s specification lists.
const EFFORTS: [&str; 7] = ["none", "minimal", "low", "medium", "high", "xhigh", "max"];

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
        let model = env.get("OPENAI_MODEL").unwrap_or(default_model);
        let daily_tokens = env.number("OPENAI_DAILY_TOKENS_PER_WORKSPACE", 0, 0..=u32::MAX)?;
        Ok(Some(Self {
            api_key: SecretString::from(key),
            base_url: base_url.to_owned(),
            model: model.to_owned(),
            effort: effort(env, model == default_model)?,
            daily_tokens: Some(daily_tokens).filter(|tokens| *tokens > 0),
            prices: prices(env)?,
            fallback,
        }))
    }
}

fn prices(env: &Environment) -> Result<Option<Prices>, SettingError> {
    let name = "OPENAI_PRICES";
    let Some(text) = env.get(name) else {
        return Ok(None);
    };
    let price = |text: &str| {
        let price = text.trim().parse::<f64>().ok()?;
        (0.0..=10_000.0).contains(&price).then_some(price)
    };
    let prices: Option<Vec<f64>> = text.split(',').map(price).collect();
    match prices.as_deref() {
        Some(&[prompt, cached, completion]) => Ok(Some(Prices {
            prompt,
            cached,
            completion,
        })),
        _ => Err(SettingError::new(
            name,
            "is not three prices: prompt, cached prompt, completion",
            "0.25,0.025,2.00",
        )),
    }
}

/// A model that does not think refuses the parameter, so only the default ones get it unasked.
fn effort(env: &Environment, is_default: bool) -> Result<Option<String>, SettingError> {
    let name = "OPENAI_REASONING_EFFORT";
    match env.get(name) {
        None => Ok(is_default.then(|| DEFAULT_EFFORT.to_owned())),
        Some(value) if EFFORTS.contains(&value) => Ok(Some(value.to_owned())),
        Some(_) => Err(SettingError::new(
            name,
            "is no effort of reasoning",
            DEFAULT_EFFORT,
        )),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn load<const N: usize>(variables: [(&str, &str); N]) -> Result<ModelSettings, SettingError> {
        ModelSettings::load(&Environment::of(variables)).map(|settings| settings.expect("a model"))
    }

    #[test]
    fn a_key_chooses_address_model_and_effort() {
        let openai = load([("OPENAI_API_KEY", "k")]).expect("is right");
        assert_eq!((openai.base_url.as_str(), openai.model.as_str()), OPENAI);
        assert_eq!(openai.effort.as_deref(), Some("low"));
        let kimi = load([("KIMI_API_KEY", "k")]).expect("is right");
        assert_eq!((kimi.base_url.as_str(), kimi.model.as_str()), KIMI);
    }

    #[test]
    fn another_model_is_asked_for_an_effort_only_where_one_is_set() {
        let key = ("OPENAI_API_KEY", "k");
        let other = ("OPENAI_MODEL", "gpt-4.1-mini");
        assert_eq!(load([key, other]).expect("is right").effort, None);
        let high = load([key, other, ("OPENAI_REASONING_EFFORT", "high")]);
        assert_eq!(high.expect("is right").effort.as_deref(), Some("high"));
        let wrong = load([key, ("OPENAI_REASONING_EFFORT", "very")]).expect_err("is wrong");
        assert_eq!(wrong.name, "OPENAI_REASONING_EFFORT");
    }

    #[test]
    fn a_daily_limit_of_nothing_is_none() {
        let limit = |value| {
            let name = "OPENAI_DAILY_TOKENS_PER_WORKSPACE";
            load([("OPENAI_API_KEY", "k"), (name, value)]).map(|settings| settings.daily_tokens)
        };
        assert_eq!(limit("0"), Ok(None));
        assert_eq!(limit("200000"), Ok(Some(200_000)));
        assert!(limit("-1").is_err());
    }

    #[test]
    fn prices_are_three_or_none() {
        let prices =
            |text| load([("OPENAI_API_KEY", "k"), ("OPENAI_PRICES", text)]).map(|all| all.prices);
        let three = Prices {
            prompt: 0.25,
            cached: 0.025,
            completion: 2.0,
        };
        assert_eq!(prices("0.25, 0.025,2.00"), Ok(Some(three)));
        assert_eq!(prices(""), Ok(None));
        for wrong in ["1", "1,2", "1,2,3,4", "1,2,-3", "1,2,NaN", "1,two,3"] {
            let error = prices(wrong).expect_err(wrong);
            assert_eq!(error.name, "OPENAI_PRICES");
        }
    }

    #[test]
    fn contradictions_are_named() {
        for (variables, name) in [
            (
                [("OPENAI_API_KEY", "k"), ("KIMI_API_KEY", "k")],
                "KIMI_API_KEY",
            ),
            ([("AI_FALLBACK", "wait"), ("X", "")], "AI_FALLBACK"),
            ([("AI_FALLBACK", "never"), ("X", "")], "AI_FALLBACK"),
        ] {
            let error = ModelSettings::load(&Environment::of(variables)).expect_err("is wrong");
            assert_eq!(error.name, name);
        }
    }
}
