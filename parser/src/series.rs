//! Series: one verb with several objects. Which "and" joins two things that are each an
//! item, and which joins two words inside one?

use std::ops::Range;

use crate::{
    kind,
    lexicon::Class,
    mark::{Marks, Meaning},
    token::{Shape, Token},
    verb::Form,
    words,
};

/// Splits the object of a request into separately deliverable things.
pub(crate) fn split(tokens: &[Token], object: Range<usize>, marks: &Marks) -> Vec<Range<usize>> {
    let mut things = Vec::new();
    let mut start = object.start;
    let mut open = false;
    for at in object.clone() {
        // "the permits (Silva and Okafor)": what stands in brackets is no thing of its own.
        open = (open || tokens[at].is_mark('(')) && !tokens[at].is_mark(')');
        let joins = words::is_and(&tokens[at]) && marks.is_free(at) && !open;
        if joins && separates(tokens, start..at, at + 1..object.end, marks) {
            things.push(start..at);
            start = at + 1;
        }
    }
    things.push(start..object.end);
    things
}

/// The free words of a span, in order.
fn free<'a>(
    tokens: &'a [Token],
    span: Range<usize>,
    marks: &'a Marks,
) -> impl Iterator<Item = &'a Token> {
    span.filter(|&at| marks.is_free(at) && matches!(tokens[at].shape, Shape::Word | Shape::Number))
        .map(|at| &tokens[at])
}

fn separates(tokens: &[Token], left: Range<usize>, right: Range<usize>, marks: &Marks) -> bool {
    let before: Vec<&Token> = free(
        tokens,
        left.start.max(left.end.saturating_sub(12))..left.end,
        marks,
    )
    .collect();
    let after: Vec<&Token> =
        free(tokens, right.start..right.end.min(right.start + 6), marks).collect();
    let (Some(last), Some(first)) = (before.last(), after.first()) else {
        return false;
    };
    let next_to = right.start > 0 && tokens[right.start].start == first.start;
    let marked = marks
        .meaning(left.end - 1)
        .is_some_and(Meaning::leaves_title);
    if !next_to || joins_words(tokens, left.end, last, &after) {
        return false;
    }
    if marked || works(&before) && works(&after) {
        return true;
    }
    let head_is_determined = before
        .first()
        .is_some_and(|token| token.is(Class::Determiners));
    let preposition = before.iter().rposition(|token| {
        token.is(Class::Prepositions) && token.norm != "al" && token.norm != "a"
    });
    let Some(at) = preposition.filter(|&at| at > 0) else {
        let direct = before
            .iter()
            .rposition(|token| matches!(token.norm.as_str(), "al" | "a" | "to"));
        return !is_to(first, after.get(1).copied()) || direct == Some(0);
    };
    if is_to(first, after.get(1).copied()) {
        return false;
    }
    nested_or_parallel(&before, at, &after, head_is_determined)
}

/// Whether this "and" joins two words of one thing, whatever stands around them.
fn joins_words(tokens: &[Token], and: usize, last: &Token, after: &[&Token]) -> bool {
    let first = after[0];
    let preposition = first.is(Class::Prepositions) && !matches!(first.norm.as_str(), "al" | "a");
    // "the lawn aerated and reseeded": two things done to one.
    let done = first.verb.is_some_and(|verb| verb.form == Form::Participle) && after.len() == 1;
    // "floors 2 and 3": numbers of one thing.
    let numbers = last.shape == Shape::Number && first.shape == Shape::Number;
    let name = last.capital && first.capital && tokens[and].norm == "&";
    // "send Ana and Luis the invoice"
    let both = last.capital
        && first.capital
        && after.get(1).is_some_and(|next| next.is(Class::Determiners));
    // "call the bank and ask about the loan"
    let asks = first
        .verb
        .is_some_and(|verb| matches!(verb.lemma, "ask" | "preguntar") && verb.asks());
    preposition
        || is_filler(&first.norm)
        || done
        || numbers
        || name
        || both
        || asks
        || is_pair(&last.norm, &first.norm)
}

/// "alta del cliente (y) carga de precios": works that are named, each with its own thing.
fn works(words: &[&Token]) -> bool {
    words.iter().take(3).any(|token| kind::is_work(&token.norm))
}

