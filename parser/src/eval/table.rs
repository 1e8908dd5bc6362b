//! The table of scores, as text that fits 80 columns.

use std::{collections::BTreeSet, fmt::Write};

use super::{Outcome, Score, sum};

/// The scores overall, by language and by tag, in percent; `-` where nothing was asked.
#[must_use]
pub fn render(outcomes: &[Outcome]) -> String {
    let mut table = String::new();
    header(&mut table);
    row(&mut table, "all", &sum(outcomes));
    let languages: BTreeSet<&str> = outcomes
        .iter()
        .map(|outcome| outcome.message.language.as_str())
        .collect();
    for language in languages {
        row(
            &mut table,
            language,
            &sum(outcomes
                .iter()
                .filter(|outcome| outcome.message.language == language)),
        );
    }
    let tags: BTreeSet<&String> = outcomes
        .iter()
        .flat_map(|outcome| &outcome.message.tags)
        .collect();
    for tag in tags {
        row(
            &mut table,
            tag,
            &sum(outcomes
                .iter()
                .filter(|outcome| outcome.message.tags.contains(tag))),
        );
    }
    table
}

fn header(table: &mut String) {
    let mut line = format!("{:<19}{:>4}", "", "n");
    for (name, _) in Score::default().columns() {
        // Writing to a string cannot fail.
        line.push(' ');
        let _ = write!(line, "{name:>5.5}");
    }
    table.push_str(&line);
    table.push('\n');
}

fn row(table: &mut String, name: &str, score: &Score) {
    let mut line = format!("{name:<19.19}{:>4}", score.messages);
    for (_, ratio) in score.columns() {
        let text = if ratio.of == 0 {
            "-".to_owned()
        } else {
            format!("{:.1}", ratio.percent())
        };
        // Writing to a string cannot fail.
        let _ = write!(line, " {text:>5}");
    }
    table.push_str(&line);
    table.push('\n');
}
