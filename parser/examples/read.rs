//! Reads messages from standard input, one per line (`\n` for a line break), and prints what
//! the built-in parser makes of each. `cargo run -p parser --example read -- 2026-03-03`
#![expect(clippy::print_stdout, reason = "it is what this example is for")]

use std::{error::Error, io};

use chrono::{NaiveDate, TimeZone};
use parser::{Request, parse};
use timezone::Zone;

fn main() -> Result<(), Box<dyn Error>> {
    let day: NaiveDate = std::env::args()
        .nth(1)
        .unwrap_or_else(|| "2026-03-03".to_owned())
        .parse()?;
    let noon = day.and_hms_opt(12, 0, 0).ok_or("no such hour")?;
    let sent_at = Zone::mexico_city()
        .from_local_datetime(&noon)
        .single()
        .ok_or("no such time")?;
    for line in io::stdin().lines() {
        let text = line?.replace("\\n", "\n");
        let request = Request {
            text: &text,
            sent_at,
            language: None,
            project: "",
            members: &[],
        };
        let proposal = parse(&request);
        println!(
            "> {text}\n  {} total {:?}",
            proposal.language.tag(),
            proposal.total_hours
        );
        for item in &proposal.items {
            let due = item
                .due
                .map_or_else(|| "-".to_owned(), |due| due.to_string());
            let (kind, priority) = (item.kind.as_str(), item.priority.as_str());
            println!(
                "  - {} | {:?} | {due} | {priority} | {kind}",
                item.title, item.hours
            );
        }
    }
    Ok(())
}
