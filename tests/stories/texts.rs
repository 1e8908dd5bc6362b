//! What people read stands in the texts of both languages and nowhere in the code: every text
//! that is said exists, every text is said by somebody, and no sentence hides in a string.

use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
    sync::LazyLock,
};

use regex::Regex;

/// Where something is said to people.
const SPEAKERS: [&str; 4] = ["common/src", "ingest/src", "ops/src", "worker/src"];
/// Names that are put together: a list's word and what is said about it.
const LISTS: [&str; 3] = ["project", "workspace", "tasks"];
const ABOUT_LISTS: [&str; 3] = ["choose", "unknown", "none"];
/// Strings with letters of people that are no sentences: how a command is typed, and a number.
const TYPED: [&str; 4] = ["más", "🔟", "VERIFY ••••••", "VERIFICAR ••••••"];

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

/// Every file of a folder's code, without its tests.
fn code(folder: &Path) -> Vec<(PathBuf, String)> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files.extend(code(&path));
        } else if path.extension().is_some_and(|name| name == "rs") && !path.ends_with("tests.rs") {
            let text = fs::read_to_string(&path).unwrap();
            let text = text.split("\n#[cfg(test)]").next().unwrap().to_owned();
            files.push((path, text));
        }
    }
    files
}

fn all_code() -> Vec<(PathBuf, String)> {
    let folders = SPEAKERS.iter().map(|folder| root().join(folder));
    folders.flat_map(|folder| code(&folder)).collect()
}

/// The texts' names, without those that only stand in others.
fn texts() -> BTreeSet<String> {
    static NAME: LazyLock<Regex> = LazyLock::new(|| Regex::new(r"(?m)^([a-z-]+) =").unwrap());
    let english = fs::read_to_string(root().join("common/texts/en.ftl")).unwrap();
    let names = NAME.captures_iter(&english).map(|name| name[1].to_owned());
    names
        .filter(|name| !english.contains(&format!("{{ {name} }}")))
        .collect()
}

/// The strings of a file, outside comments.
fn strings(code: &str) -> Vec<String> {
    static STRING: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(r#"(?s)//[^\n]*|'(?:\\.|[^\\'])'|"((?:\\.|[^"\\])*)""#).unwrap()
    });
    let found = STRING.captures_iter(code);
    found
        .filter_map(|found| found.get(1))
        .map(|text| text.as_str().to_owned())
        .collect()
}

#[test]
fn every_text_that_is_said_exists_and_every_text_is_said() {
    static SAID: LazyLock<Regex> = LazyLock::new(|| Regex::new(r#"\bsay\(\s*"([^"]+)""#).unwrap());
    let texts = texts();
    assert!(texts.len() > 60, "{}", texts.len());
    let mut mentioned = BTreeSet::new();
    for (path, code) in all_code() {
        for said in SAID.captures_iter(&code) {
            assert!(texts.contains(&said[1]), "{}: {}", path.display(), &said[1]);
        }
        mentioned.extend(strings(&code));
    }
    for list in LISTS {
        mentioned.extend(ABOUT_LISTS.map(|about| format!("{list}-{about}")));
    }
    let silent: Vec<_> = texts.difference(&mentioned).collect();
    assert!(silent.is_empty(), "nobody says {silent:?}");
}

#[test]
fn no_sentence_for_people_hides_in_the_code() {
    let mut hidden = Vec::new();
    for (path, code) in all_code() {
        for text in strings(&code) {
            // Marks of punctuation are no words.
            let foreign = text
                .chars()
                .any(|c| c > '\u{2190}' || !c.is_ascii() && c.is_alphabetic());
            if foreign && !TYPED.contains(&text.as_str()) {
                hidden.push(format!("{}: {text}", path.display()));
            }
        }
    }
    assert!(hidden.is_empty(), "{hidden:#?}");
}
