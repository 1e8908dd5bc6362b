//! The shape of a model's answer: a strict JSON schema to send along, and the type that its
//! answer is read into before [`crate::validate`] sees it.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::{Item, Kind, Language, ParsedProposal, Priority};

/// What a model answers: [`ParsedProposal`] as it travels.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ModelAnswer {
    /// Title of the proposal.
    pub summary: String,
    /// Whether the message asks for any work.
    pub actionable: bool,
    /// The language of the message.
    pub language: Language,
    /// What is to be done.
    pub items: Vec<ModelItem>,
    /// Hours for the whole.
    pub total_hours: Option<f64>,
    /// What was guessed.
    pub assumptions: Vec<String>,
    /// From 0 to 1.
    pub confidence: f64,
}

/// One item of a [`ModelAnswer`].
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ModelItem {
    /// In the message's words.
    pub title: String,
    /// The sentence it comes from.
    pub description: String,
    /// What sort of work it is.
    pub kind: Kind,
    /// Hours stated for this item alone.
    pub hours: Option<f64>,
    /// `YYYY-MM-DD`; a day that does not exist fails to be read.
    pub due: Option<NaiveDate>,
    /// How much it presses.
    pub priority: Priority,
    /// A member's display name.
    pub assignee: Option<String>,
    /// Indexes of items that come first, counted from 0.
    pub depends_on: Vec<usize>,
}

impl From<ModelAnswer> for ParsedProposal {
    fn from(answer: ModelAnswer) -> Self {
        Self {
            summary: answer.summary,
            actionable: answer.actionable,
            language: answer.language,
            items: answer.items.into_iter().map(Item::from).collect(),
            total_hours: answer.total_hours,
            assumptions: answer.assumptions,
            confidence: answer.confidence,
        }
    }
}

impl From<ModelItem> for Item {
    fn from(item: ModelItem) -> Self {
        Self {
            title: item.title,
            description: item.description,
            kind: item.kind,
            hours: item.hours,
            due: item.due,
            priority: item.priority,
            assignee: item.assignee.filter(|name| !name.trim().is_empty()),
            depends_on: item.depends_on,
        }
    }
}

/// The JSON schema of a [`ModelAnswer`], within what strict structured output accepts: every
/// property required, none besides, `null` for what is not there.
///
/// Bounds are left to [`crate::validate`]: not every endpoint accepts `maxItems` or `maximum`.
#[must_use]
pub fn json_schema() -> Value {
    strict_object(&json!({
        "summary": text("Title of the whole, at most 100 characters, in the message's language"),
        "actionable": { "type": "boolean", "description": "Whether the message asks for any work" },
        "language": { "type": "string", "enum": ["en", "es"],
            "description": "The language that supplies most of the message's grammar" },
        "items": { "type": "array", "items": item_schema(),
            "description": "One entry per separately deliverable thing, at most 50" },
        "total_hours": { "type": ["number", "null"],
            "description": "The stated total, else the sum where every item has hours, else null" },
        "assumptions": { "type": "array", "items": { "type": "string" },
            "description": "Short sentences, in the message's language, about what was guessed" },
        "confidence": { "type": "number", "description": "From 0 to 1" },
    }))
}

fn item_schema() -> Value {
    strict_object(&json!({
        "title": text("At most 99 characters, in the words of the message, not translated"),
        "description": text("What the message says about this item; may be empty"),
        "kind": { "type": "string", "enum": ["task", "bug", "feature", "milestone"] },
        "hours": { "type": ["number", "null"],
            "description": "Hours stated for this item alone, else null" },
        "due": { "type": ["string", "null"],
            "description": "YYYY-MM-DD in the sender's time zone, else null" },
        "priority": { "type": "string", "enum": ["low", "medium", "high", "urgent"] },
        "assignee": { "type": ["string", "null"],
            "description": "Exactly one of the given members' names, else null" },
        "depends_on": { "type": "array", "items": { "type": "integer" },
            "description": "Indexes, from 0, of items that the message says come first" },
    }))
}

fn text(description: &str) -> Value {
    json!({ "type": "string", "description": description })
}

fn strict_object(properties: &Value) -> Value {
    let required: Vec<&String> = properties
        .as_object()
        .into_iter()
        .flat_map(|map| map.keys())
        .collect();
    json!({
        "type": "object",
        "additionalProperties": false,
        "required": required,
        "properties": properties,
    })
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::{ModelAnswer, json_schema};
    use crate::ParsedProposal;

    fn assert_strict(schema: &Value) {
        if let Some(properties) = schema.get("properties").and_then(Value::as_object) {
            assert_eq!(schema["additionalProperties"], json!(false));
            assert_eq!(
                schema["required"].as_array().expect("a list").len(),
                properties.len()
            );
            properties.values().for_each(assert_strict);
        }
        if let Some(items) = schema.get("items") {
            assert_strict(items);
        }
    }

    #[test]
    fn every_object_requires_all_of_its_properties_and_no_others() {
        assert_strict(&json_schema());
    }

    #[test]
    fn schema_and_type_name_the_same_fields() {
        let answer = answer();
        let value = serde_json::to_value(&answer).expect("serializes");
        let schema = json_schema();
        let names = |value: &Value| {
            value
                .as_object()
                .expect("an object")
                .keys()
                .cloned()
                .collect::<Vec<_>>()
        };
        assert_eq!(names(&value), names(&schema["properties"]));
        assert_eq!(
            names(&value["items"][0]),
            names(&schema["properties"]["items"]["items"]["properties"])
        );
        assert_eq!(ParsedProposal::from(answer).items[0].assignee, None);
    }

    #[test]
    fn a_day_that_does_not_exist_is_refused() {
        let mut value = serde_json::to_value(answer()).expect("serializes");
        value["items"][0]["due"] = json!("2026-02-30");
        assert!(serde_json::from_value::<ModelAnswer>(value).is_err());
    }

    fn answer() -> ModelAnswer {
        serde_json::from_value(json!({
            "summary": "Login", "actionable": true, "language": "en", "total_hours": null,
            "assumptions": [], "confidence": 0.9,
            "items": [{ "title": "Login", "description": "", "kind": "bug", "hours": 2,
                "due": "2026-03-06", "priority": "high", "assignee": "", "depends_on": [] }],
        }))
        .expect("is an answer")
    }
}
