//! Makes a value that fits a JSON schema (the subset that strict structured output takes), out of
//! what is known where names and types fit, and plain defaults elsewhere; and checks a schema as
//! OpenAI does: <https://platform.openai.com/docs/guides/structured-outputs#supported-schemas>.

use serde_json::{Map, Value, json};

/// A value for `schema`; `known` is used wherever it fits.
#[must_use]
pub fn fill(root: &Value, schema: &Value, known: Option<&Value>) -> Value {
    let schema = resolve(root, schema);
    if let Some(value) = schema.get("const") {
        return value.clone();
    }
    if let Some(branches) = branches(schema) {
        return fill_branch(root, branches, known);
    }
    if let Some(choices) = schema["enum"].as_array() {
        return choose(choices, known);
    }
    let types = types(schema);
    let has = |name: &str| types.contains(&name);
    match known {
        Some(Value::String(text)) if has("string") => json!(text),
        Some(Value::Bool(value)) if has("boolean") => json!(value),
        Some(Value::Number(number)) if has("number") => json!(number),
        Some(Value::Number(number)) if has("integer") => json!(rounded(number)),
        Some(Value::Array(values)) if has("array") => values
            .iter()
            .map(|value| fill(root, &schema["items"], Some(value)))
            .collect(),
        Some(value @ Value::Object(_)) if has("object") => object(root, schema, Some(value)),
        _ if has("null") => Value::Null,
        _ if has("object") => object(root, schema, None),
        _ => default(root, schema, types.first().copied().unwrap_or_default()),
    }
}

#[expect(
    clippy::cast_possible_truncation,
    reason = "hours and counts are far below 2^53"
)]
fn rounded(number: &serde_json::Number) -> i64 {
    number
        .as_i64()
        .unwrap_or_else(|| number.as_f64().unwrap_or_default().round() as i64)
}

fn default(root: &Value, schema: &Value, kind: &str) -> Value {
    let least = &schema["minimum"];
    match kind {
        "string" => json!(""),
        "number" | "integer" => {
            if least.is_number() {
                least.clone()
            } else {
                json!(0)
            }
        }
        "boolean" => json!(false),
        "array" => {
            let count = schema["minItems"].as_u64().unwrap_or(0);
            (0..count)
                .map(|_| fill(root, &schema["items"], None))
                .collect()
        }
        _ => Value::Null,
    }
}

fn object(root: &Value, schema: &Value, known: Option<&Value>) -> Value {
    let Some(properties) = schema["properties"].as_object() else {
        return json!({});
    };
    let filled = properties.iter().map(|(name, property)| {
        let known = known.and_then(|known| known.get(name));
        (name.clone(), fill(root, property, known))
    });
    Value::Object(filled.collect::<Map<_, _>>())
}

/// The first branch that takes what is known, else null where it is allowed, else the first.
fn fill_branch(root: &Value, branches: &[Value], known: Option<&Value>) -> Value {
    let is_null = |branch: &Value| types(resolve(root, branch)) == ["null"];
    let known = known.filter(|known| !known.is_null());
    let fits = |branch: &&Value| known.is_some_and(|known| takes(root, branch, known));
    match branches.iter().find(fits) {
        Some(branch) => fill(root, branch, known),
        None if branches.iter().any(is_null) => Value::Null,
        None => branches
            .first()
            .map_or(Value::Null, |branch| fill(root, branch, None)),
    }
}

fn takes(root: &Value, schema: &Value, known: &Value) -> bool {
    let schema = resolve(root, schema);
    if let Some(choices) = schema["enum"].as_array() {
        return choices.contains(known);
    }
    if let Some(branches) = branches(schema) {
        return branches.iter().any(|branch| takes(root, branch, known));
    }
    let kind = match known {
        Value::Null => "null",
        Value::Bool(_) => "boolean",
        Value::Number(_) => "number",
        Value::String(_) => "string",
        Value::Array(_) => "array",
        Value::Object(_) => "object",
    };
    let types = types(schema);
    types.contains(&kind) || (kind == "number" && types.contains(&"integer"))
}

fn choose(choices: &[Value], known: Option<&Value>) -> Value {
    let known = known.filter(|known| choices.contains(known));
    let null = choices.iter().find(|choice| choice.is_null());
    known
        .or(null)
        .or(choices.first())
        .cloned()
        .unwrap_or_default()
}

