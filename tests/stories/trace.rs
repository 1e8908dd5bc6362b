//! One trace per message, from the webhook to Twilio's answer, over the queue and the rows that
//! wait: received by a collector that reads what a real one would.

use harness::{Collector, Setup, Span, World, until};
use serde_json::{Value, json};

const ENDPOINT: &str = "OTEL_EXPORTER_OTLP_ENDPOINT";
const WEBHOOK: &str = "POST /api/integrations/whatsapp/webhook";

/// Kinds, as OpenTelemetry counts them.
const SERVER: i32 = 2;
const CLIENT: i32 = 3;
const PRODUCER: i32 = 4;
const CONSUMER: i32 = 5;

/// The only span of that name.
fn only<'a>(spans: &'a [Span], name: &str) -> &'a Span {
    let named: Vec<&Span> = spans.iter().filter(|span| span.name == name).collect();
    assert_eq!(named.len(), 1, "{name} in {spans:#?}");
    named[0]
}

/// Names from the root to a span.
fn way<'a>(spans: &'a [Span], last: &'a Span) -> Vec<&'a str> {
    let mut way = vec![last.name.as_str()];
    let mut parent = last.parent.as_str();
    while let Some(span) = spans.iter().find(|span| span.id == parent) {
        way.insert(0, &span.name);
        parent = &span.parent;
    }
    assert_eq!(parent, "", "a parent of {} is missing", last.name);
    way
}

#[tokio::test(flavor = "multi_thread")]
async fn a_message_is_one_trace_from_the_webhook_to_twilios_answer() {
    let collector = Collector::start().await;
    let setup = Setup::default().with_model();
    let world = setup.with(ENDPOINT, collector.url()).start().await;
    let prefix = world.variables()["FOCO_STREAM_PREFIX"].to_uppercase();
    let phone = world.phone_at_work().await;
    let before = phone.replies().await.len();
    let sid = phone.sends("Fix the secretive login page, 3 hours").await;
    phone.gets(before + 1).await;

    let trace = collector.trace_of(&sid).await;
    let process = |stream: &str| format!("process {prefix}_{stream}");
    let publish = |stream: &str| format!("publish {prefix}_{stream}");
    let spans = collector.trace_with(&trace, 1, &process("OUTBOUND")).await;
    let chat = spans.iter().find(|span| span.name.starts_with("chat "));
    let chat = chat.expect("a call of the model");
    let [to_route, route] = [publish("INBOUND"), process("INBOUND")];
    let [to_parse, parse] = [publish("PARSE"), process("PARSE")];
    let [to_send, send] = [publish("OUTBOUND"), process("OUTBOUND")];
    let post = only(&spans, "POST Messages");
    assert_eq!(
        way(&spans, post),
        [
            WEBHOOK,
            &to_route,
            &route,
            &to_parse,
            &parse,
            &to_send,
            &send,
            "send reply",
            "POST Messages"
        ]
    );
    assert_eq!(
        way(&spans, chat),
        [WEBHOOK, &to_route, &route, &to_parse, &parse, &chat.name]
    );
    assert_eq!(spans.len(), 10, "{spans:#?}");
    assert_eq!(post.attributes["http.response.status_code"], "201");
    for (name, kind, service) in [
        (WEBHOOK, SERVER, "ingest"),
        (&to_route, PRODUCER, "ingest"),
        (&route, CONSUMER, "worker"),
        (&to_parse, PRODUCER, "worker"),
        (&parse, CONSUMER, "worker"),
        (&chat.name, CLIENT, "worker"),
        (&to_send, PRODUCER, "worker"),
        (&send, CONSUMER, "worker"),
        ("POST Messages", CLIENT, "worker"),
    ] {
        is_one(only(&spans, name), kind, service);
    }
    tells_nothing(&collector.spans());
    world.ends_clean().await;
}

/// A span of that kind and program; NATS is named where it is the queue's.
fn is_one(span: &Span, kind: i32, service: &str) {
    assert_eq!(
        (span.kind, span.service.as_str()),
        (kind, service),
        "{span:#?}"
    );
    if kind == PRODUCER || kind == CONSUMER {
        assert_eq!(span.attributes["messaging.system"], "nats");
    }
}

/// No phone, text, code or address, and no log line either.
fn tells_nothing(spans: &[Span]) {
    for span in spans {
        assert_eq!(span.events, 0, "{span:#?}");
        let all = format!("{span:?}").to_lowercase();
        for word in [
            "5555550100",
            "55550100",
            "secretive",
            "verify",
            "http://",
            "?job=",
        ] {
            assert!(!all.contains(word), "{word} in {span:#?}");
        }
    }
}

