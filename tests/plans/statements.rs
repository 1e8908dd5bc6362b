//! Every statement that the programs send, as `.sqlx` has it, and what is known of some.

use std::{fs, path::Path};

use serde_json::Value;

/// What operators run, now and then, on one person or on everything: it may take its time.
const OPERATORS: [(&str, &str); 11] = [
    (
        "forget",
        "update whatsapp_link_events set sender_hash = null",
    ),
    (
        "forget",
        "delete from whatsapp_user_links where phone = any($1)",
    ),
    (
        "forget",
        "update whatsapp_operations set scope = scope - 'senders'",
    ),
    (
        "forget",
        "select count(*) as \"count!\" from whatsapp_messages where identity = any($1)",
    ),
    (
        "forget",
        "select count(*) as \"count!\" from whatsapp_replies r join whatsapp_recipients c",
    ),
    (
        "forget",
        "select message_sid as sid, user_id, proposal_id from whatsapp_messages",
    ),
    (
        "forget",
        "delete from whatsapp_dead_letters where sender_hash",
    ),
    (
        "restored",
        "update whatsapp_reply_parts p set state = 'unknown', posted_at = coalesce",
    ),
    (
        "restored",
        "update whatsapp_recipients set held_until = null where held_until is not null",
    ),
    (
        "restored",
        "select (select count(*) from whatsapp_messages where state in",
    ),
    (
        "dead list",
        "select id from whatsapp_dead_letters where state = 'open' and ($1::text",
    ),
];

/// What is bounded by a length of time, which the values have and the plan does not.
const WINDOWS: [(&str, &str); 1] = [(
    "a session's time",
    "select s.outcome #> '{session,session}' as \"session!\"",
)];

/// Steps of the sweep and `focobot status`: they read what is not settled, all of it.
const OF_UNSETTLED: [&str; 9] = [
    "select m.message_sid, m.generation, m.traceparent, m.identity",
    "select p.id as \"id!\", c.id as recipient_id, c.sender_hash",
    "select s.id, s.recipient_id, c.sender_hash from whatsapp_code_sends",
    "select distinct on (r.recipient_id) p.id as part",
    "select m.message_sid from whatsapp_messages m cross join lateral ( select bool_or(d.state = 'discarded'",
    "select m.message_sid from whatsapp_messages m where m.message_sid = any($1)",
    "select r.id from whatsapp_replies r join whatsapp_recipients c",
    "update whatsapp_dead_letters set payload = '', state = 'discarded'",
    "select reason, count(*) as \"count!\" from whatsapp_dead_letters",
];

/// A statement.
pub(crate) struct Statement {
    /// In one line.
    pub(crate) text: String,
    parameters: usize,
}

/// Those that have to do with our tables. What reads Foco's alone is asked as its user, under
/// policies that are Foco's: `cargo xtask bench tenants` looks at that.
pub(crate) fn all() -> Vec<Statement> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../.sqlx");
    let mut all = Vec::new();
    for entry in fs::read_dir(folder).expect(".sqlx") {
        let text = fs::read_to_string(entry.expect("a file").path()).expect("a file");
        let described: Value = serde_json::from_str(&text).expect("a description");
        let parameters = described["describe"]["parameters"]["Left"].as_array();
        let query = described["query"].as_str().expect("a query");
        let lines = query
            .lines()
            .map(|line| line.split("--").next().unwrap_or_default());
        let words: Vec<&str> = lines.flat_map(str::split_whitespace).collect();
        let statement = Statement {
            text: words.join(" "),
            parameters: parameters.map_or(0, Vec::len),
        };
        if statement.text.contains("whatsapp_") && !statement.text.starts_with("set ") {
            all.push(statement);
        }
    }
    all.sort_by(|one, other| one.text.cmp(&other.text));
    let known = OPERATORS.iter().chain(&WINDOWS).map(|(_, begin)| begin);
    for begin in known.chain(&OF_UNSETTLED) {
        let is_there = all
            .iter()
            .any(|statement| statement.text.starts_with(begin));
        assert!(is_there, "no statement begins with: {begin}");
    }
    all
}

impl Statement {
    /// Values for its parameters.
    pub(crate) fn nulls(&self) -> String {
        match self.parameters {
            0 => String::new(),
            many => format!("({})", vec!["null"; many].join(", ")),
        }
    }

    /// Why its plan may be what it is.
    pub(crate) fn exception(&self) -> Option<&'static str> {
        let mut known = OPERATORS.iter().chain(&WINDOWS);
        let known = known.find(|(_, begin)| self.text.starts_with(begin));
        known.map(|(reason, _)| *reason)
    }

    /// Whether it is for all that is not settled.
    pub(crate) fn may_read_unsettled(&self) -> bool {
        OF_UNSETTLED
            .iter()
            .any(|begin| self.text.starts_with(begin))
    }
}
