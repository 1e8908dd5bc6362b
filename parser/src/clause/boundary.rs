//! Where one clause ends and the next begins: commas, conjunctions, and requests that start
//! without either.

use std::sync::LazyLock;

use super::{Joint, dictated, starts_clause};
use crate::{
    command, fault, lead,
    lexicon::Class,
    mark::Marks,
    phrase::PhraseTable,
    token::{Shape, Token},
    verb::{Form, Verb},
    words,
};

/// What cuts the clause that began at `start`: how many tokens it takes, and how it joins.
pub(super) fn boundary(
    tokens: &[Token],
    at: usize,
    start: usize,
    end: usize,
    marks: &Marks,
) -> Option<(usize, Joint)> {
    let token = &tokens[at];
    match token.shape {
        Shape::Mark(',') if lists_names(tokens, at, start) => return None,
        Shape::Mark(',') | Shape::Emoji => return Some((1, Joint::Comma)),
        Shape::Mark('-') => {
            let spaced = !token.glued && tokens.get(at + 1).is_some_and(|next| !next.glued);
            return spaced.then_some((1, Joint::Comma));
        }
        Shape::Word | Shape::Mark('&' | '+') => {}
        _ => return None,
    }
    if at == start {
        return None;
    }
    if words::is_and(token) {
        return starts_after_and(tokens, at, start, end, marks).then_some((1, Joint::And));
    }
    conjunction(tokens, at, end, marks).or_else(|| {
        let begins = begins_request(tokens, at, end)
            || dictated::begins_command(tokens, start, at, end, marks);
        begins.then_some((0, Joint::Comma))
    })
}

/// "a meeting with Ana, Luis and Pedro": the comma between people.
fn lists_names(tokens: &[Token], at: usize, start: usize) -> bool {
    let is_name = |token: &Token| token.capital && token.verb.is_none();
    let next = tokens.get(at + 1).is_some_and(is_name);
    let names = (start..at)
        .rev()
        .take(8)
        .take_while(|&before| is_name(&tokens[before]) || tokens[before].is_mark(','))
        .count();
    let lead = (at - names)
        .checked_sub(1)
        .map_or("", |lead| tokens[lead].word());
    let closes = tokens.get(at + 2).is_some_and(|after| {
        after.is_mark(',') || words::is_and(after) && tokens.get(at + 3).is_some_and(is_name)
    });
    next && names > 0
        && closes
        && matches!(
            lead,
            "with" | "con" | "to" | "a" | "for" | "para" | "from" | "de"
        )
}

/// "call the bank **and ask about** the loan": one errand.
fn asks_on_the_way(tokens: &[Token], at: usize, start: usize, marks: &Marks) -> bool {
    let head = lead::read(tokens, start, at, marks).end;
    let calls = tokens[head..at].first().is_some_and(|token| {
        token
            .verb
            .is_some_and(|verb| Class::BoundaryCalling.has(verb.lemma))
    });
    let asks = tokens.get(at + 1).is_some_and(|token| {
        token
            .verb
            .is_some_and(|verb| Class::BoundaryAsking.has(verb.lemma))
    });
    let about = tokens
        .get(at + 2)
        .is_some_and(|token| token.is(Class::BoundaryAbout));
    calls && asks && about
}

static CONJUNCTIONS: LazyLock<PhraseTable<Joint>> = LazyLock::new(|| {
    PhraseTable::new(&[
        (
            "ya que|puesto que|because|cause|cuz|porque|xq|pq",
            Joint::Because,
        ),
        (
            "asi que|por lo que|por eso|but|pero|although|aunque|sino",
            Joint::But,
        ),
    ])
});

fn conjunction(tokens: &[Token], at: usize, end: usize, marks: &Marks) -> Option<(usize, Joint)> {
    let rest = &tokens[at..end];
    if let Some(found) = CONJUNCTIONS.at(rest) {
        return Some(found);
    }
    if let Some(length) = words::starts_with(rest, "as well as") {
        return starts_clause(tokens, at + length, end, marks, true)
            .then_some((length, Joint::And));
    }
    let joint = match rest[0].norm.as_str() {
        // "we're so close"
        "so" if at > 0 && tokens[at - 1].is(Class::BoundaryIs) => return None,
        "so" => (1, Joint::But),
        "also" | "tambien" | "ademas" | "then" | "luego" => (0, Joint::And),
        _ => return None,
    };
    starts_clause(tokens, at + 1, end, marks, true).then_some(joint)
}

