//! What the worker counts, as Prometheus would read it.

use super::World;

impl World {
    /// Where ingester and worker show what they count.
    #[must_use]
    pub fn metrics_urls(&self) -> [String; 2] {
        [self.ports.ingest_metrics, self.ports.worker]
            .map(|port| format!("http://127.0.0.1:{port}/metrics"))
    }

    /// The sum of the worker's series of that name with those labels; 0 where there is none.
    pub async fn metric(&self, name: &str, labels: &[(&str, &str)]) -> f64 {
        let url = format!("http://127.0.0.1:{}/metrics", self.ports.worker);
        let answer = reqwest::get(&url).await.expect("the worker's metrics");
        let text = answer.text().await.expect("a text");
        let labels: Vec<String> = labels
            .iter()
            .map(|(label, value)| format!("{label}=\"{value}\""))
            .collect();
        text.lines()
            .filter_map(|line| line.rsplit_once(' '))
            .filter(|(series, _)| series.split('{').next() == Some(name))
            .filter(|(series, _)| labels.iter().all(|label| series.contains(label)))
            .map(|(_, value)| value.parse::<f64>().expect("a number"))
            .sum()
    }
}
