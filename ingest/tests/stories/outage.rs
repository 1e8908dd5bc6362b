//! NATS goes away and comes back.

use std::sync::{
    Arc,
    atomic::{AtomicBool, Ordering},
};

use common::queue::StreamName;
use harness::Cable;
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _, copy},
    net::{TcpListener, TcpStream},
    task::JoinSet,
};

use crate::{
    program::{Nats, free_port, start},
    twilio::{EMPTY, Form, WEBHOOK, sender, text},
    world::{Ingester, World, environment, until},
};

#[tokio::test(flavor = "multi_thread")]
async fn without_nats_every_answer_is_503_and_with_it_again_the_retry_is_stored_once() {
    let world = World::new().await;
    let address = world
        .env
        .get("NATS_URL")
        .unwrap()
        .trim_start_matches("nats://")
        .to_owned();
    let mut nats = Cable::to(&address).await;
    let env = world
        .env
        .clone()
        .with("NATS_URL", &format!("nats://{}", nats.address()));
    let ingester = Ingester::start(&env).await;
    let kept = text(&sender(), "before");
    assert_eq!(ingester.answer(&kept).await, (200, EMPTY.to_owned()));

    nats.cut().await;
    let lost = text(&sender(), "during");
    for _ in 0..3 {
        let answer = ingester.post(&lost).await;
        assert_eq!(answer.status(), 503);
        assert!(answer.headers().contains_key("retry-after"));
    }
    assert_eq!(ingester.get("/readyz/webhook").await.0, 503);
    let (status, body) = ingester.get("/readyz").await;
    assert_eq!((status, body.contains("nats")), (503, true));
    assert_eq!(ingester.get("/livez").await.0, 200);

    nats.restore().await;
    until("the webhook takes messages again", || async {
        ingester.get("/readyz/webhook").await.0 == 200
    })
    .await;
    for form in [&lost, &kept, &lost] {
        assert_eq!(ingester.answer(form).await, (200, EMPTY.to_owned()));
    }
    assert_eq!(world.stored(StreamName::Inbound).await, 2);
    world.end([ingester]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn without_redis_or_postgresql_only_the_whole_is_not_ready() {
    let world = World::new().await;
    for (name, address, part) in [
        ("REDIS_URL", "redis://127.0.0.1:1", "redis"),
        (
            "DATABASE_URL",
            "postgres://nobody@127.0.0.1:1/none",
            "postgresql",
        ),
    ] {
        let ingester = Ingester::start(&world.env.clone().with(name, address)).await;
        until("readiness names what is away", || async {
            let (status, body) = ingester.get("/readyz").await;
            status == 503 && body.contains(part)
        })
        .await;
        until("the webhook is ready all the same", || async {
            ingester.get("/readyz/webhook").await.0 == 200
        })
        .await;
        assert_eq!(ingester.answer(&text(&sender(), "hola")).await.0, 200);
        ingester.stop().await;
    }
    world.end([]).await;
}

/// Passes everything on to NATS, but that no stream is found by whoever asks about one, once that is
/// so.
async fn without_streams(target: String, so: Arc<AtomicBool>) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap().to_string();
    tokio::spawn(async move {
        while let Ok((client, _)) = listener.accept().await {
            let (target, so) = (target.clone(), Arc::clone(&so));
            tokio::spawn(async move {
                let nats = TcpStream::connect(target).await.unwrap();
                let (mut from_client, mut to_client) = client.into_split();
                let (mut from_nats, mut to_nats) = nats.into_split();
                tokio::spawn(async move { drop(copy(&mut from_nats, &mut to_client).await) });
                let mut bytes = vec![0; 65536];
                while let Ok(read @ 1..) = from_client.read(&mut bytes).await {
                    let mut asked = bytes[..read].to_vec();
                    let question = b"STREAM.INFO";
                    let at = asked.windows(question.len()).position(|at| at == question);
                    if let Some(at) = at.filter(|_| so.load(Ordering::Relaxed)) {
                        asked[at..at + question.len()].copy_from_slice(b"STREAM.NONE");
                    }
                    if to_nats.write_all(&asked).await.is_err() {
                        return;
                    }
                }
            });
        }
    });
    address
}

#[tokio::test(flavor = "multi_thread")]
async fn asking_whether_it_is_ready_keeps_no_webhook_from_being_stored() {
    let world = World::new().await;
    let target = world.env.get("NATS_URL").unwrap().replace("nats://", "");
    let away = Arc::new(AtomicBool::new(false));
    let address = without_streams(target, Arc::clone(&away)).await;
    let env = world.env.clone();
    let ingester = Ingester::start(&env.with("NATS_URL", &format!("nats://{address}"))).await;
    assert_eq!(ingester.get("/readyz/webhook").await.0, 200);
    away.store(true, Ordering::Relaxed);
    for path in ["/readyz", "/readyz/webhook"].iter().cycle().take(30) {
        assert_eq!(ingester.get(path).await.0, 503);
        let answer = ingester.answer(&text(&sender(), "hola")).await;
        assert_eq!(answer, (200, EMPTY.to_owned()));
    }
    for _ in 0..30 {
        assert_eq!(ingester.get("/readyz").await.0, 503);
    }
    let answer = ingester.answer(&text(&sender(), "hola")).await;
    assert_eq!(answer, (200, EMPTY.to_owned()));
    world.end([ingester]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_nats_that_hangs_costs_503s_and_is_spared_until_it_answers() {
    let nats = Nats::start();
    nats.listens().await;
    let world = World::of(environment().with("NATS_URL", &nats.url())).await;
    let ingester = world.ingester().await;
    let forms: Vec<Form> = (0..40).map(|_| text(&sender(), "hola")).collect();
    nats.freeze();
    let mut posts = JoinSet::new();
    for form in &forms[..10] {
        posts.spawn(ingester.webhook(WEBHOOK, form).send());
    }
    for answer in posts.join_all().await {
        assert_eq!(answer.unwrap().status(), 503);
    }
    for form in &forms[10..] {
        let answer = ingester.post(form).await;
        assert_eq!(answer.status(), 503);
        assert!(answer.headers().contains_key("retry-after"));
    }
    nats.thaw();
    until("webhooks are taken again", || async {
        ingester.answer(&forms[39]).await.0 == 200
    })
    .await;
    // Those of the first ten that were on their way may be there; few of the others were tried.
    let stored = world.stored(StreamName::Inbound).await;
    assert!((1..30).contains(&stored), "{stored}");
    for form in &forms {
        assert_eq!(ingester.answer(form).await.0, 200);
    }
    assert_eq!(world.stored(StreamName::Inbound).await, 40);
    world.end([ingester]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn while_nats_is_not_there_yet_the_ingester_lives_and_answers_503() {
    let mut nats = Nats::start();
    nats.listens().await;
    let world = World::of(environment().with("NATS_URL", &nats.url())).await;
    nats.kill();
    let address = format!("127.0.0.1:{}", free_port());
    let _ingester = start(&world, &address, &[]);
    let http = common::http::client(std::time::Duration::from_secs(5)).unwrap();
    let status = async |path: &str| {
        let asked = http.get(format!("http://{address}{path}")).send().await;
        asked.map_or(0, |answer| answer.status().as_u16())
    };
    until("it lives", || async { status("/livez").await == 200 }).await;
    let posted = http.post(format!("http://{address}{WEBHOOK}")).send().await;
    let posted = posted.unwrap();
    assert_eq!(posted.status(), 503);
    assert!(posted.headers().contains_key("retry-after"));
    assert_eq!(status("/readyz/webhook").await, 503);
    nats.restart();
    until("it takes webhooks", || async {
        status("/readyz/webhook").await == 200
    })
    .await;
    world.end([]).await;
}
