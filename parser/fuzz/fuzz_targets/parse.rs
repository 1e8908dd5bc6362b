//! Any text, any moment, any language setting: the parser returns, and what it returns is valid.
#![no_main]

use std::sync::LazyLock;

use chrono::DateTime;
use libfuzzer_sys::fuzz_target;
use parser::{Language, Request, parse, validate};
use timezone::Zone;

static ZONES: LazyLock<Vec<Zone>> = LazyLock::new(|| timezone::all().collect());

fuzz_target!(|input: (u32, u16, u8, &str)| {
    let (seconds, zone, language, text) = input;
    let zone = ZONES[usize::from(zone) % ZONES.len()];
    let Some(sent_at) = DateTime::from_timestamp(i64::from(seconds), 0) else { return };
    let language = [None, Some(Language::En), Some(Language::Es)][usize::from(language % 3)];
    let members = ["Ana Ruiz".to_owned(), "Luis".to_owned(), String::new()];
    let sent_at = sent_at.with_timezone(&zone);
    let request = Request { text, sent_at, language, project: "Obra", members: &members };
    let proposal = parse(&request);
    if let Err(complaints) = validate(proposal, &request) {
        panic!("{complaints:?}");
    }
});
