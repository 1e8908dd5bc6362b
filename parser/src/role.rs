//! What a clause does: asks for work, states a fault, names a thing, says when or how long,
//! or none of these.

use std::ops::Range;

use crate::{
    clause::{self, Clause, Joint},
    fault::{self, Fault},
    lead::{self, Lead, Leads},
    mark::{Marks, Meaning},
    order,
    token::{Shape, Token},
    verb::{self, Form, Verb},
    words,
};

/// What a clause does.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Role {
    /// Asks for something: the verb, if it is known, and the words from it on.
    Request(Matter),
    /// Asks for something to be done to what was named before: "fix it".
    Again(Matter),
    /// States a fault.
    Fault(Matter),
    /// Names a thing, without a verb.
    Phrase(Matter),
    /// Says only when, how long, how urgent, or of which items.
    Attribute,
    /// Tells something; only limits and hours in it count.
    Background,
    /// Forbids something, orders the bot about, or says whom to call: nothing in it counts.
    Ignored,
}

/// The words of a clause that matter.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Matter {
    /// The tokens, without lead-ins.
    pub(crate) span: Range<usize>,
    /// The verb that asks.
    pub(crate) verb: Option<Verb>,
    /// Where that verb stands, if it opens the span.
    pub(crate) head: Option<usize>,
    /// Whether it is said to be added to what came before.
    pub(crate) adds: bool,
}

/// What a rule about roles looks at.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Words<'a> {
    /// The message.
    pub(crate) text: &'a str,
    /// Its tokens.
    pub(crate) tokens: &'a [Token],
    /// Their marks.
    pub(crate) marks: &'a Marks,
}

/// Decides what a clause does.
pub(crate) fn of(clause: &Clause, words: Words<'_>) -> Role {
    let Words { tokens, marks, .. } = words;
    let Range { start, end } = clause.span;
    let leads = lead::read(tokens, start, end, marks);
    let body = leads.end..end;
    if order::is_order(&tokens[body.clone()]) || order::is_order(&tokens[start..end]) {
        return Role::Ignored;
    }
    let stated = fault::stated(&tokens[start..end]) == Some(Fault::Stated);
    if stated
        && matches!(leads.last(), Some(Lead::Forbids | Lead::Tells))
        && negates_itself(tokens, leads.end)
    {
        return Role::Fault(matter(start..end, None, None, &leads));
    }
    if leads.last() == Some(Lead::Forbids) {
        return if clause::has_words(tokens, body, marks) || leads.said.len() > 1 {
            Role::Ignored
        } else {
            Role::Attribute
        };
    }
    if !clause::has_words(tokens, body.clone(), marks) {
        return if leads.has(Lead::Tells) {
            Role::Background
        } else {
            Role::Attribute
        };
    }
    match leads.last() {
        Some(Lead::Tells) => told(&leads, start..end, stated),
        Some(Lead::Asks) => asked(&leads, body, words),
        Some(Lead::Wishes) => wished(&leads, body, words),
        Some(Lead::Wants) => wanted(&leads, body, words),
        _ => plain(&leads, clause, body, stated, words),
    }
}

fn matter(span: Range<usize>, verb: Option<Verb>, head: Option<usize>, leads: &Leads) -> Matter {
    Matter {
        span,
        verb,
        head,
        adds: leads.has(Lead::Adds),
    }
}

/// "no funciona": the negation is part of the fault.
fn negates_itself(tokens: &[Token], body: usize) -> bool {
    (1..=3).any(|back| {
        body.checked_sub(back).is_some_and(|at| {
            fault::stated(&tokens[at..(body + 3).min(tokens.len())]) == Some(Fault::Stated)
        })
    })
}

fn told(leads: &Leads, span: Range<usize>, stated: bool) -> Role {
    if stated {
        Role::Fault(matter(span, None, None, leads))
    } else {
        Role::Background
    }
}

