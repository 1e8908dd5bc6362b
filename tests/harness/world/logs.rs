//! What nobody may find in a log: a phone, what somebody wrote or was written, a code, a secret.
//! Every story looks, at the level `trace`.

use std::collections::BTreeSet;

use serde_json::Value;

use super::World;

/// Settings whose values are secret, or hold one.
const SECRETS: [&str; 5] = [
    "FOCO_SECRET",
    "TWILIO_AUTH_TOKEN",
    "SUPABASE_JWT_SECRET",
    "OPENAI_API_KEY",
    "DATABASE_URL",
];
/// Shorter texts are words that logs may have for other reasons.
const SHORTEST_TEXT: usize = 12;
/// The digits of a phone that belong to one person, whatever stands before them.
const OF_ONE_PERSON: usize = 10;

impl World {
    /// What our programs have logged so far, of all their lives.
    fn logs(&self) -> String {
        ["ingest", "worker", "focobot"]
            .iter()
            .filter_map(|name| std::fs::read(self.folder.join(format!("{name}.log"))).ok())
            .map(|bytes| String::from_utf8_lossy(&bytes).into_owned())
            .collect()
    }

    /// Looks for everything that must not be there.
    pub(super) async fn logs_tell_nothing(&self) {
        let logs = self.logs();
        for (what, found) in self.secrets().await {
            assert!(!logs.contains(&found), "a log holds {what}: {found}");
        }
        let words: BTreeSet<&str> = logs
            .lines()
            .flat_map(|line| without_timestamp(line).split(|c: char| !c.is_alphanumeric()))
            .collect();
        for code in self.codes().await {
            assert!(
                !words.contains(code.as_str()),
                "a log holds the code {code}"
            );
        }
    }

    async fn secrets(&self) -> BTreeSet<(&'static str, String)> {
        let mut found = BTreeSet::new();
        for name in SECRETS {
            let value = self.variables.get(name).cloned().unwrap_or_default();
            // Of an address only the password is secret.
            let password = value
                .split_once("://")
                .map(|(_, rest)| rest.split(['@', ':']).nth(1).unwrap_or_default().to_owned());
            found.insert(("a secret", password.unwrap_or(value)));
        }
        for message in self.conversations().await {
            for text in [&message["body"], &message["from"], &message["to"]] {
                let text = text.as_str().unwrap_or_default();
                found.insert(("a text", text.to_owned()));
                let digits: String = text.chars().filter(char::is_ascii_digit).collect();
                if text.starts_with("whatsapp:+52") && digits.len() > OF_ONE_PERSON {
                    let of_person = digits.len() - OF_ONE_PERSON;
                    found.insert(("a phone", digits[of_person..].to_owned()));
                }
                found.extend(text.lines().map(|line| ("a text", line.to_owned())));
            }
        }
        found.retain(|(what, text)| {
            let long = text.chars().count() >= SHORTEST_TEXT;
            long || *what == "a phone" || *what == "a secret" && !text.is_empty()
        });
        found
    }

    /// The codes that people sent and were sent; what is too short for one is a word of any log.
    pub(super) async fn codes(&self) -> BTreeSet<String> {
        let messages = self.conversations().await;
        let of_body = |message: &Value| {
            let body = message["body"].as_str()?;
            let marked = body.starts_with("VERIF") || body.starts_with("🔑");
            let code = body.split_whitespace().nth(1).filter(|_| marked)?;
            // The example in our own texts is nobody's.
            (code.len() >= 6 && code != "123456").then(|| code.to_owned())
        };
        let of_template = |message: &Value| {
            let values: Value =
                serde_json::from_str(message["content_variables"].as_str()?).ok()?;
            Some(values["1"].as_str()?.to_owned())
        };
        messages
            .iter()
            .filter_map(|message| of_body(message).or_else(|| of_template(message)))
            .collect()
    }

    /// The digits by which people are known who wrote or were written to.
    pub(super) async fn phones(&self) -> BTreeSet<String> {
        let found = self.secrets().await;
        found
            .into_iter()
            .filter(|(what, _)| *what == "a phone")
            .map(|(_, digits)| digits)
            .collect()
    }

    /// Every message of everybody, as the simulator has it.
    async fn conversations(&self) -> Vec<Value> {
        let phones: Vec<String> = self
            .simulator
            .sends()
            .await
            .iter()
            .filter_map(|send| send["to"].as_str())
            .map(|to| to.replace('+', "%2B"))
            .collect::<BTreeSet<_>>()
            .into_iter()
            .collect();
        let path = format!("messages?phone={}", phones.join(","));
        let answer = self.simulator.get(&path).await;
        answer["messages"].as_array().cloned().unwrap_or_default()
    }
}

/// A line without the moment at which it was logged, whose digits are anything.
fn without_timestamp(line: &str) -> &str {
    line.split_once("Z\"").map_or(line, |(_, rest)| rest)
}
