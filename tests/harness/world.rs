//! A world: simulator, ingester and worker on a database, streams and keys of its own.

mod backup;
mod cache;
mod contents;
mod crowd;
mod ending;
mod foco;
mod logs;
mod metrics;
mod stages;
mod tables;

use std::{collections::BTreeMap, path::PathBuf, process::Output};

use common::settings::WEBHOOK_PATH;
use sqlx::PgPool;

pub use self::foco::{Item, Proposal};
use crate::{
    address::{random_name, server},
    cable::Cable,
    database::Database,
    foco::Foco,
    pgbouncer::{PgBouncer, instead_of},
    phone::Phone,
    port::free_port,
    postgres::Postgres,
    program::{Program, Variables, command},
    queue::Streams,
    simulator::Simulator,
    twilio_account::{ACCOUNT, AUTH_TOKEN},
    wait::until,
};

/// Signs bearer tokens in a world.
const JWT_SECRET: &str = "a-secret-for-tests-only-that-is-long-enough";

/// What a story wants to be different.
#[derive(Clone, Default)]
pub struct Setup {
    variables: Variables,
    with_model: bool,
    nats_on_a_cable: bool,
    foco: Foco,
    postgres: Option<Postgres>,
    postgres_at: Option<String>,
    nats: Option<String>,
}

impl Setup {
    /// On that database of Foco.
    #[must_use]
    pub fn on(foco: Foco) -> Self {
        Self {
            foco,
            ..Self::default()
        }
    }

    /// A setting of ingester and worker.
    #[must_use]
    pub fn with(mut self, name: &str, value: &str) -> Self {
        self.variables.insert(name.to_owned(), value.to_owned());
        self
    }

    /// On another PostgreSQL than that which all stories share.
    #[must_use]
    pub fn on_server(mut self, postgres: &Postgres) -> Self {
        self.postgres = Some(postgres.clone());
        self
    }

    /// On another NATS than that which all stories share, by its host and port.
    #[must_use]
    pub fn on_nats(mut self, address: &str) -> Self {
        self.nats = Some(format!("nats://{address}"));
        self
    }

    /// Requests are read by the simulator's model.
    #[must_use]
    pub fn with_model(mut self) -> Self {
        self.with_model = true;
        self
    }

    /// Ingester and worker reach NATS over a cable that can be pulled out.
    #[must_use]
    pub fn with_nats_on_a_cable(mut self) -> Self {
        self.nats_on_a_cable = true;
        self
    }

    /// All programs reach PostgreSQL through that pooler.
    #[must_use]
    pub fn with_postgres_through(mut self, pooler: &PgBouncer) -> Self {
        self.postgres_at = Some(pooler.address());
        self
    }

    /// Starts the world.
    pub async fn start(self) -> World {
        World::start(self).await
    }
}

/// Everything that runs, and ways to look into it.
pub struct World {
    /// Twilio and OpenAI.
    pub simulator: Simulator,
    /// The ingester.
    pub ingest: Program,
    /// The worker, while there is one.
    pub worker: Option<Program>,
    /// The streams.
    pub streams: Streams,
    /// The cable to NATS, where the world has one.
    pub cable: Option<Cable>,
    /// The database of Foco that it is on.
    pub foco: Foco,
    database: Database,
    folder: PathBuf,
    variables: Variables,
    ports: Ports,
    _simulator: Program,
}

#[derive(Clone, Copy)]
struct Ports {
    ingest: u16,
    ingest_metrics: u16,
    worker: u16,
}

