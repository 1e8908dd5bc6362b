//! What people wrote is erased once it is settled and old; what is not settled, and what is young,
//! is kept, and so are all counts and SIDs.

use std::process::Output;

use harness::{Phone, Setup, World, printed, until};
use sqlx::AssertSqlSafe;

/// Everything so far happened forty days earlier.
async fn forty_days_pass(world: &World) {
    let statements = "update whatsapp_messages set received_at = received_at - interval '40 days';
        update whatsapp_replies set created_at = created_at - interval '40 days';
        update whatsapp_dead_letters set dead_at = dead_at - interval '40 days',
            settled_at = settled_at - interval '40 days';";
    sqlx::raw_sql(statements)
        .execute(world.pool())
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
    for word in ["laurel", "encino"] {
        let payload = format!(r#"{{"type":"inbound/9","text":"Podar el {word}"}}"#);
        let subject = "inbound.02.0123456789abcdef";
        world.streams.publish(subject, &payload).await;
    }
    let filed = || world.count("select count(*) from whatsapp_dead_letters");
    until("two dead letters", filed, |count| *count == 2).await;
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
    forty_days_pass(&world).await;
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
