//! Everything that runs: three servers, two ingesters behind a balancer, two workers, and the
//! simulator, which alone is never harmed, since it holds what the end is compared with.

use std::{
    fs,
    path::{Path, PathBuf},
    time::Duration,
};

use sqlx::{PgPool, postgres::PgPoolOptions};
use tokio::time::Instant;

use super::{
    Plan,
    balancer::Balancer,
    postgres::Cluster,
    process::Process,
    programs::{free_ports, local, nats_command, redis_command, settings, start_simulator},
    releases::Releases,
    roster, say,
};
use crate::{
    database::{migrate, random_name, server},
    program::Variables,
    queue::Streams,
    simulator::Simulator,
    wait::until,
};

/// Ingesters, and workers.
const PAIR: usize = 2;
/// How many times a plan's patience everything may take, if something moves meanwhile.
const PATIENCES: u32 = 4;
/// How often the world must be found quiet, one look after the other.
const QUIET_LOOKS: u32 = 4;

/// Everything that runs.
pub(super) struct World {
    pub(super) simulator: Simulator,
    pub(super) pool: PgPool,
    pub(super) nats: Process,
    pub(super) redis: Process,
    pub(super) postgres: Process,
    pub(super) ingesters: Vec<Process>,
    pub(super) workers: Vec<Process>,
    streams: Streams,
    folder: PathBuf,
    _simulated: Process,
    _balancer: Balancer,
}