impl World {
    async fn start(setup: Setup) -> Self {
        let prefix = random_name("t");
        let folder = std::env::temp_dir().join(format!("focobot-{prefix}"));
        std::fs::create_dir_all(&folder).expect("a folder");
        let postgres = setup.postgres.unwrap_or_else(Postgres::shared);
        let database = Database::create(&folder, postgres, setup.foco, true).await;
        let (ports, simulator_port) = (
            Ports {
                ingest: free_port(),
                ingest_metrics: free_port(),
                worker: free_port(),
            },
            free_port(),
        );
        let simulator = Simulator::at(&format!("http://127.0.0.1:{simulator_port}"));
        let database_url = match &setup.postgres_at {
            Some(address) => instead_of(&database.url, address),
            None => database.url.clone(),
        };
        let mut variables = variables(&prefix, &database_url, ports, simulator.url());
        if setup.with_model {
            variables.extend(of_model(&simulator));
        }
        let nats = setup.nats.unwrap_or_else(|| server("NATS_URL"));
        variables.insert("NATS_URL".to_owned(), nats.clone());
        let mut cable = None;
        if setup.nats_on_a_cable {
            let way = Cable::to(&nats.replace("nats://", "")).await;
            variables.insert("NATS_URL".to_owned(), format!("nats://{}", way.address()));
            cable = Some(way);
        }
        variables.extend(setup.variables);
        let listen = format!("127.0.0.1:{simulator_port}");
        let webhook = format!("http://127.0.0.1:{}{WEBHOOK_PATH}", ports.ingest);
        let arguments = ["--listen", &listen, "--webhook-url", &webhook];
        let simulated = Program::start("simulator", &folder, &variables, &arguments);
        let world = Self {
            ingest: Program::start("ingest", &folder, &variables, &[]),
            streams: Streams::connect(&nats, &prefix).await,
            worker: None,
            cable,
            simulator,
            foco: setup.foco,
            database,
            folder,
            variables,
            ports,
            _simulator: simulated,
        };
        until("the simulator", || world.simulator.is_up(), |up| *up).await;
        world.is_ready(ports.ingest).await;
        let mut world = world;
        world.start_worker(&[]).await;
        world
    }

    async fn is_ready(&self, port: u16) {
        let url = format!("http://127.0.0.1:{port}/readyz");
        let look = || async {
            reqwest::get(&url)
                .await
                .map_err(|e| e.to_string())
                .map(|answer| answer.status())
        };
        let answer = until(
            &url,
            look,
            |answer| matches!(answer, Ok(status) if status.is_success()),
        )
        .await;
        assert!(answer.is_ok());
    }

    /// Ends the ingester, if it still runs, and starts one with further settings.
    pub async fn restart_ingest(&mut self, more: &[(&str, &str)]) {
        let mut variables = self.variables.clone();
        variables.extend(more.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned())));
        if self.ingest.runs() {
            self.ingest.signal("KILL").await;
        }
        self.ingest.ended().await;
        self.ingest = Program::start("ingest", &self.folder, &variables, &[]);
        self.is_ready(self.ports.ingest).await;
    }

    /// Starts a worker with further settings, and waits until it works.
    pub async fn start_worker(&mut self, more: &[(&str, &str)]) {
        self.worker = Some(self.spawn_worker(more));
        self.is_ready(self.ports.worker).await;
    }

    /// Starts a worker that may die before it is ready.
    pub fn spawn_worker(&self, more: &[(&str, &str)]) -> Program {
        let mut variables = self.variables.clone();
        variables.insert(
            "METRICS_ADDR".to_owned(),
            format!("127.0.0.1:{}", self.ports.worker),
        );
        variables.extend(more.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned())));
        Program::start("worker", &self.folder, &variables, &[])
    }

    /// Kills the worker with -9.
    pub async fn kill_worker(&mut self) {
        self.worker.take().expect("a worker").kill().await;
    }

    /// A phone with that address, `whatsapp:+521...`.
    #[must_use]
    pub fn phone(&self, address: &str) -> Phone {
        Phone::new(&self.simulator, address)
    }

    /// The usual phone, linked to [`crate::USER`], with "Sitio web" chosen.
    pub async fn phone_at_work(&self) -> Phone {
        let phone = self.phone("whatsapp:+5215555550100");
        phone.links(crate::USER, "+52 55 5555 0100").await;
        self.was_linked_yesterday(crate::USER).await;
        phone.asks("/project Sitio web").await;
        phone
    }

    /// Puts the making of a user's link back by a day: what the stories send an hour ago was written
    /// under it.
    pub async fn was_linked_yesterday(&self, user: uuid::Uuid) {
        sqlx::query(
            "update whatsapp_user_links set linked_at = linked_at - interval '1 day'
             where user_id = $1 and verified",
        )
        .bind(user)
        .execute(self.pool())
        .await
        .expect("a link of yesterday's");
    }

    /// The database, as its owner.
    #[must_use]
    pub fn pool(&self) -> &PgPool {
        &self.database.pool
    }

    /// The address of the database, for the server's owner.
    #[must_use]
    pub fn admin_url(&self) -> String {
        self.database.admin_url()
    }

    /// One number from the database.
    pub async fn count(&self, query: &'static str) -> i64 {
        sqlx::query_scalar(query)
            .fetch_one(self.pool())
            .await
            .expect(query)
    }

    /// Where the worker answers that path.
    #[must_use]
    pub fn worker_url(&self, path: &str) -> String {
        format!("http://127.0.0.1:{}{path}", self.ports.worker)
    }

    /// Where the ingester answers.
    #[must_use]
    pub fn ingest_url(&self) -> String {
        format!("http://127.0.0.1:{}", self.ports.ingest)
    }

    /// The settings of ingester and worker.
    #[must_use]
    pub fn variables(&self) -> &BTreeMap<String, String> {
        &self.variables
    }

    /// Runs one of the programs to its end.
    pub async fn runs(&self, name: &str, arguments: &[&str]) -> Output {
        self.runs_with(name, arguments, &self.variables).await
    }

    /// The same with other settings.
    pub async fn runs_with(
        &self,
        name: &str,
        arguments: &[&str],
        variables: &BTreeMap<String, String>,
    ) -> Output {
        let output = command(name, &self.folder, variables)
            .args(arguments)
            .output();
        let output = tokio::time::timeout(std::time::Duration::from_mins(1), output).await;
        output
            .unwrap_or_else(|_| panic!("{name} {arguments:?} does not end"))
            .expect(name)
    }
}

