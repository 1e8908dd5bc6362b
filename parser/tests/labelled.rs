//! The built-in parser against labelled messages: the given ones, and our own of other
//! subjects. Prints the table and every mistake, and holds a floor per column.
#![expect(
    clippy::print_stdout,
    clippy::expect_used,
    reason = "the table is what this test is for"
)]

use parser::{
    eval::{self, Outcome},
    parse,
};

fn score(lines: &str) -> Vec<Outcome> {
    let messages = eval::read(lines).expect("the file holds labelled messages");
    eval::run(&messages, parse)
}

fn print(outcomes: &[Outcome]) {
    println!("{}", eval::render(outcomes));
    for outcome in outcomes
        .iter()
        .filter(|outcome| !outcome.mistakes.is_empty())
    {
        println!("{}: {}", outcome.message.id, outcome.mistakes.join("; "));
    }
}

fn assert_floors(outcomes: &[Outcome], floors: [f64; 9]) {
    for ((name, ratio), floor) in eval::sum(outcomes).columns().into_iter().zip(floors) {
        assert!(
            ratio.percent() >= floor,
            "{name} is {:.1} %, below {floor} %",
            ratio.percent()
        );
    }
}

#[test]
fn labelled_messages_hold_their_floors() {
    let outcomes = score(include_str!("data/messages.jsonl"));
    print(&outcomes);
    assert_floors(
        &outcomes,
        [99.0, 98.0, 98.0, 98.0, 98.0, 98.0, 98.0, 98.0, 99.0],
    );
}

#[test]
fn our_own_messages_hold_their_floors() {
    let outcomes = score(include_str!("data/own.jsonl"));
    print(&outcomes);
    assert_floors(
        &outcomes,
        [99.0, 99.0, 99.0, 98.0, 99.0, 99.0, 99.0, 98.5, 99.0],
    );
}
