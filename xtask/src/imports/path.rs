//! The paths that a source names, and the module that each of them leads to.

use std::collections::{BTreeMap, BTreeSet};

use crate::source::Token;

/// From a crate's root on.
pub(super) type Path = Vec<String>;

/// What `use` brings into a module, by its path there.
pub(super) type Names = BTreeMap<Path, Path>;

/// What is found in a source.
#[derive(Debug, Default)]
pub(super) struct Found {
    pub(super) paths: Vec<Path>,
    pub(super) names: Names,
}

/// Reads the source of a module.
pub(super) fn read(tokens: &[Token], module: &[String]) -> Found {
    let mut reader = Reader {
        scopes: vec![(0, module.to_vec())],
        depth: 0,
        found: Found::default(),
    };
    let mut at = 0;
    while at < tokens.len() {
        at += reader.step(
            &tokens[at..],
            at.checked_sub(1).map(|before| &tokens[before]),
        );
    }
    reader.found
}

/// The module that holds what a path names.
pub(super) fn module_of(
    path: &[String],
    modules: &BTreeSet<&[String]>,
    names: &Names,
) -> Option<Path> {
    let mut path = path.to_vec();
    // A re-export of a re-export ends somewhere; a crate that compiles has no endless one.
    for _ in 0..16 {
        let length = (0..=path.len())
            .rev()
            .find(|length| modules.contains(&path[..*length]))?;
        let renamed =
            (length + 1..=path.len()).find_map(|end| Some((end, names.get(&path[..end])?)));
        match renamed {
            Some((end, target)) if target[..] != path[..end] => {
                path = [target, &path[end..]].concat();
            }
            _ => return Some(path[..length].to_vec()),
        }
    }
    None
}

struct Reader {
    /// The module itself and the blocks in it that are modules, each with the depth of its braces.
    scopes: Vec<(usize, Path)>,
    depth: usize,
    found: Found,
}

impl Reader {
    /// Takes what begins here; returns of how many tokens.
    fn step(&mut self, tokens: &[Token], before: Option<&Token>) -> usize {
        match tokens {
            [word, Token::Word(name), Token::Sign('{'), ..] if word.is_word("mod") => {
                self.depth += 1;
                let path = [self.scope(), std::slice::from_ref(name)].concat();
                self.scopes.push((self.depth, path));
                3
            }
            [word, ..] if word.is_word("use") => {
                let end = tokens.iter().position(|token| *token == Token::Sign(';'));
                let end = end.unwrap_or(tokens.len());
                self.used(&tokens[1..end], &[]);
                end
            }
            [Token::Word(_), Token::Separator, ..]
                if !matches!(before, Some(Token::Separator | Token::Sign('.'))) =>
            {
                let (path, length) = words(tokens);
                let path = self.absolute(&path);
                self.found.paths.push(path);
                length
            }
            [Token::Sign('{'), ..] => {
                self.depth += 1;
                1
            }
            [Token::Sign('}'), ..] => {
                if self.scopes.len() > 1
                    && self.scopes.last().is_some_and(|(at, _)| *at == self.depth)
                {
                    self.scopes.pop();
                }
                self.depth = self.depth.saturating_sub(1);
                1
            }
            _ => 1,
        }
    }

    fn scope(&self) -> &[String] {
        self.scopes.last().map_or(&[], |(_, path)| path)
    }

    /// Takes one tree of a `use`; returns of how many tokens.
    fn used(&mut self, tokens: &[Token], prefix: &[String]) -> usize {
        let (path, mut at) = words(tokens);
        let mut path = [prefix, &path].concat();
        match tokens.get(at) {
            Some(Token::Sign('{')) => {
                at += 1;
                while at < tokens.len() && tokens[at] != Token::Sign('}') {
                    at += self.used(&tokens[at..], &path);
                    at += usize::from(tokens.get(at) == Some(&Token::Sign(',')));
                }
                return at + 1;
            }
            Some(Token::Sign('*')) => {
                let path = self.absolute(&path);
                self.found.paths.push(path);
                return at + 1;
            }
            _ => {}
        }
        if path.last().is_some_and(|last| last == "self") && path.len() > 1 {
            path.pop();
        }
        let mut name = path.last().cloned();
        if tokens.get(at).is_some_and(|token| token.is_word("as")) {
            name = tokens.get(at + 1).and_then(Token::word).map(str::to_owned);
            at += 2;
        }
        let path = self.absolute(&path);
        if let Some(name) = name {
            let here = [self.scope(), &[name]].concat();
            self.found.names.insert(here, path.clone());
        }
        self.found.paths.push(path);
        at.max(1)
    }

    /// From the crate's root on. What begins with another crate's name stays in this module, where
    /// nothing has that name.
    fn absolute(&self, path: &[String]) -> Path {
        let mut base = self.scope().to_vec();
        let mut rest = path;
        while let [first, after @ ..] = rest {
            match first.as_str() {
                "crate" => base.clear(),
                "self" => {}
                "super" => {
                    base.pop();
                }
                _ => break,
            }
            rest = after;
        }
        [base.as_slice(), rest].concat()
    }
}

/// The words of a path that begins here, and of how many tokens they are, with a separator behind
/// the last.
fn words(tokens: &[Token]) -> (Path, usize) {
    let mut path = Path::new();
    let mut at = 0;
    if tokens.first() == Some(&Token::Separator) {
        at = 1;
    }
    while let Some(word) = tokens.get(at).and_then(Token::word) {
        path.push(word.to_owned());
        at += 1;
        if tokens.get(at) != Some(&Token::Separator) {
            break;
        }
        at += 1;
    }
    (path, at)
}