/// After "we need to": whatever word follows is a verb, unless it only links.
fn asked(leads: &Leads, body: Range<usize>, words: Words<'_>) -> Role {
    let Words { tokens, marks, .. } = words;
    let first = past_pronouns(tokens, body.clone());
    let head = skip_adverbs(tokens, first, body.end);
    let Some(token) = tokens[..body.end].get(head) else {
        return Role::Attribute;
    };
    if is_copula(&token.norm) {
        let rest = token.end > 0
            && clause::has_words(tokens, head + 1..body.end, marks)
            && !is_attribute(words, head + 1..body.end);
        return if rest {
            Role::Background
        } else {
            Role::Attribute
        };
    }
    let verb = token
        .verb
        .filter(|verb| verb.form != Form::Participle)
        .or_else(|| verb::look_up_misspelt(&token.norm));
    let objected =
        first > body.start && matches!(tokens[body.start].norm.as_str(), "lo" | "los" | "las");
    request(leads, head..body.end, verb, objected, words)
}

/// After "que" or "can you": only a known verb asks.
fn wished(leads: &Leads, body: Range<usize>, words: Words<'_>) -> Role {
    let tokens = words.tokens;
    for head in body.clone().take(4) {
        let verb = tokens[head]
            .verb
            .filter(|verb| verb.asks() && (head == body.start || !verb.noun));
        if verb.is_some() {
            let objected = head > body.start
                && matches!(tokens[head - 1].norm.as_str(), "lo" | "los" | "las" | "la");
            return request(leads, head..body.end, verb, objected, words);
        }
    }
    let misspelt =
        verb::look_up_misspelt(&tokens[body.start].norm).filter(|_| leads.said.len() > 1);
    if misspelt.is_some() {
        request(leads, body, misspelt, false, words)
    } else {
        Role::Background
    }
}

/// After "we need": a verb, or a thing that is wanted, perhaps with what shall happen to it.
fn wanted(leads: &Leads, body: Range<usize>, words: Words<'_>) -> Role {
    let Words { tokens, marks, .. } = words;
    if let Some(verb) = clause::command(tokens, body.start, body.end, marks, true).filter(|verb| {
        !verb.noun
            || verb.form == Form::Base
                && words::is_determiner(tokens.get(body.start + 1).map_or("", Token::word))
    }) {
        return request(leads, body, Some(verb), false, words);
    }
    if is_attribute(words, body.clone()) {
        return Role::Attribute;
    }
    if words::is_pronoun(&tokens[body.start].norm)
        && tokens[..body.end]
            .get(body.start + 1)
            .is_none_or(|next| words::is_preposition(&next.norm))
    {
        return Role::Attribute;
    }
    let participle = tokens[body.clone()]
        .iter()
        .find_map(|token| token.verb.filter(|verb| verb.form == Form::Participle));
    Role::Request(matter(body, participle, None, leads))
}

