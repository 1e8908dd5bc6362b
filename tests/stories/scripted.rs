//! Conversations as people have them, one text file each in `conversations/`: what the person
//! writes and what the bot answers, held against the running system. `UPDATE_CONVERSATIONS=1`
//! writes the files anew; then read what changed.

mod person;
mod script;

use std::path::{Path, PathBuf};

use futures_util::{StreamExt, stream};
use harness::{Foco, Setup};

use self::{person::Person, script::Script};

/// Conversations that are had at the same time.
const AT_ONCE: usize = 6;
/// Fewer would mean that some were not found.
const FEWEST: usize = 75;

/// Every conversation, in the order of its name.
fn files() -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("stories/conversations");
    let entries = std::fs::read_dir(folder).unwrap();
    let mut files: Vec<PathBuf> = entries.map(|entry| entry.unwrap().path()).collect();
    files.retain(|path| path.extension().is_some_and(|extension| extension == "txt"));
    files.sort();
    files
}

on_each_foco! {
    every_conversation_goes_as_it_is_written_down,
}

async fn every_conversation_goes_as_it_is_written_down(foco: Foco) {
    let mut files = files();
    assert!(files.len() >= FEWEST, "{} conversations", files.len());
    if foco == Foco::B {
        // It has no guests.
        files.retain(|path| !path.to_string_lossy().ends_with("-guest.txt"));
    }
    let setup = Setup::on(foco).with("RATE_LIMIT_PER_MINUTE", "1000");
    let world = setup.start().await;
    let conversations = files.iter().enumerate().map(|(number, path)| {
        let world = &world;
        async move {
            let written = std::fs::read_to_string(path).unwrap();
            let mut script = Script::parse(&written);
            Person::new(world, number).lives(&mut script).await;
            (path, written, script.to_string())
        }
    });
    let had: Vec<_> = stream::iter(conversations)
        .buffered(AT_ONCE)
        .collect()
        .await;
    let update = std::env::var_os("UPDATE_CONVERSATIONS").is_some() && foco == Foco::StandIn;
    let mut different = Vec::new();
    for (path, written, said) in had {
        if update {
            std::fs::write(path, &said).unwrap();
        } else if written != said {
            different.push(format!("{}, as it went:\n{said}", path.display()));
        }
    }
    assert!(different.is_empty(), "{}", different.join("\n"));
    world.ends_clean().await;
}
