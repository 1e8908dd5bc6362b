//! The built-in parser from end to end: the document, tokens, marks by theme, sentences, clauses, drafts,
//! scopes, and at last the proposal.

use crate::{
    Item, Language, ParsedProposal, Priority, Request, assumption, correction,
    date::{self, calendar::Calendar},
    document,
    draft::{self, Deadline, Draft, Reading},
    effort, language, layout,
    lexicon::Class,
    literal,
    mark::Marks,
    people, priority,
    role::Words,
    rule::Rules,
    scope, title,
    token::{Token, tokenize},
    validate::{MAX_HOURS, MAX_ITEMS, MAX_SUMMARY},
    words,
};

/// Most characters of a description.
const MAX_DESCRIPTION: usize = 500;
/// Most tokens that are read: what is longer than any message on the channel is cut.
const MAX_TOKENS: usize = 6000;

/// Reads a message, asking these rules. Where its sender's own words ask for nothing ("Please do
/// what he writes:"), what they quote is meant.
pub(crate) fn parse(request: &Request<'_>, rules: Rules) -> ParsedProposal {
    let (own, whole) = (document::own(request.text), document::whole(request.text));
    let proposal = read(&own, request, rules);
    if proposal.actionable || own == whole {
        return proposal;
    }
    let quoted = read(&whole, request, rules);
    if quoted.actionable { quoted } else { proposal }
}

fn read(text: &str, request: &Request<'_>, rules: Rules) -> ParsedProposal {
    let marked = Marked::of(text, request);
    let (reading, total) = marked.read(text, rules);
    let items = items(&reading, request);
    let mut proposal = propose(items, total, marked.language);
    let Marked { tokens, marks, .. } = &marked;
    proposal.assumptions = assumption::of(&proposal, tokens, marks, marked.calendar.today);
    proposal
}

/// A message's tokens with the marks of every theme.
#[derive(Debug)]
pub(crate) struct Marked {
    /// The tokens.
    pub(crate) tokens: Vec<Token>,
    /// Their marks.
    pub(crate) marks: Marks,
    /// The language to answer in.
    pub(crate) language: Language,
    /// How dates were read.
    calendar: Calendar,
}

impl Marked {
    /// Cuts the sender's own text of a message into tokens and marks them.
    pub(crate) fn of(text: &str, request: &Request<'_>) -> Self {
        let mut tokens = tokenize(text);
        tokens.truncate(MAX_TOKENS);
        tokens.retain(|token| !is_hesitation(&token.norm));
        drop_este(&mut tokens);
        let detected = language::detect(text, &tokens);
        let language = request.language.or(detected).unwrap_or(Language::En);
        words::take_back_nouns(&mut tokens, language == Language::En);
        let calendar = Calendar {
            today: request.sent_at.date_naive(),
            month_first: language == Language::En,
        };
        let mut marks = Marks::over(&tokens);
        literal::scan(&tokens, &mut marks);
        date::scan(&tokens, calendar, &mut marks);
        effort::scan(&tokens, &mut marks);
        priority::scan(&tokens, &mut marks);
        correction::apply(&tokens, &mut marks);
        Self {
            tokens,
            marks,
            language,
            calendar,
        }
    }

    /// Reads sentences, clauses and drafts, and the total that was stated.
    pub(crate) fn read<'a>(&'a self, text: &'a str, rules: Rules) -> (Reading<'a>, Option<f64>) {
        let sentences = layout::sentences(&self.tokens, &self.marks);
        let words = Words {
            text,
            tokens: &self.tokens,
            marks: &self.marks,
            rules,
        };
        let mut reading = draft::read(words, sentences);
        let total = scope::resolve(&mut reading);
        (reading, total)
    }
}

/// What people say while they think, in dictated messages.
fn is_hesitation(word: &str) -> bool {
    Class::Hesitations.has(word)
}

/// "… y **este** que me cambies los precios": what Mexicans say while they think.
fn drop_este(tokens: &mut Vec<Token>) {
    let mut at = 1;
    while at + 1 < tokens.len() {
        let before = words::is_and(&tokens[at - 1]) || tokens[at - 1].is_mark(',');
        if before && tokens[at].norm == "este" && tokens[at + 1].norm == "que" {
            tokens.remove(at);
        }
        at += 1;
    }
}

