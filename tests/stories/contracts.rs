//! What goes over the wire, held against the vendors' own descriptions of their APIs: what the
//! programs send, and what the simulator answers in the vendors' place. The descriptions are in
//! the folder that `CONTRACTS_DIR` names; without it this checks nothing and says so.

use std::{
    collections::BTreeSet,
    path::{Path, PathBuf},
};

use harness::Setup;
use reqwest::Method;
use serde_json::{Map, Value, json};

const MESSAGES: &str = "/2010-04-01/Accounts/{AccountSid}/Messages.json";

/// A vendor's description.
struct Contract(Value);

impl Contract {
    fn read(folder: &Path, name: &str) -> Self {
        let text = std::fs::read_to_string(folder.join(name)).unwrap();
        let mut document: Value = serde_json::from_str(&text).unwrap();
        // OpenAPI 3.1 describes its shapes in JSON Schema; 3.0 has a dialect of its own.
        let version = document["openapi"].as_str().unwrap_or_default().to_owned();
        if version.starts_with("3.0") {
            translate_nullable(&mut document);
        } else {
            assert!(
                version.starts_with("3.1"),
                "{name} is of OpenAPI {version:?}"
            );
        }
        Self(document)
    }

    /// What is wrong with a value of that named shape.
    fn complaints(&self, shape: &str, value: &Value) -> Vec<String> {
        let mut schema = self.0.clone();
        schema["$schema"] = json!("https://json-schema.org/draft/2020-12/schema");
        schema["$ref"] = json!(format!("#/components/schemas/{shape}"));
        let validator = jsonschema::draft202012::new(&schema).expect("a schema");
        let complaints = validator.iter_errors(value);
        complaints
            .map(|error| format!("{}: {error}", error.instance_path()))
            .collect()
    }

    fn assert_fits(&self, shape: &str, value: &Value) {
        let complaints = self.complaints(shape, value);
        assert!(complaints.is_empty(), "{shape}: {complaints:#?}\n{value:#}");
    }
}

/// `nullable: true` beside a type or a reference, in the words of JSON Schema.
fn translate_nullable(schema: &mut Value) {
    match schema {
        Value::Object(keys) => {
            keys.values_mut().for_each(translate_nullable);
            if keys.remove("nullable") == Some(json!(true)) {
                let strict = Value::Object(std::mem::take(keys));
                *keys = Map::from_iter([("anyOf".to_owned(), json!([strict, {"type": "null"}]))]);
            }
        }
        Value::Array(values) => values.iter_mut().for_each(translate_nullable),
        _ => {}
    }
}

/// The folder with the descriptions.
#[expect(clippy::print_stdout, reason = "whoever runs the tests has to know")]
fn folder() -> Option<PathBuf> {
    let folder = std::env::var_os("CONTRACTS_DIR").map(PathBuf::from);
    if folder.is_none() {
        println!("CONTRACTS_DIR is not set: nothing was held against the vendors' descriptions");
    }
    folder
}

#[tokio::test(flavor = "multi_thread")]
async fn what_goes_over_the_wire_is_what_the_vendors_describe() {
    let Some(folder) = folder() else { return };
    let openai = Contract::read(&folder, "openai.openapi.json");
    let twilio = Contract::read(&folder, "twilio-messages.openapi.json");
    let world = Setup::default().with_model().start().await;
    let phone = world.phone_at_work().await;
    let broken = json!({"kind": "content", "content": "not JSON"});
    let once = json!([{"action": {"kind": "status", "status": 503}}, {"action": broken}]);
    world.simulator.openai_faults(once).await;
    phone
        .asks("Need to add login page and user dashboard by Friday. 8 hours.")
        .await;

    let calls = world.simulator.model_calls().await;
    assert_eq!(calls.len(), 3);
    for call in &calls {
        openai.assert_fits("CreateChatCompletionRequest", &call["request"]);
        let known = openai.0["components"]["schemas"]["CreateChatCompletionRequest"]["properties"]
            .as_object()
            .unwrap();
        let unknown = call["request"].as_object().unwrap().keys();
        let unknown: Vec<&String> = unknown.filter(|key| !known.contains_key(*key)).collect();
        assert!(unknown.is_empty(), "{unknown:?}");
        let shape = match call["answer"]["status"].as_u64() {
            Some(200) => "CreateChatCompletionResponse",
            _ => "ErrorResponse",
        };
        openai.assert_fits(shape, &call["answer"]["body"]);
    }
    sends_are_as_described(&twilio, &world.simulator.sends().await);
    senders_are_as_described(&twilio, &world.simulator).await;
    world.ends_clean().await;
}

