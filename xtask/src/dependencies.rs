//! Dependencies that nothing uses: of each crate, of its tests and its build script, and those that
//! the workspace declares for nobody. cargo-machete looks at the first kind only.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Result, bail};

use crate::checkout::Checkout;
use crate::source::{Token, modules, tokens};
use crate::workspace::{Dependency, DependencyKind, Kind, Package, Workspace};

/// The workspace, and those that need another compiler.
const MANIFESTS: [&str; 3] = [
    "Cargo.toml",
    "ingest/fuzz/Cargo.toml",
    "parser/fuzz/Cargo.toml",
];

/// Fails where something is declared and not used.
pub(crate) fn check(checkout: &Checkout) -> Result<()> {
    let (mut unused, mut count) = (Vec::new(), 0);
    let mut declared = BTreeSet::new();
    for manifest in MANIFESTS {
        let workspace = Workspace::read(checkout, manifest)?;
        for package in &workspace.packages {
            let used = Used::of(package)?;
            count += package.dependencies.len();
            for dependency in &package.dependencies {
                if manifest == MANIFESTS[0] {
                    declared.insert(dependency.name.clone());
                }
                let name = name_in_sources(dependency, &workspace);
                unused.extend(used.fault(&package.name, dependency, &name));
            }
        }
    }
    let manifest = fs::read_to_string(checkout.file(MANIFESTS[0]))?;
    let of_nobody = of_workspace(&manifest).filter(|name| !declared.contains(*name));
    unused.extend(of_nobody.map(|name| format!("the workspace declares {name} for no crate")));
    if !unused.is_empty() {
        bail!("unused dependencies:\n  {}", unused.join("\n  "));
    }
    println!("{count} dependencies are declared, and used where they are");
    Ok(())
}

/// Under what name a crate's sources use it.
fn name_in_sources(dependency: &Dependency, workspace: &Workspace) -> String {
    let ours = workspace
        .packages
        .iter()
        .find(|package| package.name == dependency.name);
    match (&dependency.rename, ours) {
        (Some(name), _) => name.replace('-', "_"),
        (None, Some(package)) => package.library(),
        (None, None) => dependency.name.replace('-', "_"),
    }
}

/// The names that the workspace declares.
fn of_workspace(manifest: &str) -> impl Iterator<Item = &str> {
    let section = manifest
        .lines()
        .skip_while(|line| *line != "[workspace.dependencies]")
        .skip(1)
        .take_while(|line| !line.starts_with('['));
    section.filter_map(|line| Some(line.split_once(" = ")?.0))
}

/// The sources of a crate, by what they are for.
struct Used {
    program: Vec<Token>,
    tests: Vec<Token>,
    build: Vec<Token>,
}

impl Used {
    fn of(package: &Package) -> Result<Self> {
        let mut used = Self {
            program: Vec::new(),
            tests: Vec::new(),
            build: Vec::new(),
        };
        for target in package.targets(&[Kind::Lib, Kind::Bin]) {
            for module in modules(&target.src_path)? {
                used.program.extend(module.program);
                used.tests.extend(module.tests);
            }
        }
        for target in package.targets(&[Kind::Test, Kind::Bench, Kind::Example]) {
            let folder = target.src_path.parent().unwrap_or(&target.src_path);
            for file in sources(folder)? {
                used.tests.extend(tokens(&fs::read_to_string(file)?));
            }
        }
        for target in package.targets(&[Kind::CustomBuild]) {
            used.build
                .extend(tokens(&fs::read_to_string(&target.src_path)?));
        }
        Ok(used)
    }

    /// What is wrong with that line of the crate's manifest, if anything.
    fn fault(&self, package: &str, dependency: &Dependency, name: &str) -> Option<String> {
        let Dependency {
            name: declared,
            kind,
            ..
        } = dependency;
        let (where_to, section) = match kind {
            None => (&self.program, "dependencies"),
            Some(DependencyKind::Dev) => (&self.tests, "dev-dependencies"),
            Some(DependencyKind::Build) => (&self.build, "build-dependencies"),
        };
        if names(where_to, name) {
            return None;
        }
        let but = if kind.is_none() && names(&self.tests, name) {
            ": only its tests use it"
        } else {
            ""
        };
        Some(format!("{package} has {declared} in [{section}]{but}"))
    }
}

/// Whether a crate is named: at the beginning of a path, or imported as a whole.
fn names(tokens: &[Token], name: &str) -> bool {
    tokens.iter().enumerate().any(|(at, token)| {
        token.is_word(name)
            && !is_inside_path(&tokens[..at])
            && match tokens.get(at + 1) {
                Some(Token::Separator) => true,
                Some(Token::Sign(';')) => at > 0 && tokens[at - 1].is_word("use"),
                Some(next) => next.is_word("as") && at > 0 && tokens[at - 1].is_word("use"),
                None => false,
            }
    })
}

/// Whether what comes next goes on with a path: `a::` does, and a `::` with nothing before it does
/// not.
fn is_inside_path(before: &[Token]) -> bool {
    match before {
        [.., Token::Word(word), Token::Separator] => word != "use",
        [.., Token::Sign('>'), Token::Separator] | [.., Token::Sign('.')] => true,
        _ => false,
    }
}

/// The sources in a folder and those in it.
fn sources(folder: &Path) -> Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            found.extend(sources(&path)?);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            found.push(path);
        }
    }
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn used(program: &str, tests: &str) -> Used {
        Used {
            program: tokens(program),
            tests: tokens(tests),
            build: Vec::new(),
        }
    }

    fn fault(used: &Used, name: &str, kind: Option<DependencyKind>) -> Option<String> {
        let dependency = Dependency {
            name: name.to_owned(),
            kind,
            rename: None,
        };
        used.fault("ours", &dependency, &name.replace('-', "_"))
    }

    #[test]
    fn what_no_source_names_is_unused() {
        let used = used("use serde_json::json; // hex::encode", "");
        assert_eq!(fault(&used, "serde-json", None), None);
        let said = fault(&used, "hex", None).expect("a fault");
        assert_eq!(said, "ours has hex in [dependencies]");
    }

    #[test]
    fn what_only_tests_use_belongs_to_the_tests() {
        let used = used("fn main() {}", "use rand as dice;");
        let said = fault(&used, "rand", None).expect("a fault");
        assert!(said.ends_with("only its tests use it"), "{said}");
        assert_eq!(fault(&used, "rand", Some(DependencyKind::Dev)), None);
        assert!(fault(&used, "rand", Some(DependencyKind::Build)).is_some());
    }

    #[test]
    fn a_module_of_ours_with_its_name_is_not_the_crate() {
        let tokens = tokens("use crate::metrics::counted; use {::hex::encode}; self.url::<A>()");
        assert!(!names(&tokens, "metrics"));
        assert!(names(&tokens, "hex"));
        assert!(!names(&tokens, "url"));
    }

    #[test]
    fn the_workspaces_own_list_is_read_to_its_end() {
        let manifest = "[workspace]\na = 1\n[workspace.dependencies]\n# b\nserde = { x }\n\n\
                        hex = \"1\"\n[profile.dev]\ndebug = 1\n";
        let names: Vec<&str> = of_workspace(manifest).collect();
        assert_eq!(names, ["serde", "hex"]);
    }
}
