//! What fails for good: filed with its reason, the lane goes on, and a replay works without
//! making a double.

use harness::{Setup, World, until};
use serde_json::{Value, json};

/// What `focobot dead list` shows.
async fn dead(world: &World) -> Vec<Value> {
    let output = world.runs("focobot", &["dead", "list", "--json"]).await;
    serde_json::from_slice::<Vec<Value>>(&output.stdout).unwrap_or_default()
}

async fn filed(world: &World, count: usize) -> Vec<Value> {
    until(
        "dead letters",
        || dead(world),
        |letters| letters.len() == count,
    )
    .await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_payload_that_cannot_be_read_goes_to_the_dead_letters_alone() {
    let world = Setup::default().start().await;
    let phone = world.phone_at_work().await;
    // Lane 02 is that of the phone's own messages.
    for payload in ["{", r#"{"type":"inbound/9","message_sid":"SM1"}"#] {
        world
            .streams
            .publish("inbound.02.0123456789abcdef", payload)
            .await;
    }
    world
        .streams
        .publish("parse.0123456789abcdef", r#"{"type":"parse/9"}"#)
        .await;
    assert!(phone.asks("/help").await.contains("What I can do"));
    let mut reasons: Vec<String> = filed(&world, 3)
        .await
        .iter()
        .map(|letter| format!("{} {}", letter["stage"], letter["reason"]).replace('"', ""))
        .collect();
    reasons.sort();
    assert_eq!(
        reasons,
        [
            "parse unknown_version",
            "route undecodable",
            "route unknown_version"
        ]
    );
    let id = dead(&world).await[0]["id"].to_string();
    let output = world
        .runs("focobot", &["dead", "show", &id, "--json"])
        .await;
    let shown = harness::printed(&output);
    assert!(shown["headers"]["Foco-Dead-Reason"].is_string(), "{shown}");
    assert!(
        shown["error"].is_string() && !shown["payload"].is_null(),
        "{shown}"
    );
    world.ends().await;
}

/// Starts workers that die whenever they parse that message, until it is in the dead letters.
async fn poison(world: &World, sid: &str) {
    let point = format!("parse.claimed@{sid}");
    for _ in 0..12 {
        let mut doomed = world.spawn_worker(&[("FOCO_KILL_AT", &point)]);
        let letters = || world.count("select count(*) from whatsapp_dead_letters");
        let is_dead = tokio::select! {
            _ = doomed.ended() => false,
            _ = until("the message to die", letters, |count| *count == 1) => true,
        };
        if is_dead {
            doomed.stop().await;
            return;
        }
    }
    assert_eq!(sid, "in the dead letters", "twelve workers died of it");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_message_that_kills_its_worker_dies_alone_and_a_replay_carries_it_out_once() {
    let mut world = Setup::default().start().await;
    let phone = world.phone_at_work().await;
    world.streams.are_quiet().await;
    world.worker.take().expect("a worker").stop().await;
    let sid = phone.sends("Fix the poison, 2 hours").await;
    for count in 0..6 {
        phone
            .sends(&format!("Fix neighbour number {count}, 1 hour"))
            .await;
    }
    poison(&world, &sid).await;
    world.start_worker(&[]).await;

    let letters = dead(&world).await;
    assert_eq!(letters[0]["message_sid"], sid.as_str());
    assert_eq!(letters[0]["reason"], "unended");
    until(
        "the neighbours' proposals",
        || world.count("select count(*) from foco_proposals"),
        |count| *count == 6,
    )
    .await;
    let suspects = "select count(*) from whatsapp_message_stages s
         where stage = 'parse' and unended > 2";
    assert_eq!(world.count(suspects).await, 1, "neighbours were counted");
    until(
        "the person to be told",
        || phone.replies(),
        |replies| {
            replies
                .iter()
                .any(|reply| reply.contains("Your message is safe"))
        },
    )
    .await;

    replay_twice(&world, &letters[0]["id"].to_string()).await;
    until(
        "the seventh proposal",
        || world.count("select count(*) from foco_proposals"),
        |count| *count == 7,
    )
    .await;
    world.streams.are_quiet().await;
    assert!(dead(&world).await.is_empty());
    let finals = "select count(*) from whatsapp_replies where kind = 'final'";
    assert_eq!(world.count(finals).await, 9);
    assert_eq!(world.count("select count(*) from foco_proposals").await, 7);
    // Two before, six neighbours, one "failed for now", one final.
    assert_eq!(phone.replies().await.len(), 10);
    world.ends().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_panic_is_an_attempt_that_never_ended_and_harms_nobody_else() {
    let mut world = Setup::default().start().await;
    let phone = world.phone_at_work().await;
    world.streams.are_quiet().await;
    world.worker.take().expect("a worker").stop().await;
    let sid = phone.sends("Fix the panic, 2 hours").await;
    phone.sends("Fix its neighbour, 1 hour").await;
    let point = format!("panic:parse.claimed@{sid}");
    let panicking = world.spawn_worker(&[("FOCO_KILL_AT", &point)]);

    let letters = filed(&world, 1).await;
    assert_eq!(letters[0]["message_sid"], sid.as_str());
    assert_eq!(letters[0]["reason"], "unended");
    assert_eq!(letters[0]["attempts"], 5);
    // The same sender's later request comes out once the older one has come to its end.
    until(
        "the neighbour's proposal",
        || world.count("select count(*) from foco_proposals"),
        |count| *count == 1,
    )
    .await;
    assert!(
        panicking.stop().await.success(),
        "the process outlives a panic"
    );
    let neighbours = "select count(*) from whatsapp_message_stages where unended > 0";
    assert_eq!(world.count(neighbours).await, 1, "a neighbour was counted");

    world.start_worker(&[]).await;
    replay_twice(&world, &letters[0]["id"].to_string()).await;
    until(
        "the second proposal",
        || world.count("select count(*) from foco_proposals"),
        |count| *count == 2,
    )
    .await;
    world.ends().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_writes_for_the_first_time_is_told_that_it_failed_too() {
    let mut world = Setup::default().start().await;
    world.worker.take().expect("a worker").stop().await;
    let stranger = world.phone("whatsapp:+5215555550107");
    let sid = stranger.sends("Hola, ¿cómo empiezo?").await;
    let point = format!("panic:route.claimed@{sid}");
    let panicking = world.spawn_worker(&[("FOCO_KILL_AT", &point)]);
    assert_eq!(filed(&world, 1).await[0]["stage"], "route");
    let told = stranger.gets(1).await;
    assert!(told.contains("Tu mensaje está a salvo"), "{told}");
    panicking.stop().await;

    world.start_worker(&[]).await;
    replay_twice(&world, &dead(&world).await[0]["id"].to_string()).await;
    let answered = stranger.gets(2).await;
    assert!(answered.contains("vincul"), "{answered}");
    world.ends().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refused_reply_is_a_dead_letter_of_its_message_and_replayed_alone() {
    let world = Setup::default().start().await;
    let phone = world.phone_at_work().await;
    world.streams.are_quiet().await;
    // 21408 is refused at once, 63024 by a callback, after Twilio took the reply.
    let at_once = json!({"kind": "status", "status": 400, "code": 21408});
    let later = json!({"kind": "async_failure", "code": 63024});
    let mut before = phone.replies().await.len();
    for (count, (fault, refused)) in (1..).zip([(at_once, 0), (later, 1)]) {
        let fault = json!([{"match": {"operation": "send"}, "action": fault}]);
        world.simulator.twilio_faults(fault).await;
        let sid = phone.sends("/status").await;
        let letters = filed(&world, count).await;
        let letter = letters
            .iter()
            .find(|letter| letter["message_sid"] == sid.as_str());
        let letter = letter.expect("the letter names its message");
        assert_eq!(letter["stage"], "send");
        assert_eq!(letter["reason"], "refused");
        assert_eq!(letter["attempts"], 1);
        // What Twilio took and could not deliver is among its messages.
        before += refused;
        assert_eq!(phone.replies().await.len(), before);
    }
    let first = dead(&world).await.pop().expect("two letters");
    replay_twice(&world, &first["id"].to_string()).await;
    let reply = phone.gets(before + 1).await;
    assert!(reply.contains("Sitio web"), "{reply}");
    world.streams.are_quiet().await;
    let failed = "select count(*) from whatsapp_reply_parts where state = 'failed'";
    assert_eq!(
        world.count(failed).await,
        1,
        "the other one waits for its own replay"
    );

    let second = dead(&world).await.pop().expect("one letter");
    replay_twice(&world, &second["id"].to_string()).await;
    phone.gets(before + 2).await;
    world.ends_clean_but_for(2).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reply_that_was_given_up_without_an_answer_is_looked_for_before_a_replay_posts_it() {
    let world = Setup::default().start().await;
    let phone = world.phone_at_work().await;
    phone.asks("/status").await;
    world.streams.are_quiet().await;
    let refusal = json!({"kind": "status", "status": 400, "code": 21408});
    let fault = json!([{"match": {"operation": "send"}, "action": refusal}]);
    world.simulator.twilio_faults(fault).await;
    phone.sends("/list tasks").await;
    let letter = filed(&world, 1).await.pop().expect("one letter");
    let unread = "select count(*) from whatsapp_reply_parts
        where state = 'accepted' and status is distinct from 'read'";
    until(
        "all else to be read",
        || world.count(unread),
        |unread| *unread == 0,
    )
    .await;
    // As if the letter were the first reply's, which Twilio took, and whose answers were all lost.
    let taken = "with lost as (
            update whatsapp_reply_parts p set state = 'failed', doubts = 8, twilio_sid = null,
                status = null, failed_at = now()
            from whatsapp_replies r join whatsapp_messages m on m.message_sid = r.message_sid
            where r.id = p.reply_id and m.body = '/status' returning r.id)
        update whatsapp_dead_letters set headers = headers
            || jsonb_build_object('Foco-Dead-Reply', (select id from lost))";
    let lost = sqlx::query(taken).execute(world.pool()).await.unwrap();
    assert_eq!(lost.rows_affected(), 1);
    let before = phone.replies().await.len();
    let output = world
        .runs("focobot", &["dead", "replay", &letter["id"].to_string()])
        .await;
    assert!(output.status.success());
    let found = "select count(*) from whatsapp_reply_parts p
        join whatsapp_replies r on r.id = p.reply_id
        join whatsapp_messages m on m.message_sid = r.message_sid
        where m.body = '/status' and p.state = 'accepted'";
    until("it to be found", || world.count(found), |found| *found == 1).await;
    assert_eq!(phone.replies().await.len(), before);
    world.ends().await;
}

/// A dry run touches nothing; the second replay finds nothing to do.
async fn replay_twice(world: &World, id: &str) {
    for (arguments, replayed) in [
        (["dead", "replay", id, "--json", "--dry-run"].as_slice(), 0),
        (["dead", "replay", id, "--json"].as_slice(), 1),
        (["dead", "replay", id, "--json"].as_slice(), 0),
    ] {
        let output = world.runs("focobot", arguments).await;
        assert!(
            output.status.success(),
            "{}",
            String::from_utf8_lossy(&output.stderr)
        );
        let report = harness::printed(&output);
        assert_eq!(report["replayed"], replayed, "{arguments:?}: {report}");
    }
}