/// "[the docs] for [the app] and [the tests]": is what follows like the head, or like the
/// complement of the last preposition?
fn nested_or_parallel(
    before: &[&Token],
    preposition: usize,
    after: &[&Token],
    head_is_determined: bool,
) -> bool {
    let word = before[preposition].norm.as_str();
    if matches!(word, "between" | "entre") {
        return false;
    }
    let complement = &before[preposition + 1..];
    let (Some(inner), Some(first)) = (complement.first(), after.first()) else {
        return false;
    };
    let of = matches!(word, "de" | "del" | "of");
    let right_is_determined = first.is(Class::Determiners) || first.number().is_some();
    let inner_is_determined =
        word == "del" || inner.is(Class::Determiners) || inner.number().is_some();
    let own_preposition = after.iter().skip(1).take(4).any(|token| {
        token.norm == word || of && matches!(token.norm.as_str(), "de" | "del" | "of")
    });
    match (inner_is_determined, right_is_determined) {
        (false, true) => true,
        (true, true) | (false, false) if own_preposition => true,
        (true, true) => {
            of && before.first().is_some_and(|head| head.norm == first.norm)
                || counts(inner) && head_is_determined && words::is_article(&first.norm)
                || !counts(inner)
                    && counts(first)
                    && before.first().is_some_and(|head| counts(head))
        }
        (true, false) => !head_is_determined && own_preposition,
        // "meses sin intereses y pago en Oxxo"
        (false, false) if matches!(word, "sin" | "without") && complement.len() == 1 => {
            let mut next = after.iter().skip(1).take(2);
            next.any(|token| token.is(Class::Prepositions))
        }
        (false, false) => {
            of && complement.len() == 1
                && is_plural(inner) != is_plural(first)
                && before
                    .first()
                    .is_some_and(|head| is_plural(head) == is_plural(first))
        }
    }
}

/// "in three versions": the complement is counted, and what follows is not like it.
fn counts(token: &Token) -> bool {
    token.number().is_some() || matches!(token.norm.as_str(), "un" | "una" | "a" | "an")
}

/// "a Pedro", "a la maestra", not the article of "a bigger tent".
fn is_to(token: &Token, next: Option<&Token>) -> bool {
    token.norm == "al"
        || token.norm == "a" && next.is_some_and(|next| next.capital || next.is(Class::Determiners))
}

fn is_plural(token: &Token) -> bool {
    token.norm.ends_with('s')
}

fn is_filler(word: &str) -> bool {
    Class::SeriesFillers.has(word)
}

/// Pairs that name one thing.
fn is_pair(left: &str, right: &str) -> bool {
    const PAIRS: &[(&str, &str)] = &[
        ("terms", "conditions"),
        ("research", "development"),
        ("pros", "cons"),
        ("wear", "tear"),
        ("questions", "answers"),
        ("food", "beverage"),
        ("lost", "found"),
        ("q", "a"),
        ("r", "d"),
        ("health", "safety"),
        ("black", "white"),
        ("profit", "loss"),
        ("name", "address"),
        ("date", "time"),
        ("salt", "pepper"),
        ("terminos", "condiciones"),
        ("preguntas", "respuestas"),
        ("alimentos", "bebidas"),
        ("blanco", "negro"),
        ("usos", "costumbres"),
        ("seguridad", "higiene"),
        ("nombre", "apellido"),
        ("fecha", "hora"),
        ("entradas", "salidas"),
        ("ingresos", "egresos"),
        ("sal", "pimienta"),
        ("copy", "paste"),
        ("drag", "drop"),
        ("pick", "pack"),
        ("check", "in"),
        ("bed", "breakfast"),
        ("up", "running"),
        ("meet", "greet"),
        ("slip", "fall"),
        ("trial", "error"),
        ("mix", "match"),
        ("cut", "paste"),
        ("hit", "run"),
        ("arts", "crafts"),
        ("fish", "chips"),
        ("chips", "salsa"),
        ("nuts", "bolts"),
        ("ida", "vuelta"),
        ("compra", "venta"),
        ("carga", "descarga"),
        ("oferta", "demanda"),
        ("luz", "sonido"),
        ("pros", "contras"),
        ("altas", "bajas"),
        ("pan", "cafe"),
    ];
    PAIRS.contains(&(left, right))
}

#[cfg(test)]
mod tests {
    use super::split;
    use crate::{mark::Marks, token::tokenize};

    #[test]
    fn examples_of_series() {
        let table = [
            ("login page and user dashboard", 2),
            ("the docs and tests for the export module", 2),
            ("carrito de compras y buscador", 2),
            ("la página de inicio de sesión y el panel de usuario", 2),
            ("el formato de vacaciones y el de permisos", 2),
            ("the terms and conditions", 1),
            ("the quote to Ana and Luis", 1),
            ("filtro por talla y color", 1),
            ("the difference between cost and price", 1),
            ("tinta y papel", 2),
            ("el dashboard de ventas y el export a Excel", 2),
            ("al cliente y al proveedor", 2),
            ("la cotización a Juan y a Pedro", 1),
            ("reporte de ventas y gastos", 1),
            ("el logo en tres versiones y la paleta", 2),
            ("lamps on floors 2 and 3", 1),
            ("the lawn aerated and reseeded", 1),
            ("un proyector para el salón 6 y dos extensiones", 2),
            ("40 more chairs and a bigger tent", 2),
            ("alta del cliente en el sistema y carga de precios", 2),
            ("vendor setup in the system and price upload", 2),
        ];
        for (text, things) in table {
            let tokens = tokenize(text);
            assert_eq!(
                split(&tokens, 0..tokens.len(), &Marks::over(&tokens)).len(),
                things,
                "{text}"
            );
        }
    }
}
