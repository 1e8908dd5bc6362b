//! Drafts from requests and faults: one per thing asked for, and a fault together with the
//! request to fix it.

use std::ops::Range;

use super::{Draft, Memory, Reading};
use crate::{
    Kind, Language,
    clause::{self, Joint},
    layout::SentenceKind,
    lexicon::Class,
    mark::Meaning,
    role::{Matter, Role, done_to},
    series,
    token::Token,
    verb::{Form, Verb},
    words,
};

impl Reading<'_> {
    /// A request gives one draft per thing; returns the last clause that belongs to it.
    pub(super) fn add_request(&mut self, at: usize, matter: &Matter, memory: &Memory) -> usize {
        let part = self.parts[at].clone();
        let one = self.sentences[part.sentence].kind == SentenceKind::Line && self.lines > 2;
        let last = if one { at } else { self.series_end(at) };
        let verb = self.own_verb(matter, memory);
        let asked = matter
            .head
            .filter(|_| verb.is_some() || matter.verb.is_none());
        let object = asked.map_or(matter.span.start, |head| head + 1);
        let object = object.max(matter.span.start)..matter.span.end;
        // "the bathroom needs paper and soap": the things follow the verb.
        let needs = object.clone().skip(1).find(|&at| {
            matter.own
                && (self.tokens()[at].is(Class::Needing)
                    || matches!(self.tokens()[at].word(), "falta" | "faltan"))
        });
        let object = needs.map_or(object.start, |needs| needs + 1)..object.end;
        let mut things = if one {
            vec![matter.span.clone()]
        } else {
            series::split(self.tokens(), object, self.marks())
        };
        for next in at + 1..=last {
            things.extend(series::split(
                self.tokens(),
                self.parts[next].clause.span.clone(),
                self.marks(),
            ));
        }
        if self.answers_fault(at, matter) || self.names_again(matter) {
            return last;
        }
        let nominal = asked.is_some_and(|head| {
            verb.is_some_and(|verb| verb.language == Language::En)
                && self.tokens()[..matter.span.end]
                    .get(head + 1)
                    .is_some_and(|next| matches!(next.norm.as_str(), "de" | "del"))
        });
        if let Some(first) = things.first_mut().filter(|_| needs.is_some()) {
            first.start = matter.span.start;
        }
        let pieces = self.with_modifiers(at, last, things, one);
        for (nth, thing) in pieces.into_iter().enumerate() {
            // "fix del CI y un video": the first word is a noun, and only the first one's.
            let verb = verb.filter(|_| nth == 0 || !nominal);
            let verb = self.done_to_this(matter, verb, &thing).or(verb);
            let verb_span = matter
                .head
                .map(|head| head..head + 1)
                .filter(|head| head.start < thing.start && (nth == 0 || !nominal));
            let start = if nth == 0 {
                part.clause.span.start.max(matter.span.start)
            } else {
                thing.start
            };
            let title = verb_span.into_iter().chain([thing]).collect();
            let draft = Draft::new(title, verb, (part.sentence, at), start);
            let evidence = draft.title.last().cloned().unwrap_or(start..start);
            self.push(draft, memory.header, evidence);
        }
        last
    }

    /// "we need rate limiting added **and the docs updated**": each with a verb of its own.
    fn done_to_this(
        &self,
        matter: &Matter,
        verb: Option<Verb>,
        thing: &Range<usize>,
    ) -> Option<Verb> {
        verb.filter(|verb| matter.head.is_none() && verb.form == Form::Participle)
            .and_then(|_| done_to(self.tokens(), thing.clone()))
    }

    /// "update the docs and tests for the export module": what follows the last thing may
    /// belong to the others as well; an item alone keeps the phrases that follow it.
    pub(super) fn with_modifiers(
        &self,
        at: usize,
        last: usize,
        things: Vec<Range<usize>>,
        one: bool,
    ) -> Vec<Range<usize>> {
        let sole = things.len() == 1 && last == at && !one;
        let end = (at + 1..self.parts.len())
            .take_while(|&next| {
                sole && matches!(self.parts[next].role, Role::Phrase(_))
                    && !self.is_pressed(next)
                    && self.parts[next].clause.joint == Joint::Comma
                    && !self.names_amount(next)
            })
            .last()
            .map_or(self.parts[at].clause.span.end, |next| {
                self.parts[next].clause.span.end
            });
        let extend = |thing: Range<usize>| if sole { thing.start..end } else { thing };
        things
            .into_iter()
            .map(extend)
            .filter(|thing| clause::has_words(self.tokens(), thing.clone(), self.marks()))
            .collect()
    }

    /// "urge lo del banco", "we need the door working": about something that is there already.
    fn names_again(&self, matter: &Matter) -> bool {
        if matter.head.is_some() || matter.own || matter.adds {
            return false;
        }
        let said: Vec<&str> = self.tokens()[matter.span.clone()]
            .iter()
            .zip(matter.span.clone())
            .filter(|(token, at)| self.marks().is_free(*at) && is_content(token.word()))
            .map(|(token, _)| token.word())
            .collect();
        !said.is_empty()
            && self.drafts.iter().any(|draft| {
                let title = draft.title.iter().cloned().flatten();
                let title: Vec<&str> = title.map(|at| self.tokens()[at].word()).collect();
                said.iter().all(|word| title.contains(word))
            })
    }

    /// "markers no rush": a name with a word of its own about when or how urgent.
    fn is_pressed(&self, part: usize) -> bool {
        let span = self.parts[part].clause.span.clone();
        let mut marks = self.marks().within(span);
        marks.any(|mark| matches!(mark.meaning, Meaning::Priority(_)))
    }

    fn names_amount(&self, part: usize) -> bool {
        let mut span = self.parts[part].clause.span.clone();
        span.any(|at| self.marks().meaning(at) == Some(Meaning::Amount))
    }

    /// Where the objects of a request end: "order cups, plates and napkins".
    pub(super) fn series_end(&self, at: usize) -> usize {
        let tokens = self.tokens();
        let mut end = at;
        let mut closed = false;
        for next in at + 1..self.parts.len() {
            let part = &self.parts[next];
            // "a handrail - 3 hrs - and a grab bar": what only says how long stands between.
            if part.role == Role::Attribute && part.sentence == self.parts[at].sentence {
                continue;
            }
            let Role::Phrase(matter) = &part.role else {
                break;
            };
            let first = &tokens[matter.span.start];
            let thing = matter.span.len() <= 16
                && (!first.is(Class::Prepositions) || first.norm == "a")
                && matter.span.start == part.clause.span.start;
            let joined =
                part.clause.joint == Joint::And || words::is_and(&tokens[part.clause.span.start]);
            if !thing && !joined {
                break;
            }
            closed |= joined
                || self.have_brackets(at, next)
                || series::split(tokens, matter.span.clone(), self.marks()).len() > 1;
            end = next;
        }
        if closed { end } else { at }
    }

    /// "the floor (2 days), the skirting (4 h)": each with what it takes beside it.
    fn have_brackets(&self, left: usize, right: usize) -> bool {
        [left, right].into_iter().all(|part| {
            let span = self.parts[part].clause.span.clone();
            let mut marks = self.marks().within(span);
            marks.any(|mark| {
                mark.meaning.leaves_title() && self.tokens()[mark.span.start].is_mark('(')
            })
        })
    }

    /// "A pipe burst! Need someone now": somebody is called for a fault that is an item already.
    fn calls_for(&self, at: usize, matter: &Matter) -> bool {
        let sentence = self.parts[at].sentence;
        let called = sends_somebody(&self.tokens()[matter.span.clone()]);
        called
            && self.drafts.last().is_some_and(|draft| {
                draft.kind == Kind::Bug && sentence - draft.sentence <= 1 && draft.verb.is_none()
            })
    }

    /// A fault and the request to fix it are one item. True where the request was taken in.
    pub(super) fn answers_fault(&mut self, at: usize, matter: &Matter) -> bool {
        let part = self.parts[at].clone();
        let tokens = self.words.tokens;
        let waits = |draft: &&mut Draft| {
            let near = part.sentence - draft.sentence <= 1;
            let named = part.sentence > draft.sentence && names(tokens, draft, &matter.span);
            draft.fault && near && named
        };
        let fault = if self.drafts.last().is_some_and(|draft| draft.fault) {
            self.drafts.last_mut()
        } else {
            self.drafts.iter_mut().rev().find(waits)
        };
        let Some(draft) = fault else {
            return self.calls_for(at, matter);
        };
        let same_sentence = draft.sentence == part.sentence;
        let near = part.sentence.saturating_sub(draft.sentence) <= 1;
        let repairs = matter.verb.is_some_and(|verb| verb.kind == Kind::Bug)
            || sends_somebody(&tokens[matter.span.clone()]);
        let one_more = (part.clause.joint == Joint::And || matter.own) && !repairs;
        let named = !same_sentence && names(tokens, draft, &matter.span);
        if matter.adds || one_more || !near || !(same_sentence || repairs || named) {
            return false;
        }
        let long = draft.title.iter().map(Range::len).sum::<usize>() > 12;
        if repairs && long && !named {
            draft.title.insert(0, matter.span.clone());
            draft.start = draft.start.min(matter.span.start);
        } else if same_sentence || repairs {
            let comma = usize::from(tokens[matter.span.start.saturating_sub(1)].is_mark(','));
            draft.title.push(matter.span.start - comma..matter.span.end);
        }
        draft.fault = false;
        true
    }
}

