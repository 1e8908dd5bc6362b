//! Linking: who proves a phone has it, whoever else asks for it, guesses, or had it before.

use harness::{Foco, Phone, Setup, USER, USER_OF_ANOTHER_WORKSPACE, World, until};
use serde_json::{Value, json};
use sqlx::AssertSqlSafe;

on_each_foco! {
    whoever_proves_a_phone_has_it_and_its_holder_hears_of_others_once_a_day,
    news_that_somebody_tried_is_dropped_once_it_is_old,
    five_wrong_codes_lock_a_sender_and_nobody_else,
    a_number_that_changed_hands_is_nobodys_until_it_is_proven_again,
    a_suspended_link_is_good_again_once_its_own_account_proves_the_number,
    a_sender_is_known_by_either_name_once_both_were_seen,
    the_same_code_for_two_accounts_is_nobodys,
    whoever_asks_for_a_crowded_phone_is_shown_a_longer_code,
}

const ADDRESS: &str = "whatsapp:+5215555550100";
const TYPED: &str = "+52 55 5555 0100";

/// What the record says: event, outcome, origin.
async fn record(world: &World) -> Vec<(String, String, String)> {
    sqlx::query_as("select event, outcome, origin from whatsapp_link_events order by id")
        .fetch_all(world.pool())
        .await
        .unwrap()
}

async fn run(world: &World, statement: &str) {
    let done = sqlx::raw_sql(AssertSqlSafe(statement.to_owned()))
        .execute(world.pool())
        .await;
    done.unwrap();
}

fn entry(event: &str, outcome: &str, origin: &str) -> (String, String, String) {
    (event.to_owned(), outcome.to_owned(), origin.to_owned())
}

fn code_of(answer: &(u16, Value)) -> String {
    assert_eq!(answer.0, 200, "{answer:?}");
    answer.1["code"].as_str().unwrap().to_owned()
}

/// Sends a text that shows a business-scoped id, from a phone or without one.
async fn sends_as(world: &World, from: &str, id: &str, text: &str) {
    let params = json!({"ExternalUserId": format!("whatsapp:{id}")});
    let message = json!({"from": from, "body": text, "params": params});
    let (_, responses) = world.simulator.inbound(message).await;
    assert_eq!(responses[0]["status"], 200, "{responses:?}");
}

/// The same, and waits for one more answer.
async fn asks_as(world: &World, phone: &Phone, id: &str, text: &str) -> String {
    let before = phone.replies().await.len();
    sends_as(world, &phone.address, id, text).await;
    phone.gets(before + 1).await
}

async fn whoever_proves_a_phone_has_it_and_its_holder_hears_of_others_once_a_day(foco: Foco) {
    let world = Setup::on(foco).start().await;
    let (ana, eve) = (
        world.signs_in(USER).await,
        world.signs_in(USER_OF_ANOTHER_WORKSPACE).await,
    );
    let phone = world.phone(ADDRESS);
    let (first, second) = (
        code_of(&eve.asks(TYPED).await),
        code_of(&ana.asks(TYPED).await),
    );
    let linked = phone.asks(&format!("VERIFY {second}")).await;
    assert!(linked.starts_with("✅ WhatsApp linked"), "{linked}");
    // The other one's code is right, and comes too late.
    let taken = phone.asks(&format!("VERIFY {first}")).await;
    assert!(
        taken.starts_with("This phone is linked to another"),
        "{taken}"
    );
    for _ in 0..2 {
        let (status, answer) = eve.asks(TYPED).await;
        assert_eq!((status, &answer["code"]), (409, &json!("phone_taken")));
    }
    let told = phone.gets(3).await;
    assert!(
        told.starts_with("🔔 Somebody tried to link this phone"),
        "{told}"
    );
    world.streams.are_quiet().await;
    assert_eq!(phone.replies().await.len(), 3);
    assert_eq!(ana.linked().await["linked"], true);
    assert_eq!(
        record(&world).await,
        [
            entry("link", "done", "chat"),
            entry("verify", "phone_taken", "chat"),
            // Once a minute.
            entry("code", "phone_taken", "web"),
        ]
    );
    // A day later it is news again.
    sqlx::query("update whatsapp_replies set created_at = now() - interval '25 hours'")
        .execute(world.pool())
        .await
        .unwrap();
    assert_eq!(eve.asks(TYPED).await.0, 409);
    phone.gets(4).await;
    world.ends_clean().await;
}

