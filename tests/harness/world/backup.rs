//! Backups of a world's database, and streams that are lost.

use std::path::{Path, PathBuf};

use super::World;

impl World {
    /// A backup by `pg_dump`, as of now.
    pub async fn backs_up(&self) -> PathBuf {
        let file = self.folder.join("backup.sql");
        std::fs::write(&file, self.dump().await).expect("a backup");
        file
    }

    /// The database is lost, and made anew from a backup.
    pub async fn restores(&self, backup: &Path) {
        self.database.is_lost().await;
        let mut psql = self.database.postgres.program("psql");
        let output = psql
            .args(["--no-psqlrc", "--quiet", "--set", "ON_ERROR_STOP=1"])
            .arg("--file")
            .arg(backup)
            .arg(self.database.admin_url())
            .output()
            .await
            .expect("psql");
        assert!(output.status.success(), "{output:?}");
    }

    /// NATS loses everything; the ingester, started anew, makes its streams anew.
    pub async fn loses_its_streams(&mut self) {
        self.streams.delete().await;
        self.restart_ingest(&[]).await;
    }
}