fn branches(schema: &Value) -> Option<&[Value]> {
    schema["anyOf"]
        .as_array()
        .or_else(|| schema["oneOf"].as_array())
        .map(Vec::as_slice)
}

fn types(schema: &Value) -> Vec<&str> {
    match &schema["type"] {
        Value::String(kind) => vec![kind.as_str()],
        Value::Array(kinds) => kinds.iter().filter_map(Value::as_str).collect(),
        _ if schema["properties"].is_object() => vec!["object"],
        _ => Vec::new(),
    }
}

fn resolve<'a>(root: &'a Value, schema: &'a Value) -> &'a Value {
    let pointer = schema["$ref"]
        .as_str()
        .and_then(|reference| reference.strip_prefix('#'));
    pointer
        .and_then(|pointer| root.pointer(pointer))
        .unwrap_or(schema)
}

/// What OpenAI would refuse in a strict schema, in its words.
///
/// # Errors
/// The message for `invalid_json_schema`.
pub fn check_strict(schema: &Value) -> Result<(), String> {
    if types(schema) != ["object"] {
        return Err("schema must be a JSON Schema of 'type: \"object\"'".to_owned());
    }
    check_node(schema, "")
}

fn check_node(schema: &Value, path: &str) -> Result<(), String> {
    match schema {
        Value::Object(keys) => {
            if let Some(properties) = schema["properties"].as_object() {
                check_object(schema, properties, path)?;
            }
            keys.iter()
                .try_for_each(|(key, value)| check_node(value, &format!("{path}/{key}")))
        }
        Value::Array(values) => values.iter().try_for_each(|value| check_node(value, path)),
        _ => Ok(()),
    }
}

fn check_object(schema: &Value, properties: &Map<String, Value>, at: &str) -> Result<(), String> {
    if schema["additionalProperties"] != false {
        return Err(format!(
            "In context=({at}), 'additionalProperties' is required to be supplied and to be false."
        ));
    }
    let required = schema["required"]
        .as_array()
        .map(Vec::as_slice)
        .unwrap_or_default();
    let missing = properties
        .keys()
        .find(|name| !required.contains(&json!(name)));
    missing.map_or(Ok(()), |name| {
        Err(format!(
            "In context=({at}), 'required' is required to be supplied and to be an array including \
             every key in properties. Missing '{name}'."
        ))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn whole(schema: &Value, known: &Value) -> Value {
        fill(schema, schema, Some(known))
    }

    #[test]
    fn known_values_are_used_and_the_rest_gets_defaults() {
        let schema = json!({
            "type": "object",
            "properties": {
                "title": { "type": "string" },
                "hours": { "type": ["number", "null"] },
                "kind": { "type": "string", "enum": ["task", "bug"] },
                "due": { "anyOf": [{ "type": "string" }, { "type": "null" }] },
                "tags": { "type": "array", "items": { "type": "string" } },
                "who": { "$ref": "#/$defs/person" },
                "count": { "type": "integer", "minimum": 1 },
                "sure": { "type": "boolean" },
            },
            "$defs": { "person": { "type": "object", "properties": { "name": { "type": "string" } } } },
        });
        let filled = whole(
            &schema,
            &json!({ "title": "a", "hours": 2.5, "kind": "feature" }),
        );
        let expected = json!({
            "title": "a", "hours": 2.5, "kind": "task", "due": null, "tags": [],
            "who": { "name": "" }, "count": 1, "sure": false,
        });
        assert_eq!(filled, expected);
        assert_eq!(
            whole(&schema, &json!({ "due": "2026-01-02" }))["due"],
            "2026-01-02"
        );
        assert_eq!(
            whole(&schema, &json!({ "hours": "many" }))["hours"],
            Value::Null
        );
    }

    #[test]
    fn a_strict_schema_closes_and_requires_everything() {
        let open = json!({ "type": "object", "properties": {}, "required": [] });
        assert!(
            check_strict(&open)
                .unwrap_err()
                .contains("additionalProperties")
        );
        let lax = json!({
            "type": "object", "additionalProperties": false, "required": [],
            "properties": { "a": { "type": "string" } },
        });
        assert!(check_strict(&lax).unwrap_err().contains("Missing 'a'"));
        assert!(check_strict(&json!({ "type": "array" })).is_err());
    }
}