/// Requests are read by the simulator's model.
fn of_model(simulator: &Simulator) -> [(String, String); 2] {
    let url = format!("{}/v1", simulator.url());
    [
        ("OPENAI_API_KEY", "sk-simulated"),
        ("OPENAI_BASE_URL", &url),
    ]
    .map(|(name, value)| (name.to_owned(), value.to_owned()))
}

/// The settings of all programs.
fn variables(prefix: &str, database: &str, ports: Ports, simulator: &str) -> Variables {
    let ingest = format!("127.0.0.1:{}", ports.ingest);
    let metrics = format!("127.0.0.1:{}", ports.ingest_metrics);
    [
        ("FOCO_ENV", "development"),
        ("FOCO_SECRET", "a-secret-for-tests-only-of-32-characters"),
        ("FOCO_WEB_URL", simulator),
        ("PUBLIC_BASE_URL", &format!("http://{ingest}")),
        ("INGEST_ADDR", &ingest),
        ("METRICS_ADDR", &metrics),
        ("DATABASE_URL", database),
        ("NATS_URL", &server("NATS_URL")),
        ("REDIS_URL", &server("REDIS_URL")),
        ("FOCO_STREAM_PREFIX", prefix),
        ("FOCO_STREAM_MAX_BYTES", "16777216"),
        // Long enough for a busy machine, short enough that a killed worker's message comes back
        // soon.
        ("FOCO_ACK_WAIT_SECONDS", "3"),
        ("TWILIO_SETTLE_SECONDS", "2"),
        ("TWILIO_TIMEOUT_SECONDS", "2"),
        ("TWILIO_ACCOUNT_SID", ACCOUNT),
        ("TWILIO_AUTH_TOKEN", AUTH_TOKEN),
        ("TWILIO_WHATSAPP_NUMBER", "+14155550100"),
        ("TWILIO_API_BASE_URL", simulator),
        ("TWILIO_MESSAGING_BASE_URL", simulator),
        ("SUPABASE_JWT_SECRET", JWT_SECRET),
        ("RUST_LOG", "trace"),
        ("LOG_FORMAT", "json"),
    ]
    .into_iter()
    .map(|(name, value)| (name.to_owned(), value.to_owned()))
    .collect()
}