fn plain(
    leads: &Leads,
    clause: &Clause,
    body: Range<usize>,
    stated: bool,
    words: Words<'_>,
) -> Role {
    let Words {
        tokens,
        marks,
        text,
    } = words;
    if !stated && forbids_later(tokens, body.clone()) {
        return Role::Ignored;
    }
    let head = skip_adverbs(tokens, past_pronouns(tokens, body.clone()), body.end);
    let because = clause.joint == Joint::Because;
    let verb = clause::command(tokens, head, body.end, marks, false)
        .filter(|verb| {
            head == body.start || verb.form == Form::Command || verb.language == crate::Language::En
        })
        .filter(|_| !because && !words::is_preterite(text, &tokens[head]));
    if verb.is_some() && !is_closing(tokens, head) {
        let objected = head > body.start
            && matches!(
                tokens[body.start].norm.as_str(),
                "lo" | "los" | "las" | "la"
            );
        return request(leads, head..body.end, verb, objected, words);
    }
    if stated {
        return Role::Fault(matter(
            clause.span.start..clause.span.end,
            None,
            None,
            leads,
        ));
    }
    if because {
        return Role::Background;
    }
    if let Some(verb) = compound_command(words, body.clone()) {
        return request(leads, body, Some(verb), false, words);
    }
    if let Some(role) = necessity(leads, body.clone(), words) {
        return role;
    }
    if is_attribute(words, body.clone()) {
        return Role::Attribute;
    }
    if let Some(verb) = unknown_command(tokens, body.clone()) {
        return request(leads, body, verb, false, words);
    }
    let free = body
        .clone()
        .filter(|&at| marks.is_free(at))
        .map(|at| &tokens[at]);
    let tells = free
        .take(9)
        .any(|token| words::is_finite(&token.norm) || words::is_preterite(text, token));
    let past = tokens[body.start]
        .verb
        .is_some_and(|verb| verb.form == Form::Participle && verb.language == crate::Language::En);
    if tells
        || past
        || words::is_subject(tokens[body.start].word())
        || is_closing(tokens, body.start)
    {
        return Role::Background;
    }
    Role::Phrase(matter(body, None, None, leads))
}

/// "La cocina no la muevan": the object comes before the prohibition.
fn forbids_later(tokens: &[Token], body: Range<usize>) -> bool {
    let forbids = |at: &usize| matches!(tokens[*at].norm.as_str(), "no" | "ni");
    let commanded = |at: usize| {
        let verb =
            (at + 1..body.end.min(at + 4)).find(|&next| !clause::is_proclitic(&tokens[next].norm));
        let verb = verb.and_then(|verb| tokens[verb].verb);
        verb.is_some_and(|verb| verb.form == Form::Command && !verb.noun)
    };
    (body.start + 1..body.end).filter(forbids).any(commanded)
}

/// "Deep clean the freezer", "double check the list": a word before the verb belongs to it.
fn compound_command(words: Words<'_>, body: Range<usize>) -> Option<Verb> {
    let Words { tokens, marks, .. } = words;
    let [first, second, third, ..] = &tokens[body.clone()] else {
        return None;
    };
    let plain = first.shape == Shape::Word
        && first.verb.is_none()
        && !words::is_determiner(&first.norm)
        && !words::is_preposition(&first.norm)
        && !words::is_subject(&first.norm)
        && !words::is_finite(&first.norm);
    let english = second
        .verb
        .is_some_and(|verb| verb.language == crate::Language::En);
    let object = words::is_determiner(&third.norm);
    let compound = plain && english && object;
    if compound {
        clause::command(tokens, body.start + 1, body.end, marks, true)
    } else {
        None
    }
}

/// A request, unless its object is a pronoun or missing.
fn request(
    leads: &Leads,
    span: Range<usize>,
    verb: Option<Verb>,
    objected: bool,
    words: Words<'_>,
) -> Role {
    let Words { tokens, marks, .. } = words;
    let head = span.start;
    let found = matter(span.clone(), verb, Some(head), leads);
    let object = (head + 1..span.end).find(|&at| {
        marks.is_free(at) && tokens[at].shape != Shape::Mark(',') && !is_adverbial(&tokens[at].norm)
    });
    let carried = verb.is_some_and(|verb| verb.object) || objected;
    let Some(object) = object else {
        return Role::Again(found);
    };
    let particle = matches!(
        tokens[object].norm.as_str(),
        "into" | "at" | "up" | "out" | "on" | "off"
    );
    let object = if particle && object + 1 < span.end {
        object + 1
    } else {
        object
    };
    let rest = &tokens[object..span.end];
    let about = rest[0].norm == "lo"
        && rest
            .get(1)
            .is_some_and(|next| matches!(next.norm.as_str(), "de" | "del"));
    let pronoun =
        !about && words::is_pronoun(&rest[0].norm) && ends_object(rest.get(1), marks, object + 1);
    let for_sender = matches!(rest[0].norm.as_str(), "me" | "us") && rest.len() == 1;
    let again = pronoun
        || for_sender
        || carried && is_loose(&rest[0])
        || is_attribute(words, object..span.end);
    if again {
        Role::Again(found)
    } else {
        Role::Request(found)
    }
}