/// What the simulator answers for Twilio's Senders API, and what is written there. Every name has
/// to be in the description, which allows for more.
async fn senders_are_as_described(twilio: &Contract, simulator: &harness::Simulator) {
    let path = "/v2/Channels/Senders";
    let shape = "messaging.v2.channels_sender_response";
    let fits = |sender: &Value| {
        twilio.assert_fits(shape, sender);
        assert!(sender["sid"].is_string() && sender["sender_id"].is_string());
        let described = twilio.0["components"]["schemas"][shape]["properties"].clone();
        for name in sender.as_object().unwrap().keys() {
            assert!(!described[name].is_null(), "{name} is not described");
        }
    };
    let list = format!("{path}?Channel=whatsapp&PageSize=1");
    let page = simulator.twilio(Method::GET, &list, Value::Null).await;
    let described = &twilio.0["paths"][path]["get"]["responses"]["200"]["content"]["application/json"]
        ["schema"]["properties"]["meta"]["properties"];
    for name in page["meta"].as_object().unwrap().keys() {
        assert!(!described[name].is_null(), "{name} is not described");
    }
    let sender = &page["senders"][0];
    fits(sender);
    let one = format!("{path}/{}", sender["sid"].as_str().unwrap());
    fits(&simulator.twilio(Method::GET, &one, Value::Null).await);
    let update = json!({"webhook": sender["webhook"]});
    twilio.assert_fits("messaging.v2.channels_sender.requests.update", &update);
    let wrong = json!({"webhook": {"callback_method": "GET"}});
    let shape = "messaging.v2.channels_sender.requests.update";
    assert!(!twilio.complaints(shape, &wrong).is_empty());
    fits(&simulator.twilio(Method::POST, &one, update).await);
}

/// Every parameter is described and right, and so is every answer.
fn sends_are_as_described(twilio: &Contract, sends: &[Value]) {
    let form = &twilio.0["paths"][MESSAGES]["post"]["requestBody"]["content"]["application/x-www-form-urlencoded"]
        ["schema"];
    let known: BTreeSet<&String> = form["properties"].as_object().unwrap().keys().collect();
    assert!(sends.len() >= 3, "{sends:#?}");
    for send in sends {
        let pairs: Vec<(String, String)> = serde_json::from_value(send["params"].clone()).unwrap();
        let names: BTreeSet<&String> = pairs.iter().map(|(name, _)| name).collect();
        assert_eq!(
            names.len(),
            pairs.len(),
            "a parameter came twice: {names:?}"
        );
        assert!(names.is_subset(&known), "{names:?}");
        assert!(names.contains(&"To".to_owned()), "{names:?}");
        assert_eq!(send["answer"]["status"], 201, "{send:#}");
        twilio.assert_fits("api.v2010.account.message", &send["answer"]["body"]);
    }
}

#[test]
fn a_body_that_is_wrong_is_seen_to_be() {
    let Some(folder) = folder() else { return };
    let openai = Contract::read(&folder, "openai.openapi.json");
    for wrong in [
        json!({"model": "m"}),
        json!({"model": "m", "messages": []}),
        json!({"model": "m", "messages": [{"role": "robot", "content": "x"}]}),
        json!({"model": "m", "messages": [{"role": "user", "content": "x"}],
            "response_format": {"type": "json_schema"}}),
        json!({"model": "m", "messages": [{"role": "user", "content": "x"}],
            "reasoning_effort": "very"}),
    ] {
        assert!(
            !openai
                .complaints("CreateChatCompletionRequest", &wrong)
                .is_empty(),
            "{wrong}"
        );
    }
    let twilio = Contract::read(&folder, "twilio-messages.openapi.json");
    let wrong = json!({"sid": "SM1", "status": "gone"});
    assert!(
        !twilio
            .complaints("api.v2010.account.message", &wrong)
            .is_empty()
    );
}
