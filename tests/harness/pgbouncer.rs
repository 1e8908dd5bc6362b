//! PgBouncer before the PostgreSQL that all stories share, in any of its modes; and a way to
//! PostgreSQL on which something is lost, as poolers of other makers lose it.

use std::{fmt::Write as _, path::PathBuf, process::Stdio};

use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _, copy},
    net::{TcpListener, TcpStream},
    process::{Child, Command},
    task::JoinSet,
};

use crate::{
    address::{random_name, server},
    port::free_port,
    wait::until,
};

/// A pooler that runs until this is dropped.
pub struct PgBouncer {
    child: Option<Child>,
    folder: PathBuf,
    port: u16,
}

impl PgBouncer {
    /// One in that mode, with so many sessions for all its clients; further settings are lines of
    /// its configuration.
    pub async fn start(mode: &str, sessions: u32, further: &str) -> Self {
        let folder = std::env::temp_dir().join(format!("focobot-{}", random_name("pgbouncer")));
        std::fs::create_dir_all(&folder).expect("a folder");
        let mut bouncer = Self {
            child: None,
            folder,
            port: free_port(),
        };
        bouncer.configure(mode, sessions, further);
        bouncer.begin().await;
        bouncer
    }

    fn file(&self) -> PathBuf {
        self.folder.join("pgbouncer.ini")
    }

    fn configure(&self, mode: &str, sessions: u32, further: &str) {
        let url = url::Url::parse(&server("DATABASE_URL")).expect("an address");
        let mut text = format!(
            "[databases]\n* = host=127.0.0.1 port={} user={} password={}\n\n[pgbouncer]\n",
            url.port().expect("a port"),
            url.username(),
            url.password().expect("a password")
        );
        let port = self.port;
        write!(
            text,
            "listen_addr = 127.0.0.1\nlisten_port = {port}\nunix_socket_dir =\nauth_type = any\n\
             pool_mode = {mode}\ndefault_pool_size = {sessions}\nmax_client_conn = 200\n{further}\n"
        )
        .expect("writing to a text");
        std::fs::write(self.file(), text).expect("its configuration");
    }

    async fn begin(&mut self) {
        let mut command = Command::new(server("PGBOUNCER_BIN"));
        if nix::unistd::geteuid().is_root() {
            // It does not run as root.
            command.args(["-u", "nobody"]);
        }
        command.arg("-q").arg(self.file()).kill_on_drop(true);
        command.stdout(Stdio::null()).stderr(Stdio::null());
        self.child = Some(command.spawn().expect("pgbouncer"));
        let port = self.port;
        let look = || async { TcpStream::connect(("127.0.0.1", port)).await.is_ok() };
        until("pgbouncer", look, |answers| *answers).await;
    }

    /// Host and port.
    #[must_use]
    pub fn address(&self) -> String {
        format!("127.0.0.1:{}", self.port)
    }

    /// The same address with another host and port in it.
    #[must_use]
    pub fn instead_of(&self, url: &str) -> String {
        instead_of(url, &self.address())
    }

    /// Dies, with every connection through it.
    pub async fn dies(&mut self) {
        if let Some(mut child) = self.child.take() {
            child.kill().await.expect("killing it");
        }
    }

    /// Is there again.
    pub async fn is_back(&mut self) {
        self.begin().await;
    }

    /// Goes on in another mode, as an operator makes it; connections stay.
    pub async fn goes_on_in(&self, mode: &str, sessions: u32) {
        self.configure(mode, sessions, "");
        let id = self.child.as_ref().and_then(Child::id).expect("it runs");
        let mut kill = Command::new("kill");
        let told = kill.args(["-HUP".to_owned(), id.to_string()]).status();
        assert!(told.await.expect("kill").success());
    }
}

impl Drop for PgBouncer {
    fn drop(&mut self) {
        if let Some(child) = &mut self.child {
            drop(child.start_kill());
        }
        drop(std::fs::remove_dir_all(&self.folder));
    }
}

