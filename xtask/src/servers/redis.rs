//! Redis or Valkey, with every change written to its log: sessions survive a restart.

use std::fs;
use std::process::Command;

use anyhow::Result;

use super::READY;
use crate::group::Group;
use crate::ready;
use crate::tools::Tools;

pub(super) fn start(tools: &Tools, group: &mut Group) -> Result<()> {
    let folder = group.place().folder().join("redis");
    fs::create_dir_all(&folder)?;
    let port = group.port("redis").to_string();
    let mut command = Command::new(&tools.redis_server);
    command
        .args(["--bind", "127.0.0.1", "--port", &port, "--daemonize", "no"])
        .args(["--appendonly", "yes", "--save", "", "--dir"])
        .arg(&folder);
    group.start("redis", &mut command)
}

pub(super) fn wait_until_ready(group: &mut Group) -> Result<()> {
    let port = group.port("redis");
    group.wait_until_ready("redis", READY, || ready::redis(port))
}