async fn news_that_somebody_tried_is_dropped_once_it_is_old(foco: Foco) {
    let world = Setup::on(foco).start().await;
    let phone = world.phone_at_work().await;
    let before = phone.replies().await.len();
    sqlx::query("update whatsapp_recipients set last_inbound_at = now() - interval '25 hours'")
        .execute(world.pool())
        .await
        .unwrap();
    let eve = world.signs_in(USER_OF_ANOTHER_WORKSPACE).await;
    assert_eq!(eve.asks(TYPED).await.0, 409);
    let held = "select count(*) from whatsapp_reply_parts where state = 'held'";
    until(
        "the news to be held",
        || world.count(held),
        |held| *held == 1,
    )
    .await;
    sqlx::query("update whatsapp_replies set not_after = now() where kind = 'notice'")
        .execute(world.pool())
        .await
        .unwrap();
    let answer = phone.asks("/status").await;
    assert!(answer.starts_with("🏢"), "{answer}");
    world.streams.are_quiet().await;
    assert_eq!(phone.replies().await.len(), before + 1);
    // Nor is anybody told that it did not arrive.
    let answer = phone.asks("/status").await;
    assert!(!answer.contains("ℹ️"), "{answer}");
    world.ends_clean().await;
}

async fn five_wrong_codes_lock_a_sender_and_nobody_else(foco: Foco) {
    let setup = Setup::on(foco).with("RATE_LIMIT_PER_MINUTE", "1000");
    let world = setup.start().await;
    let (ana, phone) = (world.signs_in(USER).await, world.phone(ADDRESS));
    let code = code_of(&ana.asks(TYPED).await);
    for n in 0..4 {
        let answer = phone.asks(&format!("VERIFY 00000{n}")).await;
        assert!(answer.starts_with("That code is not right"), "{answer}");
    }
    let locked = phone.asks("VERIFICAR 000004").await;
    assert!(
        locked.starts_with("Demasiados códigos equivocados desde este teléfono. Espera 15 minutos"),
        "{locked}"
    );
    // The right one, and one that was made since: both have to wait.
    for code in [code, code_of(&ana.asks(TYPED).await)] {
        let answer = phone.asks(&format!("VERIFY {code}")).await;
        assert!(
            answer.contains("Wait 15 minutes, then make a new one"),
            "{answer}"
        );
    }
    let other = world.phone("whatsapp:+5215555550101");
    let linked = other.links(USER_OF_ANOTHER_WORKSPACE, "55 5555 0101").await;
    assert!(linked.starts_with("✅"), "{linked}");
    assert!((world.metric("link_locks_total", &[]).await - 1.0).abs() < f64::EPSILON);
    assert!((world.metric("link_codes_wrong_total", &[]).await - 5.0).abs() < f64::EPSILON);
    let locked = record(&world).await;
    let count = |event: &str, outcome: &str| {
        let found = |of: &&(String, String, String)| of.0 == event && of.1 == outcome;
        locked.iter().filter(found).count()
    };
    assert_eq!(count("verify", "wrong_code"), 5);
    assert_eq!((count("lock", "done"), count("verify", "locked")), (1, 2));

    // Once the lock is over a code is taken; the next lock would be twice as long.
    sqlx::query("update whatsapp_recipients set locked_until = now() - interval '1 second'")
        .execute(world.pool())
        .await
        .unwrap();
    for n in 0..5 {
        phone.asks(&format!("VERIFY 00000{n}")).await;
    }
    let replies = phone.replies().await;
    assert!(
        replies.last().unwrap().contains("Wait 30 minutes"),
        "{replies:?}"
    );
    world.ends_clean().await;
}

