//! Deploying while people write: nothing is lost, nothing is done twice.

use harness::Setup;

#[tokio::test(flavor = "multi_thread")]
async fn a_rolling_restart_under_load_loses_and_repeats_nothing() {
    const PHONES: u8 = 12;
    const EACH: i64 = 6;
    let mut world = Setup::default()
        .with("RATE_LIMIT_PER_MINUTE", "1000")
        .start()
        .await;
    let mut phones = Vec::new();
    for n in 0..PHONES {
        phones.push(world.links_another(n).await);
    }
    for round in 0..EACH {
        for (n, phone) in phones.iter().enumerate() {
            phone
                .sends(&format!("Fix fault {n} of round {round}, 1 hour"))
                .await;
        }
        let next = world.spawn_worker(&[("METRICS_ADDR", "127.0.0.1:0")]);
        let last = world.worker.replace(next).expect("a worker");
        let status = last.stop().await;
        assert!(
            status.success(),
            "a worker that is asked to stop ends well: {status}"
        );
    }
    for phone in &phones {
        phone.gets(usize::try_from(EACH).unwrap()).await;
    }
    world.streams.are_quiet().await;
    assert_eq!(
        world.count("select count(*) from foco_proposals").await,
        i64::from(PHONES) * EACH
    );
    for phone in &phones {
        assert_eq!(phone.replies().await.len(), usize::try_from(EACH).unwrap());
    }
    world.ends_clean().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_another_release_left_in_the_stream_is_carried_out() {
    let world = Setup::default().start().await;
    let phone = world.phone_at_work().await;
    let before = phone.replies().await.len();
    // As the first release writes it, and with what a later one may add.
    for (n, more) in [(1, ""), (2, r#","a_field_of_tomorrow":{"deep":[1]}"#)] {
        let payload = format!(
            r#"{{"type":"inbound/1","message_sid":"SM{n:032x}","from":"{}",
                "text":"Fix the login, {n} hours","content":"text",
                "received_at":"{}"{more}}}"#,
            phone.address,
            common::clock::Clock::system().now().to_rfc3339()
        );
        // Lane 02 is that of the phone's own messages.
        let subject = "inbound.02.0123456789abcdef";
        world.streams.publish(subject, &payload).await;
        let reply = phone.gets(before + n).await;
        assert!(reply.starts_with("✅ Proposal created!"), "{reply}");
    }
    world.ends_clean().await;
}
