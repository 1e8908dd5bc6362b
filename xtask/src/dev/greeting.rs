//! What is said once everything runs: the addresses, and what to try. Fits 80 columns.

use super::settings::WEBHOOK_PATH;
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

  a phone to type on  http://127.0.0.1:{simulator}/
  webhook             http://127.0.0.1:{ingest}{WEBHOOK_PATH}
  the API described   http://127.0.0.1:{ingest}/openapi.json
  metrics of ingest   http://127.0.0.1:{}/metrics
  metrics of worker   http://127.0.0.1:{}/metrics
  logs                .dev/logs/

Open the phone, link it, send the VERIFY line that it shows; then send
`/list projects`, `/project Sitio web`, and

Need to add login page and user dashboard by Friday. Should take about 8 hours.

Or from a terminal, then look at the phone:

curl http://127.0.0.1:{simulator}/control/inbound \\
  -H 'content-type: application/json' \\
  -d '{{\"from\": \"+5215555550100\", \"body\": \"/help\"}}'

How it is, in a second terminal:  cargo xtask focobot status

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