async fn a_number_that_changed_hands_is_nobodys_until_it_is_proven_again(foco: Foco) {
    let world = Setup::on(foco).start().await;
    let phone = world.phone(ADDRESS);
    let ana = world.signs_in(USER).await;
    let code = code_of(&ana.asks(TYPED).await);
    let linked = asks_as(&world, &phone, "MX.ANA1", &format!("VERIFY {code}")).await;
    assert!(linked.starts_with("✅"), "{linked}");
    asks_as(
        &world,
        &phone,
        "MX.ANA1",
        "Paint the shed of my mother, 3 hours",
    )
    .await;

    // Somebody else has the number now.
    let before = phone.replies().await.len();
    sends_as(&world, ADDRESS, "MX.EVE2", "/list projects").await;
    phone.gets(before + 2).await;
    let replies = phone.replies().await[before..].to_vec();
    assert!(
        replies.iter().all(|reply| !reply.contains("mother")),
        "{replies:?}"
    );
    assert!(
        replies
            .iter()
            .any(|reply| reply.starts_with("This phone is not linked"))
    );
    assert!(world.sessions().await.iter().all(String::is_empty));
    let status = ana.linked().await;
    assert_eq!(
        (&status["linked"], &status["verified"]),
        (&json!(false), &json!(false))
    );
    // It stays so, whoever writes.
    let told = asks_as(&world, &phone, "MX.ANA1", "/status").await;
    assert!(told.starts_with("This phone is not linked"), "{told}");

    // It blocks nobody: another account has it by a new VERIFY.
    let eve = world.signs_in(USER_OF_ANOTHER_WORKSPACE).await;
    let code = code_of(&eve.asks(TYPED).await);
    let linked = asks_as(&world, &phone, "MX.EVE2", &format!("VERIFY {code}")).await;
    assert!(linked.starts_with("✅"), "{linked}");
    assert_eq!(ana.linked().await["phone"], Value::Null);
    assert_eq!(eve.linked().await["phone"], "+525555550100");
    assert_eq!(
        record(&world).await,
        [
            entry("link", "done", "chat"),
            entry("suspend", "changed_hands", "chat"),
            entry("unlink", "changed_hands", "chat"),
            entry("link", "done", "chat"),
        ]
    );
    world.ends_clean().await;
}

async fn a_suspended_link_is_good_again_once_its_own_account_proves_the_number(foco: Foco) {
    let world = Setup::on(foco).start().await;
    let phone = world.phone(ADDRESS);
    let ana = world.signs_in(USER).await;
    let code = code_of(&ana.asks(TYPED).await);
    asks_as(&world, &phone, "MX.ANA1", &format!("VERIFY {code}")).await;
    let told = asks_as(&world, &phone, "MX.ANA2", "/status").await;
    assert!(told.starts_with("This phone is not linked"), "{told}");
    let code = code_of(&ana.asks(TYPED).await);
    let linked = asks_as(&world, &phone, "MX.ANA2", &format!("VERIFY {code}")).await;
    assert!(linked.starts_with("✅"), "{linked}");
    let status = asks_as(&world, &phone, "MX.ANA2", "/status").await;
    assert!(status.starts_with("🏢"), "{status}");
    world.ends_clean().await;
}

async fn a_sender_is_known_by_either_name_once_both_were_seen(foco: Foco) {
    let world = Setup::on(foco).start().await;
    // Linked by phone, before WhatsApp showed an id; later the phone is hidden.
    let phone = world.phone(ADDRESS);
    let ana = world.signs_in(USER).await;
    let code = code_of(&ana.asks(TYPED).await);
    asks_as(&world, &phone, "", &format!("VERIFY {code}")).await;
    asks_as(&world, &phone, "MX.ANA1", "/project Sitio web").await;
    let hidden = world.phone("whatsapp:MX.ANA1");
    let status = asks_as(&world, &hidden, "MX.ANA1", "/status").await;
    assert!(status.starts_with("🏢"), "{status}");

    // Linked while hidden, by a longer code that any sender may redeem; later the phone is seen.
    let eve = world.signs_in(USER_OF_ANOTHER_WORKSPACE).await;
    let answer = eve.call(reqwest::Method::POST, "link", json!({})).await;
    let code = code_of(&answer);
    assert_eq!(code.len(), 8);
    let deep_link = answer.1["deepLink"].as_str().unwrap();
    assert!(
        deep_link.ends_with(&format!("?text=VERIFY%20{code}")),
        "{deep_link}"
    );
    let hidden = world.phone("whatsapp:MX.EVE1");
    let linked = asks_as(
        &world,
        &hidden,
        "MX.EVE1",
        &format!("verify {}", code.to_lowercase()),
    )
    .await;
    assert!(linked.starts_with("✅"), "{linked}");
    assert_eq!(
        eve.linked().await,
        json!({"linked": true, "phone": null, "verified": true,
        "linkedAt": eve.linked().await["linkedAt"]})
    );
    let status = asks_as(&world, &hidden, "MX.EVE1", "/status").await;
    assert!(status.starts_with("🏢"), "{status}");
    let seen = world.phone("whatsapp:+5215555550102");
    let status = asks_as(&world, &seen, "MX.EVE1", "/status").await;
    assert!(status.starts_with("🏢"), "{status}");
    assert_eq!(eve.linked().await["phone"], "+525555550102");
    world.ends_clean().await;
}