fn ends_object(next: Option<&Token>, marks: &Marks, at: usize) -> bool {
    next.is_none_or(|next| {
        next.shape != Shape::Word
            || words::is_preposition(&next.norm)
            || words::is_and(next)
            || is_adverbial(&next.norm)
            || !marks.is_free(at)
    })
}

/// After an object that hangs on the verb nothing but circumstances follow.
fn is_loose(token: &Token) -> bool {
    token.shape != Shape::Word
        || words::is_preposition(&token.norm)
        || words::is_and(token)
        || is_adverbial(&token.norm)
}

word_set!(
    ADVERBIALS = "\
    back over away down today please pls plz porfa favor por soon too also quickly again first tambien rapido bien \
    primero team gracias thanks thx xfa bro then luego"
);

fn is_adverbial(word: &str) -> bool {
    ADVERBIALS.contains(word)
}

word_set!(
    COPULAS = "\
    be ser estar quedar have tener haber go ir come venir quede esten sea esperar wait \
    salir irme say decir know saber remember talk is"
);

fn is_copula(word: &str) -> bool {
    COPULAS.contains(word)
}

fn past_pronouns(tokens: &[Token], body: Range<usize>) -> usize {
    let mut at = body.start;
    while at + 1 < body.end
        && clause::is_proclitic(&tokens[at].norm)
        && tokens[at + 1]
            .verb
            .is_some_and(|verb| verb.form == Form::Command && !verb.noun)
    {
        at += 1;
    }
    at
}

word_set!(
    ADVERBS = "\
    also like just please then first quickly tambien primero rapidamente urgently please, \
    eh um uh really either properly"
);

fn skip_adverbs(tokens: &[Token], start: usize, end: usize) -> usize {
    let adverb = |word: &str| ADVERBS.contains(word);
    let mut at = start;
    while at + 1 < end && (adverb(&tokens[at].norm) || tokens[at].is_mark(',')) {
        at += 1;
    }
    at
}

phrase_list!(
    NEEDS = "\
    needs to be|need to be|has to be|have to be|must be|should be|needs|need|tiene que ser|\
    tienen que ser|necesita|necesitan|requiere|requieren|debe ser|deben ser|\
    tiene que quedar|tienen que quedar|debe quedar|deben quedar|tienen que estar|\
    tiene que estar"
);

/// "The report needs to be updated", "la puerta necesita pintura".
fn necessity(leads: &Leads, body: Range<usize>, words: Words<'_>) -> Option<Role> {
    let Words { tokens, marks, .. } = words;
    let at = (body.start + 1..body.end.min(body.start + 9))
        .find(|&at| marks.is_free(at) && NEEDS.at(&tokens[at..body.end]).is_some())?;
    let subject = &tokens[body.start];
    let after = &tokens[at..body.end];
    let done = after.iter().find_map(|token| {
        token
            .verb
            .filter(|verb| matches!(verb.form, Form::Participle | Form::Progressive | Form::Base))
    });
    let everything = words::is_pronoun(&subject.norm)
        || words::is_subject(&subject.norm)
        || subject.norm == "all"
        || subject.norm == "todos"
        || subject.norm == "todas";
    if everything {
        return Some(if is_attribute(words, at..body.end) || done.is_some() {
            Role::Attribute
        } else {
            Role::Background
        });
    }
    let object = after.len() > 1
        && (done.is_some()
            || matches!(
                tokens[at].norm.as_str(),
                "necesita" | "necesitan" | "requiere" | "requieren" | "needs" | "need"
            ));
    object.then(|| Role::Request(matter(body, done, None, leads)))
}

