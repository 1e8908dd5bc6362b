//! Assignees: a member whose name a message connects with one item. Only the given members
//! count, and only where the name is meant for exactly one of them.

use crate::token::{Token, fold, tokenize};

/// The member who is asked to do what these tokens say, if one is.
pub(crate) fn assignee<'a>(tokens: &[Token], members: &'a [String]) -> Option<&'a String> {
    let mut found = members
        .iter()
        .filter(|name| is_asked(tokens, name, members));
    let first = found.next()?;
    found.next().is_none().then_some(first)
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

word_set!(
    OPENINGS = "\
    , - : . hey hola oye"
);

word_set!(
    ASSIGNING = "\
    assign assigned asigna asignar asignado asignalo it task tarea"
);

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
    let opens = start == 0 || OPENINGS.contains(before(1));
    let assigned =
        matches!(before(1), "to" | "a" | "para" | "for") && ASSIGNING.contains(before(2));
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
    use super::assignee;
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
}
