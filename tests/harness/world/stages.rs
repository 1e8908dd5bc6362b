//! A worker that runs some of the stages only.

use super::World;
use crate::program::Program;

impl World {
    /// Starts a worker of these stages, separated by commas, and waits until it works.
    pub async fn start_worker_of(&mut self, stages: &str) {
        self.start_worker_of_with(stages, &[]).await;
    }

    /// The same with further settings.
    pub async fn start_worker_of_with(&mut self, stages: &str, more: &[(&str, &str)]) {
        let mut variables = self.variables.clone();
        let more = more.iter();
        variables.extend(more.map(|(name, value)| ((*name).to_owned(), (*value).to_owned())));
        let metrics = format!("127.0.0.1:{}", self.ports.worker);
        variables.insert("METRICS_ADDR".to_owned(), metrics);
        let arguments = ["--stages", stages];
        let worker = Program::start("worker", &self.folder, &variables, &arguments);
        self.worker = Some(worker);
        self.is_ready(self.ports.worker).await;
    }
}
