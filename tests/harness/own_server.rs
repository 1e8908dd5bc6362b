//! Servers of a story's own, for what those that all stories share are not: careless with the
//! disk, locked by a password, old.

use std::{path::PathBuf, process::Stdio};

use serde_json::{Value, json};
use tokio::{
    io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader, copy},
    net::{TcpListener, TcpStream},
    process::{Child, Command},
    task::JoinSet,
};

use crate::{
    database::{random_name, server},
    port::free_port,
    wait::until,
};

/// A server that runs until this is dropped.
pub struct OwnServer {
    child: Child,
    folder: PathBuf,
    port: u16,
    /// Where NATS shows what it does.
    monitor: u16,
}

impl OwnServer {
    /// NATS with JetStream, that flushes to the disk when it likes.
    pub async fn careless_nats() -> Self {
        Self::start("NATS_SERVER_BIN", |server| {
            let (port, monitor) = (server.port.to_string(), server.monitor.to_string());
            let mut arguments = vec!["-js".to_owned(), "-a".to_owned(), "127.0.0.1".to_owned()];
            arguments.extend(["-p".to_owned(), port, "-m".to_owned(), monitor]);
            arguments.extend(["-sd".to_owned(), server.folder.display().to_string()]);
            arguments
        })
        .await
    }

    /// Redis, for whoever knows the password.
    pub async fn redis_with(password: &str) -> Self {
        Self::start("REDIS_SERVER_BIN", |server| {
            let (port, folder) = (server.port.to_string(), server.folder.display());
            let settings =
                format!("--bind 127.0.0.1 --port {port} --appendonly yes --dir {folder}");
            let mut arguments: Vec<String> = settings.split(' ').map(str::to_owned).collect();
            arguments.extend(["--requirepass".to_owned(), password.to_owned()]);
            arguments
        })
        .await
    }

    async fn start(program: &str, arguments: impl FnOnce(&Place) -> Vec<String>) -> Self {
        let place = Place {
            folder: std::env::temp_dir().join(format!("focobot-{}", random_name("server"))),
            port: free_port(),
            monitor: free_port(),
        };
        std::fs::create_dir_all(&place.folder).expect("a folder");
        let mut command = Command::new(server(program));
        command.args(arguments(&place)).kill_on_drop(true);
        command.stdout(Stdio::null()).stderr(Stdio::null());
        let child = command.spawn().expect(program);
        let port = place.port;
        let look = || async { TcpStream::connect(("127.0.0.1", port)).await.is_ok() };
        until(program, look, |answers| *answers).await;
        Self {
            child,
            folder: place.folder,
            port,
            monitor: place.monitor,
        }
    }

    /// Host and port.
    #[must_use]
    pub fn address(&self) -> String {
        format!("127.0.0.1:{}", self.port)
    }

    /// Where NATS shows what it does.
    #[must_use]
    pub fn monitor(&self) -> String {
        format!("http://127.0.0.1:{}", self.monitor)
    }
}

impl Drop for OwnServer {
    fn drop(&mut self) {
        drop(self.child.start_kill());
        drop(std::fs::remove_dir_all(&self.folder));
    }
}

/// Where a server lives.
struct Place {
    folder: PathBuf,
    port: u16,
    monitor: u16,
}

/// The NATS server that all stories share, which says of itself here that it is of another version.
pub struct OlderNats {
    address: String,
    /// Every connection ends with it.
    _connections: JoinSet<()>,
}

impl OlderNats {
    /// One that says that it is of this version.
    pub async fn of(version: &'static str) -> Self {
        let listener = TcpListener::bind(("127.0.0.1", free_port()));
        let listener = listener.await.expect("a port");
        let address = listener.local_addr().expect("its address").to_string();
        let mut connections = JoinSet::new();
        connections.spawn(async move {
            let mut each = JoinSet::new();
            while let Ok((client, _)) = listener.accept().await {
                each.spawn(pass_on(client, version));
            }
        });
        Self {
            address,
            _connections: connections,
        }
    }

    /// Host and port.
    #[must_use]
    pub fn address(&self) -> &str {
        &self.address
    }
}

/// Passes everything on, but for the version in what the server says of itself.
async fn pass_on(client: TcpStream, version: &str) {
    let target = server("NATS_URL").replace("nats://", "");
    let Ok(nats) = TcpStream::connect(target).await else {
        return;
    };
    let (mut from_client, mut to_client) = client.into_split();
    let (from_nats, mut to_nats) = nats.into_split();
    let mut from_nats = BufReader::new(from_nats);
    let answers = async {
        let mut line = Vec::new();
        while from_nats
            .read_until(b'\n', &mut line)
            .await
            .is_ok_and(|read| read > 0)
        {
            if let Some(said) = line.strip_prefix(b"INFO ") {
                let mut said: Value = serde_json::from_slice(said).expect("NATS' own words");
                said["version"] = json!(version);
                line = format!("INFO {said}\r\n").into_bytes();
            }
            if to_client.write_all(&line).await.is_err() {
                return;
            }
            line.clear();
        }
    };
    tokio::select! {
        () = answers => {}
        _ = copy(&mut from_client, &mut to_nats) => {}
    }
}
