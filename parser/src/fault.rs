//! Faults: the words that say that something is broken, in any trade. What English and
//! Spanish say about a thing that fails is in [`english`] and [`spanish`].

mod english;
mod spanish;

use std::sync::LazyLock;

use crate::{lexicon::Class, phrase::PhraseTable, table::WordSet, token::Token};

/// How plainly a fault is stated.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Fault {
    /// Named: "bug", "fuga", "broken". A fault only beside a verb that may repair.
    Named,
    /// Stated: "doesn't work", "se descompuso". A fault in itself.
    Stated,
}

/// What a rule about faults looks at: the words of a clause, and one place among them.
#[derive(Debug, Clone, Copy)]
struct Cursor<'a> {
    tokens: &'a [Token],
    at: usize,
}

impl<'a> Cursor<'a> {
    /// The word so many tokens ahead; nothing beyond the end.
    fn ahead(self, by: usize) -> &'a str {
        self.tokens
            .get(self.at + by)
            .map_or("", |token| token.norm.as_str())
    }

    /// The word so many tokens back; nothing before the start.
    fn back(self, by: usize) -> &'a str {
        self.at
            .checked_sub(by)
            .map_or("", |at| self.tokens[at].norm.as_str())
    }

    /// The first word ahead that is not one of `passed`, within a few.
    fn ahead_past(self, passed: impl Fn(&str) -> bool) -> Self {
        let skipped = (1..5).take_while(|&by| passed(self.ahead(by))).count();
        Self {
            at: self.at + 1 + skipped,
            ..self
        }
    }

    /// The word here; nothing beyond the end.
    fn word(self) -> &'a str {
        self.ahead(0)
    }

    /// Whether the word here is of a class.
    fn is(self, class: Class) -> bool {
        self.tokens
            .get(self.at)
            .is_some_and(|token| token.is(class))
    }

    /// Whether a thing stands before, of which something may be said.
    fn has_subject(self) -> bool {
        let before = self.back(1);
        !before.is_empty()
            && before.chars().all(|c| c.is_alphanumeric() || c == '\'')
            && !Class::Determiners.has(before)
            && !Class::Prepositions.has(before)
            && self.tokens[0]
                .verb
                .is_none_or(|verb| !verb.asks() || !verb.sure() && self.at > 1)
            && (self.tokens[self.at - 1].number().is_none() || self.is_numbered())
            && !matches!(before, "zero" | "no" | "cero" | "more" | "several" | "of")
    }
}

impl Cursor<'_> {
    /// "**bike 4** squeaks", not "3 leaks": a number that says which.
    fn is_numbered(self) -> bool {
        let named = self.back(2);
        self.at > 1
            && self.tokens[self.at - 2].verb.is_none()
            && named.len() > 2
            && !Class::Determiners.has(named)
            && !Class::Prepositions.has(named)
            && named.chars().all(char::is_alphabetic)
    }
}

static NAMED: LazyLock<PhraseTable<()>> = LazyLock::new(|| {
    PhraseTable::new(&[(
        "bug|bugs|error|errors|errores|falla|fallas|fuga|fugas|gotera|goteras|leak|leaks|leaking|leaky|\
         dripping|crash|glitch|glitches|defect|defects|typo|typos|broken|faulty|clogged|cracked|damaged|\
         jammed|loose|torn|ripped|flickering|squeaky|malfunction|misspelled|falso contacto|roto|rota|\
         rotos|rotas|descompuesto|descompuesta|descompuestos|descompuestas|averia|averias|\
         desperfecto|desperfectos|defecto|defectos|danado|danada|danados|danadas|tapado|tapada|\
         fundido|fundida|fundidos|fundidas|quebrado|quebrada|estrellado|estrellada|ponchada|humedades|\
         issue with|problema con|corto circuito|cortocircuito|errata|erratas",
        (),
    )])
});

/// How plainly these words state a fault, if they do.
pub(crate) fn stated(tokens: &[Token]) -> Option<Fault> {
    if said_at(tokens).is_some() {
        return Some(Fault::Stated);
    }
    NAMED.anywhere(tokens).map(|()| Fault::Named)
}

/// Where these words say that something fails.
pub(crate) fn said_at(tokens: &[Token]) -> Option<usize> {
    (0..tokens.len()).find(|&at| {
        let cursor = Cursor { tokens, at };
        tokens[at].tells.fault
            && (english::says(cursor)
                || spanish::says(cursor)
                || is_headed(cursor)
                || is_adjective_headed(cursor))
    })
}

/// "Clogged sink in the kitchen", "Wrong total on the invoice": what is wrong, of what, and where.
fn is_adjective_headed(cursor: Cursor<'_>) -> bool {
    cursor.at == 0
        && cursor.is(Class::FaultHeading)
        && (2..5).any(|by| matches!(cursor.ahead(by), "in" | "on" | "at" | "for" | "from"))
        && !cursor
            .tokens
            .iter()
            .any(|token| token.tells.finite || token.tells.past)
}

/// "Error 404 on the careers page", "fuga en el baño": nothing but the name of the fault and
/// where it is. What was put right is told in the same words.
fn is_headed(cursor: Cursor<'_>) -> bool {
    let numbered = cursor
        .tokens
        .get(1)
        .is_some_and(|token| token.number().is_some());
    // "Fuga de agua en", "error 404 on": one word more may say which.
    let which = match cursor.ahead(1) {
        "de" => 2,
        _ => usize::from(numbered),
    };
    cursor.at == 0
        && cursor.is(Class::FaultHeads)
        && matches!(
            cursor.ahead(1 + which),
            "on" | "in" | "at" | "when" | "with" | "en" | "con" | "al" | "cuando"
        )
        && !cursor
            .tokens
            .iter()
            .any(|token| token.is(Class::FaultPutRight))
}

/// The words that a fault may begin with, in either language.
static BEGINNINGS: LazyLock<WordSet> = LazyLock::new(|| {
    english::beginnings()
        .chain(spanish::beginnings())
        .chain(Class::FaultHeads.words())
        .chain(Class::FaultHeading.words())
        .collect()
});

/// Whether a fault may be said from this folded word on.
pub(crate) fn may_begin(word: &str) -> bool {
    BEGINNINGS.contains(word)
}

/// Tasks that leave a fault where it is: writing about it, telling someone of it.
pub(crate) fn only_tells(lemma: &str) -> bool {
    Class::FaultTellingVerbs.has(lemma)
}

#[cfg(test)]
mod tests {
    use super::{Fault, stated};
    use crate::token::tokenize;

    #[test]
    fn faults_are_named_or_stated() {
        let table = [
            ("the printer doesn't work", Some(Fault::Stated)),
            ("la impresora no funciona", Some(Fault::Stated)),
            ("el techo tiene una falla", Some(Fault::Stated)),
            ("the broken lamp", Some(Fault::Named)),
            ("la fuga del baño", Some(Fault::Named)),
            ("update the menu", None),
            ("error 404 on the careers page", Some(Fault::Stated)),
            ("fuga en el baño", Some(Fault::Stated)),
            ("fuga de agua en el baño", Some(Fault::Stated)),
            ("error log of the server", Some(Fault::Named)),
            ("bug in the cart is fixed", Some(Fault::Named)),
            ("se cayó producción", Some(Fault::Stated)),
            ("session expires, that's a bug", Some(Fault::Stated)),
        ];
        for (text, expected) in table {
            assert_eq!(stated(&tokenize(text)), expected, "{text}");
        }
    }
}
