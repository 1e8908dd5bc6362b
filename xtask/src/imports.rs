//! Modules that import each other in a circle: none can be understood, or changed, without all of
//! them. A module may import what is inside it and what it is inside of; among all others there is
//! no circle. A re-export leads to where the thing is, and tests may import what they like.

mod circle;
mod path;

use std::cmp::Ordering;
use std::collections::{BTreeMap, BTreeSet};

use anyhow::{Result, bail};

use crate::checkout::Checkout;
use crate::source::{Module, modules};
use crate::workspace::{Kind, Workspace};

use self::path::{Names, Path};

/// How many a crate still has. The numbers only go down: fewer than it says here fails, too.
const KNOWN: [(&str, usize); 1] = [("parser", 5)];

/// Fails where there is a circle in a crate, with what leads round it.
pub(crate) fn check(checkout: &Checkout) -> Result<()> {
    let (mut faults, mut circles, mut count) = (Vec::new(), 0, 0);
    for package in Workspace::read(checkout, "Cargo.toml")?.packages {
        for target in package.targets(&[Kind::Lib, Kind::Bin]) {
            let modules = modules(&target.src_path)?;
            count += modules.len();
            let imports = Imports::of(&modules);
            let found = circle::find(&imports.0);
            circles += found.len();
            let known = KNOWN.iter().find(|(name, _)| *name == target.name);
            let known = known.map_or(0, |(_, known)| *known);
            match found.len().cmp(&known) {
                Ordering::Less => faults.push(format!(
                    "  {} has {}, and {known} in `KNOWN`: lower it",
                    target.name,
                    found.len()
                )),
                Ordering::Equal => {}
                Ordering::Greater => faults.extend(
                    found
                        .iter()
                        .map(|circle| imports.describe(&target.name, circle)),
                ),
            }
        }
    }
    if !faults.is_empty() {
        bail!("circles of imports:\n{}", faults.join("\n"));
    }
    println!("{count} modules, {circles} circles of imports, all known");
    Ok(())
}

/// What each module imports, but for what is inside it and what it is inside of.
struct Imports(BTreeMap<Path, BTreeSet<Path>>);

impl Imports {
    fn of(modules: &[Module]) -> Self {
        let paths: BTreeSet<&[String]> = modules.iter().map(|module| &*module.path).collect();
        let read: Vec<_> = modules
            .iter()
            .map(|module| (&module.path, path::read(&module.program, &module.path)))
            .collect();
        let names: Names = read
            .iter()
            .flat_map(|(_, found)| found.names.clone())
            .collect();
        let imports = read.iter().map(|(from, found)| {
            let targets = found.paths.iter();
            let targets = targets.filter_map(|path| path::module_of(path, &paths, &names));
            let others = targets.filter(|to| !to.starts_with(from) && !from.starts_with(to));
            ((*from).clone(), others.collect())
        });
        Self(imports.collect())
    }

    fn describe(&self, target: &str, circle: &[Path]) -> String {
        let name = |path: &Path| format!("{target}::{}", path.join("::"));
        let lines = circle.iter().map(|from| {
            let imported = &self.0[from];
            let round: Vec<String> = circle
                .iter()
                .filter(|to| imported.contains(*to))
                .map(name)
                .collect();
            format!("    {} -> {}", name(from), round.join(", "))
        });
        let lines: Vec<String> = lines.collect();
        format!(
            "  {} modules of {target}:\n{}",
            circle.len(),
            lines.join("\n")
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::tokens;

    /// Circles of a crate of these modules.
    fn circles(files: &[(&str, &str)]) -> Vec<Vec<String>> {
        let modules: Vec<Module> = files
            .iter()
            .map(|(path, text)| Module {
                path: path
                    .split("::")
                    .filter(|name| !name.is_empty())
                    .map(str::to_owned)
                    .collect(),
                program: tokens(text),
                tests: Vec::new(),
            })
            .collect();
        let found = circle::find(&Imports::of(&modules).0);
        let name = |circle: &Vec<Path>| circle.iter().map(|path| path.join("::")).collect();
        found.iter().map(name).collect()
    }

    #[test]
    fn two_that_import_each_other_are_a_circle() {
        let found = circles(&[
            ("", "mod a; mod b; mod c; use a::A;"),
            ("a", "use crate::{b::B, c};"),
            ("b", "fn f() { crate::a::g() }"),
            ("c", "use std::fmt;"),
        ]);
        assert_eq!(found, [["a", "b"]]);
    }

    #[test]
    fn parents_and_children_may_import_each_other() {
        let found = circles(&[
            ("", "mod a; mod b; pub use a::inner::X;"),
            ("a", "pub mod inner; use inner::X; use crate::b::Y;"),
            ("a::inner", "use super::Z; use crate::Top;"),
            ("b", "use std::fmt;"),
        ]);
        assert_eq!(found, Vec::<Vec<String>>::new());
    }

    #[test]
    fn a_re_export_hides_no_circle() {
        let found = circles(&[
            ("", "mod a; mod b;"),
            (
                "a",
                "mod inner; pub(crate) use self::inner::{go, Other as Renamed};",
            ),
            ("a::inner", "use crate::b::B;"),
            ("b", "use crate::a; fn f() { a::go() }"),
        ]);
        assert_eq!(found, [["a::inner", "b"]]);
        let renamed = circles(&[
            ("", "mod a; mod b;"),
            ("a", "mod inner; pub(crate) use inner::Other as Renamed;"),
            ("a::inner", "use super::super::b::B;"),
            ("b", "use crate::a::Renamed;"),
        ]);
        assert_eq!(renamed, [["a::inner", "b"]]);
    }

    #[test]
    fn what_stands_in_a_block_of_a_file_is_the_files() {
        let found = circles(&[
            ("", "mod a; mod b;"),
            (
                "a",
                "pub mod names { use super::super::b::B; pub const C: u8 = 1; }",
            ),
            ("b", "use crate::a::names::C;"),
        ]);
        assert_eq!(found, [["a", "b"]]);
    }

    #[test]
    fn a_circle_may_be_long_and_each_is_told_once() {
        let found = circles(&[
            ("", "mod a; mod b; mod c; mod d; mod e;"),
            ("a", "use crate::b::B;"),
            ("b", "use crate::c::C;"),
            ("c", "use crate::a::A; use crate::d::D;"),
            ("d", "use super::e::E;"),
            ("e", "use super::d::D;"),
        ]);
        assert_eq!(found, [vec!["a", "b", "c"], vec!["d", "e"]]);
    }
}