/// What `focobot dead show` prints of the only dead letter.
async fn shown(world: &World) -> Value {
    let look = || world.count("select coalesce(max(id), 0) from whatsapp_dead_letters");
    let id = until("a dead letter", look, |id| *id > 0).await.to_string();
    let output = world
        .runs("focobot", &["dead", "show", &id, "--json"])
        .await;
    harness::printed(&output)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_dead_letter_shows_its_trace_and_a_replay_links_to_the_first() {
    let collector = Collector::start().await;
    let setup = Setup::default().with(ENDPOINT, collector.url());
    let world = setup.start().await;
    let prefix = world.variables()["FOCO_STREAM_PREFIX"].to_uppercase();
    let phone = world.phone_at_work().await;
    world.streams.are_quiet().await;
    let before = phone.replies().await.len();
    let refuse = json!({"kind": "status", "status": 400, "code": 21408});
    let fault = json!([{"match": {"operation": "send"}, "action": refuse}]);
    world.simulator.twilio_faults(fault).await;
    let sid = phone.sends("/status").await;
    let letter = shown(&world).await;
    let first = collector.trace_of(&sid).await;
    assert_eq!(letter["message_sid"], sid.as_str());
    assert_eq!(letter["trace_id"], first.as_str());
    assert_eq!(letter["stage"], "send");

    world.simulator.twilio_faults(json!([])).await;
    let id = letter["id"].to_string();
    let output = world.runs("focobot", &["dead", "replay", &id]).await;
    assert!(output.status.success(), "{output:?}");
    phone.gets(before + 1).await;
    // The reply goes on in the trace of its message; what brought it back is another trace.
    let spans = collector.trace_with(&first, 2, "POST Messages").await;
    let codes = spans.iter().filter(|span| span.name == "POST Messages");
    let mut codes: Vec<_> = codes
        .map(|s| &s.attributes["http.response.status_code"])
        .collect();
    codes.sort();
    assert_eq!(codes, ["201", "400"]);
    for (name, service) in [("publish", "focobot"), ("process", "worker")] {
        let name = format!("{name} {prefix}_OUTBOUND");
        let linked = |span: &Span| {
            let of_replay = span.name == name && span.trace_id != first;
            of_replay && span.service == service && span.links == [first.clone()]
        };
        let look = || async { collector.spans().into_iter().filter(linked).count() };
        until(&format!("a link of {name}"), look, |count| *count == 1).await;
    }
    tells_nothing(&collector.spans());
    world.ends_clean_but_for(1).await;
}

/// Without a collector there is a trace all the same, for logs and dead letters.
#[tokio::test(flavor = "multi_thread")]
async fn a_request_that_waited_for_a_project_goes_on_in_its_own_trace() {
    let world = Setup::default().start().await;
    let phone = world.phone("whatsapp:+5215555550100");
    phone.links(harness::USER, "+52 55 5555 0100").await;
    let sid = phone.sends("Fix the login page, 3 hours").await;
    phone.gets(2).await;
    phone.sends("/project Sitio web").await;
    phone.gets(4).await;
    let traces: Vec<(String, String)> = sqlx::query_as(
        "select split_part(m.traceparent, '-', 2), split_part(r.traceparent, '-', 2)
         from whatsapp_replies r join whatsapp_messages m using (message_sid)
         where message_sid = $1",
    )
    .bind(&sid)
    .fetch_all(world.pool())
    .await
    .unwrap();
    assert_eq!(traces.len(), 2, "a question and an answer");
    for (of_message, of_reply) in traces {
        assert_eq!(of_message.len(), 32);
        assert_eq!(of_message, of_reply);
    }
    let distinct = "select count(distinct split_part(traceparent, '-', 2)) from whatsapp_messages";
    assert_eq!(world.count(distinct).await, 3, "one trace for each message");
    world.ends_clean().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_collector_that_never_answers_holds_up_neither_messages_nor_the_end() {
    let silent = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = format!("http://{}", silent.local_addr().unwrap());
    let mut world = Setup::default().with(ENDPOINT, &address).start().await;
    let phone = world.phone_at_work().await;
    assert!(phone.asks("/status").await.contains("Sitio web"));
    world.streams.are_quiet().await;
    assert!(
        world
            .worker
            .take()
            .expect("a worker")
            .stop()
            .await
            .success()
    );
    world.ingest.signal("TERM").await;
    assert!(world.ingest.ended().await.success());
    drop(silent);
    // Twilio's callbacks are still to be worked off.
    world.start_worker(&[]).await;
    world.ends_clean().await;
}
