//! What each workspace has used of the model, and what that cost, as metrics. Each has series of its
//! own up to a number: whoever stores them must not pay for every customer.

use std::{
    collections::HashSet,
    sync::{Mutex, PoisonError},
};

use common::settings::Prices;
use uuid::Uuid;

use super::model::Tokens;

/// Workspaces that one process names, whichever come first.
const MOST_NAMED: usize = 200;
/// All others together.
const OTHERS: &str = "other";

/// Who has used what.
pub(super) struct Account {
    prices: Option<Prices>,
    named: Mutex<HashSet<Uuid>>,
}

impl Account {
    pub(super) fn new(prices: Option<Prices>) -> Self {
        Self {
            prices,
            named: Mutex::default(),
        }
    }

    /// Counts what one request has used.
    pub(super) fn count(&self, workspace: Uuid, tokens: Tokens) {
        let workspace = self.label(workspace);
        for (kind, number) in tokens.by_kind() {
            let labels = [("kind", kind.to_owned()), ("workspace", workspace.clone())];
            metrics::counter!("model_workspace_tokens_total", &labels).increment(number);
        }
        if let Some(prices) = self.prices {
            let cost = microdollars(tokens, prices);
            metrics::counter!("model_workspace_cost_microdollars_total", "workspace" => workspace)
                .increment(cost);
        }
    }

    fn label(&self, workspace: Uuid) -> String {
        let mut named = self.named.lock().unwrap_or_else(PoisonError::into_inner);
        let is_named =
            named.contains(&workspace) || (named.len() < MOST_NAMED && named.insert(workspace));
        if is_named {
            workspace.to_string()
        } else {
            OTHERS.to_owned()
        }
    }
}

/// A price per million tokens in dollars is one per token in millionths of a dollar.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "prices are bounded and not negative"
)]
fn microdollars(tokens: Tokens, prices: Prices) -> u64 {
    let number = |tokens: u64| f64::from(u32::try_from(tokens).unwrap_or(u32::MAX));
    let new = tokens.prompt.saturating_sub(tokens.cached);
    let cost = number(new) * prices.prompt
        + number(tokens.cached) * prices.cached
        + number(tokens.completion) * prices.completion;
    cost.round() as u64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_workspaces_are_named_and_all_others_are_one() {
        let account = Account::new(None);
        let first: Vec<Uuid> = (0..MOST_NAMED)
            .map(|n| Uuid::from_u128(n as u128))
            .collect();
        for workspace in first.iter().chain(&first) {
            assert_eq!(account.label(*workspace), workspace.to_string());
        }
        assert_eq!(account.label(Uuid::from_u128(1 << 64)), "other");
        assert_eq!(account.label(first[7]), first[7].to_string());
    }

    #[test]
    fn cached_tokens_are_part_of_the_prompt_and_cost_their_own_price() {
        let prices = Prices {
            prompt: 0.25,
            cached: 0.025,
            completion: 2.0,
        };
        for (prompt, cached, completion, cost) in [
            (0, 0, 0, 0),
            (1000, 0, 0, 250),
            (1000, 800, 0, 70),
            (1000, 800, 100, 270),
            // An answer that contradicts itself costs what was cached.
            (100, 800, 0, 20),
        ] {
            let tokens = Tokens {
                prompt,
                cached,
                completion,
            };
            assert_eq!(microdollars(tokens, prices), cost);
        }
    }
}