async fn the_same_code_for_two_accounts_is_nobodys(foco: Foco) {
    let world = Setup::on(foco).start().await;
    let (ana, eve) = (
        world.signs_in(USER).await,
        world.signs_in(USER_OF_ANOTHER_WORKSPACE).await,
    );
    let code = code_of(&ana.asks(TYPED).await);
    code_of(&eve.asks(TYPED).await);
    // As chance would have it, once in a million.
    sqlx::query(
        "update whatsapp_user_links set verification_code_hash =
             (select verification_code_hash from whatsapp_user_links where user_id = $1)",
    )
    .bind(USER)
    .execute(world.pool())
    .await
    .unwrap();
    let answer = world.phone(ADDRESS).asks(&format!("VERIFY {code}")).await;
    assert!(answer.starts_with("That code is not right"), "{answer}");
    assert_eq!(eve.linked().await["linked"], false);
    world.ends_clean().await;
}

async fn whoever_asks_for_a_crowded_phone_is_shown_a_longer_code(foco: Foco) {
    let world = Setup::on(foco).start().await;
    let ana = world.signs_in(USER).await;
    let claims = |from: u32, until: u32| {
        format!(
            "insert into auth.users (id) select ('00000000-0000-4000-8009-' || lpad(i::text, 12, '0'))::uuid
             from generate_series({from}, {until}) i;
             insert into whatsapp_user_links
                 (user_id, phone, verification_code_hash, verification_code_expires_at)
             select ('00000000-0000-4000-8009-' || lpad(i::text, 12, '0'))::uuid, '+525555550100',
                 'hash ' || i, now() + interval '5 minutes'
             from generate_series({from}, {until}) i"
        )
    };
    run(&world, &claims(1, 4)).await;
    assert_eq!(code_of(&ana.asks(TYPED).await).len(), 6);
    run(&world, &claims(5, 5)).await;
    let code = code_of(&ana.asks(TYPED).await);
    assert_eq!(code.len(), 8, "{code}");
    // Another phone has nothing to do with it, and what has expired counts no more.
    assert_eq!(code_of(&ana.asks("+52 55 5555 0101").await).len(), 6);
    let expired = "update whatsapp_user_links set verification_code_expires_at = now()
        where verification_code_hash = 'hash 5'";
    run(&world, expired).await;
    assert_eq!(code_of(&ana.asks(TYPED).await).len(), 6);

    run(&world, &claims(6, 6)).await;
    let code = code_of(&ana.asks(TYPED).await);
    let phone = world.phone(ADDRESS);
    let linked = phone.asks(&format!("VERIFY {code}")).await;
    assert!(linked.starts_with("✅ WhatsApp linked"), "{linked}");
    world.ends_clean().await;
}

/// The rows in which digits occur, over all tables of ours and Foco's; not as part of a time or an id.
async fn rows_with(world: &World, text: &str) -> Vec<String> {
    let tables: Vec<String> = sqlx::query_scalar(
        "select format('%I.%I', schemaname, tablename) from pg_tables where schemaname = 'public'",
    )
    .fetch_all(world.pool())
    .await
    .unwrap();
    let mut found = Vec::new();
    for table in tables {
        let rows: Vec<String> = sqlx::query_scalar(AssertSqlSafe(format!(
            "select '{table} ' || t::text from {table} t where t::text ~ '(^|[^0-9a-z.]){text}($|[^0-9a-z])'"
        )))
        .fetch_all(world.pool())
        .await
        .unwrap();
        found.extend(rows);
    }
    found
}

