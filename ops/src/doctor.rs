//! `focobot doctor`: everything that a deployment needs, each line ok or what to change. One
//! check's failure never stops the others, and each is bounded in time.

mod clock;
mod connections;
mod database;
mod model;
mod servers;
mod settings;
mod statements;
mod stores;
mod streams;
mod twilio;
mod webhook;
mod zones;

use std::{future::Future, process::ExitCode, time::Duration};

use common::settings::Environment;
use serde::Serialize;

use crate::connections::Postgres;

/// How long one check may take: longer than connecting to a server that is away.
const LIMIT: Duration = Duration::from_secs(40);
/// Width of the terminal that lines are made for.
const WIDTH: usize = 80;

/// What a check says, for `--help`.
pub(crate) const MEANS: &str = "\
Run it where ingest and worker run, with their settings. It changes nothing. The
webhook is asked with a signed form that names no message, which ingest answers
with 400 once the signature held.
NATS_MONITOR_URL (http://HOST:8222 of NATS_URL where it is not set) shows
whether NATS writes every message to disk.
Exit: 0 where every line is ok or a warning (!!), 1 where something is to be changed.";

/// One line.
#[derive(Debug, Serialize)]
struct Check {
    #[serde(rename = "check")]
    name: &'static str,
    ok: bool,
    detail: String,
    /// What to change. A line that is ok and has one is a warning: nothing of `FocoBot`'s is wrong.
    fix: Option<String>,
}

impl Check {
    fn ok(name: &'static str, detail: impl Into<String>) -> Self {
        Self {
            name,
            ok: true,
            detail: detail.into(),
            fix: None,
        }
    }

    fn wrong(name: &'static str, detail: impl Into<String>, fix: impl Into<String>) -> Self {
        Self {
            name,
            ok: false,
            detail: detail.into(),
            fix: Some(fix.into()),
        }
    }

    /// Something that an operator should know, and that harms nobody's messages.
    fn warning(name: &'static str, detail: impl Into<String>, fix: impl Into<String>) -> Self {
        Self {
            ok: true,
            ..Self::wrong(name, detail, fix)
        }
    }

    /// Something that could not even be tried; the error says which setting to look at.
    fn failed(name: &'static str, error: &anyhow::Error) -> Self {
        let said = format!("{error:#}");
        // Our own errors say what to look at behind this word.
        for word in ["check ", "a right value looks like "] {
            if let Some((detail, what)) = said.split_once(word) {
                let detail = detail.trim_end_matches([';', ':', ' ']);
                return Self::wrong(name, detail, format!("{word}{what}"));
            }
        }
        let fix = "repair what this line names, then run focobot doctor again";
        Self::wrong(name, said, fix)
    }
}

/// Lines, or the error that became of them.
type Lines = anyhow::Result<Vec<Check>>;

/// Runs all checks at once and prints them in their order.
pub(crate) async fn run(env: &Environment, json: bool) -> anyhow::Result<ExitCode> {
    let postgres = Postgres::new(env);
    let (
        webhook,
        clock,
        streams,
        database,
        connections,
        statements,
        zones,
        servers,
        stores,
        twilio,
        model,
    ) = tokio::join!(
        bounded("webhook", webhook::check(env)),
        bounded("clock", clock::check(env, &postgres)),
        bounded("streams", streams::check(env)),
        bounded("database", database::check(&postgres)),
        bounded("connections", connections::check(env, &postgres)),
        bounded("schema", statements::check(env, &postgres)),
        bounded("zones", zones::check(&postgres)),
        bounded("servers", servers::check(env, &postgres)),
        bounded("stores", stores::check(env, &postgres)),
        bounded("twilio", twilio::check(env)),
        bounded("model", model::check(env)),
    );
    let checks: Vec<Check> = [
        webhook,
        settings::check(env),
        clock,
        servers,
        stores,
        streams,
        database,
        connections,
        statements,
        zones,
        twilio,
        model,
    ]
    .into_iter()
    .flatten()
    .collect();
    if json {
        println!("{}", serde_json::to_string(&checks)?);
    } else {
        print(&checks);
    }
    let well = checks.iter().all(|check| check.ok);
    Ok(if well {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}

/// A check within its time; an error becomes its only line.
async fn bounded(name: &'static str, check: impl Future<Output = Lines>) -> Vec<Check> {
    match tokio::time::timeout(LIMIT, check).await {
        Ok(Ok(lines)) => lines,
        Ok(Err(error)) => vec![Check::failed(name, &error)],
        Err(_elapsed) => vec![Check::wrong(
            name,
            format!("no answer within {} s", LIMIT.as_secs()),
            "look whether the server that it asks is overloaded or frozen",
        )],
    }
}

fn print(checks: &[Check]) {
    for check in checks {
        let mark = match (check.ok, &check.fix) {
            (true, None) => "ok ",
            (true, Some(_)) => "!! ",
            (false, _) => "BAD",
        };
        let first = format!("{mark} {:<13} ", check.name);
        println!("{}", wrapped(&first, &check.detail));
        if let Some(fix) = &check.fix {
            println!("{}", wrapped("    change:       ", fix));
        }
    }
    let warnings = checks
        .iter()
        .filter(|check| check.ok && check.fix.is_some());
    match checks.iter().filter(|check| !check.ok).count() {
        0 if warnings.count() > 0 => println!("All is well; lines marked !! are for you to know."),
        0 => println!("All is well."),
        count => println!("{count} to change."),
    }
}

/// The text behind its label, broken at spaces and indented below it.
fn wrapped(label: &str, text: &str) -> String {
    let indent = " ".repeat(label.chars().count());
    let (mut out, mut column) = (label.to_owned(), label.chars().count());
    for (at, word) in text.split_whitespace().enumerate() {
        let length = word.chars().count();
        if at > 0 && column + 1 + length > WIDTH {
            out.push('\n');
            out.push_str(&indent);
            column = indent.len();
        } else if at > 0 {
            out.push(' ');
            column += 1;
        }
        out.push_str(word);
        column += length;
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_fit_the_terminal_and_lose_no_word() {
        let text = "many words of a sentence that goes on and on ".repeat(5);
        let shown = wrapped("ok  label ", &text);
        assert!(shown.lines().count() > 2);
        assert!(shown.lines().all(|line| line.chars().count() <= WIDTH));
        let words: Vec<&str> = shown.split_whitespace().skip(2).collect();
        assert_eq!(words, text.split_whitespace().collect::<Vec<_>>());
    }
}
