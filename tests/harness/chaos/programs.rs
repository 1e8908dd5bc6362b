//! How each process of a run is started: the servers as a deployment starts them, our programs
//! with deadlines that are short enough to be overstepped often.

use std::{fs, path::Path, sync::Arc};

use common::settings::{WEBHOOK_PATH, WEBHOOK_RETRIES};
use tokio::process::Command;

use super::process::Process;
use crate::{
    address::server,
    port::free_port,
    program::{Variables, command},
};

/// The servers' settings, as a deployment has them.
const NATS_CONF: &str = include_str!("../../../deploy/nats.conf");

/// Free ports.
pub(super) fn free_ports<const N: usize>() -> [u16; N] {
    std::array::from_fn(|_| free_port())
}

pub(super) fn local(port: u16) -> String {
    format!("127.0.0.1:{port}")
}

pub(super) fn nats_command(
    folder: &Path,
    port: u16,
    monitor: u16,
) -> impl Fn() -> Command + Send + Sync + 'static {
    let (conf, store) = (folder.join("nats.conf"), folder.join("nats"));
    fs::write(&conf, NATS_CONF).expect("a file");
    let program = server("NATS_SERVER_BIN");
    move || {
        let mut command = Command::new(&program);
        command
            .arg("-c")
            .arg(&conf)
            .env("NATS_HOST", "127.0.0.1")
            .env("NATS_PORT", port.to_string())
            .env("NATS_MONITOR_PORT", monitor.to_string())
            .env("NATS_STORE_DIR", format!("\"{}\"", store.display()))
            .env("NATS_MAX_FILE", "2GB");
        command
    }
}

pub(super) fn redis_command(
    folder: &Path,
    port: u16,
) -> impl Fn() -> Command + Send + Sync + 'static {
    let data = folder.join("redis");
    fs::create_dir_all(&data).expect("a folder");
    let program = server("REDIS_SERVER_BIN");
    move || {
        let mut command = Command::new(&program);
        command
            .args(["--bind", "127.0.0.1", "--port", &port.to_string()])
            .args(["--daemonize", "no", "--appendonly", "yes", "--save", ""])
            .arg("--dir")
            .arg(&data);
        command
    }
}

/// Tried again as the documented webhook URL says, and with time for a server to come back.
pub(super) fn start_simulator(
    folder: &Path,
    common: &Variables,
    port: u16,
    balancer: u16,
) -> Process {
    let (place, variables) = (folder.to_owned(), Arc::new(common.clone()));
    let webhook = format!("http://{}{WEBHOOK_PATH}{WEBHOOK_RETRIES}", local(balancer));
    Process::start("simulator", folder, move || {
        let mut simulator = command("simulator", &place, &variables);
        simulator
            .args(["--listen", &local(port), "--webhook-url", &webhook])
            .args(["--retry-delay-ms", "700", "--status-delay-ms", "100"]);
        simulator
    })
}

/// The settings of all programs. The settle time is above the latest moment at which the
/// simulator's Twilio takes a post.
pub(super) fn settings(
    database: &str,
    nats: u16,
    redis: u16,
    simulator: u16,
    balancer: u16,
) -> Variables {
    let (simulator, public) = (local(simulator), format!("http://{}", local(balancer)));
    let simulator = format!("http://{simulator}");
    [
        ("FOCO_ENV", "development"),
        ("FOCO_SECRET", "a-secret-for-chaos-only-of-32-characters"),
        ("FOCO_WEB_URL", &simulator),
        ("PUBLIC_BASE_URL", &public),
        ("DATABASE_URL", database),
        ("NATS_URL", &format!("nats://{}", local(nats))),
        ("REDIS_URL", &format!("redis://{}", local(redis))),
        ("FOCO_STREAM_PREFIX", "chaos"),
        ("FOCO_STREAM_MAX_BYTES", "268435456"),
        ("FOCO_ACK_WAIT_SECONDS", "3"),
        ("TWILIO_TIMEOUT_SECONDS", "2"),
        ("TWILIO_SETTLE_SECONDS", "5"),
        ("TWILIO_ACCOUNT_SID", "AC0123456789abcdef0123456789abcdef"),
        ("TWILIO_AUTH_TOKEN", "0123456789abcdef0123456789abcdef"),
        ("TWILIO_WHATSAPP_NUMBER", "+14155550100"),
        ("TWILIO_API_BASE_URL", &simulator),
        ("TWILIO_MESSAGING_BASE_URL", &simulator),
        ("OPENAI_API_KEY", "sk-simulated"),
        ("OPENAI_BASE_URL", &format!("{simulator}/v1")),
        ("OPENAI_TIMEOUT_SECONDS", "5"),
        (
            "SUPABASE_JWT_SECRET",
            "a-secret-for-chaos-only-that-is-long-enough",
        ),
        ("RUST_LOG", "info"),
        ("LOG_FORMAT", "json"),
    ]
    .map(|(name, value)| (name.to_owned(), value.to_owned()))
    .into()
}
