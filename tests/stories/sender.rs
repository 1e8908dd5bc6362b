//! `focobot sender`: what support sees of somebody, and the two things it can do for them.

use harness::{Setup, USER, World, printed, until};
use serde_json::Value;

const ADDRESS: &str = "whatsapp:+5215555550100";
const TYPED: &str = "+52 55 5555 0100";

/// Runs the command; the number is printed nowhere.
async fn sender(world: &World, arguments: &[&str]) -> (Value, String) {
    let of = |more: &[&'static str]| {
        let mut all = vec!["sender"];
        all.extend(arguments);
        all.extend(more);
        all.into_iter().map(str::to_owned).collect::<Vec<_>>()
    };
    let run = |arguments: Vec<String>| async move {
        let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
        let output = world.runs("focobot", &arguments).await;
        let said = String::from_utf8_lossy(&output.stdout).into_owned()
            + &String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{said}");
        assert!(!said.contains("5555550100"), "{said}");
        (output, said)
    };
    let (_, text) = run(of(&[])).await;
    let (output, _) = run(of(&["--json"])).await;
    (printed(&output), text)
}

#[tokio::test(flavor = "multi_thread")]
async fn an_operator_sees_a_sender_without_seeing_the_number() {
    let world = Setup::default().start().await;
    let (stranger, text) = sender(&world, &[TYPED]).await;
    assert_eq!(
        (&stranger["linked"], &stranger["last_inbound"]),
        (&false.into(), &Value::Null)
    );
    assert!(text.contains("last wrote  never"), "{text}");

    let phone = world.phone(ADDRESS);
    phone.links(USER, TYPED).await;
    phone.asks("Paint the shed, 3 hours").await;
    world.streams.are_quiet().await;
    for named in [
        TYPED,
        "5555550100",
        ADDRESS,
        stranger["sender"].as_str().unwrap(),
    ] {
        let (seen, text) = sender(&world, &[named]).await;
        assert_eq!(seen["sender"], stranger["sender"]);
        assert_eq!(
            (&seen["linked"], &seen["waiting"]),
            (&true.into(), &1.into())
        );
        assert_eq!(seen["user_id"], USER.to_string());
        assert_eq!(seen["locked_until"], Value::Null);
        assert!(seen["last_inbound"].is_string() && seen["window_until"].is_string());
        assert!(text.contains("waiting     1 request"), "{text}");
    }
    let nobody = world.runs("focobot", &["sender", "0123456789abcdef"]).await;
    assert_eq!(nobody.status.code(), Some(1));
    let wrong = world.runs("focobot", &["sender", "hola"]).await;
    assert_eq!(wrong.status.code(), Some(1));
    world.ends_clean().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_operator_ends_a_lock() {
    let world = Setup::default().start().await;
    let phone = world.phone(ADDRESS);
    for n in 0..5 {
        phone.asks(&format!("VERIFY 00000{n}")).await;
    }
    let (seen, text) = sender(&world, &[TYPED]).await;
    assert!(seen["locked_until"].is_string(), "{seen}");
    assert!(text.contains("--unlock ends it"), "{text}");
    let (_, text) = sender(&world, &[TYPED, "--unlock"]).await;
    assert!(text.starts_with("Unlocked."), "{text}");
    let (seen, _) = sender(&world, &[TYPED, "--unlock"]).await;
    assert_eq!(
        (&seen["unlocked"], &seen["locked_until"]),
        (&false.into(), &Value::Null)
    );
    let linked = phone.links(USER, TYPED).await;
    assert!(linked.starts_with("✅"), "{linked}");
    let noted = "select count(*) from whatsapp_link_events
        where event = 'unlock' and origin = 'operator' and operator like '% as focobot'";
    assert_eq!(world.count(noted).await, 1);
    world.ends_clean().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_operator_unlinks_a_phone_and_it_is_told() {
    let mut world = Setup::default().start().await;
    let phone = world.phone(ADDRESS);
    phone.links(USER, TYPED).await;
    phone.asks("Paint the shed, 3 hours").await;
    world.streams.are_quiet().await;
    // Nobody works now: what is to be done is done by the command itself.
    world.worker.take().expect("a worker").stop().await;
    let (_, text) = sender(&world, &[TYPED, "--unlink"]).await;
    assert!(text.starts_with("Unlinked."), "{text}");
    assert!(text.contains("linked      no"), "{text}");
    assert_eq!(world.sessions().await, [""]);
    world.start_worker(&[]).await;
    phone.gets(4).await;
    let replies = phone.replies().await;
    assert!(
        replies[2].contains("support has unlinked this phone"),
        "{replies:?}"
    );
    assert!(replies[3].starts_with("🚫 Cancelled"), "{replies:?}");
    assert_eq!(world.signs_in(USER).await.linked().await["linked"], false);
    let noted = "select count(*) from whatsapp_link_events
        where event = 'unlink' and origin = 'operator'";
    until("the record", || world.count(noted), |count| *count == 1).await;
    let (seen, _) = sender(&world, &[TYPED, "--unlink"]).await;
    assert_eq!(
        (&seen["unlinked"], &seen["linked"]),
        (&false.into(), &false.into())
    );
    world.ends_clean().await;
}
