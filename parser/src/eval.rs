//! Scoring a parser against labelled messages: what `cargo xtask eval` and the tests print.
//! Any parser can be scored, the built-in one or a model's.

mod label;
mod table;

use crate::{Item, ParsedProposal, Request, token::fold};

pub use label::{Expected, ExpectedItem, Labelled};
pub use table::render;

/// Right answers out of questions.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Ratio {
    /// Right answers.
    pub right: usize,
    /// Questions.
    pub of: usize,
}

impl Ratio {
    /// The share of right answers in percent; 100 where nothing was asked.
    #[must_use]
    #[expect(
        clippy::cast_precision_loss,
        reason = "counts of messages are far below 2^52"
    )]
    pub fn percent(self) -> f64 {
        if self.of == 0 {
            100.0
        } else {
            100.0 * self.right as f64 / self.of as f64
        }
    }

    fn add(&mut self, other: Self) {
        self.right += other.right;
        self.of += other.of;
    }

    fn count(right: bool) -> Self {
        Self {
            right: usize::from(right),
            of: 1,
        }
    }
}

/// The score of one message or of many.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Score {
    /// Messages scored.
    pub messages: usize,
    /// Messages whose actionability is right.
    pub actionable: Ratio,
    /// Produced items that were expected.
    pub precision: Ratio,
    /// Expected items that were produced.
    pub recall: Ratio,
    /// Matched items whose hours are right.
    pub hours: Ratio,
    /// Matched items whose due date is right.
    pub due: Ratio,
    /// Matched items whose priority is right.
    pub priority: Ratio,
    /// Matched items whose kind is right.
    pub kind: Ratio,
    /// Messages whose total is right.
    pub total: Ratio,
    /// Messages whose reply language is right.
    pub language: Ratio,
}

impl Score {
    /// The columns of the table, with their names.
    #[must_use]
    pub fn columns(&self) -> [(&'static str, Ratio); 9] {
        [
            ("action", self.actionable),
            ("precis", self.precision),
            ("recall", self.recall),
            ("hours", self.hours),
            ("due", self.due),
            ("prio", self.priority),
            ("kind", self.kind),
            ("total", self.total),
            ("lang", self.language),
        ]
    }

    /// Adds another score to this one.
    pub fn add(&mut self, other: &Self) {
        self.messages += other.messages;
        self.actionable.add(other.actionable);
        self.precision.add(other.precision);
        self.recall.add(other.recall);
        self.hours.add(other.hours);
        self.due.add(other.due);
        self.priority.add(other.priority);
        self.kind.add(other.kind);
        self.total.add(other.total);
        self.language.add(other.language);
    }
}

/// A labelled message with its score and what was wrong, in words.
#[derive(Debug, Clone)]
pub struct Outcome {
    /// The message.
    pub message: Labelled,
    /// Its score.
    pub score: Score,
    /// What differs from the label, one sentence each.
    pub mistakes: Vec<String>,
}

/// Reads labelled messages from JSON Lines.
///
/// # Errors
/// The first line that is not a labelled message.
pub fn read(lines: &str) -> serde_json::Result<Vec<Labelled>> {
    lines
        .lines()
        .filter(|line| !line.trim().is_empty())
        .map(serde_json::from_str)
        .collect()
}

/// Scores a parser over labelled messages.
pub fn run(
    messages: &[Labelled],
    mut parser: impl FnMut(&Request<'_>) -> ParsedProposal,
) -> Vec<Outcome> {
    let judge = |message: &Labelled| {
        let request = Request {
            text: &message.text,
            sent_at: message.sent_at.with_timezone(&message.timezone),
            language: None,
            project: "",
            members: &[],
        };
        judge(message, &parser(&request))
    };
    messages.iter().map(judge).collect()
}

/// The sum of the scores of outcomes.
#[must_use]
pub fn sum<'a>(outcomes: impl IntoIterator<Item = &'a Outcome>) -> Score {
    let mut sum = Score::default();
    outcomes
        .into_iter()
        .for_each(|outcome| sum.add(&outcome.score));
    sum
}

fn judge(message: &Labelled, proposal: &ParsedProposal) -> Outcome {
    let expect = &message.expect;
    let pairs = matched(&expect.items, &proposal.items);
    let mut mistakes = Vec::new();
    let mut check = |right: bool, what: String| {
        if !right {
            mistakes.push(what);
        }
        Ratio::count(right)
    };
    let mut score = Score {
        messages: 1,
        ..Score::default()
    };
    score.actionable = check(
        proposal.actionable == expect.actionable,
        format!("actionable is {}", proposal.actionable),
    );
    score.total = check(
        same_hours(proposal.total_hours, expect.total_hours),
        format!("total is {:?}", proposal.total_hours),
    );
    if !message.tags.iter().any(|tag| tag == "no-language") {
        score.language = check(
            proposal.language == expect.language_reply,
            format!("language is {}", proposal.language.tag()),
        );
    }
    for (item, found) in &pairs {
        judge_item(item, *found, &mut score, &mut check);
    }
    for item in &proposal.items {
        let wanted = pairs
            .iter()
            .any(|(_, found)| found.is_some_and(|found| std::ptr::eq(found, item)));
        score
            .precision
            .add(check(wanted, format!("extra item {:?}", item.title)));
    }
    Outcome {
        message: message.clone(),
        score,
        mistakes,
    }
}

fn judge_item(
    item: &ExpectedItem,
    found: Option<&Item>,
    score: &mut Score,
    check: &mut impl FnMut(bool, String) -> Ratio,
) {
    let name = item.title_contains.join("+");
    score
        .recall
        .add(check(found.is_some(), format!("no item {name}")));
    let Some(found) = found else { return };
    let (priority, kind) = (found.priority.as_str(), found.kind.as_str());
    let hours = same_hours(found.hours, item.hours);
    score
        .hours
        .add(check(hours, format!("{name}: hours {:?}", found.hours)));
    score.due.add(check(
        found.due == item.due,
        format!("{name}: due {:?}", found.due),
    ));
    score.priority.add(check(
        found.priority == item.priority,
        format!("{name}: {priority}"),
    ));
    score
        .kind
        .add(check(found.kind == item.kind, format!("{name}: {kind}")));
}

/// Each expected item with the produced one whose title contains all its words.
fn matched<'a>(
    expected: &'a [ExpectedItem],
    produced: &'a [Item],
) -> Vec<(&'a ExpectedItem, Option<&'a Item>)> {
    let mut taken = vec![false; produced.len()];
    let titles: Vec<String> = produced.iter().map(|item| fold(&item.title)).collect();
    let mut find = |item: &ExpectedItem| {
        let fits = |at: &usize| {
            !taken[*at]
                && item
                    .title_contains
                    .iter()
                    .all(|word| titles[*at].contains(word.as_str()))
        };
        let at = (0..produced.len()).find(fits)?;
        taken[at] = true;
        Some(&produced[at])
    };
    expected.iter().map(|item| (item, find(item))).collect()
}

fn same_hours(left: Option<f64>, right: Option<f64>) -> bool {
    match (left, right) {
        (Some(left), Some(right)) => (left - right).abs() < 0.01,
        (left, right) => left == right,
    }
}
