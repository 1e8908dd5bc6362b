//! Clauses: the smallest parts of a sentence that ask, forbid or tell something. They are cut
//! at commas, conjunctions and wherever a new request begins.

use std::{ops::Range, sync::LazyLock};

use crate::{
    command,
    lead::{self, Lead},
    mark::{Marks, Meaning},
    phrase::PhraseTable,
    token::{Shape, Token},
    verb::{Form, Verb},
    words,
};

/// What joins a clause to the one before it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Joint {
    /// It opens the sentence.
    Start,
    /// A comma, a dash, or nothing.
    Comma,
    /// "and", "y".
    And,
    /// "so", "but", "así que", "pero".
    But,
    /// "because", "porque".
    Because,
}

/// A clause, by its tokens.
#[derive(Debug, Clone)]
pub(crate) struct Clause {
    /// Its tokens, without the joint.
    pub(crate) span: Range<usize>,
    /// What joins it to the one before.
    pub(crate) joint: Joint,
}

/// Cuts a sentence into clauses.
pub(crate) fn split(tokens: &[Token], sentence: &Range<usize>, marks: &Marks) -> Vec<Clause> {
    let mut clauses = Vec::new();
    let (mut start, mut joint, mut at) = (sentence.start, Joint::Start, sentence.start);
    while at < sentence.end {
        if let Some(mark) = marks.at(at) {
            at = mark.span.end.max(at + 1);
            continue;
        }
        let Some((length, next)) = boundary(tokens, at, start, sentence.end, marks) else {
            at += 1;
            continue;
        };
        if start < at {
            clauses.push(Clause {
                span: start..at,
                joint,
            });
        }
        joint = next;
        start = at + length;
        at = start.max(at + 1);
    }
    if start < sentence.end {
        clauses.push(Clause {
            span: start..sentence.end,
            joint,
        });
    }
    clauses
}

fn boundary(
    tokens: &[Token],
    at: usize,
    start: usize,
    end: usize,
    marks: &Marks,
) -> Option<(usize, Joint)> {
    let token = &tokens[at];
    match token.shape {
        Shape::Mark(',') => return Some((1, Joint::Comma)),
        Shape::Mark('-') => {
            let spaced = !token.glued && tokens.get(at + 1).is_some_and(|next| !next.glued);
            return spaced.then_some((1, Joint::Comma));
        }
        Shape::Word | Shape::Mark('&' | '+') => {}
        _ => return None,
    }
    if at == start {
        return None;
    }
    if words::is_and(token) {
        return starts_after_and(tokens, at, start, end, marks).then_some((1, Joint::And));
    }
    conjunction(tokens, at, end, marks)
        .or_else(|| begins_request(tokens, at, end).then_some((0, Joint::Comma)))
}

fn conjunction(tokens: &[Token], at: usize, end: usize, marks: &Marks) -> Option<(usize, Joint)> {
    let rest = &tokens[at..end];
    for phrase in [
        "ya que",
        "puesto que",
        "because",
        "cause",
        "cuz",
        "porque",
        "xq",
        "pq",
    ] {
        if let Some(length) = words::starts_with(rest, phrase) {
            return Some((length, Joint::Because));
        }
    }
    for phrase in [
        "asi que",
        "por lo que",
        "por eso",
        "but",
        "pero",
        "although",
        "aunque",
        "sino",
    ] {
        if let Some(length) = words::starts_with(rest, phrase) {
            return Some((length, Joint::But));
        }
    }
    let opens = |phrase: &str| {
        words::starts_with(rest, phrase).is_some()
            && starts_clause(tokens, at + 1, end, marks, true)
    };
    if opens("so") {
        return Some((1, Joint::But));
    }
    (opens("also") || opens("tambien") || opens("ademas") || opens("then") || opens("luego"))
        .then_some((0, Joint::And))
}

word_set!(
    RELATIVES = "\
    no ni not don't doesn't didn't nor que what which that lo things cosas all everything porque because if si and y"
);

/// Requests that begin in the middle of text without punctuation.
fn begins_request(tokens: &[Token], at: usize, end: usize) -> bool {
    static BEGINNINGS: LazyLock<PhraseTable<bool>> = LazyLock::new(|| {
        PhraseTable::new(&[
            (
                "dice que hay que|dijo que hay que|dicen que hay que|dijeron que hay que|pidio que|pidieron que|pide que|piden que|quiere que|quieren que|wants us to|want us to|wants you to|asked us to|asked me to|asked for us to|wants me to|nos pidio|hay que|ai que|ay que|necesito que|necesitamos que|we need to|i need you to|we have to|can you|could you|let's|tenemos que|urge que|me ayudas a|favor de|we should|i need to|quiero que|don't forget to|no olviden|no olvides",
                true,
            ),
            ("please|pls|plz|porfa|por favor", false),
        ])
    });
    let Some((length, whole)) = BEGINNINGS.at(&tokens[at..end]) else {
        return false;
    };
    let relative = RELATIVES.contains(tokens[at - 1].norm.as_str());
    let verb = tokens[..end]
        .get(at + length)
        .and_then(|token| token.verb)
        .is_some_and(|verb| verb.asks() && verb.sure());
    !relative && (whole || verb)
}

