//! What people wrote is erased once it is settled and old; what is not settled has a longer time and
//! then ends without a word. What is young is kept, and so are all counts and SIDs. Phones of people
//! who never wrote are kept for a week.

use std::process::Output;

use harness::{
    Account, GUEST, Phone, Setup, USER, USER_OF_ANOTHER_WORKSPACE, World, printed, until,
};
use serde_json::{Value, json};
use sqlx::{AssertSqlSafe, Connection, PgConnection};

/// Everything so far happened so many days earlier.
async fn days_pass(world: &World, days: u32) {
    let statements = format!(
        "set session_replication_role = replica;
        update whatsapp_messages set received_at = received_at - interval '{days} days';
        update whatsapp_replies set created_at = created_at - interval '{days} days';
        update whatsapp_recipients set updated_at = updated_at - interval '{days} days';
        update whatsapp_code_sends set updated_at = updated_at - interval '{days} days';
        update whatsapp_user_links set verification_code_expires_at =
            verification_code_expires_at - interval '{days} days';
        update whatsapp_link_codes set made_at = made_at - interval '{days} days';
        update whatsapp_dead_letters set dead_at = dead_at - interval '{days} days',
            settled_at = settled_at - interval '{days} days';"
    );
    let mut conn = PgConnection::connect(&world.admin_url()).await.unwrap();
    sqlx::raw_sql(AssertSqlSafe(statements))
        .execute(&mut conn)
        .await
        .unwrap();
}

/// Tables of ours that hold a text.
async fn tables_with(world: &World, text: &str) -> Vec<String> {
    let tables: Vec<String> = sqlx::query_scalar(
        "select tablename::text from pg_tables
         where schemaname = 'public' and tablename like 'whatsapp%' order by tablename",
    )
    .fetch_all(world.pool())
    .await
    .unwrap();
    let mut found = Vec::new();
    for table in tables {
        let query = format!(
            "select exists(select from {table} t
                 where to_jsonb(t)::text like $1 or to_jsonb(t)::text like $2)"
        );
        let has_it: bool = sqlx::query_scalar(AssertSqlSafe(query))
            .bind(format!("%{text}%"))
            .bind(format!("%{}%", hex::encode(text)))
            .fetch_one(world.pool())
            .await
            .unwrap();
        if has_it {
            found.push(table);
        }
    }
    found
}

/// Dead letters: whether each has its payload, oldest first.
async fn payloads(world: &World) -> Vec<bool> {
    sqlx::query_scalar("select payload <> '' from whatsapp_dead_letters order by id")
        .fetch_all(world.pool())
        .await
        .unwrap()
}

async fn counts(world: &World) -> Vec<i64> {
    let mut counts = Vec::new();
    for query in [
        "select count(*) from whatsapp_messages",
        "select count(*) from whatsapp_message_stages where outcome is not null",
        "select count(*) from whatsapp_reply_parts where twilio_sid is not null",
        "select count(*) from whatsapp_dead_letters",
    ] {
        counts.push(world.count(query).await);
    }
    counts
}

async fn focobot(world: &World, arguments: &[&str]) -> Output {
    let output = world.runs("focobot", arguments).await;
    assert!(output.status.success(), "{output:?}");
    output
}

