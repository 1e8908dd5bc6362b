//! Redis over TLS: what its certificate does not prove is not used, with what it proves it works.

use std::{path::Path, process::Command, time::Duration};

use common::settings::Environment;
use rcgen::{BasicConstraints, CertificateParams, IsCa, Issuer, KeyPair};

use crate::{
    program::{Program, free_port, start},
    world::{World, has_all_servers, until},
};

const PASSWORD: &str = "a-password-of-this-test";

/// A folder with a certificate for this machine (`redis.pem`, `redis.key`) and the authority that
/// signed it (`authority.pem`).
fn certificates(folder: &Path) {
    let mut authority = CertificateParams::new(Vec::new()).unwrap();
    authority.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    let authority_key = KeyPair::generate().unwrap();
    let authority_pem = authority.self_signed(&authority_key).unwrap().pem();
    let issuer = Issuer::new(authority, authority_key);
    let key = KeyPair::generate().unwrap();
    let server = CertificateParams::new(["127.0.0.1".to_owned()]).unwrap();
    let server = server.signed_by(&key, &issuer).unwrap();
    std::fs::create_dir_all(folder).unwrap();
    for (name, pem) in [
        ("authority.pem", authority_pem),
        ("redis.pem", server.pem()),
        ("redis.key", key.serialize_pem()),
    ] {
        std::fs::write(folder.join(name), pem).unwrap();
    }
}

fn redis(folder: &Path, port: u16) -> Program {
    let outside = Environment::of_process().unwrap();
    let example = "the path of redis-server";
    let program = outside.required("REDIS_SERVER_BIN", example).unwrap();
    let mut redis = Command::new(program);
    redis
        .args(["--port", "0", "--tls-port", &port.to_string()])
        .args(["--bind", "127.0.0.1", "--save", "", "--appendonly", "no"])
        .args([
            "--tls-cert-file",
            "redis.pem",
            "--tls-key-file",
            "redis.key",
        ])
        .args(["--tls-auth-clients", "no", "--requirepass", PASSWORD])
        .args(["--logfile", "log"])
        .current_dir(folder);
    Program::of(&mut redis)
}

/// Whether the ingester there has everything, and what it says.
async fn ready(address: &str) -> Option<(u16, String)> {
    let http = common::http::client(Duration::from_secs(5)).unwrap();
    let asked = http.get(format!("http://{address}/readyz")).send();
    let response = asked.await.ok()?;
    Some((response.status().as_u16(), response.text().await.ok()?))
}

#[tokio::test(flavor = "multi_thread")]
async fn redis_is_spoken_to_over_tls_by_an_authority_that_is_known() {
    let world = World::new().await;
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("tls-{}", free_port()));
    certificates(&folder);
    let port = free_port();
    let server = redis(&folder, port);
    let url = format!("rediss://:{PASSWORD}@127.0.0.1:{port}");
    let authority = folder.join("authority.pem");
    let at = || format!("127.0.0.1:{}", free_port());
    let (knows, does_not) = (at(), at());
    let with = [("REDIS_URL", url.as_str())];
    let trusting = [with[0], ("SSL_CERT_FILE", authority.to_str().unwrap())];
    let ingesters = [
        start(&world, &knows, &trusting),
        start(&world, &does_not, &with),
    ];
    until("the one that knows the authority has Redis", || async {
        ready(&knows).await.as_ref().is_some_and(has_all_servers)
    })
    .await;
    // NATS may be named before it, while the ingester starts; ready it never is.
    until("the other one names Redis", || async {
        let Some((status, body)) = ready(&does_not).await else {
            return false;
        };
        assert_eq!(status, 503, "{body}");
        body.contains("redis")
    })
    .await;
    drop((ingesters, server));
    std::fs::remove_dir_all(&folder).unwrap();
    world.end([]).await;
}
