//! The ingester as Twilio and people meet it: the real server on a port of its own, with real
//! NATS, Redis and PostgreSQL (`NATS_URL`, `REDIS_URL`, `DATABASE_URL_ADMIN`).
#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::disallowed_methods,
    reason = "helper functions of tests are tests too"
)]

mod person;
mod twilio;
mod world;

mod bearer;
mod death;
mod door;
mod limit;
mod link;
mod mutated;
mod outage;
mod program;
mod redis_tls;
mod settings;
mod storage;
mod storm;
mod surface;
mod wire;
