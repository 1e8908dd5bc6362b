//! The environment's variables, and how one is read or complained about.

use std::{collections::HashMap, fmt, str::FromStr, time::Duration};

use secrecy::SecretString;
use url::{Host, Url};

/// One line that names the variable, what is wrong and what a right value looks like.
/// It never holds the value of a secret.
#[derive(Clone, Debug, thiserror::Error, PartialEq, Eq)]
#[error("{name}: {problem}; a right value looks like {example}")]
pub struct SettingError {
    /// The variable.
    pub name: String,
    /// What is wrong with it.
    pub problem: String,
    /// A right value.
    pub example: String,
}

impl SettingError {
    /// A complaint about one variable.
    pub fn new(name: &str, problem: impl Into<String>, example: &str) -> Self {
        Self {
            name: name.to_owned(),
            problem: problem.into(),
            example: example.to_owned(),
        }
    }
}

/// A snapshot of the variables; an empty one counts as absent.
#[derive(Clone, Default)]
pub struct Environment(HashMap<String, String>);

impl Environment {
    /// The process's variables and, in development, those of a `.env` file that are not set.
    ///
    /// # Errors
    /// When the `.env` file cannot be read.
    pub fn of_process() -> Result<Self, SettingError> {
        let mut variables: HashMap<String, String> = std::env::vars_os()
            .filter_map(|(name, value)| Some((name.into_string().ok()?, value.into_string().ok()?)))
            .collect();
        let file = match dotenvy::dotenv_iter() {
            Ok(lines) => lines.collect::<Result<HashMap<_, _>, _>>().map_err(|_| {
                SettingError::new(".env", "a line cannot be read", "FOCO_ENV=development")
            })?,
            Err(_) => HashMap::new(),
        };
        let says_development = |of: &HashMap<String, String>| {
            of.get("FOCO_ENV")
                .map(|value| value.trim() == "development")
        };
        if says_development(&variables).or_else(|| says_development(&file)) == Some(true) {
            for (name, value) in file {
                variables.entry(name).or_insert(value);
            }
        }
        Ok(Self(variables))
    }

    /// Given variables, for tests.
    #[must_use]
    pub fn of<const N: usize>(variables: [(&str, &str); N]) -> Self {
        Self(
            variables
                .into_iter()
                .map(|(k, v)| (k.to_owned(), v.to_owned()))
                .collect(),
        )
    }

    /// The same with one variable changed, for tests; an empty value removes it.
    #[must_use]
    pub fn with(mut self, name: &str, value: &str) -> Self {
        self.0.insert(name.to_owned(), value.to_owned());
        self
    }

    /// The variable's value without surrounding space, if it has one.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&str> {
        self.0
            .get(name)
            .map(|value| value.trim())
            .filter(|value| !value.is_empty())
    }

    /// The value of a variable that has to be there.
    ///
    /// # Errors
    /// When it is missing.
    pub fn required(&self, name: &str, example: &str) -> Result<&str, SettingError> {
        self.get(name)
            .ok_or_else(|| SettingError::new(name, "is missing", example))
    }

    /// The value read as `T`, or the default.
    ///
    /// # Errors
    /// When it is there and cannot be read.
    pub fn parsed<T: FromStr>(
        &self,
        name: &str,
        default: T,
        example: &str,
    ) -> Result<T, SettingError> {
        self.get(name).map_or(Ok(default), |value| {
            value
                .parse()
                .map_err(|_| SettingError::new(name, "cannot be read", example))
        })
    }

    /// A whole number within bounds, or the default.
    ///
    /// # Errors
    /// When it is no number or out of bounds.
    pub fn number(
        &self,
        name: &str,
        default: u32,
        bounds: std::ops::RangeInclusive<u32>,
    ) -> Result<u32, SettingError> {
        let value = self.parsed(name, default, &default.to_string())?;
        if bounds.contains(&value) {
            return Ok(value);
        }
        let problem = format!("must be from {} to {}", bounds.start(), bounds.end());
        Err(SettingError::new(name, problem, &default.to_string()))
    }

    /// A number of seconds within bounds, or the default.
    ///
    /// # Errors
    /// As [`Environment::number`].
    pub fn seconds(
        &self,
        name: &str,
        default: u32,
        bounds: std::ops::RangeInclusive<u32>,
    ) -> Result<Duration, SettingError> {
        self.number(name, default, bounds)
            .map(|seconds| Duration::from_secs(seconds.into()))
    }

    /// A secret, or two separated by a comma while it is rotated.
    ///
    /// # Errors
    /// When it is missing, one of the two is empty or shorter than `shortest`.
    pub fn secrets(
        &self,
        name: &str,
        shortest: usize,
        example: &str,
    ) -> Result<Vec<SecretString>, SettingError> {
        let parts: Vec<&str> = self
            .required(name, example)?
            .split(',')
            .map(str::trim)
            .collect();
        if parts.len() > 2 {
            return Err(SettingError::new(name, "has more than two values", example));
        }
        if parts.iter().any(|part| part.chars().count() < shortest) {
            let problem = format!("has a value shorter than {shortest} characters");
            return Err(SettingError::new(name, problem, example));
        }
        Ok(parts.into_iter().map(SecretString::from).collect())
    }

    /// An address without a trailing slash: `https`, or `http` on loopback.
    ///
    /// # Errors
    /// When it is no such address.
    pub fn address(&self, name: &str, value: &str, example: &str) -> Result<Url, SettingError> {
        let complain = |problem: &str| SettingError::new(name, problem, example);
        let url = Url::parse(value).map_err(|_| complain("is not an address"))?;
        if value.ends_with('/') {
            return Err(complain("must not end in a slash"));
        }
        match url.scheme() {
            "https" => {}
            "http" if is_loopback(&url) => {}
            "http" => return Err(complain("uses http, which is accepted on loopback only")),
            _ => return Err(complain("must begin with https://")),
        }
        if url.host().is_none() || url.query().is_some() || url.fragment().is_some() {
            return Err(complain("must be an address without ? and #"));
        }
        if !is_normal(value, &url) {
            let problem = "is not written as addresses are called (lower case, no . or .., \
                           punycode, no \\)";
            return Err(complain(problem));
        }
        Ok(url)
    }
}

/// Whether an address is written as its callers write it: Twilio signs the text. The usual port may
/// be there.
fn is_normal(value: &str, url: &Url) -> bool {
    let normal = url.as_str().trim_end_matches('/');
    let usual = if url.scheme() == "http" {
        ":80"
    } else {
        ":443"
    };
    value == normal || value.replacen(usual, "", 1) == normal && url.port().is_none()
}

/// Whether an address is on this machine.
pub(super) fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(Host::Domain(name)) => name == "localhost",
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        None => false,
    }
}

impl fmt::Debug for Environment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Environment({} variables)", self.0.len())
    }
}
