//! Who is let in, and in which order that is decided.

use common::{
    payload::{Content, InboundPayload, StatusPayload},
    queue::StreamName,
};

use crate::{
    twilio::{EMPTY, WEBHOOK, encode, sender, sign, text, with},
    world::{PUBLIC, World},
};

const FORM: &str = "application/x-www-form-urlencoded";

#[tokio::test(flavor = "multi_thread")]
async fn checks_come_in_their_order_and_nothing_of_what_is_refused_is_queued() {
    let world = World::new().await;
    let ingester = world.ingester().await;
    let form = || text(&sender(), "hola");
    let large = |form| with(form, "Body", Some(&"x".repeat(64 * 1024)));
    let foreign = |form| {
        with(
            form,
            "AccountSid",
            Some("AC00000000000000000000000000000000"),
        )
    };
    let lacking = |form| with(form, "MessageSid", None);
    let mut twice = form();
    twice.push(("Body", "adiós".to_owned()));
    for (status, content_type, is_signed, form) in [
        (413, "text/plain", false, large(foreign(lacking(form())))),
        (413, FORM, true, large(form())),
        (415, "text/plain", false, foreign(lacking(form()))),
        (415, "application/json", true, form()),
        (403, FORM, false, foreign(lacking(form()))),
        (403, FORM, false, form()),
        (403, FORM, true, foreign(lacking(form()))),
        (403, FORM, true, foreign(form())),
        (400, FORM, true, lacking(form())),
        (400, FORM, true, with(form(), "From", None)),
        (400, FORM, true, with(form(), "AccountSid", None)),
        (400, FORM, true, twice),
    ] {
        let mut request = ingester
            .http
            .post(format!("{}{WEBHOOK}", ingester.url))
            .header("content-type", content_type)
            .body(encode(&form));
        if is_signed {
            request = request.header(
                "x-twilio-signature",
                sign(&format!("{PUBLIC}{WEBHOOK}"), &form),
            );
        }
        let answer = request.send().await.unwrap();
        assert_eq!(answer.status(), status, "{content_type} {is_signed}");
        assert_eq!(answer.headers()["content-type"], "application/json");
    }
    assert_eq!(world.stored(StreamName::Inbound).await, 0);
    assert_eq!(world.stored(StreamName::Status).await, 0);
    world.end([ingester]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_address_that_is_signed_is_the_configured_one_whatever_headers_say() {
    let world = World::new().await;
    let ingester = world.ingester().await;
    let form = text(&sender(), "hola");
    for (signed, status) in [
        (format!("{PUBLIC}{WEBHOOK}"), 200),
        (format!("{PUBLIC}:443{WEBHOOK}"), 200),
        (format!("https://evil.example{WEBHOOK}"), 403),
        (format!("{}{WEBHOOK}", ingester.url), 403),
    ] {
        let answer = ingester
            .http
            .post(format!("{}{WEBHOOK}", ingester.url))
            .header("host", "evil.example")
            .header("x-forwarded-host", "evil.example")
            .header("content-type", FORM)
            .header("x-twilio-signature", sign(&signed, &form))
            .body(encode(&form));
        assert_eq!(answer.send().await.unwrap().status(), status, "{signed}");
    }
    world.end([ingester]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn signatures_are_headers_of_which_there_is_one() {
    let world = World::new().await;
    let ingester = world.ingester().await;
    let form = text(&sender(), "hola");
    let good = sign(&format!("{PUBLIC}{WEBHOOK}"), &form);
    let request = ingester
        .webhook(WEBHOOK, &form)
        .header("x-twilio-signature", good);
    assert_eq!(request.send().await.unwrap().status(), 403);
    for odd in [&b""[..], b" ", &[0xff; 28], &[b'A'; 8000]] {
        let request = ingester
            .http
            .post(format!("{}{WEBHOOK}", ingester.url))
            .header("content-type", FORM)
            .header(
                "x-twilio-signature",
                reqwest::header::HeaderValue::from_bytes(odd).unwrap(),
            )
            .body(encode(&form));
        assert_eq!(request.send().await.unwrap().status(), 403, "{odd:?}");
    }
    world.end([ingester]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_message_is_stored_as_the_stages_need_it_under_its_senders_lane() {
    let world = World::new().await;
    let ingester = world.ingester().await;
    let mut form = with(
        text("whatsapp:+5215555550100", "foto del error"),
        "NumMedia",
        Some("1"),
    );
    form.push(("MediaContentType0", "image/jpeg".to_owned()));
    let answer = ingester.post(&form).await;
    assert_eq!(
        (answer.status().as_u16(), &answer.headers()["content-type"]),
        (200, &"text/xml".parse().unwrap())
    );
    assert_eq!(answer.text().await.unwrap(), EMPTY);
    let (subject, id, InboundPayload::V1(message)) = world.message(StreamName::Inbound, 1).await;
    let (lane, hash) = subject
        .split_once(".inbound.")
        .unwrap()
        .1
        .split_once('.')
        .unwrap();
    assert_eq!((lane, hash.len()), ("02", 16));
    assert_eq!(id, form[0].1);
    assert_eq!(message.from.reveal(), "whatsapp:+5215555550100");
    assert_eq!(
        (message.text.reveal(), message.content),
        ("foto del error", Content::Image)
    );
    world.end([ingester]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn status_callbacks_are_stored_once_a_status_with_their_job_and_never_limited() {
    let world = World::new().await;
    let ingester = world.ingester().await;
    let part = uuid::Uuid::new_v4();
    let target = format!("{WEBHOOK}?job={}.3", part.simple());
    let callback = with(text(&sender(), ""), "MessageStatus", Some("delivered"));
    let recipient = callback.clone();
    for status in ["sent", "delivered", "delivered", "read"] {
        let form = with(recipient.clone(), "MessageStatus", Some(status));
        let answer = ingester.webhook(&target, &form).send().await.unwrap();
        assert_eq!(
            (
                answer.status().as_u16(),
                answer.text().await.unwrap().as_str()
            ),
            (200, EMPTY)
        );
    }
    assert_eq!(world.stored(StreamName::Status).await, 3);
    let (_, id, payload) = world.message(StreamName::Status, 2).await;
    let StatusPayload::Callback(stored) = payload else {
        panic!("another payload")
    };
    let job = stored.job.unwrap();
    assert_eq!((job.part_id, job.attempt), (part, 3));
    let sid = &callback[0].1;
    assert_eq!(id, format!("status:{sid}:delivered:{}", String::from(job)));
    // Twilio may call the sender's own address too, without the job: that hides nothing.
    assert_eq!(ingester.answer(&recipient).await, (200, EMPTY.to_owned()));
    assert_eq!(ingester.answer(&recipient).await, (200, EMPTY.to_owned()));
    assert_eq!(world.stored(StreamName::Status).await, 4);
    for _ in 0..40 {
        let sid = format!("SM{}", uuid::Uuid::new_v4().simple());
        let form = with(callback.clone(), "MessageSid", Some(&sid));
        assert_eq!(ingester.answer(&form).await, (200, EMPTY.to_owned()));
    }
    assert_eq!(world.stored(StreamName::Status).await, 44);
    assert_eq!(world.stored(StreamName::Inbound).await, 0);
    world.end([ingester]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_twilio_sends_in_another_way_is_never_answered_200() {
    let world = World::new().await;
    let ingester = world.ingester().await;
    let form = text(&sender(), "hola");
    let target = format!("{WEBHOOK}?{}", encode(&form));
    let signature = sign(&format!("{PUBLIC}{target}"), &Vec::new());
    let url = format!("{}{target}", ingester.url);
    let greeting = ingester.http.get(&url);
    assert_eq!(greeting.send().await.unwrap().status(), 200);
    let signed = ingester
        .http
        .get(&url)
        .header("x-twilio-signature", signature);
    let answer = signed.send().await.unwrap();
    assert_eq!(answer.status(), 405);
    assert_eq!(answer.headers()["allow"], "POST");

    let slashed = format!("{WEBHOOK}/");
    let answer = ingester.webhook(&slashed, &form).send().await.unwrap();
    assert_eq!(answer.status(), 404);

    // Within the size of a webhook, but not within that of a message on the queue.
    let mut form = text(&sender(), "");
    form.retain(|(name, _)| *name != "Body");
    let controls = "\u{1}".repeat(60_000);
    let body = format!("{}&Body={controls}", encode(&form));
    form.push(("Body", controls));
    let answer = ingester.webhook(WEBHOOK, &form).body(body).send().await;
    assert_eq!(answer.unwrap().status(), 413);
    assert_eq!(world.stored(StreamName::Inbound).await, 0);
    world.end([ingester]).await;
}
