//! A PostgreSQL cluster of a run's or a story's own, with our role and our database.

use std::{
    os::unix::fs::{PermissionsExt, chown},
    path::{Path, PathBuf},
    time::Duration,
};

use nix::unistd::{User, geteuid};
use sqlx::{AssertSqlSafe, Connection, Executor, PgConnection};
use tokio::{process::Command, time::Instant};

/// A cluster that was made once and is started often.
#[derive(Clone)]
pub(crate) struct Cluster {
    programs: PathBuf,
    data: PathBuf,
    port: u16,
    password: String,
    /// Whom it runs as: PostgreSQL refuses to run as root.
    owner: Option<(u32, u32)>,
}

impl Cluster {
    /// Makes one in `folder`, which everybody can reach.
    pub(crate) async fn make(folder: &Path, programs: PathBuf, port: u16) -> Self {
        let home = folder.join("postgres");
        std::fs::create_dir_all(&home).expect("a folder");
        let owner = geteuid().is_root().then(|| {
            let user = User::from_name("postgres").ok().flatten();
            let user = user.expect("PostgreSQL does not run as root: add a user postgres");
            (user.uid.as_raw(), user.gid.as_raw())
        });
        let cluster = Self {
            programs,
            data: home.join("data"),
            port,
            password: format!("{:032x}", rand::random::<u128>()),
            owner,
        };
        let word = home.join("password");
        std::fs::write(&word, &cluster.password).expect("a file");
        let private = std::fs::Permissions::from_mode(0o600);
        std::fs::set_permissions(&word, private).expect("a private file");
        if let Some((user, group)) = owner {
            for path in [&home, &word] {
                chown(path, Some(user), Some(group)).expect("giving a file away");
            }
        }
        let mut initdb = cluster.program("initdb");
        initdb
            // Not SCRAM: its hashing takes a program without optimisation long, and all of them
            // connect anew whenever this server was killed.
            .args(["--username=postgres", "--auth=password", "--no-sync"])
            .args(["--encoding=UTF8", "--locale=C.UTF-8", "--pwfile"])
            .arg(&word)
            .arg("-D")
            .arg(&cluster.data);
        let made = initdb.output().await.expect("initdb");
        let said = String::from_utf8_lossy(&made.stderr);
        assert!(made.status.success(), "initdb: {said}");
        cluster
    }

    /// A copy of it that follows it through the port `through`, and answers at `port`.
    pub(crate) async fn follower(&self, through: u16, port: u16) -> Self {
        let data = self.data.with_extension("follows");
        let mut pg_basebackup = self.program("pg_basebackup");
        pg_basebackup
            .args(["--host=127.0.0.1", "--username=postgres", "--no-sync"])
            .args(["--checkpoint=fast", "--write-recovery-conf"])
            .arg(format!("--port={through}"))
            .arg("-D")
            .arg(&data)
            .env("PGPASSWORD", &self.password);
        let made = pg_basebackup.output().await.expect("pg_basebackup");
        let said = String::from_utf8_lossy(&made.stderr);
        assert!(made.status.success(), "pg_basebackup: {said}");
        let mut follower = self.at(port);
        follower.data = data;
        follower
    }

    /// The same, as it is reached at another port.
    pub(crate) fn at(&self, port: u16) -> Self {
        Self {
            port,
            ..self.clone()
        }
    }

    fn program(&self, name: &str) -> Command {
        let mut command = Command::new(self.programs.join(name));
        command.env_clear().env("HOME", "/").current_dir("/");
        if let Some((user, group)) = self.owner {
            command.uid(user).gid(group);
        }
        command
    }

    /// The server. What it wrote outlives its processes, if not the machine.
    pub(crate) fn server(&self) -> Command {
        let mut command = self.program("postgres");
        command
            .arg("-D")
            .arg(&self.data)
            .args(["-p", &self.port.to_string()])
            .args(["-c", "listen_addresses=127.0.0.1"])
            .args(["-c", "unix_socket_directories="])
            .args(["-c", "max_connections=200"])
            .args(["-c", "fsync=off", "-c", "full_page_writes=off"]);
        command
    }

    /// Host and port.
    pub(crate) fn address(&self) -> String {
        format!("127.0.0.1:{}", self.port)
    }

    fn url_of(&self, user: &str) -> String {
        let (password, port) = (&self.password, self.port);
        format!("postgres://{user}:{password}@127.0.0.1:{port}")
    }

    /// How our programs find it.
    pub(crate) fn url(&self) -> String {
        format!("{}/focobot", self.url_of("focobot"))
    }

    /// How its superuser finds it.
    pub(crate) fn admin_url(&self) -> String {
        format!("{}/postgres", self.url_of("postgres"))
    }

    /// Waits until it answers, then makes our role and our database.
    pub(crate) async fn prepare(&self) {
        let url = self.admin_url();
        let end = Instant::now() + Duration::from_mins(1);
        let mut conn = loop {
            match PgConnection::connect(&url).await {
                Ok(conn) => break conn,
                Err(error) => assert!(Instant::now() < end, "PostgreSQL: {error}"),
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
        };
        let role = format!(
            "create role focobot login createrole password '{}'",
            self.password
        );
        for statement in [role.as_str(), "create database focobot owner focobot"] {
            let statement = AssertSqlSafe(statement.to_owned());
            conn.execute(statement)
                .await
                .expect("our role and database");
        }
    }
}
