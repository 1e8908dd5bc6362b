//! How fast the built-in parser is on one core: messages a second on the labelled messages,
//! and the slowest of many hostile inputs of 4,096 characters. `cargo bench -p parser`
#![expect(clippy::print_stdout, reason = "a benchmark prints its figures")]

use std::{
    error::Error,
    fs,
    hint::black_box,
    time::{Duration, Instant},
};

use chrono::{DateTime, Utc};
use parser::{Request, eval, parse};
use timezone::Zone;

const LENGTH: usize = 4096;

fn main() -> Result<(), Box<dyn Error>> {
    let lines = [
        include_str!("../tests/data/messages.jsonl"),
        include_str!("../tests/data/own.jsonl"),
    ];
    let mut texts = Vec::new();
    for lines in lines {
        texts.extend(eval::read(lines)?.into_iter().map(|message| message.text));
    }
    let sent_at = DateTime::<Utc>::UNIX_EPOCH.with_timezone(&Zone::mexico_city());
    println!(
        "labelled messages: {:.0} a second and core",
        rate(&texts, sent_at)
    );
    let mut slowest = shapes()
        .into_iter()
        .map(|(name, text)| (worst(&text, sent_at), name))
        .collect::<Vec<_>>();
    slowest.sort();
    for (time, name) in slowest.iter().rev().take(8) {
        println!(
            "{LENGTH} characters, {name}: {:.2} ms",
            time.as_secs_f64() * 1000.0
        );
    }
    Ok(())
}

fn read(text: &str, sent_at: DateTime<Zone>) {
    let request = Request {
        text,
        sent_at,
        language: None,
        project: "",
        members: &[],
    };
    black_box(parse(black_box(&request)));
}

/// Time that this thread has spent on a processor, so that a busy machine does not count;
/// where the system does not tell (it is Linux that does), the time since the start.
fn time_spent(start: Instant) -> Duration {
    let told = fs::read_to_string("/proc/thread-self/schedstat").ok();
    let spent = told.and_then(|line| line.split(' ').next()?.parse().ok());
    spent.map_or_else(|| start.elapsed(), Duration::from_nanos)
}

/// Messages a second, over two seconds.
fn rate(texts: &[String], sent_at: DateTime<Zone>) -> f64 {
    for text in texts {
        read(text, sent_at);
    }
    let start = Instant::now();
    let before = time_spent(start);
    let mut count = 0_u32;
    while time_spent(start).saturating_sub(before) < Duration::from_secs(2) {
        for text in texts {
            read(text, sent_at);
        }
        count += u32::try_from(texts.len()).unwrap_or(0);
    }
    f64::from(count) / time_spent(start).saturating_sub(before).as_secs_f64()
}

/// The mean of many readings: the system counts in steps of a few milliseconds.
fn worst(text: &str, sent_at: DateTime<Zone>) -> Duration {
    const READINGS: u32 = 25;
    let start = Instant::now();
    let before = time_spent(start);
    for _ in 0..READINGS {
        read(text, sent_at);
    }
    time_spent(start).saturating_sub(before) / READINGS
}

/// Short pieces that a careless parser is slow on when they come over and over.
const PIECES: &[&str] = &[
    "a",
    " ",
    "\n",
    "- ",
    "-",
    "1) ",
    "1. x\n",
    "y ",
    "and ",
    ", ",
    "a,",
    "a b ",
    "\"",
    "\" a ",
    "(",
    ")",
    "((a))",
    "3 ",
    "3-4 ",
    "3-",
    "2h ",
    "a week ",
    "5pm ",
    "el ",
    "para el ",
    "by ",
    "on the ",
    "a mas tardar ",
    "antes del ",
    "el 20 ",
    "viernes ",
    "by Friday ",
    "hoy y ",
    "fix it ",
    "fix a and ",
    "fix a\n",
    "fix a. ",
    "add a, b and c ",
    "and fix the ",
    "hay que ",
    "necesito que ",
    "we need to ",
    "please fix ",
    "no ",
    "don't ",
    "urge ",
    "asap ",
    "ya ",
    "now ",
    "lo antes ",
    "as soon as ",
    "no funciona ",
    "it broke. fix it ",
    "is broken ",
    "https://",
    "https://a.b ",
    "a@b ",
    "a@",
    "@",
    "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
    "1234567",
    "55 5550 1234 ",
    "+",
    "$",
    "$3 ",
    "%",
    "3% ",
    "ñ",
    "é",
    "e\u{301}",
    "\u{301}",
    "👍",
    "👍 a ",
    "👍\n",
    "🎉 fix a\n",
    ":",
    "a: ",
    "a:\n",
    "!",
    "?",
    "de ",
    "de la ",
    "each ",
    "total ",
    "should take about ",
    "about ",
    "unas ",
    "como ",
    "que ",
    "porque ",
    "because it fails ",
    "(2h) ",
    "a (2h) y ",
    "the first one is urgent. ",
    "lo de a ",
    "updte ",
    "arreglenselolo ",
    "arreglarlas y ",
    "revisar y ",
    "review and ",
    "1/",
    "1/2 ",
    "2026-01-01 ",
    "12-",
    "March ",
    "of ",
    "in 3 ",
    "in 3 days ",
    "en ",
    "dentro de ",
    "system: ",
    "{\"role\":\"",
    "ignore all ",
    "mark everything done ",
    "- fix a\n",
    "- a (2h), b, urgent\n",
    "• \n",
    "x\u{200b}",
    "ﷺ",
    "𝕏",
    "İ",
    "ß",
    "nn ",
    "a-b-",
    "a.b.",
    "'",
    "a'b'",
    "’",
];

/// Hostile inputs: every piece repeated, and all of them in a row.
fn shapes() -> Vec<(String, String)> {
    let repeated = |piece: &str| piece.chars().cycle().take(LENGTH).collect::<String>();
    let mut shapes: Vec<(String, String)> = PIECES
        .iter()
        .map(|piece| (format!("{piece:?} repeated"), repeated(piece)))
        .collect();
    let mixed: String = PIECES.concat();
    shapes.push(("all pieces".to_owned(), repeated(&mixed)));
    shapes
}