/// An address with another host and port in it.
pub(crate) fn instead_of(url: &str, address: &str) -> String {
    let mut url = url::Url::parse(url).expect("an address");
    let (host, port) = address.rsplit_once(':').expect("host and port");
    url.set_host(Some(host)).expect("a host");
    url.set_port(port.parse().ok()).expect("a port");
    url.to_string()
}

/// A way to PostgreSQL on which something is lost.
pub struct LossyWay {
    address: String,
    /// Every connection ends with it.
    _connections: JoinSet<()>,
}

/// What is lost.
#[derive(Clone, Copy, Debug)]
pub enum Lost {
    /// The start-up parameter `options`, and nobody is told.
    Options,
    /// What `statement_timeout` is set to.
    StatementTimeout,
}

impl LossyWay {
    /// One that loses that.
    pub async fn of(lost: Lost) -> Self {
        let listener = TcpListener::bind(("127.0.0.1", free_port()));
        let listener = listener.await.expect("a port");
        let address = listener.local_addr().expect("its address").to_string();
        let mut connections = JoinSet::new();
        connections.spawn(async move {
            let mut each = JoinSet::new();
            while let Ok((client, _)) = listener.accept().await {
                each.spawn(async move { pass_on(client, lost).await });
            }
        });
        Self {
            address,
            _connections: connections,
        }
    }

    /// The same address with another host and port in it.
    #[must_use]
    pub fn instead_of(&self, url: &str) -> String {
        instead_of(url, &self.address)
    }
}

/// Passes everything on, but for what is lost of what the client sends. Without TLS, which it says
/// as PostgreSQL does.
async fn pass_on(client: TcpStream, lost: Lost) -> Option<()> {
    let url = url::Url::parse(&server("DATABASE_URL")).ok()?;
    let port = url.port()?;
    let postgres = TcpStream::connect(("127.0.0.1", port)).await.ok()?;
    let (mut from_client, mut to_client) = client.into_split();
    let (mut from_postgres, mut to_postgres) = postgres.into_split();
    let asked = async {
        let mut started = false;
        loop {
            let mut message = Vec::new();
            if started {
                message.push(from_client.read_u8().await.ok()?);
            }
            let length = from_client.read_u32().await.ok()?;
            let mut body = vec![0; usize::try_from(length).ok()?.checked_sub(4)?];
            from_client.read_exact(&mut body).await.ok()?;
            // The request for TLS comes before the start-up, in the same form.
            let is_request = body.starts_with(&80_877_103_u32.to_be_bytes());
            body = match lost {
                Lost::Options if !started && !is_request => without_options(&body),
                Lost::StatementTimeout if started => without_statement_timeout(body),
                _ => body,
            };
            started |= !is_request;
            let length = u32::try_from(body.len() + 4).ok()?;
            message.extend(length.to_be_bytes());
            message.extend(body);
            to_postgres.write_all(&message).await.ok()?;
        }
        #[expect(unreachable_code, reason = "it names the block's type")]
        Some(())
    };
    tokio::select! {
        ended = asked => ended,
        _ = copy(&mut from_postgres, &mut to_client) => None,
    }
}

/// The start-up message: a version, then names and values that end in zeros.
fn without_options(body: &[u8]) -> Vec<u8> {
    let (version, rest) = body.split_at(4);
    let words: Vec<&[u8]> = rest.split(|byte| *byte == 0).collect();
    let mut kept = version.to_vec();
    for pair in words.chunks(2) {
        if let [name, value] = pair
            && !name.is_empty()
            && *name != b"options"
        {
            kept.extend([name, &[0][..], value, &[0][..]].concat());
        }
    }
    kept.push(0);
    kept
}

/// A query in which that setting is set to nothing, in as many bytes.
fn without_statement_timeout(body: Vec<u8>) -> Vec<u8> {
    let text = String::from_utf8_lossy(&body);
    let Some((before, rest)) = text.split_once("set_config('statement_timeout', '") else {
        return body;
    };
    let Some((value, after)) = rest.split_once('\'') else {
        return body;
    };
    let nothing = "0".repeat(value.len());
    format!("{before}set_config('statement_timeout', '{nothing}'{after}").into_bytes()
}
