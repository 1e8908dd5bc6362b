//! For tests: what the migrations let a column hold, and what the statements of this crate make of
//! it. Held against each other as texts, so that no database is needed.

use std::{fs, path::Path};

/// A statement that changes where rows stand.
#[derive(Debug)]
struct Change {
    sql: String,
    /// The states that it looks for; none where the caller has.
    from: Vec<String>,
    /// The states that it writes; none where they are a parameter.
    to: Vec<String>,
}

/// The files of a folder with that ending, in the order of their names.
fn files(folder: &Path, ending: &str) -> Vec<String> {
    let entries = fs::read_dir(folder).expect("a folder of this repository");
    let mut paths: Vec<_> = entries.map(|entry| entry.unwrap().path()).collect();
    paths.retain(|path| path.extension().is_some_and(|found| found == ending));
    paths.sort();
    let texts = paths.iter().map(|path| fs::read_to_string(path).unwrap());
    texts.collect()
}

/// The words that the last check on a column lets through.
pub(crate) fn words_checked_in(table: &str, column: &str) -> Vec<String> {
    let check = format!("check ({column} in (");
    let begins = ["create", "alter"].map(|verb| format!("\n{verb} table {table}"));
    let migrations = files(Path::new("../migrations"), "sql").join("\n");
    let lists = migrations.split(";\n").filter_map(|statement| {
        let (before, list) = statement.split_once(&check)?;
        let is_meant = |begins: &String| {
            let after = format!("\n{before}")
                .rsplit_once(begins.as_str())?
                .1
                .to_owned();
            after.starts_with(char::is_whitespace).then_some(())
        };
        begins.iter().find_map(is_meant)?;
        Some(list.split_once(')')?.0)
    });
    let last = lists.last().unwrap_or_default();
    words(last).map(|(_, word)| word.to_owned()).collect()
}

/// The words in single quotes, each with what stands before it.
fn words(text: &str) -> impl Iterator<Item = (&str, &str)> {
    let quotes: Vec<usize> = text.match_indices('\'').map(|(at, _)| at).collect();
    let pairs: Vec<_> = quotes.chunks_exact(2).map(|c| (c[0], c[1])).collect();
    pairs
        .into_iter()
        .map(|(from, to)| (text[..from].trim_end(), &text[from + 1..to]))
}

/// The statements of this crate that change where rows of that table stand.
fn changes_of(table: &str) -> Vec<Change> {
    let folders = fs::read_dir("src")
        .unwrap()
        .map(|entry| entry.unwrap().path());
    let folders = folders.filter(|path| path.is_dir());
    let mut sources = files(Path::new("src"), "rs");
    sources.extend(folders.flat_map(|folder| files(&folder, "rs")));
    let update = format!("update {table}");
    let mut changes = Vec::new();
    for source in &sources {
        for (at, _) in source.match_indices(&update) {
            let statement = &source[at + update.len()..];
            if statement.starts_with(char::is_whitespace) {
                changes.extend(change(statement));
            }
        }
    }
    changes
}

/// Holds every such statement against a table of transitions; there are so many at least.
pub(crate) fn all_follow<S: Copy>(
    (table, at_least): (&str, usize),
    (states, word): (&[S], fn(S) -> &'static str),
    may_become: fn(S, S) -> bool,
) {
    let changes = changes_of(table);
    assert!(changes.len() >= at_least, "{changes:?}");
    let state = |named: &String| {
        let found = states.iter().find(|state| word(**state) == named);
        *found.unwrap_or_else(|| panic!("{named} is no state of {table}"))
    };
    for Change { sql, from, to } in &changes {
        for (from, to) in from
            .iter()
            .flat_map(|from| to.iter().map(move |to| (from, to)))
        {
            let may = may_become(state(from), state(to));
            assert!(may, "{from} to {to}: {sql}");
        }
    }
}

/// What a statement does with the state; `None` where it writes none.
fn change(source: &str) -> Option<Change> {
    let ends = ["returning", "\",\n", "\"\n", "\"#"].map(|end| source.find(end));
    let sql = &source[..ends.into_iter().flatten().min()?];
    let mut change = Change {
        sql: sql.to_owned(),
        from: Vec::new(),
        to: Vec::new(),
    };
    for (before, word) in words(sql) {
        let in_list = before.rsplit_once('(').map(|(before, _)| before.trim_end());
        let in_list = in_list.filter(|_| before.ends_with(['(', ',']));
        if before.ends_with(" then") || before.ends_with(" else") {
            change.to.push(word.to_owned());
        } else if let Some(before) = before.strip_suffix("state =") {
            let is_set = before.trim_end().ends_with("set") || before.trim_end().ends_with(',');
            let words = if is_set {
                &mut change.to
            } else {
                &mut change.from
            };
            words.push(word.to_owned());
        } else if in_list.is_some_and(|before| before.ends_with("state in")) {
            change.from.push(word.to_owned());
        }
    }
    (!change.to.is_empty()).then_some(change)
}

#[test]
fn a_statement_is_read_as_it_is_meant() {
    let read = |sql: &str| {
        let change = change(&format!("{sql}\",\n and state = 'beyond'")).unwrap();
        (change.from.join(" "), change.to.join(" "))
    };
    let plain = " set at = now(), state = 'b' where id = $1 and p.state in ('a', 'c')";
    assert_eq!(read(plain), ("a c".to_owned(), "b".to_owned()));
    let cases = " set state = case when state = 'a' then 'b' else 'c' end, word = case when
        word in ('x', 'y') then word end where $2 = 'z' returning state = 'beyond'";
    assert_eq!(read(cases), ("a".to_owned(), "b c".to_owned()));
}