/// Two dead letters, of which the first is discarded.
async fn one_of_two_dead_letters_is_settled(world: &World) {
    for (word, filed_by_then) in [("laurel", 1), ("encino", 2)] {
        let payload = format!(r#"{{"type":"inbound/9","text":"Podar el {word}"}}"#);
        let subject = "inbound.02.0123456789abcdef";
        world.streams.publish(subject, &payload).await;
        // One after the other: several are filed at once, and the first is the one that is settled.
        let filed = || world.count("select count(*) from whatsapp_dead_letters");
        until("a dead letter", filed, |count| *count == filed_by_then).await;
    }
    let first = "select min(id) from whatsapp_dead_letters";
    let first = world.count(first).await.to_string();
    focobot(world, &["dead", "discard", &first]).await;
}

/// A request that is routed, and not read while the stage rests.
async fn one_request_is_not_settled(world: &World, phone: &Phone) {
    focobot(world, &["pause", "parse"]).await;
    phone.sends("Pintar la barda norte, 2 horas").await;
    let routed = || world.count("select count(*) from whatsapp_messages where state = 'routed'");
    until("a request on its way", routed, |count| *count == 1).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn settled_texts_are_erased_when_they_are_old_and_nothing_else_is() {
    let world = Setup::default().start().await;
    let phone = world.phone_at_work().await;
    let settled = phone.sends("Arreglar el tlacoyo azul, 4 horas").await;
    phone.gets(3).await;
    one_of_two_dead_letters_is_settled(&world).await;
    world.streams.are_quiet().await;
    one_request_is_not_settled(&world, &phone).await;
    days_pass(&world, 40).await;
    phone.asks("/proyecto rotulo amarillo").await;
    let before = counts(&world).await;

    let old = || tables_with(&world, "tlacoyo");
    until("old texts erased", old, Vec::is_empty).await;
    let kept = || payloads(&world);
    until("an old payload erased", kept, |has| *has == [false, true]).await;
    let unsettled = ["whatsapp_message_stages", "whatsapp_messages"];
    assert_eq!(tables_with(&world, "barda norte").await, unsettled);
    let open = tables_with(&world, "encino").await;
    assert_eq!(open, ["whatsapp_dead_letters"]);
    let young = tables_with(&world, "rotulo amarillo").await;
    for table in ["whatsapp_messages", "whatsapp_reply_parts"] {
        assert!(young.iter().any(|found| found == table), "{young:?}");
    }
    assert_eq!(counts(&world).await, before);
    let story = printed(&focobot(&world, &["message", &settled, "--json"]).await);
    assert!(story["proposal_id"].is_string(), "{story}");
    assert!(story["reply_sids"][0].is_string(), "{story}");

    // What was kept is carried out.
    focobot(&world, &["resume", "parse"]).await;
    let proposal = phone.gets(5).await;
    assert!(proposal.contains("Propuesta creada"), "{proposal}");
    let proposals = "select count(*) from foco_proposals where description like '%tlacoyo%'
        or description like '%barda%'";
    assert_eq!(world.count(proposals).await, 2);
    world.ends().await;
}

/// A reply that waits until the person writes again.
async fn one_reply_is_held(world: &World, phone: &Phone) {
    let fault = json!([{"match": {"operation": "send"}, "action":
        {"kind": "async_failure", "code": 63016, "status": "undelivered"}}]);
    world.simulator.twilio_faults(fault).await;
    phone.sends("/proyecto rotulo amarillo").await;
    let held = || world.count("select count(*) from whatsapp_reply_parts where state = 'held'");
    until("a reply that is held", held, |count| *count == 1).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_nobody_settles_is_erased_after_a_longer_time_and_ends_without_a_word() {
    let world = Setup::default().start().await;
    let phone = world.phone_at_work().await;
    one_request_is_not_settled(&world, &phone).await;
    let letter = r#"{"type":"inbound/9","text":"Podar el encino"}"#;
    let subject = "inbound.02.0123456789abcdef";
    world.streams.publish(subject, letter).await;
    let letters = || world.count("select count(*) from whatsapp_dead_letters");
    until("a dead letter", letters, |count| *count == 1).await;
    one_reply_is_held(&world, &phone).await;
    // Longer than what is settled is kept, and not as long as this.
    days_pass(&world, 80).await;
    let settled = || tables_with(&world, "/project Sitio web");
    until("what is settled to be erased", settled, Vec::is_empty).await;
    for text in ["barda norte", "rotulo amarillo", "encino"] {
        assert_ne!(tables_with(&world, text).await, [""; 0], "{text}");
    }

    days_pass(&world, 11).await;
    for text in ["barda norte", "rotulo amarillo", "encino"] {
        let left = || tables_with(&world, text);
        until("all to be erased", left, Vec::is_empty).await;
    }
    let ended: Vec<(String, String)> = sqlx::query_as(
        "select state, error_code from whatsapp_messages where error_code is not null
         union all select state, withheld from whatsapp_reply_parts where withheld is not null
         union all select state, settled_by from whatsapp_dead_letters",
    )
    .fetch_all(world.pool())
    .await
    .unwrap();
    let ended: Vec<(&str, &str)> = ended.iter().map(|(a, b)| (&**a, &**b)).collect();
    let (ended_so, given_up) = (("failed", "erased"), ("discarded", "retention"));
    assert_eq!(ended, [ended_so, ended_so, given_up]);

    // Neither is told when they write again, nor is the request carried out.
    focobot(&world, &["resume", "parse"]).await;
    let before = phone.replies().await.len();
    let help = phone.asks("/ayuda").await;
    assert!(help.contains("Lo que puedo hacer"), "{help}");
    world.streams.are_quiet().await;
    assert_eq!(phone.replies().await.len(), before + 1);
    assert_eq!(world.count("select count(*) from foco_proposals").await, 0);
    world.ends().await;
}

/// The code that was sent to that number, by the template.
async fn code_sent_to(world: &World, number: &str) -> String {
    let sent = async || {
        let sends = world.simulator.sends().await;
        let mine = |send: &&Value| send["to"].as_str().is_some_and(|to| to.ends_with(number));
        let params = sends.iter().find(mine)?["params"].as_array()?.clone();
        let values = params.iter().find(|pair| pair[0] == "ContentVariables")?;
        let values: Value = serde_json::from_str(values[1].as_str()?).ok()?;
        values["1"].as_str().map(str::to_owned)
    };
    until("a code that is sent", sent, Option::is_some)
        .await
        .unwrap()
}

async fn is_linked_by_a_code_alone(world: &World, web: &Account, number: &str) {
    assert_eq!(web.asks_to_deliver(number).await.0, 200);
    let code = code_sent_to(world, number).await;
    assert_eq!(web.verifies(number, &code).await.0, 200);
}

#[tokio::test(flavor = "multi_thread")]
async fn phones_of_people_who_never_wrote_are_kept_for_a_week_unless_they_are_linked() {
    let template = "HX0123456789abcdef0123456789abcdef";
    let setup = Setup::default().with("TWILIO_CODE_CONTENT_SID", template);
    let world = setup.start().await;
    let linked = world.signs_in(USER).await;
    is_linked_by_a_code_alone(&world, &linked, "5555550101").await;
    let sent = world.signs_in(USER_OF_ANOTHER_WORKSPACE).await;
    assert_eq!(sent.asks_to_deliver("5555550102").await.0, 200);
    code_sent_to(&world, "5555550102").await;
    let shown = world.signs_in(GUEST).await;
    assert_eq!(shown.asks("5555550103").await.0, 200);
    world.streams.are_quiet().await;

    // Nobody has to wait longer than this for what somebody else typed.
    days_pass(&world, 8).await;
    for phone in ["5555550102", "5555550103"] {
        let left = || tables_with(&world, phone);
        until("their phone to be erased", left, Vec::is_empty).await;
    }
    let kept = tables_with(&world, "5555550101").await;
    assert_eq!(kept, ["whatsapp_recipients", "whatsapp_user_links"]);
    let asked = || world.count("select count(*) from whatsapp_link_codes");
    until("when they asked", asked, |count| *count == 0).await;
    assert_eq!(linked.linked().await["linked"], true);
    assert_eq!(sent.linked().await["linked"], false);
    // Whoever asks again begins anew.
    assert_eq!(sent.asks_to_deliver("5555550102").await.0, 200);
    world.ends().await;
}
