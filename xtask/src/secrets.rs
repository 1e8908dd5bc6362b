//! Passwords and keys of one place, made up on first use and readable by its owner only.

use std::fs;
use std::io::{Read as _, Write as _};
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::Path;

use anyhow::{Context as _, Result};
use serde::{Deserialize, Serialize};

/// Made-up secrets: they open nothing but what runs on this machine.
#[derive(Serialize, Deserialize)]
pub(crate) struct Secrets {
    pub(crate) postgres_password: String,
    pub(crate) focobot_password: String,
    pub(crate) foco_secret: String,
    pub(crate) supabase_jwt_secret: String,
    pub(crate) twilio_account_sid: String,
    pub(crate) twilio_auth_token: String,
}

impl Secrets {
    /// Reads them from `path`, or makes them up and writes them there.
    pub(crate) fn load(path: &Path) -> Result<Self> {
        if let Ok(text) = fs::read_to_string(path) {
            return serde_json::from_str(&text)
                .with_context(|| format!("{} is damaged: delete it", path.display()));
        }
        let secrets = Self::generate()?;
        write_private(path, &serde_json::to_string_pretty(&secrets)?)?;
        Ok(secrets)
    }

    fn generate() -> Result<Self> {
        Ok(Self {
            postgres_password: random_hex(24)?,
            focobot_password: random_hex(24)?,
            foco_secret: random_hex(32)?,
            supabase_jwt_secret: random_hex(32)?,
            twilio_account_sid: format!("AC{}", random_hex(16)?),
            twilio_auth_token: random_hex(16)?,
        })
    }
}

/// Writes a file that only its owner can read, whole or not at all.
pub(crate) fn write_private(path: &Path, text: &str) -> Result<()> {
    let unfinished = path.with_extension("tmp");
    let write = || -> std::io::Result<()> {
        let mut file = fs::OpenOptions::new()
            .write(true)
            .create(true)
            .truncate(true)
            .mode(0o600)
            .open(&unfinished)?;
        file.write_all(text.as_bytes())?;
        fs::rename(&unfinished, path)
    };
    write().with_context(|| format!("cannot write {}", path.display()))
}

fn random_hex(bytes: usize) -> Result<String> {
    let mut buffer = vec![0; bytes];
    fs::File::open("/dev/urandom")
        .and_then(|mut file| file.read_exact(&mut buffer))
        .context("cannot read /dev/urandom")?;
    Ok(hex::encode(buffer))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secrets_are_long_enough_and_never_the_same() {
        let (one, other) = (Secrets::generate().unwrap(), Secrets::generate().unwrap());
        assert_eq!(one.foco_secret.len(), 64);
        assert_eq!(one.twilio_account_sid.len(), 34);
        assert_ne!(one.foco_secret, other.foco_secret);
    }
}