/// After "and", a new clause or one more thing of the same?
fn starts_after_and(tokens: &[Token], at: usize, start: usize, end: usize, marks: &Marks) -> bool {
    // Only what is near can be nothing but lead-ins and one verb.
    let near = at - start <= 12;
    let bare_verb = near
        && lead::read(tokens, start, at, marks).end + 1 == at
        && tokens[at - 1].verb.is_some_and(Verb::asks);
    if bare_verb
        && tokens
            .get(at + 1)
            .is_some_and(|next| next.verb.is_some_and(Verb::asks))
    {
        // "review and approve the contract": two verbs, one object.
        return false;
    }
    starts_clause(tokens, at + 1, end, marks, true)
}

/// Whether a clause of its own begins here: a request, a prohibition, a story.
pub(crate) fn starts_clause(
    tokens: &[Token],
    at: usize,
    end: usize,
    marks: &Marks,
    strict: bool,
) -> bool {
    let leads = lead::read(tokens, at, end, marks);
    if leads
        .said
        .iter()
        .any(|lead| matches!(lead, Lead::Asks | Lead::Forbids | Lead::Tells | Lead::Wants))
    {
        return true;
    }
    let Some(head) = tokens[..end].get(leads.end) else {
        return true;
    };
    let carried = command::is_proclitic(&head.norm)
        && tokens[..end].get(leads.end + 1).is_some_and(|next| {
            next.verb
                .is_some_and(|verb| verb.form == Form::Command && verb.sure())
        });
    command::read(tokens, leads.end, end, marks, strict).is_some()
        || carried
        || words::is_subject(head.word()) && !matches!(head.word(), "this" | "that")
        || is_told(tokens, leads.end, end)
}

/// A finite verb soon after the start: "el presupuesto es de …".
fn is_told(tokens: &[Token], at: usize, end: usize) -> bool {
    tokens[at.min(end)..end]
        .iter()
        .take(6)
        .take_while(|token| token.shape == Shape::Word && !words::is_and(token))
        .any(|token| words::is_finite(&token.norm))
}

/// Whether the span holds anything besides marks and punctuation.
pub(crate) fn has_words(tokens: &[Token], span: Range<usize>, marks: &Marks) -> bool {
    span.into_iter().any(|at| {
        let shown = matches!(tokens[at].shape, Shape::Word | Shape::Number | Shape::Link);
        shown
            && marks
                .meaning(at)
                .is_none_or(|meaning| !meaning.leaves_title() && meaning != Meaning::Quote)
    })
}

#[cfg(test)]
mod tests {
    use super::split;
    use crate::{literal, mark::Marks, token::tokenize};

    #[test]
    fn examples_of_clauses() {
        let table = [
            (
                "order the cake, book the band and reserve the hall",
                "order the cake|book the band|reserve the hall",
            ),
            (
                "add login page and user dashboard",
                "add login page and user dashboard",
            ),
            (
                "review and approve the contract",
                "review and approve the contract",
            ),
            (
                "order the rebar and pour the slab",
                "order the rebar|pour the slab",
            ),
            (
                "agregar el menú y corregir el logo",
                "agregar el menú|corregir el logo",
            ),
            (
                "create a search page and filter panel",
                "create a search page and filter panel",
            ),
            (
                "manden la lista y el presupuesto es de mil",
                "manden la lista|el presupuesto es de mil",
            ),
            (
                "the page is broken please fix it",
                "the page is broken|please fix it",
            ),
            (
                "sube las fotos porque no cargan",
                "sube las fotos|no cargan",
            ),
        ];
        for (text, expected) in table {
            let tokens = tokenize(text);
            let mut marks = Marks::over(&tokens);
            literal::scan(&tokens, &mut marks);
            let cut: Vec<&str> = split(&tokens, &(0..tokens.len()), &marks)
                .iter()
                .map(|clause| {
                    &text[tokens[clause.span.start].start..tokens[clause.span.end - 1].end]
                })
                .collect();
            assert_eq!(cut.join("|"), expected, "{text}");
        }
    }
}
