//! What each workspace has used of the model, and what that cost, as metrics.

use common::settings::Prices;
use uuid::Uuid;

use super::model::Tokens;

/// Counts what one request has used.
pub(super) fn count(workspace: Uuid, tokens: Tokens, prices: Option<Prices>) {
    let workspace = workspace.to_string();
    for (kind, number) in tokens.by_kind() {
        let labels = [("kind", kind.to_owned()), ("workspace", workspace.clone())];
        metrics::counter!("model_workspace_tokens_total", &labels).increment(number);
    }
    if let Some(prices) = prices {
        let cost = microdollars(tokens, prices);
        metrics::counter!("model_workspace_cost_microdollars_total", "workspace" => workspace)
            .increment(cost);
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
