//! Pointing back: "the first one", "lo de las mesas", "checkout is urgent", "the rest can
//! wait". Which items does a clause mean that has none of its own?

use std::ops::Range;

use crate::{draft::Reading, lexicon::Class, phrase::Phrases, role::Role, token::Token, words};

/// Items that a clause points at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Pointed {
    /// Which ones.
    pub(super) drafts: Vec<usize>,
    /// Whether they are pointed at by their place or by "lo de", not just named.
    pub(super) plainly: bool,
}

phrase_list!(
    REST = "\
    lo demas|los demas|las demas|todo lo demas|lo otro|el otro|la otra|los otros|las otras|\
    el resto|lo que resta|the rest|the others|the other one|the other ones|the other|\
    the other two|everything else|all else|the remaining ones|los otros dos|las otras dos|\
    otros|others"
);

phrase_list!(ABOUT = "lo de|lo del|el de|el del|la de|la del|los de|las de");

/// The items that this clause points at, if it has none of its own.
pub(super) fn of(reading: &Reading<'_>, part: usize) -> Option<Pointed> {
    if reading.drafts.len() < 2 || has_own(reading, part) {
        return None;
    }
    let tokens = tokens_of(reading, part);
    if says(&REST, tokens) {
        return rest(reading, part).map(|drafts| Pointed {
            drafts,
            plainly: true,
        });
    }
    direct(reading, part)
}

/// "Resend it today and find out why": what a pronoun stands for, where its sentence goes on to
/// items of its own.
pub(super) fn again(reading: &Reading<'_>, part: usize) -> Option<Pointed> {
    let said = &reading.parts[part];
    let goes_on = reading
        .drafts
        .iter()
        .any(|draft| draft.sentence == said.sentence && draft.start >= said.clause.span.end);
    let before = reading
        .drafts
        .iter()
        .rposition(|draft| draft.start < said.clause.span.start)?;
    let near = said.sentence == reading.drafts[before].sentence + 1;
    (matches!(said.role, Role::Again(_)) && goes_on && near).then(|| Pointed {
        drafts: vec![before],
        plainly: true,
    })
}

fn direct(reading: &Reading<'_>, part: usize) -> Option<Pointed> {
    let tokens = tokens_of(reading, part);
    if let Some(nth) = ordinal(tokens, reading.drafts.len()) {
        return Some(Pointed {
            drafts: vec![nth],
            plainly: true,
        });
    }
    let named = named(reading, part)?;
    let plainly = says(&ABOUT, tokens) || is_only_a_name(reading, part, named);
    Some(Pointed {
        drafts: vec![named],
        plainly,
    })
}

fn has_own(reading: &Reading<'_>, part: usize) -> bool {
    let span = &reading.parts[part].clause.span;
    reading.drafts.iter().any(|draft| {
        draft.clause == part
            || draft.sentence == reading.parts[part].sentence
                && draft
                    .title
                    .iter()
                    .any(|title| title.start < span.end && span.start < title.end)
    })
}

fn tokens_of<'a>(reading: &'a Reading<'_>, part: usize) -> &'a [Token] {
    &reading.words.tokens[reading.parts[part].clause.span.clone()]
}

fn says(phrases: &Phrases, tokens: &[Token]) -> bool {
    (0..tokens.len()).any(|at| phrases.at(&tokens[at..]).is_some())
}

/// Those that no other clause near points at.
fn rest(reading: &Reading<'_>, part: usize) -> Option<Vec<usize>> {
    let sentence = reading.parts[part].sentence;
    let near = (0..reading.parts.len())
        .filter(|&other| other != part && sentence.abs_diff(reading.parts[other].sentence) <= 1)
        .filter(|&other| !has_own(reading, other) && !says(&REST, tokens_of(reading, other)));
    let taken: Vec<usize> = near
        .filter_map(|other| direct(reading, other))
        .flat_map(|pointed| pointed.drafts)
        .collect();
    let left: Vec<usize> = (0..reading.drafts.len())
        .filter(|draft| !taken.contains(draft))
        .collect();
    (!taken.is_empty() && !left.is_empty()).then_some(left)
}

/// "the first one", "el tercero", "number two"
fn ordinal(tokens: &[Token], count: usize) -> Option<usize> {
    let article = |at: usize| {
        at.checked_sub(1)
            .is_some_and(|before| tokens[before].is(Class::PointerArticles))
    };
    (0..tokens.len()).filter(|&at| article(at)).find_map(|at| {
        let numbered = matches!(tokens[at - 1].norm.as_str(), "number" | "numero" | "punto");
        let alone = numbered || !names_a_thing(tokens.get(at + 1));
        let index = match tokens[at].norm.as_str() {
            "first" | "primero" | "primera" | "primer" => 0,
            "1" | "one" | "uno" if numbered => 0,
            "second" | "segundo" | "segunda" => 1,
            "2" | "two" | "dos" if numbered => 1,
            "third" | "tercero" | "tercera" | "tercer" => 2,
            "3" | "three" | "tres" if numbered => 2,
            "fourth" | "cuarto" | "cuarta" => 3,
            "4" if numbered => 3,
            "fifth" | "quinto" | "quinta" => 4,
            "5" if numbered => 4,
            "last" | "ultimo" | "ultima" => count.checked_sub(1)?,
            _ => return None,
        };
        (alone && index < count).then_some(index)
    })
}

