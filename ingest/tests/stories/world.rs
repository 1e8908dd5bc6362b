//! The surroundings of one test: streams, keys and, where it asks for one, a database of its
//! own, all removed in the end; and ingesters that run in this process.

use std::{future::Future, time::Duration};

use common::{
    payload::decode,
    queue::{Queue, StreamName},
    settings::Environment,
    shutdown::Shutdown,
};
use ingest::{Listeners, Settings};
use metrics_exporter_prometheus::PrometheusBuilder;
use serde::de::DeserializeOwned;
use sqlx::{Connection as _, PgConnection};
use tokio::{net::TcpListener, task::JoinHandle};

pub(crate) const ACCOUNT: &str = "AC0123456789abcdef0123456789abcdef";
pub(crate) const TOKEN: &str = "0f7b3c9d1e5a48627b90cd34ef12ab56";
pub(crate) const PUBLIC: &str = "https://bot.example";
pub(crate) const JWT_SECRET: &str = "a-secret-for-tokens-of-these-tests";

/// What a deployment sets; the addresses of servers come from the environment.
pub(crate) fn environment() -> Environment {
    let outside = Environment::of_process().unwrap();
    let server = |name: &str| {
        let example = "the address of a running server";
        outside
            .required(name, example)
            .unwrap_or_else(|error| panic!("{error}"))
            .to_owned()
    };
    Environment::of([
        ("FOCO_ENV", "development"),
        ("FOCO_SECRET", "0123456789abcdef0123456789abcdef"),
        ("PUBLIC_BASE_URL", PUBLIC),
        ("INGEST_ADDR", "127.0.0.1:0"),
        ("METRICS_ADDR", "127.0.0.1:0"),
        ("TWILIO_ACCOUNT_SID", ACCOUNT),
        ("TWILIO_AUTH_TOKEN", TOKEN),
        ("TWILIO_WHATSAPP_NUMBER", "+14155550100"),
        ("SUPABASE_JWT_SECRET", JWT_SECRET),
        ("FOCO_STREAM_MAX_BYTES", "16777216"),
    ])
    .with("DATABASE_URL", &server("DATABASE_URL_ADMIN"))
    .with("NATS_URL", &server("NATS_URL"))
    .with("REDIS_URL", &server("REDIS_URL"))
}

/// Whether an answer of `/readyz` misses no server. A world without a database of its own has no
/// tables, which is said as soon as somebody has looked.
pub(crate) fn has_all_servers((status, body): &(u16, String)) -> bool {
    *status == 200 || body.contains("\"migrations\"")
}

/// One test's surroundings.
pub(crate) struct World {
    pub(crate) env: Environment,
    pub(crate) queue: Queue,
    database: Option<String>,
}

/// An ingester that runs.
pub(crate) struct Ingester {
    pub(crate) url: String,
    pub(crate) metrics_url: String,
    pub(crate) http: reqwest::Client,
    pub(crate) shutdown: Shutdown,
    running: JoinHandle<anyhow::Result<()>>,
}

impl World {
    /// Streams and keys under a name of their own.
    pub(crate) async fn new() -> Self {
        Self::of(environment()).await
    }

    /// The same, with other settings or servers.
    pub(crate) async fn of(env: Environment) -> Self {
        let name = format!("t{:012x}", uuid::Uuid::new_v4().as_u128() >> 80);
        let env = env.with("FOCO_STREAM_PREFIX", &name);
        let settings = Settings::load(&env).unwrap();
        let queue = Queue::connect(&settings.nats).await.unwrap();
        Self {
            env,
            queue,
            database: None,
        }
    }

    /// The same with a database of its own.
    pub(crate) async fn with_database() -> Self {
        let mut world = Self::new().await;
        let name = world.env.get("FOCO_STREAM_PREFIX").unwrap().to_owned();
        let mut admin = world.admin().await;
        sqlx::query(sqlx::AssertSqlSafe(format!("create database {name}")))
            .execute(&mut admin)
            .await
            .unwrap();
        let mut url: reqwest::Url = world.env.get("DATABASE_URL").unwrap().parse().unwrap();
        url.set_path(&name);
        world.env = world.env.clone().with("DATABASE_URL", url.as_str());
        world.database = Some(name);
        let mut connection = world.connection().await;
        for folder in ["../migrations/standalone", "../migrations"] {
            let migrations = sqlx::migrate::Migrator::new(std::path::Path::new(folder))
                .await
                .unwrap();
            for migration in migrations.iter() {
                sqlx::raw_sql(migration.sql.clone())
                    .execute(&mut connection)
                    .await
                    .unwrap();
            }
        }
        world
    }

