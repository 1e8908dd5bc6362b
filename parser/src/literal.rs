//! What looks like hours or dates and is neither: times of day, money, percentages,
//! telephone numbers, quotations. Marked first, so that no later theme reads them.

use crate::{
    lexicon::Class,
    mark::{Marks, Meaning},
    token::{Shape, Token},
    words,
};

/// Marks every literal of the message.
pub(crate) fn scan(tokens: &[Token], marks: &mut Marks) {
    quotes(tokens, marks);
    let mut at = 0;
    while at < tokens.len() {
        let rest = &tokens[at..];
        let found = None
            .or_else(|| Some((phone(rest)?, Meaning::Phone)))
            .or_else(|| Some((amount(rest)?, Meaning::Amount)))
            .or_else(|| Some((clock(rest)?, Meaning::Clock)));
        match found.filter(|_| marks.is_free(at)) {
            Some((length, meaning)) => {
                marks.add(at..at + length, meaning);
                at += length;
            }
            None => at += 1,
        }
    }
}

/// A pair of double quotes holds somebody's words where a verb of saying stands before it,
/// and the name of a thing elsewhere. Neither says when, how long or how urgent.
fn quotes(tokens: &[Token], marks: &mut Marks) {
    let mut open = None;
    for (at, token) in tokens.iter().enumerate() {
        match (token.shape, open) {
            (Shape::Mark('"'), None) => open = Some(at),
            (Shape::Mark('"'), Some(start)) => {
                let said = at - start > 2 && (is_said(tokens, start) || is_said_after(tokens, at));
                marks.add(
                    start..at + 1,
                    if said { Meaning::Quote } else { Meaning::Name },
                );
                open = None;
            }
            (Shape::Newline, _) => open = None,
            _ => {}
        }
    }
}

fn is_said(tokens: &[Token], open: usize) -> bool {
    let near = tokens[..open].iter().rev().take(5);
    near.take_while(|token| !token.is_mark('.') && token.shape != Shape::Newline)
        .any(|token| token.is(Class::LiteralSaying))
}

/// "Make it blue" is what the client said.
fn is_said_after(tokens: &[Token], close: usize) -> bool {
    let near = tokens[close + 1..].iter().take(7);
    near.take_while(|token| !token.is_mark('.') && token.shape != Shape::Newline)
        .any(|token| token.is(Class::LiteralSaying) && token.norm != "like")
}

/// Seven or more digits in groups: 55 5550 1234, (512) 555-0147, +52 844 555 0110
fn phone(tokens: &[Token]) -> Option<usize> {
    let first = tokens.first()?;
    if !(first.is_mark('+') || first.is_mark('(') || first.shape == Shape::Number) {
        return None;
    }
    let (mut digits, mut groups, mut end) = (0, 0, 0);
    for (at, token) in tokens.iter().take(14).enumerate() {
        match token.shape {
            Shape::Number if !token.norm.contains([',', '.']) => {
                digits += token.norm.len();
                groups += 1;
                end = at + 1;
            }
            Shape::Mark('+' | '(' | ')' | '-') => {}
            _ => break,
        }
    }
    let long_enough = (7..=15).contains(&digits) && (groups > 1 || digits >= 8);
    let lengths = [0, 2, 4].map(|at| tokens.get(at).map_or(0, |token| token.norm.len()));
    let is_date = tokens.get(1).is_some_and(|token| token.is_mark('-'))
        && matches!(lengths, [4, 1..=2, 1..=2] | [1..=2, 1..=2, 4])
        && groups == 3;
    (long_enough && !is_date).then_some(end)
}

/// $3,200 USD, 9,000 pesos, 15%
fn amount(tokens: &[Token]) -> Option<usize> {
    let sign = usize::from(tokens.first()?.is_mark('$'));
    let number = tokens
        .get(sign)
        .filter(|token| token.shape == Shape::Number)?;
    let mut end = sign + 1;
    if number.norm.is_empty() {
        return None;
    }
    let scale = tokens
        .get(end)
        .is_some_and(|token| token.glued && matches!(token.norm.as_str(), "k" | "m") && sign == 1);
    end += usize::from(scale);
    if tokens.get(end).is_some_and(|token| {
        matches!(
            token.norm.as_str(),
            "mil" | "thousand" | "million" | "millones"
        )
    }) {
        end += 1;
    }
    let unit = tokens
        .get(end)
        .is_some_and(|token| token.is(Class::LiteralUnitsOfAmount));
    let percent = words::starts_with(&tokens[end..], "por ciento");
    end += usize::from(unit) + percent.unwrap_or(0);
    let second = tokens
        .get(end)
        .is_some_and(|token| matches!(token.norm.as_str(), "usd" | "mxn" | "pesos" | "dolares"));
    (sign == 1 || unit || percent.is_some()).then_some(end + usize::from(second))
}

