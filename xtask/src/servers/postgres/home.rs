//! Who PostgreSQL runs as, and where its data can lie: it refuses to run as root, and another
//! user may have no way into the checkout.

use std::fs::{self, DirBuilder};
use std::os::unix::fs::{DirBuilderExt as _, MetadataExt as _, chown, symlink};
use std::os::unix::process::CommandExt as _;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context as _, Result, bail};
use nix::unistd::User;

use crate::command;
use crate::environment;
use crate::server_folder::ServerFolder;

/// The folder that holds the cluster, and the user who owns it.
pub(super) struct Home {
    folder: PathBuf,
    user: Option<User>,
}

impl Home {
    /// The `postgres` folder of a place; for another user than ourselves a link to a folder that
    /// this user can reach, where it cannot reach the place.
    pub(super) fn find(place: &ServerFolder) -> Result<Self> {
        let user = if environment::is_root() {
            Some(server_user()?)
        } else {
            None
        };
        let folder = place.folder().join("postgres");
        let Some(user) = user else {
            make(&folder)?;
            return Ok(Self { folder, user: None });
        };
        if !folder.is_symlink() && reaches(&user, place.folder()) {
            make(&folder)?;
            chown(&folder, Some(user.uid.as_raw()), Some(user.gid.as_raw()))?;
            return Ok(Self {
                folder,
                user: Some(user),
            });
        }
        let elsewhere = PathBuf::from(format!("/var/tmp/focobot-{:016x}", hash(place.folder())));
        make_elsewhere(&elsewhere, &user)?;
        if !folder.is_symlink() {
            // An empty folder at most: had it held data, the user would have reached it.
            let _ = fs::remove_dir(&folder);
            symlink(&elsewhere, &folder)?;
            eprintln!(
                "The user {} cannot enter {}:\nPostgreSQL's data lie in {}",
                user.name,
                place.folder().display(),
                elsewhere.display()
            );
        }
        Ok(Self {
            folder: elsewhere,
            user: Some(user),
        })
    }

    pub(super) fn folder(&self) -> &Path {
        &self.folder
    }

    pub(super) fn data(&self) -> PathBuf {
        self.folder.join("data")
    }

    /// A command run as the owner, from a folder that anybody may be in.
    pub(super) fn command(&self, program: &Path) -> Command {
        let mut command = Command::new(program);
        command.current_dir("/");
        if let Some(user) = &self.user {
            become_user(&mut command, user);
        }
        command
    }

    /// Gives a file to the owner.
    pub(super) fn give(&self, path: &Path) -> Result<()> {
        if let Some(user) = &self.user {
            chown(path, Some(user.uid.as_raw()), Some(user.gid.as_raw()))?;
        }
        Ok(())
    }
}

fn server_user() -> Result<User> {
    User::from_name("postgres")?.context(
        "PostgreSQL does not run as root, and there is no user postgres: \
         `useradd --system postgres`, then call this again",
    )
}

fn become_user(command: &mut Command, user: &User) {
    command
        .uid(user.uid.as_raw())
        .gid(user.gid.as_raw())
        .env("HOME", "/");
}

/// Whether a user can enter a folder: asked by trying, since every folder above counts.
fn reaches(user: &User, folder: &Path) -> bool {
    let mut test = Command::new("test");
    test.current_dir("/").arg("-x").arg(folder);
    become_user(&mut test, user);
    command::output(&mut test).is_ok()
}

fn make(folder: &Path) -> Result<()> {
    if folder.is_dir() {
        return Ok(());
    }
    DirBuilder::new()
        .mode(0o700)
        .create(folder)
        .with_context(|| format!("cannot make {}", folder.display()))
}

/// Makes a folder where everybody may make folders: one that is there already must be the user's.
fn make_elsewhere(folder: &Path, user: &User) -> Result<()> {
    match fs::symlink_metadata(folder) {
        Ok(found) if found.is_dir() && found.uid() == user.uid.as_raw() => Ok(()),
        Ok(_) => bail!("{} belongs to somebody else: remove it", folder.display()),
        Err(_) => {
            DirBuilder::new()
                .mode(0o700)
                .create(folder)
                .with_context(|| format!("cannot make {}", folder.display()))?;
            chown(folder, Some(user.uid.as_raw()), Some(user.gid.as_raw()))?;
            Ok(())
        }
    }
}

/// FNV-1a: the same number for the same path with every compiler, which the standard library's
/// hash does not promise.
fn hash(path: &Path) -> u64 {
    path.as_os_str()
        .as_encoded_bytes()
        .iter()
        .fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
            (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3)
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_checkouts_have_two_folders() {
        assert_ne!(hash(Path::new("/root/one")), hash(Path::new("/root/two")));
        assert_eq!(hash(Path::new("")), 0xcbf2_9ce4_8422_2325);
    }
}
