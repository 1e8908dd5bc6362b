//! Two PostgreSQL servers of a story's own: a primary, and a replica that follows it without being
//! waited for. Programs reach whichever is in force at one address.

use std::{path::PathBuf, process::Stdio};

use sqlx::{AssertSqlSafe, Connection as _, PgConnection};
use tokio::process::Child;

use crate::{
    address::{random_name, server},
    cable::Cable,
    cluster::Cluster,
    port::free_port,
    postgres::Postgres,
    wait::until,
};

/// How far a primary has written, and a replica has replayed, in bytes.
const WRITTEN: &str = "select (pg_current_wal_lsn() - '0/0')::int8";
const REPLAYED: &str = "select (pg_last_wal_replay_lsn() - '0/0')::int8";

/// Both servers, and the ways to them.
pub struct Failover {
    primary: Cluster,
    replica: Cluster,
    servers: Vec<Child>,
    /// The way of all programs.
    way: Cable,
    /// The way of the replica to the primary.
    follows: Cable,
    folder: PathBuf,
}

impl Failover {
    /// Both, with the replica following.
    pub async fn make() -> Self {
        let folder = std::env::temp_dir().join(format!("focobot-{}", random_name("failover")));
        std::fs::create_dir_all(&folder).expect("a folder");
        let programs = PathBuf::from(server("POSTGRES_BIN_DIR"));
        let primary = Cluster::make(&folder, programs, free_port()).await;
        let servers = vec![starts(&primary)];
        primary.prepare().await;
        let address = primary.address();
        let (way, follows) = (Cable::to(&address).await, Cable::to(&address).await);
        let replica = primary.follower(follows.address().port(), free_port());
        let mut failover = Self {
            replica: replica.await,
            primary,
            servers,
            way,
            follows,
            folder,
        };
        failover.servers.push(starts(&failover.replica));
        failover.replica_has_all().await;
        failover
    }

    /// The server, as programs and stories reach it.
    #[must_use]
    pub fn postgres(&self) -> Postgres {
        Postgres::of(&self.primary.at(self.way.address().port()))
    }

    /// Waits until the replica has all that is written by now.
    pub async fn replica_has_all(&self) {
        let written = asks(&self.primary, WRITTEN).await.expect("the primary");
        let replayed = || asks(&self.replica, REPLAYED);
        until("the replica to have all", replayed, |replayed| {
            replayed.is_some_and(|replayed| replayed >= written)
        })
        .await;
    }

    /// From now on the replica gets nothing more.
    pub async fn replica_falls_behind(&mut self) {
        self.follows.cut().await;
    }

    /// The primary dies, and the replica takes its place.
    pub async fn happens(&mut self) {
        let mut primary = self.servers.swap_remove(0);
        primary.kill().await.expect("killing the primary");
        self.leads_to_the_replica().await;
    }

    /// The replica takes the place of a primary that lives.
    pub async fn leads_to_the_replica(&mut self) {
        self.follows.cut().await;
        let promoted = asks(&self.replica, "select pg_promote()::int::int8").await;
        assert_eq!(promoted, Some(1), "promoting");
        self.way.lead_to(&self.replica.address()).await;
    }

    /// The primary has its place again.
    pub async fn leads_back(&mut self) {
        self.way.lead_to(&self.primary.address()).await;
    }
}

fn starts(cluster: &Cluster) -> Child {
    let mut command = cluster.server();
    command.stdout(Stdio::null()).stderr(Stdio::null());
    command.kill_on_drop(true).spawn().expect("PostgreSQL")
}

/// One number of a server, as its superuser; `None` where it does not answer.
async fn asks(cluster: &Cluster, query: &str) -> Option<i64> {
    let mut conn = PgConnection::connect(&cluster.admin_url()).await.ok()?;
    let query = AssertSqlSafe(query.to_owned());
    sqlx::query_scalar(query).fetch_one(&mut conn).await.ok()?
}

impl Drop for Failover {
    fn drop(&mut self) {
        for server in &mut self.servers {
            drop(server.start_kill());
        }
        drop(std::fs::remove_dir_all(&self.folder));
    }
}
