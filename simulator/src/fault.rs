//! Faults on demand: lists of rules that say which call goes wrong, how often and how.
//! The control API sets them; Twilio's side, OpenAI's side and the callbacks consult them.

pub mod callbacks;
pub mod openai;
pub mod twilio;

use std::fmt;

use rand::{RngExt as _, SeedableRng as _, rngs::StdRng};
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use serde_json::Value;

/// One rule: whom it concerns, how often it applies, and what happens.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(
    deny_unknown_fields,
    bound(deserialize = "M: Default + Deserialize<'de>, A: Deserialize<'de>")
)]
pub struct Rule<M, A> {
    /// Which calls; every call where it is missing.
    #[serde(default, rename = "match")]
    pub matching: M,
    /// How many times; once where neither this nor `probability` is given, else without end.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub times: Option<u32>,
    /// How likely each time, 0 to 1.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub probability: Option<f64>,
    /// What happens.
    pub action: A,
}

impl<M, A> Rule<M, A> {
    fn is_spent(&self) -> bool {
        match self.times {
            Some(times) => times == 0,
            None => false,
        }
    }
}

/// A list of rules, and what its dice start from.
#[derive(Debug, Deserialize)]
#[serde(
    deny_unknown_fields,
    bound = "M: Default + Deserialize<'de>, A: Deserialize<'de>"
)]
pub struct RuleList<M, A> {
    /// Start of the dice.
    #[serde(default)]
    seed: u64,
    /// The rules; the first that matches applies.
    rules: Vec<Rule<M, A>>,
}

impl<M: Default + DeserializeOwned, A: DeserializeOwned> RuleList<M, A> {
    /// Reads a bare list of rules, or `{seed, rules}`.
    ///
    /// # Errors
    /// When it is neither.
    pub fn parse(json: Value) -> serde_json::Result<Self> {
        if json.is_array() {
            Ok(Self {
                seed: 0,
                rules: serde_json::from_value(json)?,
            })
        } else {
            serde_json::from_value(json)
        }
    }
}

/// The rules in force, with their dice.
pub struct RuleBook<M, A> {
    rules: Vec<Rule<M, A>>,
    dice: StdRng,
}

impl<M, A: Clone> RuleBook<M, A> {
    /// Replaces all rules.
    pub fn set(&mut self, list: RuleList<M, A>) {
        let RuleList { seed, mut rules } = list;
        for rule in &mut rules {
            if rule.times.is_none() && rule.probability.is_none() {
                rule.times = Some(1);
            }
        }
        *self = Self {
            rules,
            dice: StdRng::seed_from_u64(seed),
        };
    }

    /// The rules that still can apply.
    #[must_use]
    pub fn rules(&self) -> &[Rule<M, A>] {
        &self.rules
    }

    /// What happens to a call: the action of the first rule that matches, is not used up and whose
    /// dice fall so.
    pub fn pick(&mut self, matches: impl Fn(&M) -> bool) -> Option<A> {
        let dice = &mut self.dice;
        let rule = self.rules.iter_mut().find(|rule| {
            matches(&rule.matching)
                && rule
                    .probability
                    .is_none_or(|p| dice.random_bool(p.clamp(0.0, 1.0)))
        })?;
        if let Some(times) = &mut rule.times {
            *times = times.saturating_sub(1);
        }
        let action = rule.action.clone();
        self.rules.retain(|rule| !rule.is_spent());
        Some(action)
    }
}

impl<M, A> Default for RuleBook<M, A> {
    fn default() -> Self {
        Self {
            rules: Vec::new(),
            dice: StdRng::seed_from_u64(0),
        }
    }
}

impl<M, A> fmt::Debug for RuleBook<M, A> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RuleBook")
            .field("rules", &self.rules.len())
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn book(json: &str) -> RuleBook<(), String> {
        let mut book = RuleBook::default();
        book.set(RuleList::parse(serde_json::from_str(json).unwrap()).unwrap());
        book
    }

    #[test]
    fn a_rule_without_a_count_applies_once_and_the_next_follows() {
        let mut book =
            book(r#"[{"match":null,"action":"a"},{"match":null,"times":2,"action":"b"}]"#);
        let picked: Vec<_> = (0..4).map(|_| book.pick(|()| true)).collect();
        assert_eq!(
            picked,
            [Some("a".into()), Some("b".into()), Some("b".into()), None]
        );
        assert!(book.rules().is_empty());
    }

    #[test]
    fn dice_fall_alike_for_the_same_seed_and_never_end() {
        let json = r#"{"seed":7,"rules":[{"match":null,"probability":0.5,"action":"x"}]}"#;
        let run = || {
            let mut book = book(json);
            (0..64)
                .map(|_| book.pick(|()| true).is_some())
                .collect::<Vec<_>>()
        };
        assert_eq!(run(), run());
        let hits = run().iter().filter(|hit| **hit).count();
        assert!((16..48).contains(&hits), "{hits} of 64");
    }
}
