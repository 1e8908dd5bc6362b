//! A world: simulator, ingester and worker on a database, streams and keys of its own.

mod backup;
mod cache;
mod contents;
mod crowd;
mod ending;
mod logs;
mod metrics;
mod stages;
mod tables;

use std::{collections::BTreeMap, path::PathBuf, process::Output};

use sqlx::PgPool;

use crate::{
    cable::Cable,
    database::{Database, random_name, server},
    phone::Phone,
    port::free_port,
    program::{Program, Variables, command},
    queue::Streams,
    simulator::Simulator,
    wait::until,
};

/// Signs bearer tokens and webhooks in a world.
const JWT_SECRET: &str = "a-secret-for-tests-only-that-is-long-enough";
pub(crate) const AUTH_TOKEN: &str = "0123456789abcdef0123456789abcdef";
pub(crate) const ACCOUNT: &str = "AC0123456789abcdef0123456789abcdef";

/// What a story wants to be different.
#[derive(Clone, Debug, Default)]
pub struct Setup {
    variables: Variables,
    with_model: bool,
    nats_on_a_cable: bool,
}

impl Setup {
    /// A setting of ingester and worker.
    #[must_use]
    pub fn with(mut self, name: &str, value: &str) -> Self {
        self.variables.insert(name.to_owned(), value.to_owned());
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
        let database = Database::create(&folder).await;
        let (ports, simulator_port) = (
            Ports {
                ingest: free_port(),
                ingest_metrics: free_port(),
                worker: free_port(),
            },
            free_port(),
        );
        let simulator = Simulator::at(&format!("http://127.0.0.1:{simulator_port}"));
        let mut variables = variables(&prefix, &database.url, ports, simulator.url());
        if setup.with_model {
            variables.insert("OPENAI_API_KEY".to_owned(), "sk-simulated".to_owned());
            variables.insert(
                "OPENAI_BASE_URL".to_owned(),
                format!("{}/v1", simulator.url()),
            );
        }
        let mut cable = None;
        if setup.nats_on_a_cable {
            let nats = Cable::to(&server("NATS_URL").replace("nats://", "")).await;
            variables.insert("NATS_URL".to_owned(), format!("nats://{}", nats.address()));
            cable = Some(nats);
        }
        variables.extend(setup.variables);
        let listen = format!("127.0.0.1:{simulator_port}");
        let webhook = format!(
            "http://127.0.0.1:{}/api/integrations/whatsapp/webhook",
            ports.ingest
        );
        let arguments = ["--listen", &listen, "--webhook-url", &webhook];
        let simulated = Program::start("simulator", &folder, &variables, &arguments);
        let world = Self {
            ingest: Program::start("ingest", &folder, &variables, &[]),
            streams: Streams::connect(&server("NATS_URL"), &prefix).await,
            worker: None,
            cable,
            simulator,
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
        phone.asks("/project Sitio web").await;
        phone
    }

    /// The database, as its owner.
    #[must_use]
    pub fn pool(&self) -> &PgPool {
        &self.database.pool
    }

    /// One number from the database.
    pub async fn count(&self, query: &'static str) -> i64 {
        sqlx::query_scalar(query)
            .fetch_one(self.pool())
            .await
            .expect(query)
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