word_set!(
    SMALL_TALK = "\
    lol not both such nice great good happy thanks wow haha enjoy bless sounds regards \
    welcome whose despite amid per that yes congrats congratulations all half and or but"
);

/// "Caulk the tub": a word that nothing knows, with its object after it.
fn unknown_command(tokens: &[Token], body: Range<usize>) -> Option<Option<Verb>> {
    let [first, second, third, ..] = &tokens[body] else {
        return None;
    };
    if first.shape != Shape::Word
        || first.verb.is_some()
        || words::is_finite(&first.norm)
        || words::is_preposition(&first.norm)
        || words::is_determiner(&first.norm)
        || words::is_subject(&first.norm)
    {
        return None;
    }
    let object =
        matches!(second.norm.as_str(), "the" | "our" | "my" | "all") && third.shape == Shape::Word;
    let misspelt =
        verb::look_up_misspelt(&first.norm).filter(|_| words::is_determiner(&second.norm));
    if misspelt.is_some() {
        return Some(misspelt);
    }
    let small_talk = SMALL_TALK.contains(first.norm.as_str());
    (object && !small_talk && first.norm.len() > 2).then_some(None)
}

phrase_list!(
    CLOSINGS = "\
    talk soon|talk to you|take care|have a|keep up|keep me posted|keep it up|speak soon|\
    catch you|thank|thanks|good job|great job|great work|good work|check this out|\
    look forward|send help|make my day|call me|text me|ask for|call us|tell me|ping me|\
    email me|write me|guess what|forget it|print that again|mandame saludos|cuidate|\
    cuidense|echale ganas|echenle ganas|saludame|hablamos|work hard|well done"
);

/// "talk soon", "take care", "see you".
fn is_closing(tokens: &[Token], at: usize) -> bool {
    CLOSINGS.at(&tokens[at..]).is_some() || tokens.len() == at + 1 && tokens[at].norm == "help"
}

/// Whether the words say nothing but when, how long, how urgent, and of which items.
pub(crate) fn is_attribute(words: Words<'_>, span: Range<usize>) -> bool {
    let Words { tokens, marks, .. } = words;
    span.into_iter().all(|at| {
        let marked = marks.meaning(at).is_some_and(|meaning| {
            meaning.leaves_title() || matches!(meaning, Meaning::Clock | Meaning::Quote)
        });
        marked
            || !matches!(tokens[at].shape, Shape::Word | Shape::Number | Shape::Link)
            || is_attribute_word(&tokens[at].norm)
    })
}

word_set!(
    ATTRIBUTE_WORDS = "\
    all everything it them this that these those both each is are be due done ready \
    finished finish complete completed deadline please the of for we i they need needs \
    needed expect want should must will would has have to and by in on total time estimate \
    estimated about takes take it's two three four five first second third last one ones so \
    very really super thing things cosas cosa following tasks items work job a an as at \
    though pretty too also thanks thank you thx pls sharp asap max just more less or if \
    possible can got get delivered hand like think say guess hours with todo todos todas \
    toda esto eso es son va van esta estan este estar quedar quede queden listo lista \
    listos listas terminado terminada entregar entrega para el la los las lo de que y en al \
    del por favor porfa tiene tienen necesito necesitamos necesitan ocupo ocupamos quiero \
    queremos debe deben ser fecha limite plazo tiempo primero primera segundo segunda \
    tercero tercera ultimo ultima uno una unas muy gracias se le me nos les calculo \
    siguiente siguientes dos tres cuatro cinco cada ambos ambas con hacer do sale son, \
    serian seran como mas menos o si puede puedes trabajo our my mi nuestra nuestro tareas \
    pendientes cliente's entregado entreguen tope quiere quieren wants there ok terminar \
    acabar tener everyone team equipo saludos regards best"
);

fn is_attribute_word(word: &str) -> bool {
    ATTRIBUTE_WORDS.contains(word)
}
