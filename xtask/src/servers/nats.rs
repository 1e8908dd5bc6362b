//! NATS with JetStream, under the settings that a deployment uses too: `deploy/nats.conf`.

use std::fs;
use std::process::Command;

use anyhow::Result;

use super::READY;
use crate::checkout::Checkout;
use crate::group::Group;
use crate::ready;
use crate::tools::Tools;

pub(super) fn start(checkout: &Checkout, tools: &Tools, group: &mut Group) -> Result<()> {
    let folder = group.place().folder().join("nats");
    fs::create_dir_all(&folder)?;
    let mut command = Command::new(&tools.nats_server);
    command
        .arg("-c")
        .arg(checkout.file("deploy/nats.conf"))
        .env("NATS_HOST", "127.0.0.1")
        .env("NATS_PORT", group.port("nats").to_string())
        .env("NATS_MONITOR_PORT", group.port("nats-monitor").to_string())
        .env("NATS_STORE_DIR", quoted(&folder.display().to_string()))
        .env("NATS_MAX_FILE", "4GB");
    group.start("nats", &mut command)
}

pub(super) fn wait_until_ready(group: &mut Group) -> Result<()> {
    let port = group.port("nats-monitor");
    group.wait_until_ready("nats", READY, || ready::http(port, "/healthz"))
}

/// A string of NATS' configuration language, whatever characters the path holds.
fn quoted(text: &str) -> String {
    format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_may_have_any_name() {
        assert_eq!(quoted("/home/me/my work"), r#""/home/me/my work""#);
        assert_eq!(quoted(r#"/a"b\c"#), r#""/a\"b\\c""#);
    }
}
