//! Clauses that are read by the one before them: asked in its form, or the other half of its
//! question.

use std::ops::Range;

use super::Reading;
use crate::{
    Language,
    clause::{Clause, Joint},
    lexicon::Class,
    role::{Matter, Role, Verdict},
    rule::Rule,
    verb::Form,
};

impl Reading<'_> {
    /// What a clause does beside the one before it. `question` says that a question mark ends its
    /// sentence.
    pub(super) fn beside(&self, clause: &Clause, verdict: Verdict, question: bool) -> Verdict {
        let verdict = if self.asks(Rule::AlsoMadeSure) && self.also_made_sure(clause, &verdict.role)
        {
            Role::Request(Matter::of(clause.span.clone())).by(Rule::AlsoMadeSure)
        } else {
            verdict
        };
        let verdict = self
            .also_asked(clause, &verdict.role)
            .filter(|_| self.asks(Rule::AlsoAsked))
            .map_or(verdict, |role| role.by(Rule::AlsoAsked));
        if question && self.asks_which(clause) && self.asks(Rule::AsksWhich) {
            return Role::Background.by(Rule::AsksWhich);
        }
        verdict
    }

    /// "Que se arregle la rampa **y se pinte** la puerta", "me arreglan la rampa **y pintan** la
    /// puerta": asked in the form of the request before.
    fn also_asked(&self, clause: &Clause, role: &Role) -> Option<Role> {
        let tokens = self.tokens();
        let Some(Role::Request(before)) = self.parts.last().map(|part| &part.role) else {
            return None;
        };
        let told = matches!(role, Role::Background | Role::Phrase(_)) && clause.joint == Joint::And;
        let span = clause.span.clone();
        let head = span.start + usize::from(tokens[span.start].is(Class::CommandProclitics));
        let verb = tokens[..span.end].get(head)?.verb?;
        let alike = before.verb.is_some_and(|asked| {
            asked.language == Language::Es && asked.form == verb.form || asked.form == Form::Command
        });
        let asks = matches!(verb.form, Form::Command | Form::Present)
            && verb.language == Language::Es
            && (head > span.start || verb.form == Form::Present);
        (told && alike && asks && head + 1 < span.end).then(|| {
            Role::Request(Matter {
                verb: Some(verb),
                head: Some(head),
                ..Matter::of(head..span.end)
            })
        })
    }

    /// "¿Es gratis **o hay que pagar**?": the other half of a question.
    fn asks_which(&self, clause: &Clause) -> bool {
        let or = |at: usize| matches!(self.tokens()[at].word(), "o" | "or");
        let start = clause.span.start;
        let told = self
            .parts
            .last()
            .is_some_and(|part| part.role == Role::Background);
        told && (or(start) || start > 0 && or(start - 1))
    }

    /// "Make sure the floors are mopped **and the windows are cleaned**": one more of the same.
    fn also_made_sure(&self, clause: &Clause, role: &Role) -> bool {
        let tokens = self.tokens();
        let shall_be = |span: &Range<usize>| {
            tokens[span.start].is(Class::Determiners)
                && span.clone().skip(2).take(6).any(|at| {
                    matches!(tokens[at - 1].norm.as_str(), "is" | "are" | "gets" | "get")
                        && tokens[at]
                            .verb
                            .is_some_and(|verb| verb.form == Form::Participle)
                })
        };
        let before = self.parts.last().map(|part| &part.role);
        let asked = matches!(before, Some(Role::Request(matter)) if matter.verb.is_none() && shall_be(&matter.span));
        asked && *role == Role::Background && shall_be(&clause.span)
    }
}
