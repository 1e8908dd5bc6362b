//! A database of Foco's before FocoBot comes, for stories of moving in.

use std::{
    path::{Path, PathBuf},
    process::Output,
};

use sqlx::PgPool;

use super::Foco;
use crate::{
    address::random_name,
    database::Database,
    operator::{focobot, run},
    postgres::Postgres,
};

/// The customer's live `whatsapp_user_links`, with rows.
pub const LIVE_LINKS: &str = include_str!("../../fixtures/live_links.sql");
/// Tables of a feature branch of the customer's, whose names begin as ours do.
pub const LIVE_BRANCH: &str = include_str!("../../fixtures/live_branch.sql");
/// Policies of shape B that ask each other.
pub const RECURSIVE: &str = include_str!("../../fixtures/foco_b_recursive.sql");

/// A database that nothing of ours was ever in.
pub struct BareDatabase {
    pub(super) database: Database,
    pub(super) folder: PathBuf,
}

impl BareDatabase {
    /// With Foco's tables and rows; the stand-in's is empty.
    pub async fn of(foco: Foco) -> Self {
        let folder = std::env::temp_dir().join(random_name("focobot-bare-"));
        std::fs::create_dir_all(&folder).expect("a folder");
        let database = Database::create(&folder, Postgres::shared(), foco, false).await;
        Self { database, folder }
    }

    /// Runs a script as the role that migrates.
    pub async fn has(self, script: &str) -> Self {
        run(&self.database.url, script).await;
        self
    }

    /// The database, as the role that migrates.
    #[must_use]
    pub fn pool(&self) -> &PgPool {
        &self.database.pool
    }

    /// Its address, for the role that migrates.
    #[must_use]
    pub fn url(&self) -> &str {
        &self.database.url
    }

    /// Its address, for the server's superuser.
    #[must_use]
    pub fn admin_url(&self) -> String {
        self.database.admin_url()
    }

    /// A folder of its own.
    #[must_use]
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// Runs `focobot` on it to its end.
    pub async fn focobot(&self, arguments: &[&str]) -> Output {
        focobot(&self.folder, &self.database.url, arguments).await
    }

    /// Ends it.
    pub async fn ends(self) {
        self.database.drop().await;
        drop(std::fs::remove_dir_all(&self.folder));
    }
}