impl World {
    /// Starts everything, and enters the senders. Where there is a release `beside` this one, each
    /// of our programs is now of this release and now of that.
    pub(super) async fn start(plan: Plan, beside: Option<&Path>) -> Self {
        let folder = std::env::temp_dir().join(random_name("focobot-chaos-"));
        fs::create_dir_all(&folder).expect("a folder");
        say(&format!("logs and data: {}", folder.display()));
        let [nats, monitor, redis, sql, simulator, balancer] = free_ports();
        let metrics: [u16; 2 * PAIR] = free_ports();
        let ingest: [u16; PAIR] = free_ports();

        let cluster = Cluster::make(&folder, server("POSTGRES_BIN_DIR").into(), sql).await;
        let url = cluster.url();
        let prepared = cluster.clone();
        let postgres = Process::start("postgres", &folder, move || cluster.server());
        let nats_command = nats_command(&folder, nats, monitor);
        let nats_server = Process::start("nats", &folder, nats_command);
        let redis_server = Process::start("redis", &folder, redis_command(&folder, redis));
        prepared.prepare().await;
        migrate(&folder, &url).await;
        let pool = PgPoolOptions::new().max_connections(4);
        let pool = pool.connect(&url).await.expect("the database");
        roster::enter(&pool, plan.senders).await;

        let mut common = settings(&url, nats, redis, simulator, balancer);
        let start = |name: String, kind: &'static str, variables: Variables| {
            let place = folder.clone();
            let releases = Releases::new(kind, beside, name.ends_with('1'));
            let command = move || releases.next(&place, &variables);
            Process::start(&name, &folder, command)
        };
        let simulated = start_simulator(&folder, &common, simulator, balancer);
        let ingesters = (0..PAIR).map(|i| {
            let mut variables = common.clone();
            variables.insert("INGEST_ADDR".into(), local(ingest[i]));
            variables.insert("METRICS_ADDR".into(), local(metrics[i]));
            start(format!("ingest-{i}"), "ingest", variables)
        });
        let ingesters = ingesters.collect();
        let workers = (0..PAIR).map(|i| {
            common.insert("METRICS_ADDR".into(), local(metrics[PAIR + i]));
            start(format!("worker-{i}"), "worker", common.clone())
        });
        let workers = workers.collect();
        let world = Self {
            simulator: Simulator::at(&format!("http://{}", local(simulator))),
            streams: Streams::connect(&format!("nats://{}", local(nats)), "chaos").await,
            pool,
            nats: nats_server,
            redis: redis_server,
            postgres,
            ingesters,
            workers,
            _simulated: simulated,
            _balancer: Balancer::start(balancer, ingest.to_vec()).await,
            folder,
        };
        until("the simulator", || world.simulator.is_up(), |up| *up).await;
        for port in ingest.into_iter().chain([metrics[PAIR], metrics[PAIR + 1]]) {
            let url = format!("http://{}/readyz", local(port));
            until(&url, || is_ready(&url), |ready| *ready).await;
        }
        world
    }

    /// All processes that are harmed.
    pub(super) fn all(&mut self) -> impl Iterator<Item = &mut Process> {
        [&mut self.nats, &mut self.redis, &mut self.postgres]
            .into_iter()
            .chain(&mut self.ingesters)
            .chain(&mut self.workers)
    }

    /// Waits until nothing is in flight, and lets everybody who still has to choose a project
    /// choose one. Answers what is left in flight where patience ends.
    pub(super) async fn settles(&mut self, plan: Plan) -> Vec<String> {
        let end = Instant::now() + plan.patience * PATIENCES;
        loop {
            let left = self.becomes_quiet(end, plan.patience).await;
            if !left.is_empty() {
                return left;
            }
            let waiting = self.addresses_waiting().await;
            if waiting.is_empty() {
                return Vec::new();
            }
            say(&format!("{} senders choose a project", waiting.len()));
            for address in waiting {
                let message = serde_json::json!({"from": address, "body": "/project Sitio web"});
                self.simulator.inbound(message).await;
            }
        }
    }

    /// Waits as long as something moves.
    async fn becomes_quiet(&mut self, end: Instant, patience: Duration) -> Vec<String> {
        let (mut quiet, mut told) = (0, Instant::now());
        let (mut last, mut moved) = (Vec::new(), Instant::now());
        loop {
            let left = self.in_flight().await;
            if left != last {
                (last, moved) = (left.clone(), Instant::now());
            }
            quiet = if left.is_empty() { quiet + 1 } else { 0 };
            let over = moved.elapsed() > patience || Instant::now() > end;
            if quiet >= QUIET_LOOKS || over {
                return left;
            }
            if !left.is_empty() && told.elapsed() > Duration::from_secs(10) {
                told = Instant::now();
                say(&format!("waiting: {}", left.join(", ")));
            }
            tokio::time::sleep(Duration::from_millis(500)).await;
            for process in self.all() {
                if !process.runs() {
                    process.revive();
                }
            }
        }
    }

    /// What is not finished, in words.
    async fn in_flight(&self) -> Vec<String> {
        let queries = [
            (
                "messages on their way",
                "select count(*) from whatsapp_messages where state in ('received', 'routed')",
            ),
            (
                "parts not settled",
                "select count(*) from whatsapp_reply_parts
                 where state in ('pending', 'posting', 'unknown')",
            ),
            (
                "recipients held",
                "select count(*) from whatsapp_recipients where held_until > clock_timestamp()",
            ),
        ];
        let mut left = Vec::new();
        let unfinished = self.streams.unfinished().await;
        if unfinished > 0 {
            left.push(format!("{unfinished} in the streams"));
        }
        for (what, query) in queries {
            let count = sqlx::query_scalar(query).fetch_one(&self.pool).await;
            match count {
                Ok(0_i64) => {}
                Ok(count) => left.push(format!("{count} {what}")),
                Err(error) => left.push(format!("{what}: {error}")),
            }
        }
        left
    }

    async fn addresses_waiting(&self) -> Vec<String> {
        let query = "select distinct wa_address from whatsapp_messages
                     where state = 'waiting_project'";
        let found = sqlx::query_scalar(query).fetch_all(&self.pool).await;
        found.expect("who has to choose")
    }

    /// Ends everything; what was logged stays where something went wrong.
    pub(super) async fn ends(mut self, clean: bool) {
        for process in self.all() {
            process.kill().await;
        }
        if clean {
            drop(fs::remove_dir_all(&self.folder));
        } else {
            say(&format!("logs stay in {}", self.folder.display()));
        }
    }
}

async fn is_ready(url: &str) -> bool {
    reqwest::get(url)
        .await
        .is_ok_and(|answer| answer.status().is_success())
}
