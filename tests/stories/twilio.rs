//! Our WhatsApp sender is made to call us, and an operator is told what it was before.

use harness::{Setup, World, until};
use reqwest::Method;
use serde_json::{Value, json};

/// A call of Twilio's Senders API.
async fn senders(world: &World, method: Method, path: &str, body: Value) -> Value {
    let path = format!("/v2/Channels/Senders{path}");
    world.simulator.twilio(method, &path, body).await
}

/// What the command says with `--json`.
async fn configured(world: &World, more: &[&str]) -> Value {
    let mut arguments = vec!["twilio", "configure-webhook", "--json"];
    arguments.extend(more);
    let output = world.runs("focobot", &arguments).await;
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{said}");
    harness::printed(&output)
}

/// What the command complains of with settings changed.
async fn complaint(world: &World, changed: &[(&str, &str)]) -> String {
    let mut variables = world.variables().clone();
    let changed = changed.iter();
    variables.extend(changed.map(|(name, value)| ((*name).to_owned(), (*value).to_owned())));
    let arguments = ["twilio", "configure-webhook"];
    let output = world.runs_with("focobot", &arguments, &variables).await;
    assert_eq!(output.status.code(), Some(1));
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(said.lines().count(), 1, "{said}");
    said
}

#[tokio::test(flavor = "multi_thread")]
async fn the_sender_calls_us_after_one_command_and_keeps_what_else_it_has() {
    let world = Setup::default().start().await;
    // Ours is not on the first page of a hundred.
    for number in 0..130 {
        let id = format!("whatsapp:+141555{number:05}");
        senders(&world, Method::POST, "", json!({"sender_id": id})).await;
    }
    let dry = configured(&world, &["--dry-run"]).await;
    let sid = dry["sid"].as_str().unwrap().to_owned();
    let path = format!("/{sid}");
    let ours = format!(
        "{}/api/integrations/whatsapp/webhook#rc=5&rp=all",
        world.ingest_url()
    );
    assert_eq!(dry["after"]["callback_url"], ours.as_str());
    let untouched = senders(&world, Method::GET, &path, Value::Null).await;
    assert_eq!(untouched["webhook"], dry["before"]);
    assert_ne!(untouched["webhook"]["callback_url"], ours.as_str());

    let kept = json!({"webhook": {"callback_method": "PUT", "future": {"x": 1}}});
    senders(&world, Method::POST, &path, kept).await;
    let report = configured(&world, &[]).await;
    let now = senders(&world, Method::GET, &path, Value::Null).await;
    assert_eq!(report["after"], now["webhook"]);
    assert_eq!(report["before"]["callback_method"], "PUT");
    for name in ["callback_url", "fallback_url", "status_callback_url"] {
        assert_eq!(now["webhook"][name], ours.as_str(), "{name}");
    }
    assert_eq!(now["webhook"]["callback_method"], "POST");
    assert_eq!(now["webhook"]["future"], json!({"x": 1}));
    assert_eq!(now["profile"]["name"], "FocoBot");

    let other = "https://other.example/api/integrations/whatsapp/webhook";
    let report = configured(&world, &["--fallback-url", other]).await;
    assert_eq!(report["after"]["fallback_url"], other);
    let again = configured(&world, &[]).await;
    assert_eq!(again["before"], again["after"], "nothing is left to do");

    // And people are answered: what is signed and posted has no fragment.
    let phone = world.phone_at_work().await;
    assert!(phone.asks("/help").await.contains("What I can do"));
    world.ends_clean().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_stands_in_the_way_of_configuring_is_said_in_one_sentence() {
    let world = Setup::default().start().await;
    let said = complaint(&world, &[("TWILIO_WHATSAPP_NUMBER", "+14155550199")]).await;
    assert!(said.contains("no WhatsApp sender"), "{said}");
    let wrong = "ffffffffffffffffffffffffffffffff";
    let said = complaint(&world, &[("TWILIO_AUTH_TOKEN", wrong)]).await;
    assert!(said.contains("refuses our credentials") && !said.contains(wrong));
    let nowhere = ("TWILIO_MESSAGING_BASE_URL", "http://127.0.0.1:1");
    let said = complaint(&world, &[nowhere]).await;
    assert!(said.contains("TWILIO_MESSAGING_BASE_URL"), "{said}");
    // Twilio says that it took the change, and did not.
    let fault = json!([{"match": {"operation": "senders", "body_contains": "callback_url"},
        "action": {"kind": "status", "status": 202}}]);
    world.simulator.twilio_faults(fault).await;
    let said = complaint(&world, &[]).await;
    assert!(said.contains("shows another configuration"), "{said}");
    assert!(said.contains("callback_url"), "{said}");
    world.ends_clean().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_status_callback_carries_its_retries_and_is_signed_without_them() {
    let world = Setup::default().start().await;
    let phone = world.phone_at_work().await;
    phone.asks("/help").await;
    let sends = world.simulator.sends().await;
    let last = sends.last().unwrap()["params"].as_array().unwrap().clone();
    let callback = last.iter().find(|pair| pair[0] == "StatusCallback");
    let callback = callback.unwrap()[1].as_str().unwrap().to_owned();
    let (address, policy) = callback.split_once('#').unwrap();
    assert_eq!(policy, "rc=5&rp=all");
    let delivered = until(
        "callbacks",
        || async {
            let all = world
                .simulator
                .call(Method::GET, "callbacks", Value::Null)
                .await;
            let all = all["callbacks"].as_array().cloned().unwrap_or_default();
            let of_last = all.into_iter().filter(|call| call["url"] == address);
            of_last.collect::<Vec<_>>()
        },
        |calls| calls.len() == 3,
    )
    .await;
    for call in delivered {
        assert_eq!(call["status"], 200, "{call:#}");
    }
    world.ends_clean().await;
}
