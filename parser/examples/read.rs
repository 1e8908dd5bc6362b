//! `cargo xtask read`: what the built-in parser makes of a message, how it came to that, and what
//! each of its rules is good for.
#![expect(
    clippy::print_stdout,
    reason = "a command line talks to its user, and this one prints what was read"
)]

use std::error::Error;

use chrono::{NaiveDate, TimeZone};
use parser::{
    ParsedProposal, Request, Rule,
    eval::{self, Labelled, Outcome},
    explain, parse,
};
use timezone::Zone;

const MESSAGES: [&str; 2] = [
    include_str!("../tests/data/messages.jsonl"),
    include_str!("../tests/data/own.jsonl"),
];

/// `read DAY TEXT`, `read DAY --explain TEXT`, `read --rules`; `\n` in the text is a line break.
fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match arguments.as_slice() {
        ["--rules"] => try_without_each(),
        [day, "--explain", text] => read(day, text, explain::explain),
        [day, text] => read(day, text, |request| listed(&parse(request))),
        _ => Err("usage: read DAY [--explain] TEXT, or read --rules".into()),
    }
}

/// Reads a message that was sent at noon in Mexico City.
fn read(
    day: &str,
    text: &str,
    tell: impl FnOnce(&Request<'_>) -> String,
) -> Result<(), Box<dyn Error>> {
    let day: NaiveDate = day.parse()?;
    let noon = day.and_hms_opt(12, 0, 0).ok_or("no such hour")?;
    let sent_at = Zone::mexico_city()
        .from_local_datetime(&noon)
        .single()
        .ok_or("no such time")?;
    let text = text.replace("\\n", "\n");
    let request = Request {
        text: &text,
        sent_at,
        language: None,
        project: "",
        members: &[],
    };
    println!("{}", tell(&request).trim_end());
    Ok(())
}

/// The items of a proposal, one a line.
fn listed(proposal: &ParsedProposal) -> String {
    let mut lines = vec![format!(
        "{}, total {:?}",
        proposal.language.tag(),
        proposal.total_hours
    )];
    for item in &proposal.items {
        let due = item
            .due
            .map_or_else(|| "-".to_owned(), |due| due.to_string());
        let (kind, priority) = (item.kind.as_str(), item.priority.as_str());
        lines.push(format!(
            "- {} | {:?} | {due} | {priority} | {kind}",
            item.title, item.hours
        ));
    }
    lines.join("\n")
}

/// Switches off one rule after another over all labelled messages: how many clauses it decides,
/// how many proposals change without it, and how many mistakes more or less there are.
fn try_without_each() -> Result<(), Box<dyn Error>> {
    let mut messages = Vec::new();
    for lines in MESSAGES {
        messages.extend(eval::read(lines)?);
    }
    let (usual, proposals) = run(&messages, parse);
    let mistakes = count(&usual);
    let mut decided = Vec::new();
    eval::run(&messages, |request| {
        decided.extend(explain::rules(request));
        parse(request)
    });
    println!(
        "{:<20} {:>8} {:>8} {:>8}",
        "rule", "decides", "changes", "mistakes"
    );
    for &rule in Rule::ALL {
        let (outcomes, others) = run(&messages, |request| explain::without(request, rule));
        let changed = proposals
            .iter()
            .zip(&others)
            .filter(|(with, without)| with != without)
            .count();
        let times = decided.iter().filter(|other| **other == rule).count();
        let more = count(&outcomes).cast_signed() - mistakes.cast_signed();
        println!("{:<20} {times:>8} {changed:>8} {more:>+8}", rule.name());
    }
    Ok(())
}

fn run(
    messages: &[Labelled],
    mut parser: impl FnMut(&Request<'_>) -> ParsedProposal,
) -> (Vec<Outcome>, Vec<ParsedProposal>) {
    let mut proposals = Vec::new();
    let outcomes = eval::run(messages, |request| {
        let proposal = parser(request);
        proposals.push(proposal.clone());
        proposal
    });
    (outcomes, proposals)
}

fn count(outcomes: &[Outcome]) -> usize {
    outcomes.iter().map(|outcome| outcome.mistakes.len()).sum()
}
