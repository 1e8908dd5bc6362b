//! HTTP as clients really send it: chunks, pipelining, sizes at the limit, many headers, bodies
//! that nobody reads.

use std::time::Duration;

use common::queue::StreamName;
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpStream,
};

use crate::{
    twilio::{EMPTY, Form, WEBHOOK, encode, sender, sign, text, with},
    world::{Ingester, PUBLIC, World},
};

/// The longest body that is read.
const LONGEST_BODY: usize = 64 * 1024;

/// The head of a genuine post, but for how long its body is.
fn head(form: &Form) -> String {
    format!(
        "POST {WEBHOOK} HTTP/1.1\r\nHost: x\r\nX-Twilio-Signature: {}\r\n\
         Content-Type: application/x-www-form-urlencoded\r\n",
        sign(&format!("{PUBLIC}{WEBHOOK}"), form)
    )
}

/// A genuine post as bytes.
fn whole(form: &Form) -> String {
    let body = encode(form);
    format!("{}Content-Length: {}\r\n\r\n{body}", head(form), body.len())
}

async fn connect(ingester: &Ingester) -> TcpStream {
    let address = ingester.url.trim_start_matches("http://");
    TcpStream::connect(address).await.unwrap()
}

/// Reads until `enough` of the empty answer came; everything that was read.
async fn read_answers(stream: &mut TcpStream, enough: usize) -> String {
    let mut read = String::new();
    let reading = async {
        while read.matches(EMPTY).count() < enough {
            let mut buffer = [0; 4096];
            let length = stream.read(&mut buffer).await.unwrap();
            assert!(length > 0, "closed after: {read}");
            read.push_str(std::str::from_utf8(&buffer[..length]).unwrap());
        }
    };
    let read_in_time = tokio::time::timeout(Duration::from_mins(1), reading).await;
    assert!(read_in_time.is_ok(), "waited in vain after: {read}");
    read
}

#[tokio::test(flavor = "multi_thread")]
async fn a_chunked_post_and_pipelined_posts_are_each_stored_and_answered_in_order() {
    let world = World::new().await;
    let ingester = world.ingester().await;
    let mut stream = connect(&ingester).await;
    let form = text(&sender(), "Arreglar el login, 2 horas");
    let body = encode(&form);
    let (first, rest) = body.split_at(body.len() / 3);
    let chunked = format!(
        "{}Transfer-Encoding: chunked\r\n\r\n{:x}\r\n{first}\r\n{:x}\r\n{rest}\r\n0\r\n\r\n",
        head(&form),
        first.len(),
        rest.len()
    );
    stream.write_all(chunked.as_bytes()).await.unwrap();
    read_answers(&mut stream, 1).await;
    assert_eq!(world.stored(StreamName::Inbound).await, 1);

    let posts: String = (0..5).map(|_| whole(&text(&sender(), "hola"))).collect();
    stream.write_all(posts.as_bytes()).await.unwrap();
    let answers = read_answers(&mut stream, 5).await;
    assert_eq!(answers.matches("HTTP/1.1 200 OK").count(), 5, "{answers}");
    assert_eq!(world.stored(StreamName::Inbound).await, 6);
    world.end([ingester]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_body_may_have_64_kib_and_not_a_byte_more() {
    let world = World::new().await;
    let ingester = world.ingester().await;
    for (more, status) in [(0, 200), (1, 413)] {
        let form = with(text(&sender(), "hola"), "Extra", Some(""));
        let padding = LONGEST_BODY - encode(&form).len() + more;
        let form = with(form, "Extra", Some(&"x".repeat(padding)));
        assert_eq!(encode(&form).len(), LONGEST_BODY + more);
        assert_eq!(ingester.answer(&form).await.0, status);
    }
    assert_eq!(world.stored(StreamName::Inbound).await, 1);
    world.end([ingester]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn too_many_or_too_long_headers_are_431_and_cost_nobody_else_anything() {
    let world = World::new().await;
    let ingester = world.ingester().await;
    let many = "X-Again: y\r\n".repeat(1000);
    let long = format!("X-Long: {}\r\n", "y".repeat(128 * 1024));
    for headers in [many, long] {
        let mut stream = connect(&ingester).await;
        let request = format!("GET /livez HTTP/1.1\r\nHost: x\r\n{headers}\r\n");
        // The answer may come before the last of it is written.
        drop(stream.write_all(request.as_bytes()).await);
        let mut answer = [0; 12];
        let read = tokio::time::timeout(Duration::from_mins(1), stream.read_exact(&mut answer));
        // A connection that was reset has lost the answer.
        if read.await.unwrap().is_ok() {
            assert_eq!(&answer, b"HTTP/1.1 431");
        }
    }
    assert_eq!(ingester.get("/livez").await.0, 200);
    world.end([ingester]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_is_answered_before_the_body_was_read_is_told_that_the_connection_ends() {
    let world = World::new().await;
    let ingester = world.ingester().await;
    for (method, path, status) in [
        ("POST", "/nothing", 404),
        ("PUT", WEBHOOK, 405),
        ("POST", "/api/integrations/whatsapp/link", 401),
    ] {
        let request = ingester
            .http
            .request(method.parse().unwrap(), format!("{}{path}", ingester.url));
        let answer = request.body("x").send().await.unwrap();
        assert_eq!(answer.status(), status, "{path}");
        assert_eq!(answer.headers()["connection"], "close", "{path}");
    }
    let answer = ingester.post(&text(&sender(), "hola")).await;
    assert!(!answer.headers().contains_key("connection"));
    world.end([ingester]).await;
}
