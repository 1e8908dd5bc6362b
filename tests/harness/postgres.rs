//! The PostgreSQL that a world is on: the one that all stories share, or a story's own of another
//! version.

use std::{
    path::{Path, PathBuf},
    process::Stdio,
    sync::Arc,
};

use tokio::process::{Child, Command};

use crate::{
    address::{random_name, server, with_database},
    cluster::Cluster,
    foco::Foco,
    operator::run,
    port::free_port,
};

/// A server, and how it is found.
#[derive(Clone)]
pub struct Postgres {
    /// For its superuser.
    pub(crate) admin_url: String,
    /// For our role.
    url: String,
    /// Where the programs of its version are.
    programs: PathBuf,
    _own: Option<Arc<Own>>,
}

/// What ends with the last who uses it.
struct Own {
    server: Child,
    folder: PathBuf,
}

impl Postgres {
    /// The one that all stories share.
    pub(crate) fn shared() -> Self {
        Self {
            admin_url: server("DATABASE_URL_ADMIN"),
            url: server("DATABASE_URL"),
            programs: server("POSTGRES_BIN_DIR").into(),
            _own: None,
        }
    }

    /// One of version 18, with nothing in it.
    pub async fn of_version_18() -> Self {
        let folder = std::env::temp_dir().join(format!("focobot-{}", random_name("server")));
        std::fs::create_dir_all(&folder).expect("a folder");
        // Who runs the server may have no way to where its programs were installed.
        let programs = folder.join("postgresql");
        let copied = Command::new("cp")
            .arg("-r")
            .args([Path::new(&server("POSTGRES_18_DIR")), &programs])
            .status();
        assert!(copied.await.expect("cp").success(), "copying PostgreSQL");
        let programs = programs.join("bin");
        let cluster = Cluster::make(&folder, programs.clone(), free_port()).await;
        let mut command = cluster.server();
        command.stdout(Stdio::null()).stderr(Stdio::null());
        let process = command.kill_on_drop(true).spawn().expect("PostgreSQL");
        cluster.prepare().await;
        Self {
            admin_url: cluster.admin_url(),
            url: cluster.url(),
            programs,
            _own: Some(Arc::new(Own {
                server: process,
                folder,
            })),
        }
    }

    /// A server that is reached at that cluster's port, and ends by itself.
    pub(crate) fn of(cluster: &Cluster) -> Self {
        Self {
            admin_url: cluster.admin_url(),
            url: cluster.url(),
            programs: server("POSTGRES_BIN_DIR").into(),
            _own: None,
        }
    }

    /// Its superuser does something.
    pub(crate) async fn administer(&self, statement: &str) {
        run(&self.admin_url, statement).await;
    }

    /// The address of a database, as the role that owns that Foco's.
    pub(crate) fn url(&self, foco: Foco, database: &str) -> String {
        let url = with_database(&self.url, database);
        url.replacen("//focobot:", &format!("//{}:", foco.owner()), 1)
    }

    /// The password of our role.
    pub(crate) fn password(&self) -> &str {
        let password = self.url.split(['@', ':']).nth(2);
        password.expect("a password in the address")
    }

    /// One of its version's programs.
    pub(crate) fn program(&self, name: &str) -> Command {
        Command::new(self.programs.join(name))
    }
}

impl Drop for Own {
    fn drop(&mut self) {
        drop(self.server.start_kill());
        drop(std::fs::remove_dir_all(&self.folder));
    }
}
