//! `focobot twilio configure-webhook`: sets the addresses, and believes only what it reads back.

use std::{process::ExitCode, time::Duration};

use anyhow::bail;
use common::settings::{
    Environment, TwilioSettings, WEBHOOK_PATH, WEBHOOK_RETRIES, public_base_url,
};
use serde::Serialize;
use serde_json::Value;

use super::senders::{Senders, Webhook};
use crate::address::without_password;

/// How often what was accepted is read back, once a second, until it shows.
const READS: u32 = 15;

/// What is printed.
#[derive(Serialize)]
struct Report {
    sid: String,
    before: Webhook,
    after: Webhook,
}

/// Configures our sender.
pub(super) async fn run(
    env: &Environment,
    fallback_url: Option<String>,
    dry_run: bool,
    json: bool,
) -> anyhow::Result<ExitCode> {
    let senders = Senders::new(&TwilioSettings::load(env)?)?;
    let base = public_base_url(env)?;
    let sender = senders.ours().await?;
    let before = sender.webhook();
    let wanted = wanted(&base, &before, fallback_url);
    let after = if dry_run || wanted == before {
        wanted.clone()
    } else {
        senders.update(&sender.sid, &wanted).await?;
        read_back(&senders, &sender.sid, &wanted).await?
    };
    let report = Report {
        sid: sender.sid,
        before: shown(before),
        after: shown(after),
    };
    if json {
        println!("{}", serde_json::to_string(&report)?);
    } else {
        print(&report, dry_run);
    }
    Ok(ExitCode::SUCCESS)
}

/// As it may be shown.
fn shown(webhook: Webhook) -> Webhook {
    let mask = |value| match value {
        Value::String(address) => Value::String(without_password(&address)),
        other => other,
    };
    webhook
        .into_iter()
        .map(|(name, value)| (name, mask(value)))
        .collect()
}

/// What the sender shall be configured with: ours in place of what concerns us, all else as it is.
fn wanted(base: &str, before: &Webhook, fallback_url: Option<String>) -> Webhook {
    let ours = format!("{base}{WEBHOOK_PATH}{WEBHOOK_RETRIES}");
    let set = before.get("fallback_url").and_then(Value::as_str);
    let set = set.filter(|url| !url.is_empty()).map(str::to_owned);
    let fallback = fallback_url.or(set).unwrap_or_else(|| ours.clone());
    let mut wanted = before.clone();
    for (name, value) in [
        ("callback_url", ours.as_str()),
        ("callback_method", "POST"),
        ("fallback_url", &fallback),
        ("fallback_method", "POST"),
        ("status_callback_url", &ours),
        ("status_callback_method", "POST"),
    ] {
        wanted.insert(name.to_owned(), value.into());
    }
    wanted
}

/// The names of what a sender is configured with that is not as this system needs it.
pub(crate) fn differences(base: &str, webhook: &Webhook) -> Vec<String> {
    let wanted = wanted(base, webhook, None);
    let differs = |(name, value): &(&String, &Value)| webhook.get(*name) != Some(value);
    let differing = wanted.iter().filter(differs);
    differing.map(|(name, _)| name.clone()).collect()
}

/// Reads until it shows what was asked for; another configuration after a while is an error.
async fn read_back(senders: &Senders, sid: &str, wanted: &Webhook) -> anyhow::Result<Webhook> {
    let mut got = Webhook::new();
    for _ in 0..READS {
        got = senders.fetch(sid).await?.webhook();
        if wanted
            .iter()
            .all(|(name, value)| got.get(name) == Some(value))
        {
            return Ok(got);
        }
        tokio::time::sleep(Duration::from_secs(1)).await;
    }
    let differs = |name: &&String| got.get(*name) != wanted.get(*name);
    let names: Vec<&str> = wanted.keys().filter(differs).map(String::as_str).collect();
    bail!(
        "Twilio took the change and shows another configuration ({}): look at the sender {sid} in \
         the Twilio console, and run this again",
        names.join(", ")
    )
}

fn print(report: &Report, dry_run: bool) {
    println!("WhatsApp sender {}", report.sid);
    let text = |value: Option<&Value>| match value {
        Some(Value::String(text)) if !text.is_empty() => text.clone(),
        None | Some(Value::Null | Value::String(_)) => "(not set)".to_owned(),
        Some(other) => other.to_string(),
    };
    for (name, after) in &report.after {
        let (before, after) = (text(report.before.get(name)), text(Some(after)));
        println!("  {name}");
        if before == after {
            println!("    stays {after}");
        } else {
            println!("    was   {before}");
            println!("    {}   {after}", if dry_run { "new" } else { "now" });
        }
    }
    if dry_run {
        println!("Nothing was changed. To do it: focobot twilio configure-webhook");
    } else {
        println!("Twilio shows this configuration. Next: focobot doctor");
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    const BASE: &str = "https://bot.example";
    const OURS: &str = "https://bot.example/api/integrations/whatsapp/webhook#rc=5&rp=all";

    fn webhook(value: Value) -> Webhook {
        serde_json::from_value(value).unwrap()
    }

    #[test]
    fn what_does_not_concern_us_stays() {
        let before = webhook(json!({"callback_url": "https://old", "x": {"y": [1]}}));
        let wanted = wanted(BASE, &before, None);
        assert_eq!(wanted["x"], before["x"]);
        for name in ["callback_url", "fallback_url", "status_callback_url"] {
            assert_eq!(wanted[name], OURS);
        }
        assert!(differences(BASE, &wanted).is_empty());
        assert!(differences(BASE, &before).contains(&"callback_url".to_owned()));
    }

    #[test]
    fn a_fallback_that_is_set_stays_unless_another_is_given() {
        let other = "https://other.example/hook";
        let before = webhook(json!({"fallback_url": other}));
        assert_eq!(wanted(BASE, &before, None)["fallback_url"], other);
        let given = wanted(BASE, &before, Some("https://third.example".to_owned()));
        assert_eq!(given["fallback_url"], "https://third.example");
        let empty = webhook(json!({"fallback_url": ""}));
        assert_eq!(wanted(BASE, &empty, None)["fallback_url"], OURS);
    }
}
