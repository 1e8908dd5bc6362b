//! A plan as PostgreSQL explains it, and what in it grows with history.

use serde_json::Value;
use sqlx::{Row as _, postgres::PgRow};

/// Our tables that do not grow: rows go again, within a day, or there is one, or one a stream.
const SMALL: [&str; 5] = [
    "whatsapp_delivery_attempts",
    "whatsapp_ended_links",
    "whatsapp_link_codes",
    "whatsapp_reconciliation",
    "whatsapp_stream_marks",
];
/// Indexes that hold what is not settled, or not erased though it is old, and nothing else.
const UNSETTLED: [&str; 11] = [
    "whatsapp_messages_unsettled",
    "whatsapp_messages_waiting",
    "whatsapp_messages_waiting_of_link",
    "whatsapp_messages_waiting_since",
    "whatsapp_messages_routed_in_order",
    "whatsapp_reply_parts_open",
    "whatsapp_reply_parts_due",
    "whatsapp_reply_parts_held",
    "whatsapp_reply_parts_not_before",
    "whatsapp_dead_letters_open",
    "whatsapp_recipients_never_wrote",
];
/// The same of what is void after ten minutes: whoever reads it all reads next to nothing.
const SHORT_LIVED: &str = "whatsapp_code_sends_due";

/// Whether a table grows with history or with customers.
pub(crate) fn is_history(table: &str) -> bool {
    table.starts_with("whatsapp_") && !SMALL.contains(&table)
}

/// A statement's plan.
#[derive(Debug)]
pub(crate) struct Plan {
    nodes: Vec<Node>,
    cost: f64,
}

/// One step of it.
#[derive(Debug)]
struct Node {
    kind: String,
    table: String,
    index: String,
    /// Whether the index is entered at some value.
    has_condition: bool,
    /// Whether it ends after a fixed number of rows.
    is_limited: bool,
    rows: f64,
}

impl Plan {
    /// The plan in the one row that `explain (format json)` answers.
    pub(crate) fn of(rows: &[PgRow]) -> Self {
        let explained: Value = rows[0].try_get_unchecked(0).expect("a plan");
        let root = &explained[0]["Plan"];
        let mut nodes = Vec::new();
        gather(root, false, &mut nodes);
        Self {
            nodes,
            cost: root["Total Cost"].as_f64().expect("a cost"),
        }
    }

    /// Tables and indexes that it reads from one end to the other.
    pub(crate) fn whole_reads(&self, may_read_unsettled: bool) -> Vec<String> {
        let is_known = |node: &Node| {
            node.index == SHORT_LIVED
                || (may_read_unsettled && UNSETTLED.contains(&node.index.as_str()))
        };
        let reads = self.nodes.iter().filter(|node| {
            let of_table = node.kind == "Seq Scan" && is_history(&node.table);
            let of_index = !node.index.is_empty() && !node.has_condition && !node.is_limited;
            of_table || (of_index && !is_known(node))
        });
        reads
            .map(|node| format!("reads all of {}{}", node.table, node.index))
            .collect()
    }

    /// Whether it costs more than the same statement does in a young ledger, since it reads more
    /// rows.
    pub(crate) fn growth(&self, young: &Self) -> Option<String> {
        let most = |plan: &Self| {
            let scans = plan.nodes.iter().filter(|node| {
                (is_history(&node.table) || !node.index.is_empty()) && !node.is_limited
            });
            scans.map(|node| node.rows).fold(0.0, f64::max)
        };
        // The ledger is eight times as old; what is counted by sampling varies.
        let costs_more = self.cost > young.cost * 2.0 + 20.0;
        let reads_more = most(self) > most(young) * 3.0 + 20.0;
        (costs_more && reads_more).then(|| {
            format!(
                "grows: cost {} and not {}, rows {} and not {}",
                self.cost,
                young.cost,
                most(self),
                most(young)
            )
        })
    }
}

/// A node and all below it. Below a limit, what is read in order is read no further.
fn gather(value: &Value, is_limited: bool, nodes: &mut Vec<Node>) {
    let text = |name: &str| value[name].as_str().unwrap_or_default().to_owned();
    let kind = text("Node Type");
    nodes.push(Node {
        table: text("Relation Name"),
        index: text("Index Name"),
        has_condition: value["Index Cond"].is_string(),
        is_limited,
        rows: value["Plan Rows"].as_f64().unwrap_or_default(),
        kind: kind.clone(),
    });
    let passes_on = ["Limit", "LockRows", "Incremental Sort", "Subquery Scan"];
    let is_limited = kind == "Limit" || (is_limited && passes_on.contains(&kind.as_str()));
    for below in value["Plans"].as_array().into_iter().flatten() {
        gather(below, is_limited, nodes);
    }
}