/// "the first floor", "la última semana": the ordinal belongs to something else.
fn names_a_thing(next: Option<&Token>) -> bool {
    let Some(next) = next.map(Token::word).filter(|word| !word.is_empty()) else {
        return false;
    };
    !Class::PointerAlone.has(next)
        && !Class::Finite.has(next)
        && !Class::Prepositions.has(next)
        && !words::is_and_word(next)
}

/// The one draft before that shares most long words with the clause.
fn named(reading: &Reading<'_>, part: usize) -> Option<usize> {
    let Range { start, end } = reading.parts[part].clause.span;
    let said: Vec<&str> = (start..end)
        .filter(|&at| reading.words.marks.is_free(at))
        .map(|at| reading.words.tokens[at].word())
        .filter(|word| is_long(word))
        .map(stem)
        .take(12)
        .collect();
    let shared = |draft: usize| {
        let title = reading.drafts[draft].title.iter().cloned().flatten();
        let mut words: Vec<&str> = title
            .map(|at| reading.words.tokens[at].word())
            .filter(|word| is_long(word))
            .map(stem)
            .filter(|word| said.contains(word))
            .collect();
        words.sort_unstable();
        words.dedup();
        words.len()
    };
    let counts: Vec<(usize, usize)> = (0..reading.drafts.len())
        .filter(|&draft| reading.drafts[draft].start < start)
        .map(|draft| (draft, shared(draft)))
        .collect();
    let most = counts.iter().map(|(_, count)| *count).max()?;
    let mut best = counts
        .iter()
        .filter(|(_, count)| *count == most && most > 0);
    let (found, _) = best.next()?;
    best.next().is_none().then_some(*found)
}

/// "a day **for the painting**": the item that is named after hours, if there are several.
pub(super) fn complement(reading: &Reading<'_>, at: usize) -> Option<usize> {
    let tokens = reading.words.tokens;
    let lead = tokens
        .get(at)
        .filter(|token| matches!(token.word(), "for" | "para"))?;
    let words: Vec<&str> = tokens[at + 1..]
        .iter()
        .take(4)
        .map(Token::word)
        .take_while(|word| !word.is_empty() && !words::is_and_word(word))
        .filter(|word| is_long(word) && word.len() > 3)
        .collect();
    let like = |left: &str, right: &str| {
        let same = |left: &str, right: &str| {
            left.len() > 4 && left.is_ascii() && right.contains(&left[..5])
        };
        left == right || same(left, right) || same(right, left)
    };
    let mut named = (0..reading.drafts.len()).filter(|&draft| {
        let mut title = reading.drafts[draft].title.iter().cloned().flatten();
        title.any(|at| words.iter().any(|word| like(word, tokens[at].word())))
    });
    let found = named
        .next()
        .filter(|_| lead.start > 0 && reading.drafts.len() > 1)?;
    named.next().is_none().then_some(found)
}

fn is_long(word: &str) -> bool {
    word.len() > 1
        && !matches!(word, "ya" | "si" | "no" | "ok" | "so" | "or")
        && !Class::Prepositions.has(word)
        && !Class::Determiners.has(word)
        && !Class::Finite.has(word)
        && !Class::Pronouns.has(word)
        && !Class::Subjects.has(word)
}

fn stem(word: &str) -> &str {
    let word = word
        .strip_suffix("es")
        .filter(|stem| stem.len() > 4)
        .unwrap_or(word);
    word.trim_end_matches('s')
}

/// Whether a clause says nothing but the name of this draft's thing: "checkout", "el reporte".
fn is_only_a_name(reading: &Reading<'_>, part: usize, draft: usize) -> bool {
    let Range { start, end } = reading.parts[part].clause.span;
    let title: Vec<&str> = reading.drafts[draft]
        .title
        .iter()
        .cloned()
        .flatten()
        .map(|at| stem(reading.words.tokens[at].word()))
        .collect();
    matches!(reading.parts[part].role, Role::Phrase(_))
        && (start..end)
            .filter(|&at| reading.words.marks.is_free(at))
            .map(|at| reading.words.tokens[at].word())
            .filter(|word| is_long(word))
            .all(|word| title.contains(&stem(word)))
}