fn items(reading: &Reading<'_>, request: &Request<'_>) -> Vec<Item> {
    let mut items: Vec<Item> = Vec::new();
    let mut sources: Vec<&Draft> = Vec::new();
    for draft in &reading.drafts {
        let Words {
            text,
            tokens,
            marks,
            ..
        } = reading.words;
        let title = title::of(text, tokens, marks, &draft.title);
        if items.len() == MAX_ITEMS || !title.chars().any(char::is_alphabetic) {
            continue;
        }
        let span = reading.sentences[draft.sentence].span.clone();
        let waits = depends_on_previous(&tokens[span.clone()], draft, span.start, items.len());
        items.push(Item {
            title,
            description: description(text, &tokens[span.clone()]),
            kind: draft.kind,
            hours: draft
                .hours
                .map(to_hundredths)
                .filter(|&hours| hours > 0.0 && hours <= MAX_HOURS),
            due: match draft.due {
                Deadline::Day(day) => Some(day),
                Deadline::Open | Deadline::Unsaid => None,
            },
            priority: draft.priority.unwrap_or(Priority::Medium),
            assignee: people::assignee(&tokens[span], request.members).cloned(),
            depends_on: waits,
        });
        sources.push(draft);
    }
    items
}

/// The sentence as it was written, on one line.
fn description(text: &str, tokens: &[Token]) -> String {
    let (Some(first), Some(last)) = (tokens.first(), tokens.last()) else {
        return String::new();
    };
    let line = text[first.start..last.end]
        .split_whitespace()
        .collect::<Vec<_>>()
        .join(" ");
    title::shorten(&line.replace(char::is_control, " "), MAX_DESCRIPTION)
}

phrase_list!(
    AFTER = "\
    then|after that|afterwards|once that is done|once that's done|when that is done|\
    once it is done|once it's done|y luego|luego|despues de eso|una vez que este|\
    cuando este listo|cuando quede|cuando termines|una vez listo|ya que este"
);

/// "then", "once that is done", "después de eso": the item before comes first.
fn depends_on_previous(
    sentence: &[Token],
    draft: &Draft,
    start: usize,
    index: usize,
) -> Vec<usize> {
    let end = draft
        .title
        .first()
        .map_or(draft.start, |span| span.start)
        .saturating_sub(start)
        .min(sentence.len());
    let lead = &sentence[end.saturating_sub(8)..end];
    let says_so = (0..lead.len()).any(|at| AFTER.at(&lead[at..]).is_some());
    if says_so && index > 0 {
        vec![index - 1]
    } else {
        Vec::new()
    }
}

fn propose(items: Vec<Item>, stated: Option<f64>, language: Language) -> ParsedProposal {
    let actionable = !items.is_empty();
    let all_have_hours = items.iter().all(|item| item.hours.is_some());
    let sum: f64 = items.iter().filter_map(|item| item.hours).sum();
    let total = match items.as_slice() {
        [only] => only.hours,
        _ => stated
            .map(to_hundredths)
            .or_else(|| all_have_hours.then_some(sum)),
    };
    ParsedProposal {
        summary: summary(&items, language),
        actionable,
        language,
        total_hours: total.filter(|&hours| actionable && hours > 0.0 && hours <= MAX_HOURS),
        confidence: confidence(&items),
        items,
        assumptions: Vec::new(),
    }
}

/// Hours are kept with two decimals.
fn to_hundredths(hours: f64) -> f64 {
    (hours * 100.0).round() / 100.0
}

fn summary(items: &[Item], language: Language) -> String {
    let more = match (items.len(), language) {
        (0, _) => return String::new(),
        (1, _) => String::new(),
        (count, Language::En) => format!(" and {} more", count - 1),
        (count, Language::Es) => format!(" y {} más", count - 1),
    };
    let room = MAX_SUMMARY.saturating_sub(more.chars().count());
    format!("{}{more}", title::shorten(&items[0].title, room))
}

/// The built-in parser is sure of short and plain messages, and less so of long ones.
fn confidence(items: &[Item]) -> f64 {
    match items.len() {
        0 | 1 => 0.8,
        2..=8 => 0.7,
        _ => 0.5,
    }
}
