//! Writes down what this release asks of its database: the text of every checked statement, from
//! `.sqlx`, and the version of every migration.

use std::{env, fmt::Write as _, fs, path::Path};

use anyhow::Context as _;
use serde::Deserialize;

/// What can be prepared; the rest names nothing of the schema.
const PREPARED: [&str; 5] = ["select", "insert", "update", "delete", "with"];

#[derive(Deserialize)]
struct Described {
    query: String,
}

fn main() -> anyhow::Result<()> {
    let root = Path::new("..");
    let (mut statements, mut versions) = (Vec::new(), Vec::new());
    for (path, text) in files(&root.join(".sqlx"), "json")? {
        let described: Described = serde_json::from_str(&text).context(path)?;
        let first = described.query.split_whitespace().next();
        if first.is_some_and(|word| PREPARED.contains(&word.to_lowercase().as_str())) {
            statements.push(described.query);
        }
    }
    for (name, _) in files(&root.join("migrations"), "sql")? {
        let version = name.split('_').next().unwrap_or_default();
        versions.push(version.parse::<i64>().with_context(|| name.clone())?);
    }
    statements.sort_unstable();
    versions.sort_unstable();
    let mut code = String::from("const STATEMENTS: &[&str] = &[\n");
    for statement in statements {
        writeln!(code, "    {statement:?},")?;
    }
    writeln!(code, "];\nconst MIGRATIONS: &[i64] = &[")?;
    for version in versions {
        writeln!(code, "    {},", by_thousands(version))?;
    }
    writeln!(code, "];")?;
    #[expect(clippy::disallowed_methods, reason = "Cargo says so where to write")]
    let folder = env::var("OUT_DIR")?;
    fs::write(Path::new(&folder).join("asked.rs"), code)?;
    Ok(())
}

/// A number as clippy wants long ones written.
fn by_thousands(number: i64) -> String {
    match number / 1000 {
        0 => number.to_string(),
        above => format!("{}_{:03}", by_thousands(above), number % 1000),
    }
}

/// The files of a folder with that ending: name and text. A folder that is being made anew may be
/// missing.
fn files(folder: &Path, ending: &str) -> anyhow::Result<Vec<(String, String)>> {
    println!("cargo::rerun-if-changed={}", folder.display());
    let Ok(entries) = fs::read_dir(folder) else {
        return Ok(Vec::new());
    };
    let mut found = Vec::new();
    for entry in entries {
        let path = entry?.path();
        if path.extension().is_some_and(|found| found == ending) {
            let name = path.file_name().unwrap_or_default().to_string_lossy();
            found.push((name.into_owned(), fs::read_to_string(&path)?));
        }
    }
    Ok(found)
}
