//! What is said once everything runs: the addresses, and what to try. Fits 80 columns.

use crate::group::Group;

pub(super) fn print(group: &Group, detached: bool) {
    println!("{}", text(|name| group.port(name), detached));
}

fn text(port: impl Fn(&str) -> u16, detached: bool) -> String {
    let (simulator, ingest) = (port("simulator"), port("ingest"));
    let end = if detached {
        "`cargo xtask stop` ends it."
    } else {
        "Ctrl-C ends it."
    };
    format!(
        "
FocoBot is running.

  a phone to type on   http://127.0.0.1:{simulator}/
  webhook, linking     http://127.0.0.1:{ingest}/
  metrics              http://127.0.0.1:{}/metrics  ingest
                       http://127.0.0.1:{}/metrics  worker
  logs                 .dev/logs/

Try it: open the phone, link it to demo@example.com, send the VERIFY line that
it shows, then `/list projects`, `/project Sitio web`, and

Need to add login page and user dashboard by Friday. Should take about 8 hours.

From a terminal:  curl -s http://127.0.0.1:{ingest}/readyz

{end}",
        port("ingest-metrics"),
        port("worker-metrics"),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_fits_a_terminal_of_80_columns() {
        for detached in [true, false] {
            let text = text(|_| 65535, detached);
            assert!(
                text.lines().all(|line| line.chars().count() <= 80),
                "{text}"
            );
        }
    }
}
