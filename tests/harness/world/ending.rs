//! How a story ends: what was accepted is done, and nobody panicked.

use super::World;
use crate::program::Program;

impl World {
    /// Ends the world: everything is worked off, nothing is left in the dead letters, no process
    /// panicked.
    pub async fn ends_clean(self) {
        self.streams.are_quiet().await;
        assert_eq!(
            self.count("select count(*) from whatsapp_dead_letters")
                .await,
            0
        );
        self.ends().await;
    }

    /// The same, with so many dead letters all of which were replayed.
    pub async fn ends_clean_but_for(self, replayed: i64) {
        self.streams.are_quiet().await;
        let settled = "select count(*) from whatsapp_dead_letters where state = 'replayed'";
        assert_eq!(self.count(settled).await, replayed);
        let open = "select count(*) from whatsapp_dead_letters where state = 'open'";
        assert_eq!(self.count(open).await, 0);
        let unsettled = "select count(*) from whatsapp_reply_parts where state <> 'accepted'";
        assert_eq!(self.count(unsettled).await, 0);
        self.ends().await;
    }

    /// Ends the world, whatever is left in the dead letters.
    pub async fn ends(mut self) {
        self.streams.are_quiet().await;
        let logs = format!(
            "{}{}",
            self.ingest.logged(),
            self.worker
                .as_ref()
                .map(Program::logged)
                .unwrap_or_default()
        );
        let asked_for = "panicked at common/src/kill_point.rs";
        assert!(
            !logs.replace(asked_for, "").contains("panicked at"),
            "{logs}"
        );
        self.logs_tell_nothing().await;
        self.tables_tell_nothing().await;
        if let Some(worker) = self.worker.take() {
            worker.kill().await;
        }
        self.ingest.kill().await;
        self.streams.delete_all().await;
        self.database.drop().await;
        drop(std::fs::remove_dir_all(&self.folder));
    }
}