/// Requests that begin in the middle of text without punctuation.
fn begins_request(tokens: &[Token], at: usize, end: usize) -> bool {
    static BEGINNINGS: LazyLock<PhraseTable<bool>> = LazyLock::new(|| {
        PhraseTable::new(&[
            (
                "dice que hay que|dijo que hay que|dicen que hay que|dijeron que hay que|pidio que|pidieron que|pide que|piden que|quiere que|quieren que|wants us to|want us to|wants you to|asked us to|asked me to|asked for us to|wants me to|nos pidio|hay que|ai que|ay que|necesito que|necesitamos que|we need to|i need you to|we have to|can you|could you|let's|tenemos que|urge que|me ayudas a|favor de|we should|i need to|quiero que|don't forget to|no olviden|no olvides",
                true,
            ),
            ("please|pls|plz|porfa|por favor", false),
        ])
    });
    let found = BEGINNINGS
        .at(&tokens[at..end])
        .or_else(|| Some((lead::asks_at(&tokens[at..end])?, true)));
    let Some((length, whole)) = found else {
        return false;
    };
    let relative = tokens[at - 1].is(Class::BoundaryRelatives);
    let verb = tokens[..end]
        .get(at + length)
        .and_then(|token| token.verb)
        .is_some_and(|verb| verb.asks() && verb.sure());
    !relative && (whole || verb)
}

/// After "and", a new clause or one more thing of the same?
fn starts_after_and(tokens: &[Token], at: usize, start: usize, end: usize, marks: &Marks) -> bool {
    let number = |at: usize| {
        tokens
            .get(at)
            .is_some_and(|token| token.shape == Shape::Number)
    };
    if number(at - 1) && number(at + 1) {
        return false;
    }
    if at - start <= 12 && asks_on_the_way(tokens, at, start, marks) {
        return false;
    }
    // Only what is near can be nothing but lead-ins and one verb.
    let near = at - start <= 12;
    let verbs = tokens[at - 1].verb.is_some_and(Verb::asks)
        && tokens.get(at + 1).is_some_and(|next| {
            next.verb
                .is_some_and(|verb| verb.asks() && !has_its_own(verb))
        });
    if near && verbs && lead::read(tokens, start, at, marks).end + 1 == at {
        // "review and approve the contract": two verbs, one object.
        return false;
    }
    starts_clause(tokens, at + 1, end, marks, true)
        || asks_on(tokens, at, start)
        || another_fails(tokens, at, start, end)
        || measures_another(tokens, at, start, end, marks)
}

/// "¿Me arreglan la rampa **y pintan** la puerta?": asked in the same form once more.
fn asks_on(tokens: &[Token], at: usize, start: usize) -> bool {
    let present = |at: usize| {
        tokens
            .get(at)
            .and_then(|token| token.verb)
            .is_some_and(|verb| verb.form == Form::Present)
    };
    let begins = (start..at)
        .take(3)
        .any(|first| matches!(tokens[first].word(), "me" | "nos" | "les") && present(first + 1));
    begins
        && present(at + 1)
        && tokens
            .get(at + 2)
            .is_some_and(|next| next.is(Class::Determiners))
}

/// "merge and do a deploy": verbs that say nothing without their object, and share none.
fn has_its_own(verb: Verb) -> bool {
    matches!(
        verb.lemma,
        "hacer" | "dar" | "do" | "make" | "tomar" | "take" | "give"
    )
}

/// "The wall is 2 hours and the floor 3 hours": what is said of one thing, and of another.
fn measures_another(tokens: &[Token], at: usize, start: usize, end: usize, marks: &Marks) -> bool {
    let says = |span: std::ops::Range<usize>| {
        let mut marks = marks.within(span);
        marks.any(|mark| mark.meaning.leaves_title())
    };
    let near = end.min(at + 10);
    let next = (at + 1..near)
        .find(|&next| words::is_and(&tokens[next]) || tokens[next].is_mark(','))
        .unwrap_or(near);
    let measured = words::is_article(&tokens[at + 1].norm)
        && says(start.max(at.saturating_sub(12))..at)
        && says(at + 1..next);
    let told = || {
        let head = lead::read(tokens, start, at, marks).end;
        command::read(tokens, head, at, marks, false).is_none()
            && tokens[start..at]
                .iter()
                .take(9)
                .any(|token| token.tells.finite)
    };
    measured && told()
}

/// "The printer is down and the sink leaks": a second thing of which a fault is said.
fn another_fails(tokens: &[Token], at: usize, start: usize, end: usize) -> bool {
    let near = tokens[..end].len().min(at + 14);
    let next = (at + 1..near)
        .find(|&next| words::is_and(&tokens[next]) || tokens[next].is_mark(','))
        .unwrap_or(near);
    let said = fault::said_at(&tokens[at + 1..next]);
    let relative = |said: usize| {
        said > 0
            && matches!(
                tokens[at + said].norm.as_str(),
                "que" | "that" | "which" | "who"
            )
    };
    said.is_some_and(|said| !relative(said))
        && (fault::said_at(&tokens[start.max(at.saturating_sub(20))..at]).is_some()
            || said.is_some_and(|said| said > 0) && tokens[at + 1].is(Class::Determiners))
}
