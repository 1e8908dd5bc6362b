//! Clauses: the smallest parts of a sentence that ask, forbid or tell something. They are cut
//! at commas, conjunctions and wherever a new request begins.

mod boundary;
mod dictated;

use std::ops::Range;

use boundary::boundary;

use crate::{
    command,
    lead::{self, Lead},
    lexicon::Class,
    mark::{Marks, Meaning},
    token::{Shape, Token},
    verb::Form,
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
    if leads.said == [Lead::Wishes] && is_wished(tokens, leads.end, end) {
        return true;
    }
    if POINTS.at(&tokens[at..end]).is_some() {
        return true;
    }
    let carried = head.is(Class::CommandProclitics)
        && tokens[..end].get(leads.end + 1).is_some_and(|next| {
            next.verb
                .is_some_and(|verb| verb.form == Form::Command && verb.sure())
                // "… y lo necesito listo este viernes"
                || matches!(next.word(), "necesito" | "necesitamos" | "ocupo" | "ocupamos")
        });
    command::read(tokens, leads.end, end, marks, strict).is_some()
        || command::delegated(tokens, leads.end, end).is_some()
        || carried
        || head.is(Class::Subjects) && !matches!(head.word(), "this" | "that")
        || is_told(tokens, leads.end, end)
}

/// "… y que Toño cambie las llantas": somebody, and a command after it.
fn is_wished(tokens: &[Token], at: usize, end: usize) -> bool {
    tokens[at..end].iter().take(5).any(|token| {
        token
            .verb
            .is_some_and(|verb| verb.form == Form::Command && !verb.is_indicative(&token.norm))
    })
}

phrase_list!(
    POINTS = "\
    lo de|lo del|lo demas|los demas|las demas|lo otro|el otro|la otra|el resto|the rest|\
    the others|the other|everything else|lo primero|lo segundo|lo tercero|lo ultimo|the first|\
    the second|the third|the last|la primera|\
    el primero|la segunda|el segundo|la tercera|el tercero|la ultima|el ultimo|todo lo demas"
);

/// A finite verb soon after the start: "el presupuesto es de …".
fn is_told(tokens: &[Token], at: usize, end: usize) -> bool {
    tokens[at.min(end)..end]
        .iter()
        .take(6)
        .take_while(|token| {
            token.shape == Shape::Word
                && !words::is_and(token)
                && !matches!(token.norm.as_str(), "que" | "that" | "which" | "who")
        })
        .enumerate()
        .any(|(nth, token)| token.tells.finite || nth > 0 && token.is(Class::Needing))
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

    fn assert_cut(table: &[&str]) {
        for expected in table {
            let text = expected.replace('|', "");
            let tokens = tokenize(&text);
            let mut marks = Marks::over(&tokens);
            literal::scan(&tokens, &mut marks);
            let cut: Vec<&str> = split(&tokens, &(0..tokens.len()), &marks)
                .iter()
                .map(|clause| {
                    &text[tokens[clause.span.start].start..tokens[clause.span.end - 1].end]
                })
                .collect();
            let wanted: Vec<String> = expected.split('|').map(without_joint).collect();
            assert_eq!(cut, wanted, "{expected}");
        }
    }

    /// The clause without the comma or the "and" that joins it.
    fn without_joint(part: &str) -> String {
        let part = part.trim().trim_start_matches(',').trim();
        ["and ", "y ", "porque "]
            .iter()
            .find_map(|joint| part.strip_prefix(joint))
            .unwrap_or(part)
            .to_owned()
    }

    #[test]
    fn clauses_are_cut_at_commas_and_conjunctions() {
        assert_cut(&[
            "order the cake|, book the band |and reserve the hall",
            "add login page and user dashboard",
            "review and approve the contract",
            "order the rebar |and pour the slab",
            "agregar el menú |y corregir el logo",
            "create a search page and filter panel",
            "manden la lista |y el presupuesto es de mil",
            "sube las fotos |porque no cargan",
            "la impresora no jala |y el aire gotea",
            "arreglen la puerta y la ventana que no cierra",
        ]);
    }

    #[test]
    fn clauses_begin_where_something_new_is_asked_for() {
        assert_cut(&[
            "the page is broken |please fix it",
            "hay que pintar la sala |limpiar la cocina",
            "need to fix the pump |clean the wall",
            "when the tiles arrive |install the backsplash",
            "make the client sign the lease",
        ]);
    }
}
