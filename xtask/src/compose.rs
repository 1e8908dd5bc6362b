//! `docker-compose.yml`, read by Debian's docker-compose: with every profile, with what
//! `deploy/env.example` lists, and refused where something of that is missing. And the image's
//! build: it is given every crate.

use std::fs;
use std::process::Command;

use anyhow::{Context as _, Result, bail};

use crate::checkout::Checkout;
use crate::tools;
use crate::workspace::Workspace;

/// A file in `.dev/` that sets nothing, so that a `.env` in the checkout is not read;
/// docker-compose takes no device in its place.
const NO_VARIABLES: &str = "compose.env";
const PROFILES: [&str; 2] = ["observability", "operators"];

/// Checks it.
pub(crate) fn check(checkout: &Checkout) -> Result<()> {
    image(checkout)?;
    tools::install_docker_compose(checkout)?;
    fs::create_dir_all(checkout.dev())?;
    fs::write(checkout.dev().join(NO_VARIABLES), "")?;
    let required = required(checkout)?;
    if let Err(said) = config(checkout, &required) {
        bail!("docker-compose refuses docker-compose.yml: {said}");
    }
    for left_out in &required {
        let others: Vec<String> = required
            .iter()
            .filter(|name| *name != left_out)
            .cloned()
            .collect();
        match config(checkout, &others) {
            Err(said) if said.contains(left_out) => {}
            Err(said) => bail!("without {left_out} docker-compose says: {said}"),
            Ok(()) => bail!("docker-compose.yml does without {left_out}"),
        }
    }
    println!(
        "docker-compose.yml is accepted, and asks for {}",
        required.join(", ")
    );
    Ok(())
}

/// Fails where a crate is not let into the image's build, or not copied there.
fn image(checkout: &Checkout) -> Result<()> {
    let dockerfile = fs::read_to_string(checkout.file("deploy/Dockerfile"))?;
    let let_in = fs::read_to_string(checkout.file(".dockerignore"))?;
    for package in Workspace::read(checkout, "Cargo.toml")?.packages {
        let source = package.targets.first().context("a target")?;
        let below = source.src_path.strip_prefix(checkout.root())?;
        let folder = below.iter().next().context("a folder")?;
        let folder = folder.to_string_lossy();
        for (file, text, line) in [
            (
                "deploy/Dockerfile",
                &dockerfile,
                format!("COPY {folder} {folder}"),
            ),
            (".dockerignore", &let_in, format!("!{folder}")),
        ] {
            if !text.lines().any(|found| found == line) {
                bail!(
                    "{file} lacks the line `{line}`: the image cannot be built without that crate"
                );
            }
        }
    }
    Ok(())
}

/// The variables that `docker-compose.yml` asks for; each stands in `deploy/env.example`.
fn required(checkout: &Checkout) -> Result<Vec<String>> {
    let compose = fs::read_to_string(checkout.file("docker-compose.yml"))?;
    let example = fs::read_to_string(checkout.file("deploy/env.example"))?;
    let mut names: Vec<String> = compose
        .split("${")
        .filter_map(|after| after.split_once(":?"))
        .map(|(name, _)| name.to_owned())
        .filter(|name| !name.contains('}'))
        .collect();
    names.sort();
    names.dedup();
    for name in &names {
        let is_listed = example
            .lines()
            .any(|line| line.starts_with(&format!("{name}=")));
        if !is_listed {
            bail!("deploy/env.example lacks {name}, which docker-compose.yml asks for");
        }
    }
    Ok(names)
}

/// Reads it with these variables set and no other; what was said where it is refused.
fn config(checkout: &Checkout, variables: &[String]) -> std::result::Result<(), String> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let mut command = Command::new("docker-compose");
    command
        .current_dir(checkout.root())
        .env_clear()
        .env("PATH", path);
    for profile in PROFILES {
        command.args(["--profile", profile]);
    }
    let output = command
        .arg("--env-file")
        .arg(checkout.dev().join(NO_VARIABLES))
        .args(["config", "--quiet"])
        .envs(variables.iter().map(|name| (name, "x")))
        .output()
        .context("cannot start docker-compose")
        .map_err(|error| format!("{error:#}"))?;
    if output.status.success() {
        return Ok(());
    }
    Err(String::from_utf8_lossy(&output.stderr).into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_image_is_given_every_crate() {
        image(&Checkout::find().unwrap()).unwrap();
    }
}
