//! What nobody may find in the database: a linking code anywhere, a phone outside of the columns
//! that are there for it. Every story looks.

use serde_json::Value;
use sqlx::AssertSqlSafe;

use super::World;

/// Columns that hold who somebody is. A dead letter's payload is the message as it was.
const OF_PHONES: [&str; 6] = [
    "whatsapp_user_links.phone",
    "whatsapp_messages.identity",
    "whatsapp_messages.wa_address",
    "whatsapp_recipients.identity",
    "whatsapp_recipients.wa_address",
    "whatsapp_dead_letters.payload",
];
/// Columns that hold what people wrote, and what of it is asked to be understood.
const OF_TEXTS: [&str; 8] = [
    "whatsapp_messages.body",
    "whatsapp_message_stages.outcome",
    "whatsapp_reply_parts.body",
    "foco_proposals.description",
    "foco_proposals.title",
    "proposals.description",
    "proposals.title",
    "proposals.source_content",
];

impl World {
    /// Looks for everything that must not be there.
    pub(super) async fn tables_tell_nothing(&self) {
        let (codes, phones) = (self.codes().await, self.phones().await);
        for (column, value) in self.values().await {
            for code in &codes {
                let found = value
                    .split(|c: char| !c.is_alphanumeric())
                    .any(|word| word == code);
                assert!(!found, "{column} holds the code {code}");
            }
            let open =
                !OF_PHONES.contains(&column.as_str()) && !OF_TEXTS.contains(&column.as_str());
            let phone = phones.iter().find(|phone| open && value.contains(*phone));
            assert!(phone.is_none(), "{column} holds the phone {phone:?}");
        }
    }

    /// Every text of every column of every table, with the column's name. Moments are left out:
    /// their digits are anything.
    async fn values(&self) -> Vec<(String, String)> {
        let tables: Vec<String> = sqlx::query_scalar(
            "select tablename::text from pg_tables
             where schemaname = 'public' and tablename <> '_sqlx_migrations'",
        )
        .fetch_all(self.pool())
        .await
        .expect("the tables");
        let mut values = Vec::new();
        for table in tables {
            let rows = format!("select to_jsonb(t) from {table} t");
            let rows: Vec<Value> = sqlx::query_scalar(AssertSqlSafe(rows))
                .fetch_all(self.pool())
                .await
                .expect("rows");
            for row in rows {
                for (column, value) in row.as_object().expect("a row") {
                    gather(&format!("{table}.{column}"), value, &mut values);
                }
            }
        }
        values
    }
}

fn gather(column: &str, value: &Value, found: &mut Vec<(String, String)>) {
    match value {
        Value::String(text) if text.parse::<chrono::DateTime<chrono::Utc>>().is_err() => {
            found.push((column.to_owned(), text.clone()));
        }
        Value::Array(entries) => entries
            .iter()
            .for_each(|entry| gather(column, entry, found)),
        Value::Object(entries) => entries
            .values()
            .for_each(|entry| gather(column, entry, found)),
        _ => {}
    }
}