#[tokio::test(flavor = "multi_thread")]
async fn a_code_is_redeemed_wherever_it_stands_and_is_in_no_row() {
    let setup = Setup::default().with("RATE_LIMIT_PER_MINUTE", "1000");
    let world = setup.start().await;
    let ana = world.signs_in(USER).await;
    let phone = world.phone(ADDRESS);
    for (text, says) in [
        ("Hola, mi código es VERIFICAR {}", "✅ ¡WhatsApp vinculado"),
        ("VERIFY {} gracias", "✅ WhatsApp linked"),
        (
            "Buenas tardes, me llegó este código: {}. ¿Qué hago?",
            "✅ ¡WhatsApp vinculado",
        ),
        ("{}", "✅"),
        // Somebody who is linked, too.
        ("Hi, here it is: VERIFY {} please", "✅ WhatsApp linked"),
    ] {
        let code = code_of(&ana.asks(TYPED).await);
        let (first, last) = code.split_at(3);
        let said = phone.asks(&text.replace("{}", &code)).await;
        assert!(said.starts_with(says), "{text}: {said}");
        assert_eq!(
            rows_with(&world, &code).await,
            Vec::<String>::new(),
            "{text}"
        );
        // A code that was used is none any more; what is left unlinks.
        let again = phone.asks(&format!("{first} {last}")).await;
        assert!(!again.starts_with('✅'), "{again}");
        if !text.starts_with('{') {
            phone.asks("/unlink").await;
            phone.asks("yes").await;
        }
    }
    world.streams.are_quiet().await;
    world.ends_clean().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_number_of_six_digits_in_a_request_stays_in_it() {
    let world = Setup::default().start().await;
    let phone = world.phone_at_work().await;
    let said = phone.asks("Revisar el folio 123456 de la bodega").await;
    assert!(said.contains("123456"), "{said}");
    let body: String =
        sqlx::query_scalar("select body from whatsapp_messages where body like '%folio%'")
            .fetch_one(world.pool())
            .await
            .unwrap();
    assert_eq!(body, "Revisar el folio 123456 de la bodega");
    let said = phone
        .asks("Verificar 345678\nPintar la barda, 2 horas")
        .await;
    assert!(said.contains("Pintar la barda"), "{said}");
    // Nobody has a code of that number, so a stranger's is wrong.
    let stranger = world.phone("whatsapp:+5215555550177");
    let said = stranger.asks("mi código es 123456").await;
    assert!(said.starts_with("Ese código no es correcto"), "{said}");
    let said = stranger.asks("Revisar el folio 123456 de la bodega").await;
    assert!(
        said.starts_with("Este teléfono todavía no está vinculado"),
        "{said}"
    );
    world.ends_clean().await;
}

/// What stands in a text beside a code is nobody's guess: only what is said to be one is tried, and
/// then it counts.
#[tokio::test(flavor = "multi_thread")]
async fn a_code_is_redeemed_only_where_it_is_said_to_be_one_and_each_try_counts() {
    let setup = Setup::default().with("RATE_LIMIT_PER_MINUTE", "1000");
    let world = setup.start().await;
    let (ana, phone) = (world.signs_in(USER).await, world.phone(ADDRESS));
    let code = code_of(&ana.asks(TYPED).await);
    let (first, last) = code.split_at(3);
    for text in [
        format!("mi folio es {code}, ¿cómo va?"),
        format!("111111 222222 333333 {code}"),
        format!("Pagar {first} {last} pesos"),
    ] {
        let said = phone.asks(&text).await;
        assert!(said.contains("http"), "{text}: {said}");
        assert!(said.contains(" 123456"), "{text}: {said}");
    }
    assert_eq!(rows_with(&world, &code).await, Vec::<String>::new());
    let said = phone.asks(&format!("Hola, VERIFICAR {code}")).await;
    assert!(said.starts_with("✅ ¡WhatsApp vinculado"), "{said}");
    // From somebody who is linked it may be anything while no code lives for their phone.
    let said = phone.asks("mi código es 000000").await;
    assert!(!said.starts_with("Ese código"), "{said}");
    let wrong = world.metric("link_codes_wrong_total", &[]).await;
    assert!(wrong.abs() < f64::EPSILON, "{wrong}");
    world.streams.are_quiet().await;
    world.ends_clean().await;
}
