//! "El martes, perdón, el miércoles", "2 hours, actually make that 3": the last word holds.

use std::{ops::Range, sync::LazyLock};

use crate::{
    effort::Effort,
    mark::{Mark, Marks, Meaning},
    phrase::PhraseTable,
    token::{Shape, Token},
};

/// Most tokens between what is taken back and the words that take it back: a comma, a full stop.
const NEAR: usize = 5;

/// What takes back what was said before it, where the same kind of thing follows; and what may
/// stand between the two (false).
static WORDS: LazyLock<PhraseTable<bool>> = LazyLock::new(|| {
    PhraseTable::new(&[
        (
            "perdon|perdona|perdonen|una disculpa|disculpa|disculpen|digo|mejor dicho|mas bien|mejor|\
             corrijo|correccion|me corrijo|rectifico|quise decir|quiero decir|me equivoque|no espera|\
             no esperen|bueno no|no mejor|sorry|i mean|i meant|actually|make that|make it|no wait|\
             wait no|or rather|rather|scratch that|correction|my bad|on second thought|que sean|\
             que sea|ponle|pongan|pon",
            true,
        ),
        (
            "no|wait|espera|que|es|son|it's|its|say|a|to|ok|oops|ups|uy",
            false,
        ),
    ])
});

/// Puts what was corrected in the place of what it corrects.
pub(crate) fn apply(tokens: &[Token], marks: &mut Marks) {
    let mut at = 1;
    while at < tokens.len() {
        match correction(tokens, at, marks) {
            Some((old, span, meaning)) => {
                at = span.end;
                marks.replace(&old, old.start..span.end, meaning);
            }
            None => at += 1,
        }
    }
}

/// The span that is corrected by the words at `at`, the span of the correction, and what it says.
fn correction(
    tokens: &[Token],
    at: usize,
    marks: &Marks,
) -> Option<(Range<usize>, Range<usize>, Meaning)> {
    if !marks.is_free(at) {
        return None;
    }
    let (mut end, mut takes_back) = (at, false);
    while let Some(token) = tokens.get(end).filter(|_| marks.is_free(end)) {
        if let Some((length, takes)) = WORDS.at(&tokens[end..]) {
            takes_back |= takes;
            end += length;
        } else if end > at && matches!(token.shape, Shape::Mark(',' | ':' | '.' | '…')) {
            end += 1;
        } else {
            break;
        }
    }
    if !takes_back {
        return None;
    }
    let old = (at.saturating_sub(NEAR)..at)
        .rev()
        .find_map(|before| marks.at(before))
        .filter(|old| is_near(tokens, old, at))?;
    let (span, meaning) = match marks.at(end) {
        Some(new) if is_same_kind(old.meaning, new.meaning) => (at..new.span.end, new.meaning),
        Some(_) => return None,
        None => {
            let hours = bare_number(tokens, end, old)?;
            (at..end + 1, hours)
        }
    };
    Some((old.span.clone(), span, meaning))
}

/// Whether only punctuation stands between.
fn is_near(tokens: &[Token], old: &Mark, at: usize) -> bool {
    tokens[old.span.end..at].iter().all(|token| {
        matches!(
            token.shape,
            Shape::Mark(',' | '.' | ';' | '(' | '-' | '–' | '—' | '…')
        )
    })
}

fn is_same_kind(old: Meaning, new: Meaning) -> bool {
    matches!(
        (old, new),
        (Meaning::Due(_), Meaning::Due(_))
            | (Meaning::Effort(_), Meaning::Effort(_))
            | (Meaning::Priority(_), Meaning::Priority(_))
    )
}

/// "2 hours, actually make that **3**": of the unit that was said before.
fn bare_number(tokens: &[Token], at: usize, old: &Mark) -> Option<Meaning> {
    let Meaning::Effort(effort) = old.meaning else {
        return None;
    };
    let number: f64 = tokens
        .get(at)
        .filter(|token| token.shape == Shape::Number)
        .and_then(|token| token.norm.replace(',', ".").parse().ok())?;
    // "make that 3 tables" is something else.
    let ends = tokens
        .get(at + 1)
        .is_none_or(|next| matches!(next.shape, Shape::Mark(_)));
    let says = |unit: &str| {
        tokens[old.span.clone()]
            .iter()
            .any(|token| token.norm.starts_with(unit))
    };
    let hours = if says("min") {
        number / 60.0
    } else if says("h") {
        number
    } else {
        return None;
    };
    (ends && hours > 0.0 && hours <= crate::validate::MAX_HOURS)
        .then_some(Meaning::Effort(Effort { hours, ..effort }))
}
