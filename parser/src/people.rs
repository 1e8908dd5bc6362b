//! Assignees: a member whose name a message connects with one item. Only the given members
//! count, and only where the name is meant for exactly one of them, whoever has read it.

use crate::lexicon::Class;
use crate::token::{Token, fold, tokenize};

/// The member who is asked to do what these tokens say, if one is.
pub(crate) fn assignee<'a>(tokens: &[Token], members: &'a [String]) -> Option<&'a String> {
    let mut found = members
        .iter()
        .filter(|name| is_asked(tokens, name, members));
    let first = found.next()?;
    found.next().is_none().then_some(first)
}

/// Whether a message that is said to mean this member cannot mean another: nobody else is called so,
/// and where others share the given name it has the whole one.
pub(crate) fn is_meant(text: &str, name: &str, members: &[String]) -> bool {
    let words = |text: &str| -> Vec<String> {
        let tokens = tokenize(text).into_iter();
        tokens.map(|token| token.norm).collect()
    };
    let (full, said) = (words(name), words(text));
    let others = members.iter().filter(|other| *other != name);
    let namesakes: Vec<Vec<String>> = others
        .map(|other| words(other))
        .filter(|other| other.first() == full.first())
        .collect();
    let alone = members.iter().filter(|other| *other == name).count() == 1;
    let whole = || said.windows(full.len().max(1)).any(|part| *part == full);
    alone && !namesakes.contains(&full) && (namesakes.is_empty() || whole())
}

fn is_asked(tokens: &[Token], name: &str, members: &[String]) -> bool {
    let full: Vec<String> = tokenize(name).into_iter().map(|token| token.norm).collect();
    let Some(given) = full.first().filter(|given| given.len() > 1) else {
        return false;
    };
    let unique = members
        .iter()
        .filter(|other| fold(other).split_whitespace().next() == Some(given))
        .count()
        == 1;
    (0..tokens.len())
        .filter(|&at| tokens[at].norm == *given)
        .any(|at| {
            let whole = full
                .iter()
                .zip(&tokens[at..])
                .filter(|(part, token)| **part == token.norm)
                .count();
            let length = if whole == full.len() { whole } else { 1 };
            (unique || whole == full.len()) && is_addressed(tokens, at, at + length)
        })
}

/// "@Ana", "Ana:", "Ana, please …", "(Ana)", "assign to Ana", "Ana needs to", "que Ana revise".
fn is_addressed(tokens: &[Token], start: usize, end: usize) -> bool {
    let before = |back: usize| {
        start
            .checked_sub(back)
            .map_or("", |at| tokens[at].norm.as_str())
    };
    let after = |ahead: usize| {
        tokens
            .get(end + ahead)
            .map_or("", |token| token.norm.as_str())
    };
    let asks_after = tokens
        .get(end)
        .and_then(|token| token.verb)
        .is_some_and(crate::verb::Verb::asks);
    let opens = start == 0 || Class::PeopleOpenings.has(before(1));
    let assigned =
        matches!(before(1), "to" | "a" | "para" | "for") && Class::PeopleAssigning.has(before(2));
    let obliged = matches!(
        (after(0), after(1)),
        (
            "needs" | "has" | "should" | "must" | "can" | "debe" | "puede",
            _
        ) | ("tiene", "que")
    );
    before(1) == "@"
        || before(1) == "(" && after(0) == ")"
        || before(1) == "que" && asks_after
        || assigned
        || obliged
        || opens && (matches!(after(0), "," | ":") || asks_after)
        || matches!(before(1), "-" | "responsable" | "owner") && end == tokens.len()
}

#[cfg(test)]
mod tests {
    use super::{assignee, is_meant};
    use crate::token::tokenize;

    #[test]
    fn examples_of_assignees() {
        let members = [
            "Ana Ruiz".to_owned(),
            "Luis Mora".to_owned(),
            "Luis Vega".to_owned(),
        ];
        let table = [
            ("Ana, please fix the login", Some("Ana Ruiz")),
            ("fix the login @ana", Some("Ana Ruiz")),
            ("Que Ana revise el contrato", Some("Ana Ruiz")),
            ("Luis, fix it", None),
            ("Luis Vega: fix it", Some("Luis Vega")),
            ("call Ana tomorrow", None),
            ("Pedro, fix it", None),
            ("Ana needs to call", Some("Ana Ruiz")),
            ("fix the sink (Ana)", Some("Ana Ruiz")),
        ];
        for (text, expected) in table {
            assert_eq!(
                assignee(&tokenize(text), &members).map(String::as_str),
                expected,
                "{text}"
            );
        }
    }

    #[test]
    fn of_several_people_of_one_name_nobody_is_guessed() {
        let table: [(&[&str], &str, &str, bool); 8] = [
            (&["Ana Ruiz", "Luis Mora"], "Ana, fix it", "Ana Ruiz", true),
            (
                &["Ana Ruiz", "Luis Mora"],
                "Anita, fix it",
                "Ana Ruiz",
                true,
            ),
            (
                &["Luis Mora", "Luis Vega"],
                "Luis, fix it",
                "Luis Vega",
                false,
            ),
            (
                &["Luis Mora", "Luis Vega"],
                "luis vega, fix it",
                "Luis Vega",
                true,
            ),
            (&["Luis", "Luis Vega"], "Luis, fix it", "Luis Vega", false),
            (
                &["José Paz", "Jose Vega"],
                "Que José lo arregle",
                "José Paz",
                false,
            ),
            (
                &["José Paz", "jose paz"],
                "José Paz: fix it",
                "José Paz",
                false,
            ),
            (
                &["Ana Ruiz", "Ana Ruiz"],
                "Ana Ruiz: fix it",
                "Ana Ruiz",
                false,
            ),
        ];
        for (members, text, name, meant) in table {
            let members: Vec<String> = members.iter().map(|&name| name.to_owned()).collect();
            assert_eq!(is_meant(text, name, &members), meant, "{text}: {members:?}");
            if !meant {
                let asked = assignee(&tokenize(text), &members);
                assert_ne!(asked.map(String::as_str), Some(name), "{text}: {members:?}");
            }
        }
    }
}
