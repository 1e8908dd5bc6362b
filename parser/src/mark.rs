//! What the themes (dates, hours, priorities, literals) found in a message: spans of tokens
//! with a meaning. Each token belongs to one mark at most, and the first theme keeps it.

use std::ops::Range;

use crate::{Priority, date::Due, effort::Effort, token::Token};

/// What a span of tokens says.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Meaning {
    /// When something has to be done.
    Due(Due),
    /// A date or a stretch of time that describes something and asks for nothing.
    Described,
    /// How many hours something takes.
    Effort(Effort),
    /// How much something presses.
    Priority(Priority),
    /// A time of day.
    Clock,
    /// Money, a percentage.
    Amount,
    /// A telephone number.
    Phone,
    /// The name of a thing, in quotation marks.
    Name,
    /// Somebody's words in quotation marks.
    Quote,
}

impl Meaning {
    /// Whether the span is taken out of titles: it says when, how long or how urgent.
    pub(crate) fn leaves_title(self) -> bool {
        matches!(self, Self::Due(_) | Self::Effort(_) | Self::Priority(_))
    }
}

/// A span with its meaning.
#[derive(Debug, Clone)]
pub(crate) struct Mark {
    /// The tokens it covers.
    pub(crate) span: Range<usize>,
    /// What they say.
    pub(crate) meaning: Meaning,
}

/// All marks of a message.
#[derive(Debug, Default)]
pub(crate) struct Marks {
    list: Vec<Mark>,
    owner: Vec<Option<usize>>,
}

impl Marks {
    /// No marks yet over so many tokens.
    pub(crate) fn over(tokens: &[Token]) -> Self {
        Self {
            list: Vec::new(),
            owner: vec![None; tokens.len()],
        }
    }

    /// Whether nothing has claimed the token.
    pub(crate) fn is_free(&self, at: usize) -> bool {
        self.owner.get(at).is_some_and(Option::is_none)
    }

    /// What the token belongs to.
    pub(crate) fn at(&self, at: usize) -> Option<&Mark> {
        self.owner
            .get(at)
            .copied()
            .flatten()
            .map(|index| &self.list[index])
    }

    /// What the token's mark means.
    pub(crate) fn meaning(&self, at: usize) -> Option<Meaning> {
        self.at(at).map(|mark| mark.meaning)
    }

    /// Claims the free tokens of a span.
    pub(crate) fn add(&mut self, span: Range<usize>, meaning: Meaning) {
        let index = self.list.len();
        for owner in &mut self.owner[span.clone()] {
            owner.get_or_insert(index);
        }
        self.list.push(Mark { span, meaning });
    }

    /// Says something else over a span that a mark begins; what began in the rest of it is gone.
    pub(crate) fn replace(&mut self, old: &Range<usize>, span: Range<usize>, meaning: Meaning) {
        let Some(index) = self.owner.get(old.start).copied().flatten() else {
            return;
        };
        self.owner[span.clone()].fill(Some(index));
        self.list[index] = Mark { span, meaning };
    }

    /// The marks that begin inside a span of tokens, in the order of the text.
    pub(crate) fn within(&self, span: Range<usize>) -> impl Iterator<Item = &Mark> {
        span.filter_map(|at| {
            let index = self.owner.get(at).copied().flatten()?;
            let first = at == 0 || self.owner[at - 1] != Some(index);
            first.then(|| &self.list[index])
        })
    }
}
