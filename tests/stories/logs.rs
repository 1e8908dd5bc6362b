//! A log line of a message's way says whose way it is: the trace, the message's SID and the
//! sender's keyed hash. That none says more is looked at by every story, when it ends.

use std::collections::BTreeSet;

use harness::{Program, Setup, World, until};
use serde_json::{Map, Value, json};

/// A line of a program's log, with the fields of all spans around it.
#[derive(Debug)]
struct Line {
    says: String,
    in_a_span: bool,
    fields: Map<String, Value>,
}

impl Line {
    fn has(&self, name: &str) -> bool {
        self.fields.get(name).is_some_and(Value::is_string)
    }

    fn is_of(&self, sid: &str) -> bool {
        self.fields.get("message_sid") == Some(&json!(sid))
    }
}

fn lines(program: &Program) -> Vec<Line> {
    program
        .logged()
        .lines()
        .map(|line| serde_json::from_str::<Value>(line).expect(line))
        .map(|line| {
            let spans = line["spans"].as_array().cloned().unwrap_or_default();
            let fields = spans.iter().filter_map(Value::as_object).flatten();
            let fields = fields.map(|(name, value)| (name.clone(), value.clone()));
            Line {
                says: line["fields"]["message"].as_str().unwrap().to_owned(),
                in_a_span: !spans.is_empty(),
                fields: fields.collect(),
            }
        })
        .collect()
}

/// Stage and words of lines.
type Steps = BTreeSet<(String, String)>;

fn step(stage: &str, says: &str) -> (String, String) {
    (stage.to_owned(), says.to_owned())
}

/// What was said of a message.
fn steps(lines: &[Line], sid: &str) -> Steps {
    let its = lines.iter().filter(|line| line.is_of(sid));
    its.map(|line| {
        let stage = line.fields.get("stage").and_then(Value::as_str);
        step(stage.unwrap_or("ingest"), &line.says)
    })
    .collect()
}

fn all_lines(world: &World) -> Vec<Line> {
    let worker = world.worker.as_ref().unwrap();
    [&world.ingest, worker]
        .map(lines)
        .into_iter()
        .flatten()
        .collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn every_line_of_a_messages_way_names_its_trace_its_message_and_its_sender() {
    let world = Setup::default().with_model().start().await;
    let phone = world.phone_at_work().await;
    world.streams.are_quiet().await;
    let before = phone.replies().await.len();
    let away = json!([{"action": {"kind": "status", "status": 400}}]);
    world.simulator.openai_faults(away).await;
    let busy = json!({"kind": "status", "status": 429, "code": 63018});
    let busy = json!([{"match": {"operation": "send"}, "times": 1, "action": busy}]);
    world.simulator.twilio_faults(busy).await;
    let sid = phone.sends("Arreglar el login, 2 horas").await;
    phone.gets(before + 1).await;
    // The last that happens to it is what Twilio says of the reply, which may come before the stage
    // that sent it is done.
    let wanted: Steps = [
        ("ingest", "stored"),
        ("route", "done"),
        ("parse", "without the model"),
        ("parse", "done"),
        ("send", "not done"),
        ("send", "done"),
        ("status", "done"),
    ]
    .map(|(stage, says)| step(stage, says))
    .into();
    let missing = || async { &wanted - &steps(&all_lines(&world), &sid) };
    until("all steps", missing, Steps::is_empty).await;
    let lines = all_lines(&world);
    for line in lines.iter().filter(|line| line.in_a_span) {
        let is_named = line.has("message_sid") || line.has("reply_sid");
        let is_whole = is_named && line.has("trace_id") && line.has("sender");
        assert!(is_whole, "{line:?}");
    }
    let its = lines.iter().filter(|line| line.is_of(&sid));
    let senders: BTreeSet<_> = its.map(|line| line.fields["sender"].as_str()).collect();
    assert_eq!(senders.len(), 1, "one sender, one hash: {senders:?}");
    world.ends_clean().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_panic_is_a_line_of_its_message_and_is_counted() {
    let mut world = Setup::default().start().await;
    let phone = world.phone_at_work().await;
    world.streams.are_quiet().await;
    world.kill_worker().await;
    let at = ("FOCO_KILL_AT", "panic:route.claimed");
    world.start_worker(&[at]).await;
    let sid = phone.sends("/status").await;
    let look = || world.metric("panics_total", &[]);
    until("a panic that is counted", look, |count| *count > 0.5).await;
    let found = all_lines(&world);
    let found = found
        .iter()
        .find(|line| line.says.starts_with("panicked at common/src/kill_point"));
    assert_eq!(found.unwrap().fields["message_sid"], sid.as_str());
    world.kill_worker().await;
    world.start_worker(&[]).await;
    world.ends_clean().await;
}