phrase_list!(
    FIXED = "\
    antes de medianoche|antes de la medianoche|antes del mediodia|antes de mediodia|\
    despues del mediodia|despues de mediodia|antes de comer|despues de comer|antes de cerrar|\
    before noon|before midnight|by midnight|after noon|before lunch|after lunch|by lunchtime|\
    before closing|al mediodia|a mediodia|a medio dia|al medio dia|al media noche|a medianoche|at noon|\
    at midnight|by noon|noon|midnight|por la manana|en la manana|de la manana|por la tarde|\
    en la tarde|de la tarde|por la noche|en la noche|de la noche|in the morning|\
    in the afternoon|in the evening|at night|first thing in the morning|first thing|\
    a primera hora|temprano|morning|afternoon|evening"
);

phrase_list!(
    LEADS = "\
    antes de las|despues de las|a partir de las|hasta las|a eso de las|a las|a la|de las|\
    before|after|until|by|around|at"
);
phrase_list!(TAILS = "de la tarde|de la manana|de la noche|en punto|sharp|hrs|horas|y media");

/// 5pm, 10:30 am, at 9, a las 5, después de las 4 de la tarde, al mediodía, por la mañana
fn clock(tokens: &[Token]) -> Option<usize> {
    if let Some(length) = FIXED.at(tokens) {
        return Some(length);
    }
    let lead = LEADS.at(tokens).unwrap_or(0);
    let spanish = lead > 0 && matches!(tokens[lead - 1].norm.as_str(), "las" | "la");
    let at = lead > 0 && tokens[lead - 1].norm == "at";
    let (length, minutes) = hour(&tokens[lead..])?;
    let end = lead + length;
    let half = half_of_day(&tokens[end..]);
    if !(spanish
        || minutes
        || half > 0
        || at && tokens.get(end).is_none_or(|token| token.word().is_empty()))
    {
        return None;
    }
    let end = end + half;
    let clear = spanish || minutes || half > 0;
    let more = TAILS.at(&tokens[end..]).filter(|_| clear);
    Some(end + more.unwrap_or(0))
}

/// An hour of the day, and whether minutes follow it.
fn hour(tokens: &[Token]) -> Option<(usize, bool)> {
    let hour = tokens.first()?;
    let value = hour
        .digits()
        .or_else(|| crate::number::number_word(hour.word()))?;
    if value > 24 {
        return None;
    }
    let minutes = tokens
        .get(1)
        .is_some_and(|token| token.glued && token.is_mark(':'))
        && tokens
            .get(2)
            .is_some_and(|token| token.glued && token.norm.len() == 2 && token.digits().is_some());
    Some(if minutes { (3, true) } else { (1, false) })
}

/// am, pm, a.m., p. m.
fn half_of_day(tokens: &[Token]) -> usize {
    match tokens.first().map(|token| token.norm.as_str()) {
        Some("am" | "pm") => 1,
        Some("a" | "p") if tokens.len() > 2 && tokens[1].is_mark('.') && tokens[2].norm == "m" => {
            if tokens
                .get(3)
                .is_some_and(|token| token.is_mark('.') && token.glued)
            {
                4
            } else {
                3
            }
        }
        _ => 0,
    }
}

#[cfg(test)]
mod tests {
    use super::{amount, clock, phone};
    use crate::token::tokenize;

    #[test]
    fn examples_of_times_of_day() {
        for text in [
            "5pm",
            "10:30",
            "10:30 am",
            "at 9am",
            "a las 5",
            "a las 10 hrs",
            "después de las 4 de la tarde",
            "al mediodía",
            "6 p.m.",
            "por la mañana",
        ] {
            assert_eq!(clock(&tokenize(text)), Some(tokenize(text).len()), "{text}");
        }
        for text in ["5 hours", "10 chairs", "at 9 stores", "las mesas"] {
            assert_eq!(clock(&tokenize(text)), None, "{text}");
        }
    }

    #[test]
    fn examples_of_money_and_percentages() {
        for text in [
            "$3,200 USD",
            "9,000 pesos",
            "15%",
            "$85,000 pesos",
            "€40",
            "20 mil pesos",
            "5 por ciento",
        ] {
            assert_eq!(
                amount(&tokenize(text)),
                Some(tokenize(text).len()),
                "{text}"
            );
        }
        assert_eq!(amount(&tokenize("20 chairs")), None);
    }

    #[test]
    fn examples_of_telephone_numbers() {
        for text in [
            "55 5550 1234",
            "(512) 555-0147",
            "+52 844 555 0110",
            "415-555-0192",
            "5512345678",
        ] {
            assert_eq!(phone(&tokenize(text)), Some(tokenize(text).len()), "{text}");
        }
        for text in ["2026-06-26", "12-03-2026", "12 500", "v2"] {
            assert_eq!(phone(&tokenize(text)), None, "{text}");
        }
    }
}
