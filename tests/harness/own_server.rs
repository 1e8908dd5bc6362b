//! Servers of a story's own, for what those that all stories share are not: careless with the
//! disk, locked by a password, old.

use std::{
    path::{Path, PathBuf},
    process::Stdio,
};

use serde_json::{Value, json};
use tokio::{
    io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader, copy},
    net::{TcpListener, TcpStream},
    process::{Child, Command},
    task::JoinSet,
};

use crate::{
    address::{random_name, server},
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
    program: &'static str,
    arguments: Vec<String>,
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

    /// Redis in cluster mode.
    pub async fn redis_cluster() -> Self {
        Self::start("REDIS_SERVER_BIN", |server| {
            let (port, folder) = (server.port.to_string(), server.folder.display());
            let settings = format!(
                "--bind 127.0.0.1 --port {port} --cluster-port {} --cluster-enabled yes --dir {folder}",
                server.monitor
            );
            settings.split(' ').map(str::to_owned).collect()
        })
        .await
    }

    async fn start(
        program: &'static str,
        arguments: impl FnOnce(&ServerDir) -> Vec<String>,
    ) -> Self {
        let place = ServerDir {
            folder: std::env::temp_dir().join(format!("focobot-{}", random_name("server"))),
            port: free_port(),
            monitor: free_port(),
        };
        std::fs::create_dir_all(&place.folder).expect("a folder");
        let arguments = arguments(&place);
        Self {
            child: started(program, &arguments, place.port).await,
            folder: place.folder,
            port: place.port,
            monitor: place.monitor,
            program,
            arguments,
        }
    }

    /// A copy of its disk, for which it stops for a moment.
    pub async fn copies_its_disk(&mut self) -> PathBuf {
        let copy = self.folder.with_extension("copy");
        self.stops().await;
        copies(&self.folder, &copy).await;
        self.starts().await;
        copy
    }

    /// It comes back with the disk of that copy.
    pub async fn comes_back_with(&mut self, copy: &Path) {
        self.stops().await;
        std::fs::remove_dir_all(&self.folder).expect("its folder");
        copies(copy, &self.folder).await;
        std::fs::remove_dir_all(copy).expect("the copy");
        self.starts().await;
    }

    async fn stops(&mut self) {
        if let Some(id) = self.child.id() {
            let id = i32::try_from(id).expect("a process's id");
            nix::sys::signal::kill(nix::unistd::Pid::from_raw(id), nix::sys::signal::SIGTERM)
                .expect("a signal");
        }
        self.child.wait().await.expect("its end");
    }

    async fn starts(&mut self) {
        self.child = started(self.program, &self.arguments, self.port).await;
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

async fn started(program: &str, arguments: &[String], port: u16) -> Child {
    let mut command = Command::new(server(program));
    command.args(arguments).kill_on_drop(true);
    command.stdout(Stdio::null()).stderr(Stdio::null());
    let child = command.spawn().expect(program);
    let look = || async { TcpStream::connect(("127.0.0.1", port)).await.is_ok() };
    until(program, look, |answers| *answers).await;
    child
}

async fn copies(from: &Path, to: &Path) {
    let copied = Command::new("cp").arg("-r").args([from, to]).status().await;
    assert!(copied.expect("cp").success(), "copying a disk");
}

/// Where a server lives.
struct ServerDir {
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
