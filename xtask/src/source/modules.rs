//! The files of a crate, each a module, from its root on along what it declares.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result};

use super::token::{Token, tokens};

/// A file of a crate.
#[derive(Debug)]
pub(crate) struct Module {
    /// From the root on, whose own path is empty.
    pub(crate) path: Vec<String>,
    /// What it has outside of its tests.
    pub(crate) program: Vec<Token>,
    /// Its tests; all of it where it is only there for tests.
    pub(crate) tests: Vec<Token>,
}

/// All files of the crate with that root, each after the one that declares it.
pub(crate) fn modules(root: &Path) -> Result<Vec<Module>> {
    let folder = root.parent().context("a root without a folder")?;
    let mut found = Vec::new();
    read(root, folder, &[], false, &mut found)?;
    Ok(found)
}

fn read(
    file: &Path,
    folder: &Path,
    path: &[String],
    is_test: bool,
    found: &mut Vec<Module>,
) -> Result<()> {
    let text = fs::read_to_string(file).with_context(|| file.display().to_string())?;
    let (program, tests) = apart(tokens(&text), is_test);
    let declared: Vec<(String, bool)> = declared(&program)
        .map(|name| (name, false))
        .chain(declared(&tests).map(|name| (name, true)))
        .collect();
    found.push(Module {
        path: path.to_vec(),
        program,
        tests,
    });
    for (name, is_test) in declared {
        let Some(file) = file_of(folder, &name) else {
            continue;
        };
        let inner = folder.join(&name);
        let path = [path, &[name]].concat();
        read(&file, &inner, &path, is_test, found)?;
    }
    Ok(())
}

/// The file of a declared module; none where an attribute says that it lies elsewhere.
fn file_of(folder: &Path, name: &str) -> Option<PathBuf> {
    let beside = folder.join(format!("{name}.rs"));
    let inside = folder.join(name).join("mod.rs");
    [beside, inside].into_iter().find(|file| file.is_file())
}

/// The modules that are declared as files of their own.
fn declared(tokens: &[Token]) -> impl Iterator<Item = String> {
    tokens.windows(3).filter_map(|three| match three {
        [word, Token::Word(name), Token::Sign(';')] if word.is_word("mod") => Some(name.clone()),
        _ => None,
    })
}

/// The program, and what stands under `#[cfg(test)]`.
fn apart(tokens: Vec<Token>, is_test: bool) -> (Vec<Token>, Vec<Token>) {
    if is_test {
        return (Vec::new(), tokens);
    }
    let (mut program, mut tests) = (Vec::new(), Vec::new());
    let mut rest = tokens.as_slice();
    while let Some(first) = rest.first() {
        if is_cfg_test(rest) {
            let (item, after) = rest.split_at(item_length(rest));
            tests.extend_from_slice(item);
            rest = after;
        } else {
            program.push(first.clone());
            rest = &rest[1..];
        }
    }
    (program, tests)
}

fn is_cfg_test(tokens: &[Token]) -> bool {
    matches!(
        tokens,
        [Token::Sign('#'), Token::Sign('['), cfg, Token::Sign('('), test, Token::Sign(')'), Token::Sign(']'), ..]
            if cfg.is_word("cfg") && test.is_word("test")
    )
}

/// An item with its attributes: to the first semicolon or the end of the first block.
fn item_length(tokens: &[Token]) -> usize {
    let mut depth = 0_usize;
    for (at, token) in tokens.iter().enumerate() {
        match token {
            Token::Sign('(' | '[' | '{') => depth += 1,
            Token::Sign(')' | ']') => depth = depth.saturating_sub(1),
            Token::Sign('}') => {
                depth = depth.saturating_sub(1);
                if depth == 0 {
                    return at + 1;
                }
            }
            Token::Sign(';') if depth == 0 => return at + 1,
            _ => {}
        }
    }
    tokens.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(tokens: &[Token]) -> Vec<&str> {
        tokens.iter().filter_map(Token::word).collect()
    }

    #[test]
    fn tests_stand_apart_from_the_program() {
        let text = "use a; #[cfg(test)] #[derive(B)] mod tests { use c; fn d() {} } fn e() {}
            #[cfg(test)] mod f; #[cfg(unix)] mod g;";
        let (program, tests) = apart(tokens(text), false);
        assert_eq!(
            words(&program),
            ["use", "a", "fn", "e", "cfg", "unix", "mod", "g"]
        );
        assert_eq!(declared(&program).collect::<Vec<_>>(), ["g"]);
        assert_eq!(declared(&tests).collect::<Vec<_>>(), ["f"]);
        assert!(words(&tests).contains(&"d"));
    }
}
