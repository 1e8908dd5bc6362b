//! The process dies between the stream's acknowledgement and the answer.

use std::time::Duration;

use common::queue::StreamName;

use crate::{
    program::{free_port, start},
    twilio::{EMPTY, WEBHOOK, encode, sender, sign, text},
    world::{PUBLIC, World, until},
};

#[tokio::test(flavor = "multi_thread")]
async fn a_message_that_was_stored_but_not_answered_is_stored_once_when_it_comes_again() {
    let world = World::new().await;
    let address = format!("127.0.0.1:{}", free_port());
    let http = common::http::client(Duration::from_secs(10)).unwrap();
    let form = text(&sender(), "hola");
    let post = || {
        http.post(format!("http://{address}{WEBHOOK}"))
            .header("content-type", "application/x-www-form-urlencoded")
            .header(
                "x-twilio-signature",
                sign(&format!("{PUBLIC}{WEBHOOK}"), &form),
            )
            .body(encode(&form))
            .send()
    };
    let is_up = || async {
        http.get(format!("http://{address}/readyz/webhook"))
            .send()
            .await
            .is_ok()
    };

    let dying = start(&world, &address, &[("FOCO_KILL_AT", "ingest.published")]);
    until("the ingester is up", is_up).await;
    assert!(post().await.is_err());
    assert!(!dying.ends_well());
    assert_eq!(world.stored(StreamName::Inbound).await, 1);

    let mut living = start(&world, &address, &[]);
    until("the ingester is up again", is_up).await;
    let answer = post().await.unwrap();
    assert_eq!(
        (
            answer.status().as_u16(),
            answer.text().await.unwrap().as_str()
        ),
        (200, EMPTY)
    );
    assert_eq!(world.stored(StreamName::Inbound).await, 1);
    living.kill();
    world.end([]).await;
}
