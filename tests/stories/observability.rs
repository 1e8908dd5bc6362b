//! What is measured is what the docs say: every metric has its line, every line its metric, and
//! the dashboard and the alarms ask for nothing else.

use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
};

use harness::Setup;

/// Endings that Prometheus' text adds to a histogram's name.
const OF_HISTOGRAMS: [&str; 3] = ["_bucket", "_sum", "_count"];

fn file(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..").join(path)
}

fn read(path: &str) -> String {
    fs::read_to_string(file(path)).unwrap()
}

/// Words of queries that are no metrics.
const OF_QUERIES: [&str; 3] = ["histogram_quantile", "signature_wrong", "group_left"];

/// The words of a text that could be a metric's name.
fn words(text: &str) -> impl Iterator<Item = &str> {
    let is_of_names = |letter: char| letter.is_ascii_lowercase() || letter == '_';
    text.split(move |letter| !is_of_names(letter))
        .filter(|word| word.contains('_'))
}

/// Names that stand in the first column of the docs' tables of metrics.
fn described() -> BTreeSet<String> {
    let docs = read("docs/metrics.md");
    let rows = docs.lines().filter_map(|line| line.strip_prefix("| `"));
    rows.map(|row| row.split(['`', '{']).next().unwrap().to_owned())
        .collect()
}

/// Names that the programs' code counts by: the first string of each `metrics::` macro, and those
/// that are set in a loop.
fn counted(folder: &Path, found: &mut BTreeSet<String>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            counted(&path, found);
        } else if path.extension().is_some_and(|name| name == "rs") {
            let code = fs::read_to_string(&path).unwrap();
            for kind in ["counter!(", "gauge!(", "histogram!("] {
                for after in code.split(&format!("metrics::{kind}")).skip(1) {
                    let after = after.trim_start();
                    if let Some(name) = after.strip_prefix('"') {
                        found.insert(name.split('"').next().unwrap().to_owned());
                    } else {
                        let names = code.split('"').filter(|text| words(text).eq([*text]));
                        found.extend(names.map(str::to_owned));
                    }
                }
            }
        }
    }
}

/// What a running process shows.
async fn shown(url: &str) -> BTreeSet<String> {
    let text = reqwest::get(url).await.unwrap().text().await.unwrap();
    let series = text.lines().filter(|line| !line.starts_with('#'));
    series
        .filter_map(|line| line.split(['{', ' ']).next())
        .filter(|name| !name.is_empty())
        .map(base)
        .collect()
}

/// A series' metric.
fn base(series: &str) -> String {
    let ending = OF_HISTOGRAMS
        .iter()
        .find_map(|ending| series.strip_suffix(ending));
    let of_histogram = ending.filter(|name| name.ends_with("_seconds"));
    of_histogram.unwrap_or(series).to_owned()
}

#[test]
fn every_metric_is_described_and_every_described_one_is_counted() {
    let mut counted_by_code = BTreeSet::new();
    for program in ["common/src", "ingest/src", "schema/src", "worker/src"] {
        counted(&file(program), &mut counted_by_code);
    }
    assert_eq!(described(), counted_by_code);
}

#[test]
fn the_dashboard_and_the_alarms_ask_for_metrics_that_are_there() {
    let described = described();
    for path in [
        "deploy/observability/alarms.yml",
        "deploy/observability/grafana/dashboards/focobot.json",
    ] {
        let text = read(path);
        let asked: BTreeSet<String> = text
            .lines()
            .filter(|line| line.contains("expr") || line.trim_start().starts_with("or "))
            .flat_map(words)
            .filter(|word| !OF_QUERIES.contains(word))
            .map(base)
            .collect();
        assert!(asked.len() > 5, "{path}: {asked:?}");
        let unknown: Vec<_> = asked.difference(&described).collect();
        assert!(unknown.is_empty(), "{path}: {unknown:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_running_system_shows_what_the_docs_describe() {
    let setup = Setup::default().with_model();
    let world = setup.with("OPENAI_PRICES", "0.25,0.025,2.00").start().await;
    let phone = world.phone_at_work().await;
    let reply = phone.asks("Arreglar el login, 2 horas").await;
    assert!(reply.contains("Propuesta"), "{reply}");
    world.streams.are_quiet().await;
    let described = described();
    let mut all = BTreeSet::new();
    for url in world.metrics_urls() {
        let shown = shown(&url).await;
        let unknown: Vec<_> = shown.difference(&described).collect();
        assert!(unknown.is_empty(), "{url}: {unknown:?}");
        all.extend(shown);
    }
    // Counters begin at zero with the process, so that everything is there (`worker/src/metrics/counted.rs`,
    // `ingest/src/maintenance.rs`).
    let missing: Vec<_> = described.difference(&all).collect();
    assert!(missing.is_empty(), "{missing:?}");
    world.ends_clean().await;
}