    async fn admin(&self) -> PgConnection {
        PgConnection::connect(environment().get("DATABASE_URL").unwrap())
            .await
            .unwrap()
    }

    /// A connection to the test's own database.
    pub(crate) async fn connection(&self) -> PgConnection {
        PgConnection::connect(self.env.get("DATABASE_URL").unwrap())
            .await
            .unwrap()
    }

    /// Starts an ingester with the usual settings.
    pub(crate) async fn ingester(&self) -> Ingester {
        Ingester::start(&self.env).await
    }

    /// How many messages a stream holds.
    pub(crate) async fn stored(&self, stream: StreamName) -> u64 {
        let name = self.queue.topology().stream(stream);
        self.queue
            .context()
            .get_stream(name)
            .await
            .unwrap()
            .cached_info()
            .state
            .messages
    }

    /// A message of a stream: its subject, its id and its payload.
    pub(crate) async fn message<T: DeserializeOwned>(
        &self,
        stream: StreamName,
        sequence: u64,
    ) -> (String, String, T) {
        let name = self.queue.topology().stream(stream);
        let stream = self.queue.context().get_stream(name).await.unwrap();
        let message = stream.get_raw_message(sequence).await.unwrap();
        let id = message.headers.get("Nats-Msg-Id").unwrap().to_string();
        (
            message.subject.to_string(),
            id,
            decode(&message.payload).unwrap(),
        )
    }

    /// Removes everything.
    pub(crate) async fn end(self, ingesters: impl IntoIterator<Item = Ingester>) {
        for ingester in ingesters {
            ingester.stop().await;
        }
        for stream in StreamName::ALL {
            let name = self.queue.topology().stream(stream);
            self.queue.context().delete_stream(name).await.unwrap();
        }
        if let Some(name) = &self.database {
            let drop = format!("drop database {name} with (force)");
            sqlx::query(sqlx::AssertSqlSafe(drop))
                .execute(&mut self.admin().await)
                .await
                .unwrap();
        }
    }
}

impl Ingester {
    /// Starts one, on ports that are free, and waits until it takes requests.
    pub(crate) async fn start(env: &Environment) -> Self {
        let settings = Settings::load(env).unwrap();
        let public = TcpListener::bind(settings.ingest_addr).await.unwrap();
        let metrics = TcpListener::bind(settings.process.metrics_addr)
            .await
            .unwrap();
        let url = format!("http://{}", public.local_addr().unwrap());
        let metrics_url = format!("http://{}", metrics.local_addr().unwrap());
        let shutdown = Shutdown::default();
        // Not the process's recorder: all tests run in one process.
        let handle = PrometheusBuilder::new().build_recorder().handle();
        let listeners = Listeners { public, metrics };
        let running = tokio::spawn(ingest::run(settings, listeners, handle, shutdown.clone()));
        let http = common::http::client(Duration::from_secs(30)).unwrap();
        let ingester = Self {
            url,
            metrics_url,
            http,
            shutdown,
            running,
        };
        until("the ingester opens", || async {
            ingester.get("/openapi.json").await.0 == 200
        })
        .await;
        ingester
    }

    /// Stops it as a signal would, and waits until it has.
    pub(crate) async fn stop(self) {
        // Its keep-alive connections end with it.
        drop(self.http);
        self.shutdown.stop();
        self.running.await.unwrap().unwrap();
    }

    /// Makes sure that the description names this status for this address.
    pub(crate) async fn assert_described(&self, method: &str, path: &str, status: u16) {
        let (_, document) = self.get("/openapi.json").await;
        let document: serde_json::Value = serde_json::from_str(&document).unwrap();
        let described = &document["paths"][path][method.to_lowercase()]["responses"];
        assert!(
            described.get(status.to_string()).is_some(),
            "{method} {path} answers {status}, which /openapi.json does not name"
        );
    }

    /// `GET` of a path: status and body.
    pub(crate) async fn get(&self, path: &str) -> (u16, String) {
        let response = self
            .http
            .get(format!("{}{path}", self.url))
            .send()
            .await
            .unwrap();
        (response.status().as_u16(), response.text().await.unwrap())
    }
}

/// Waits until something is so, at most half a minute.
pub(crate) async fn until<F>(what: &str, condition: impl Fn() -> F + Send + Sync)
where
    F: Future<Output = bool> + Send,
{
    let asking = async {
        while !condition().await {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    };
    tokio::time::timeout(Duration::from_secs(30), asking)
        .await
        .expect(what);
}
