//! Everything that runs: three servers, two ingesters behind a balancer, two workers, and the
//! simulator, which alone is never harmed, since it holds what the end is compared with.

use std::{
    fs,
    path::{Path, PathBuf},
    time::Duration,
};

use chrono::{DateTime, Utc};
use sqlx::{PgPool, postgres::PgPoolOptions};
use tokio::{process::Command, time::Instant};

use super::{
    Plan,
    balancer::Balancer,
    process::Process,
    programs::{free_ports, local, nats_command, redis_command, settings, start_simulator},
    releases::Releases,
    roster, say,
    web::Web,
};
use crate::{
    address::{random_name, server},
    cluster::Cluster,
    operator::migrate,
    program::{Variables, command},
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
    /// How many people write.
    pub(super) senders: u32,
    /// When a worker was frozen, and until when.
    pub(super) frozen: Vec<[DateTime<Utc>; 2]>,
    streams: Streams,
    variables: Variables,
    public_url: String,
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
        let pool = migrated(&folder, &url).await;
        roster::enter(&pool, plan.senders).await;

        let mut common = settings(&url, nats, redis, simulator, balancer);
        let start = |name: String, kind: &'static str, variables: Variables| {
            let place = folder.clone();
            let releases = Releases::new(kind, beside, name.ends_with('1'));
            let command = move || releases.next(&place, &variables);
            Process::start(&name, &folder, command)
        };
        let variables = common.clone();
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
            senders: plan.senders,
            frozen: Vec::new(),
            variables,
            public_url: format!("http://{}", local(balancer)),
            _simulated: simulated,
            _balancer: Balancer::start(balancer, ingest.to_vec()).await,
            folder,
        };
        world.is_up([&ingest[..], &metrics[PAIR..]].concat()).await;
        world
    }

    /// Waits for the simulator, and the programs whose health is at these ports.
    async fn is_up(&self, ports: Vec<u16>) {
        until("the simulator", || self.simulator.is_up(), |up| *up).await;
        for port in ports {
            let url = format!("http://{}/readyz", local(port));
            until(&url, || is_ready(&url), |ready| *ready).await;
        }
    }

    /// A browser.
    pub(super) fn web(&self) -> Web {
        Web::new(&self.simulator, &self.public_url)
    }

    /// The operators' command.
    pub(super) fn focobot(&self) -> Command {
        command("focobot", &self.folder, &self.variables)
    }

    /// All processes that are harmed.
    pub(super) fn all(&mut self) -> impl Iterator<Item = &mut Process> {
        [&mut self.nats, &mut self.redis, &mut self.postgres]
            .into_iter()
            .chain(&mut self.ingesters)
            .chain(&mut self.workers)
    }

    /// Waits until nothing is in flight, lets everybody who still has to choose a project choose
    /// one, lets those write for whom something is held, and has an operator replay what failed.
    /// Returns what is left in flight where patience ends.
    pub(super) async fn settles(&mut self, plan: Plan) -> Vec<String> {
        let end = Instant::now() + plan.patience * PATIENCES;
        loop {
            let left = self.becomes_quiet(end, plan.patience).await;
            if !left.is_empty() {
                return left;
            }
            let (waiting, failed) = (self.addresses_waiting().await, self.failed_replies().await);
            if waiting.is_empty() && failed == 0 {
                return Vec::new();
            }
            if Instant::now() > end {
                return vec![format!("{waiting:?} wait, {failed} replies failed")];
            }
            say(&format!(
                "{} senders choose a project, {failed} replies are sent again",
                waiting.len()
            ));
            for address in waiting {
                let message = serde_json::json!({"from": address, "body": "/project Sitio web"});
                self.simulator.inbound(message).await;
            }
            let replay = ["dead", "replay", "--stage", "send", "--yes"];
            drop(self.focobot().args(replay).output().await);
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
        let query = "select wa_address from whatsapp_messages where state = 'waiting_project'
                     union
                     select c.wa_address from whatsapp_recipients c
                     join whatsapp_reply_parts p on p.recipient_id = c.id where p.state = 'held'";
        let found = sqlx::query_scalar(query).fetch_all(&self.pool).await;
        found.expect("who has to choose")
    }

    /// Replies that failed, and that an operator may still have sent.
    async fn failed_replies(&self) -> i64 {
        let query = "select count(*) from whatsapp_dead_letters d
                     where d.state = 'open' and d.stage = 'send' and exists (
                         select from whatsapp_reply_parts p
                         join whatsapp_replies r on r.id = p.reply_id
                         left join whatsapp_messages m on m.message_sid = r.message_sid
                         where r.id::text = d.headers ->> 'Foco-Dead-Reply'
                             and p.state = 'failed' and p.withheld is null
                             and (m.link_id is null or exists (
                                 select from whatsapp_user_links l where l.id = m.link_id)))";
        let found = sqlx::query_scalar(query).fetch_one(&self.pool).await;
        found.expect("what failed")
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

async fn migrated(folder: &Path, url: &str) -> PgPool {
    migrate(folder, url).await;
    let pool = PgPoolOptions::new().max_connections(4);
    pool.connect(url).await.expect("the database")
}

async fn is_ready(url: &str) -> bool {
    reqwest::get(url)
        .await
        .is_ok_and(|answer| answer.status().is_success())
}
