//! The ingester as a process of its own, and a NATS server that can be killed.

use std::{
    path::PathBuf,
    process::{Child, Command},
};

pub(crate) use harness::free_port;
use nix::{
    sys::signal::{Signal, kill},
    unistd::Pid,
};

use crate::world::{World, until};

/// What a program of its own needs to be told.
const NAMES: [&str; 12] = [
    "FOCO_ENV",
    "FOCO_SECRET",
    "FOCO_STREAM_PREFIX",
    "FOCO_STREAM_MAX_BYTES",
    "PUBLIC_BASE_URL",
    "DATABASE_URL",
    "NATS_URL",
    "REDIS_URL",
    "TWILIO_ACCOUNT_SID",
    "TWILIO_AUTH_TOKEN",
    "TWILIO_WHATSAPP_NUMBER",
    "SUPABASE_JWT_SECRET",
];

/// A program that ends with what it is for, whatever becomes of that.
pub(crate) struct Program(Child);

impl Program {
    /// Starts one.
    pub(crate) fn of(command: &mut Command) -> Self {
        Self(command.spawn().unwrap())
    }

    /// Its process id.
    pub(crate) fn id(&self) -> u32 {
        self.0.id()
    }

    /// Whether it still runs.
    pub(crate) fn runs(&mut self) -> bool {
        self.0.try_wait().unwrap().is_none()
    }

    /// Waits until it ends by itself; whether it did so in good order.
    pub(crate) fn ends_well(mut self) -> bool {
        self.0.wait().unwrap().success()
    }

    /// Kills it at once, as kill -9 does.
    pub(crate) fn kill(&mut self) {
        self.0.kill().unwrap();
        self.0.wait().unwrap();
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        drop(self.0.kill());
        drop(self.0.wait());
    }
}

/// Starts the ingester on that address, with further settings.
pub(crate) fn start(world: &World, address: &str, more: &[(&str, &str)]) -> Program {
    let settings = NAMES.map(|name| (name, world.env.get(name).unwrap()));
    let mut ingester = Command::new(env!("CARGO_BIN_EXE_ingest"));
    ingester
        .env_clear()
        .envs(settings)
        .envs([
            ("INGEST_ADDR", address),
            ("METRICS_ADDR", "127.0.0.1:0"),
            ("RUST_LOG", "error"),
        ])
        .envs(more.iter().copied())
        .current_dir(env!("CARGO_TARGET_TMPDIR"));
    Program::of(&mut ingester)
}

/// A NATS server with the settings of a deployment and a disk of its own.
pub(crate) struct Nats {
    port: u16,
    folder: PathBuf,
    program: Program,
}

impl Nats {
    pub(crate) fn start() -> Self {
        let name = format!("nats-{}", uuid::Uuid::new_v4().simple());
        let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(name);
        std::fs::create_dir_all(&folder).unwrap();
        let port = free_port();
        let program = server(port, &folder);
        Self {
            port,
            folder,
            program,
        }
    }

    /// Waits until it does.
    pub(crate) async fn listens(&self) {
        let address = self.url().replace("nats://", "");
        until("NATS listens", || async {
            tokio::net::TcpStream::connect(&address).await.is_ok()
        })
        .await;
    }

    pub(crate) fn url(&self) -> String {
        format!("nats://127.0.0.1:{}", self.port)
    }

    /// Kills it at once, as kill -9 does.
    pub(crate) fn kill(&mut self) {
        self.program.kill();
    }

    /// Stops it in its tracks: connections stand, and nobody answers.
    pub(crate) fn freeze(&self) {
        self.signal(Signal::SIGSTOP);
    }

    /// Lets it go on.
    pub(crate) fn thaw(&self) {
        self.signal(Signal::SIGCONT);
    }

    fn signal(&self, signal: Signal) {
        let id = Pid::from_raw(self.program.id().cast_signed());
        kill(id, signal).unwrap();
    }

    /// Starts it again, on the same disk.
    pub(crate) fn restart(&mut self) {
        self.program = server(self.port, &self.folder);
    }
}

impl Drop for Nats {
    fn drop(&mut self) {
        self.program.kill();
        drop(std::fs::remove_dir_all(&self.folder));
    }
}

fn server(port: u16, folder: &std::path::Path) -> Program {
    let outside = common::settings::Environment::of_process().unwrap();
    let example = "the path of nats-server";
    let program = outside.required("NATS_SERVER_BIN", example).unwrap();
    let mut nats = Command::new(program);
    nats.args(["-c", "../deploy/nats.conf", "-l"])
        .arg(folder.join("log"))
        .env("NATS_HOST", "127.0.0.1")
        .env("NATS_PORT", port.to_string())
        .env("NATS_MONITOR_PORT", free_port().to_string())
        .env("NATS_STORE_DIR", format!("\"{}\"", folder.display()))
        .env("NATS_MAX_FILE", "4GB");
    Program::of(&mut nats)
}
