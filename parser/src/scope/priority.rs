//! Whose priority a word is. In an item's clause or entry: that item's. Where a sentence
//! points at one ("the first one", "lo de las mesas"): that one's. Otherwise everyone's.

use super::{Position, Standing, is_alone, siblings};
use crate::{
    Priority,
    draft::Reading,
    layout::Place,
    mark::{Mark, Meaning},
    words,
};

/// Gives every draft its priority; the highest that applies wins.
pub(super) fn resolve(reading: &mut Reading<'_>, marks: &[(Mark, Standing)]) {
    for (mark, standing) in marks {
        let Meaning::Priority(priority) = mark.meaning else {
            continue;
        };
        for draft in owners(reading, marks, mark, standing) {
            raise(&mut reading.drafts[draft].priority, priority);
        }
    }
}

fn raise(slot: &mut Option<Priority>, priority: Priority) {
    *slot = Some(slot.map_or(priority, |before| before.max(priority)));
}

fn owners(
    reading: &Reading<'_>,
    marks: &[(Mark, Standing)],
    mark: &Mark,
    standing: &Standing,
) -> Vec<usize> {
    let same = |meaning| matches!(meaning, Meaning::Priority(_));
    match (standing.owner, standing.drafts.as_slice()) {
        (_, []) if standing.all => (0..reading.drafts.len()).collect(),
        (_, []) => pointed_at(reading, standing)
            .map_or_else(|| everyone(reading, standing), |draft| vec![draft]),
        (_, [only]) => vec![*only],
        (None, drafts) => drafts.to_vec(),
        (Some(owner), drafts) => {
            let last = drafts.last() == Some(&owner);
            let first = drafts.first() == Some(&owner);
            let leads = first && standing.position == Position::Leads;
            let sole = is_alone(marks, mark, standing, same);
            let closes = last && standing.position == Position::Detached && standing.attribute;
            if sole && (leads || closes) {
                return drafts.to_vec();
            }
            let group = siblings(reading, owner);
            if standing.position == Position::Leads || group.last() == Some(&owner) {
                group
            } else {
                vec![owner]
            }
        }
    }
}

/// A sentence about nothing in particular: a header or an opening is about all, a remark
/// between the items about what came just before it.
fn everyone(reading: &Reading<'_>, standing: &Standing) -> Vec<usize> {
    let all: Vec<usize> = (0..reading.drafts.len()).collect();
    let header = reading.sentences[standing.sentence].place == Place::Header;
    let before: Vec<usize> = all
        .iter()
        .copied()
        .filter(|&draft| reading.drafts[draft].sentence < standing.sentence)
        .collect();
    let Some(&nearest) = before.last() else {
        return all;
    };
    if header || before.len() == all.len() {
        return all;
    }
    let sentence = reading.drafts[nearest].sentence;
    before
        .into_iter()
        .filter(|&draft| reading.drafts[draft].sentence == sentence)
        .collect()
}

/// "The first one is urgent", "el tercero", "sin prisa lo de las mesas".
fn pointed_at(reading: &Reading<'_>, standing: &Standing) -> Option<usize> {
    let span = reading.sentences[standing.sentence].span.clone();
    let tokens = &reading.words.tokens[span];
    ordinal(tokens, reading.drafts.len()).or_else(|| named(reading, tokens))
}

word_set!(
    ARTICLES = "\
    the el la lo los las number numero punto"
);

fn ordinal(tokens: &[crate::token::Token], count: usize) -> Option<usize> {
    let article = |at: usize| {
        at.checked_sub(1)
            .is_some_and(|before| ARTICLES.contains(tokens[before].norm.as_str()))
    };
    (0..tokens.len()).filter(|&at| article(at)).find_map(|at| {
        let index = match tokens[at].norm.as_str() {
            "first" | "primero" | "primera" | "primer" | "1" | "one"
                if tokens[at].norm != "one" || count > 0 && tokens[at - 1].norm == "number" =>
            {
                0
            }
            "second" | "segundo" | "segunda" | "2" => 1,
            "third" | "tercero" | "tercera" | "tercer" | "3" => 2,
            "fourth" | "cuarto" | "cuarta" | "4" => 3,
            "fifth" | "quinto" | "quinta" | "5" => 4,
            "last" | "ultimo" | "ultima" => count.checked_sub(1)?,
            _ => return None,
        };
        (index < count).then_some(index)
    })
}

/// The one draft that shares a long word with the sentence.
fn named(reading: &Reading<'_>, tokens: &[crate::token::Token]) -> Option<usize> {
    let long = |word: &str| {
        word.len() > 3
            && !words::is_preposition(word)
            && !words::is_determiner(word)
            && !words::is_finite(word)
    };
    let stem = |word: &str| word.trim_end_matches('s').to_owned();
    let said: Vec<String> = tokens
        .iter()
        .map(crate::token::Token::word)
        .filter(|word| long(word))
        .map(stem)
        .take(12)
        .collect();
    let shares = |draft: usize| {
        let title = reading.drafts[draft].title.iter().cloned().flatten();
        title
            .map(|at| stem(reading.words.tokens[at].word()))
            .any(|word| long(&word) && said.contains(&word))
    };
    let mut sharing = (0..reading.drafts.len()).filter(|&draft| shares(draft));
    let found = sharing.next()?;
    sharing.next().is_none().then_some(found)
}
