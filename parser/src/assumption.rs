//! Assumptions: what the parser guessed, said in short sentences in the message's language.

use chrono::{Datelike, NaiveDate};

use crate::{
    Language, ParsedProposal,
    mark::{Marks, Meaning},
    token::{Shape, Token},
};

/// Something that was guessed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Guess {
    UpperBound,
    WorkingDay,
    NextYear,
    DayOrMonth,
    TotalOnly,
    NoDates,
}

impl Guess {
    fn sentence(self, language: Language) -> &'static str {
        match (self, language) {
            (Self::UpperBound, Language::En) => "I took the upper end of the range of hours.",
            (Self::UpperBound, Language::Es) => "Tomé el extremo alto del rango de horas.",
            (Self::WorkingDay, Language::En) => {
                "I counted 8 hours of work to a day and 40 to a week."
            }
            (Self::WorkingDay, Language::Es) => "Conté 8 horas de trabajo por día y 40 por semana.",
            (Self::NextYear, Language::En) => {
                "A date without a year has passed, so I took the next year."
            }
            (Self::NextYear, Language::Es) => {
                "Una fecha sin año ya pasó, así que tomé el año siguiente."
            }
            (Self::DayOrMonth, Language::En) => "I read dates like 3/4 as month/day.",
            (Self::DayOrMonth, Language::Es) => "Leí las fechas como 3/4 en orden día/mes.",
            (Self::TotalOnly, Language::En) => "The hours were given for everything together.",
            (Self::TotalOnly, Language::Es) => "Las horas se dieron para todo junto.",
            (Self::NoDates, Language::En) => "No due date was given.",
            (Self::NoDates, Language::Es) => "No se dio fecha de entrega.",
        }
    }
}

/// What was guessed while the marks were read into the proposal.
pub(crate) fn of(
    proposal: &ParsedProposal,
    tokens: &[Token],
    marks: &Marks,
    today: NaiveDate,
) -> Vec<String> {
    if !proposal.actionable {
        return Vec::new();
    }
    let mut guesses = Vec::new();
    for mark in marks.within(0..tokens.len()) {
        let words = &tokens[mark.span.clone()];
        match mark.meaning {
            Meaning::Effort(_) => guesses.extend(about_hours(words)),
            Meaning::Due(due) => {
                guesses.extend(due.day.and_then(|day| about_date(words, day, today)));
            }
            _ => {}
        }
    }
    let several = proposal.items.len() > 1;
    if several
        && proposal.total_hours.is_some()
        && proposal.items.iter().any(|item| item.hours.is_none())
    {
        guesses.push(Guess::TotalOnly);
    }
    if proposal.items.iter().all(|item| item.due.is_none()) {
        guesses.push(Guess::NoDates);
    }
    let mut said: Vec<Guess> = Vec::new();
    for guess in guesses {
        if !said.contains(&guess) {
            said.push(guess);
        }
    }
    said.into_iter()
        .map(|guess| guess.sentence(proposal.language).to_owned())
        .collect()
}

fn about_hours(words: &[Token]) -> Option<Guess> {
    let counted = words
        .iter()
        .filter(|token| token.number().is_some())
        .count();
    let joint = words
        .iter()
        .any(|token| matches!(token.norm.as_str(), "-" | "to" | "a" | "o" | "or"));
    let days = words.iter().any(|token| {
        ["day", "dia", "week", "semana"]
            .iter()
            .any(|unit| token.norm.starts_with(unit))
    });
    if counted > 1 && joint {
        return Some(Guess::UpperBound);
    }
    days.then_some(Guess::WorkingDay)
}

fn about_date(words: &[Token], day: NaiveDate, today: NaiveDate) -> Option<Guess> {
    let has_year = words
        .iter()
        .any(|token| token.norm.len() == 4 && token.shape == Shape::Number);
    let months_away = (day.year() - today.year()) * 12 + i32::try_from(day.month()).unwrap_or(0)
        - i32::try_from(today.month()).unwrap_or(0);
    if !has_year && day.year() > today.year() && months_away > 6 {
        return Some(Guess::NextYear);
    }
    let slashed = words.iter().any(|token| token.is_mark('/'));
    (slashed && !has_year && day.day() <= 12).then_some(Guess::DayOrMonth)
}