/// "send a technician", "manden a alguien": asks for a repair without saying so.
pub(super) fn sends_somebody(words: &[Token]) -> bool {
    let sends = words.first().is_some_and(|token| {
        token
            .verb
            .is_some_and(|verb| Class::RequestSending.has(verb.lemma))
    });
    let somebody = |token: &Token| token.is(Class::RequestRepairers);
    let words = match words.first().map(Token::word) {
        Some("un" | "una" | "a" | "an") => &words[1..],
        _ => words,
    };
    let named = sends && words.len() <= 4 && words.get(1).is_some_and(|next| next.capital);
    named || (sends || words.first().is_some_and(somebody)) && words.iter().take(5).any(somebody)
}

/// "(send) a plumber", whatever the verb: a repairer is named.
pub(super) fn calls_somebody(words: &[Token]) -> bool {
    words
        .iter()
        .take(5)
        .any(|token| token.is(Class::RequestRepairers))
}

/// Whether a request names the thing of a draft.
fn names(tokens: &[Token], draft: &Draft, span: &Range<usize>) -> bool {
    let said = tokens[span.clone()].iter().map(Token::word);
    let mut title = draft.title.iter().cloned().flatten();
    let said: Vec<&str> = said.filter(|word| word.len() > 3).collect();
    title.any(|at| said.contains(&tokens[at].word()))
}

/// Whether a word says which thing is meant, rather than how it shall be.
fn is_content(word: &str) -> bool {
    word.len() > 1
        && !Class::RequestStates.has(word)
        && !Class::Prepositions.has(word)
        && !Class::Determiners.has(word)
        && !Class::Pronouns.has(word)
}
