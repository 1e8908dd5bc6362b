//! Every rule that decides what a clause does has three examples or more that it decides:
//! `tests/data/rules.tsv`, a rule's name, a tab, a message.
#![expect(clippy::expect_used, reason = "helpers of tests are not seen as tests")]

use chrono::TimeZone;
use parser::{Request, Rule, explain};
use timezone::Zone;

const EXAMPLES: &str = include_str!("data/rules.tsv");

fn examples() -> impl Iterator<Item = (&'static str, &'static str)> {
    EXAMPLES
        .lines()
        .map(|line| line.split_once('\t').expect("has a tab"))
}

/// The rules that decide the clauses of a message that was sent on Tuesday, 3 March 2026.
fn deciding(text: &str) -> Vec<Rule> {
    let sent_at = Zone::mexico_city()
        .with_ymd_and_hms(2026, 3, 3, 12, 0, 0)
        .single()
        .expect("is a moment");
    let text = text.replace("\\n", "\n");
    explain::rules(&Request {
        text: &text,
        sent_at,
        language: None,
        project: "",
        members: &[],
    })
}

#[test]
fn every_rule_decides_its_examples() {
    for (name, text) in examples() {
        let rule = Rule::ALL.iter().find(|rule| rule.name() == name);
        let rule = rule.expect("every example is of a rule");
        assert!(deciding(text).contains(rule), "{name}: {text}");
    }
}

#[test]
fn every_rule_has_three_examples() {
    for rule in Rule::ALL {
        let count = examples().filter(|(name, _)| *name == rule.name()).count();
        assert!(count >= 3, "{} has {count}", rule.name());
    }
}

#[test]
fn an_explanation_names_tokens_marks_clauses_rules_and_items() {
    let sent_at = Zone::mexico_city()
        .with_ymd_and_hms(2026, 3, 3, 12, 0, 0)
        .single()
        .expect("is a moment");
    let told = explain::explain(&Request {
        text: "Please fix the login by Friday, about 3 hours",
        sent_at,
        language: None,
        project: "",
        members: &[],
    });
    insta::assert_snapshot!(told);
}
