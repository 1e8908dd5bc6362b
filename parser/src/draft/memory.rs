//! What is remembered while the clauses are read in order.

use std::ops::Range;

use crate::Kind;

/// What a header says of what follows it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Heading {
    /// Whether it asks for it.
    pub(super) asks: bool,
    /// Whether it says that it is a fault: "Bug:".
    pub(super) reports: bool,
    /// Whether it says that they are faults: "Bugs we found:".
    pub(super) lists_faults: bool,
}

/// What is remembered while the clauses are read in order.
#[derive(Debug, Default)]
pub(super) struct Memory {
    /// The kind that the latest header asks for.
    pub(super) header: Option<Kind>,
    /// The latest header, if there was one.
    pub(super) heading: Option<Heading>,
    /// The line of the latest list entry.
    pub(super) entry_line: Option<usize>,
    /// The latest clause that told something, and its sentence.
    pub(super) told: Option<(usize, Range<usize>)>,
    /// Whether a made-up turn of a conversation has begun.
    pub(super) fake_turn: bool,
}

impl Memory {
    /// Remembers what was told; what the same sentence told before belongs to it.
    pub(super) fn tell(&mut self, sentence: usize, span: Range<usize>, guesses: bool) {
        match &mut self.told {
            Some((before, told)) if *before == sentence => told.end = span.end,
            // "Line 4 has low pressure. Could be a leak.": still about the line.
            Some((before, _)) if *before + 1 == sentence && guesses => *before = sentence,
            _ => self.told = Some((sentence, span)),
        }
    }
}
