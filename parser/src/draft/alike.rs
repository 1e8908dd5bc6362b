//! Clauses that are read by the one before them: asked in its form, or the other half of its
//! question.

use std::ops::Range;

use super::Reading;
use crate::{
    Language,
    clause::{Clause, Joint},
    command,
    role::{Matter, Role},
    verb::Form,
    words,
};

impl Reading<'_> {
    /// "Que se arregle la rampa **y se pinte** la puerta", "me arreglan la rampa **y pintan** la
    /// puerta": asked in the form of the request before.
    pub(super) fn also_asked(&self, clause: &Clause, role: Role) -> Role {
        let tokens = self.tokens();
        let Some(Role::Request(before)) = self.parts.last().map(|part| &part.role) else {
            return role;
        };
        let told = matches!(role, Role::Background | Role::Phrase(_)) && clause.joint == Joint::And;
        let span = clause.span.clone();
        let head = span.start + usize::from(command::is_proclitic(&tokens[span.start].norm));
        let Some(verb) = tokens[..span.end].get(head).and_then(|token| token.verb) else {
            return role;
        };
        let alike = before.verb.is_some_and(|asked| {
            asked.language == Language::Es && asked.form == verb.form || asked.form == Form::Command
        });
        let asks = matches!(verb.form, Form::Command | Form::Present)
            && verb.language == Language::Es
            && (head > span.start || verb.form == Form::Present);
        if !told || !alike || !asks || head + 1 >= span.end {
            return role;
        }
        Role::Request(Matter {
            verb: Some(verb),
            head: Some(head),
            ..Matter::of(head..span.end)
        })
    }

    /// "¿Es gratis **o hay que pagar**?": the other half of a question.
    pub(super) fn asks_which(&self, clause: &Clause) -> bool {
        let or = |at: usize| matches!(self.tokens()[at].word(), "o" | "or");
        let start = clause.span.start;
        let told = self
            .parts
            .last()
            .is_some_and(|part| part.role == Role::Background);
        told && (or(start) || start > 0 && or(start - 1))
    }

    /// "Make sure the floors are mopped **and the windows are cleaned**": one more of the same.
    pub(super) fn also_made_sure(&self, clause: &Clause, role: Role) -> Role {
        let tokens = self.tokens();
        let shall_be = |span: &Range<usize>| {
            words::is_determiner(&tokens[span.start].norm)
                && span.clone().skip(2).take(6).any(|at| {
                    matches!(tokens[at - 1].norm.as_str(), "is" | "are" | "gets" | "get")
                        && tokens[at]
                            .verb
                            .is_some_and(|verb| verb.form == Form::Participle)
                })
        };
        let before = self.parts.last().map(|part| &part.role);
        let asked = matches!(before, Some(Role::Request(matter)) if matter.verb.is_none() && shall_be(&matter.span));
        if asked && role == Role::Background && shall_be(&clause.span) {
            return Role::Request(Matter::of(clause.span.clone()));
        }
        role
    }
}
