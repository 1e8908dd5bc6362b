//! Clauses that nothing leads in: commands, faults, necessities, names of things, stories.

use std::ops::Range;

use super::{
    Matter, Role, Words, attribute::is_attribute, led::had, matter, past_pronouns, request,
    skip_adverbs,
};
use crate::{
    Kind, Language,
    clause::{Clause, Joint},
    command, fault,
    lead::Leads,
    mark::Meaning,
    token::{Shape, Token},
    verb::{self, Form, Verb},
    words,
};

/// What a clause without lead-ins that decide does.
pub(super) fn plain(
    leads: &Leads,
    clause: &Clause,
    body: Range<usize>,
    stated: bool,
    words: Words<'_>,
) -> Role {
    let Words { tokens, marks, .. } = words;
    if !stated && forbids_later(tokens, body.clone()) {
        return Role::Ignored;
    }
    let head = skip_adverbs(tokens, past_pronouns(tokens, body.clone()), body.end);
    let because = clause.joint == Joint::Because;
    let verb = command::read(tokens, head, body.end, marks, false)
        .filter(|verb| {
            head == body.start || verb.form == Form::Command || verb.language == Language::En
        })
        .filter(|_| !because && !tokens[head].past)
        // "¿Sigue en pie lo del viernes?"
        .filter(|verb| {
            let asked = head > 0 && tokens[head - 1].is_mark('¿');
            !(asked && verb.is_indicative(&tokens[head].norm))
        });
    // "Water heater is leaking": a noun, of which something is said.
    let told = fault::said_at(&tokens[body.clone()]) == Some(0);
    let noun = stated
        && verb.is_some_and(|verb| !verb.sure() || told && verb.is_indicative(&tokens[head].norm));
    if verb.is_some() && !noun && !is_closing(tokens, head) {
        let objected = head > body.start
            && matches!(
                tokens[body.start].norm.as_str(),
                "lo" | "los" | "las" | "la"
            );
        return request(leads, head..body.end, verb, objected, words);
    }
    if let Some(role) = favour(leads, body.clone(), words).filter(|_| !because) {
        return role;
    }
    if let Some(verb) = launches(words, body.clone()).filter(|_| !because) {
        return request(leads, body, Some(verb), false, words);
    }
    if stated {
        return Role::Fault(matter(leads.start..clause.span.end, None, None, leads));
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
    if let Some(unknown) = unknown_command(tokens, body.clone()) {
        return request(leads, body, unknown.verb(), false, words);
    }
    if tells(words, body.clone()) {
        return Role::Background;
    }
    Role::Phrase(matter(body, None, None, leads))
}

/// "Me mandas el reporte", "nos cotizas tres mesas", "have the car washed": asked in the form
/// of a story.
fn favour(leads: &Leads, body: Range<usize>, words: Words<'_>) -> Option<Role> {
    let Words { tokens, .. } = words;
    let [first, second, ..] = &tokens[body.clone()] else {
        return None;
    };
    let informs = first.norm == "let"
        && !matches!(second.norm.as_str(), "me" | "us")
        && tokens[body.clone()]
            .iter()
            .take(6)
            .any(|token| token.norm == "know");
    if informs {
        return Some(Role::Request(matter(body, None, None, leads)));
    }
    if first.norm == "have" {
        return had(leads, body, words);
    }
    let addressed = matches!(
        first.norm.as_str(),
        "me" | "nos" | "le" | "les" | "lo" | "los" | "la" | "las"
    );
    // "mandas" can only be you, "manda" and "mandan" may be others as well.
    let polite = tokens[body.clone()].iter().any(|token| {
        matches!(
            token.norm.as_str(),
            "favor" | "porfa" | "porfis" | "please" | "porfavor"
        )
    });
    let yours = second.verb.filter(|verb| {
        verb.form == Form::Present && (polite || second.norm.ends_with('s'))
            || polite && verb.is_indicative(&second.norm)
    });
    if !addressed || yours.is_none() {
        return None;
    }
    let objected = first.norm.starts_with('l') && !first.norm.starts_with("le");
    Some(request(
        leads,
        body.start + 1..body.end,
        yours,
        objected,
        words,
    ))
}

/// "Lanzamos la tienda el 16 de noviembre", "we launch on June 1": a plan with its day.
fn launches(words: Words<'_>, body: Range<usize>) -> Option<Verb> {
    let Words { tokens, marks, .. } = words;
    let dated = marks
        .within(body.clone())
        .any(|mark| matches!(mark.meaning, Meaning::Due(_)));
    let we = usize::from(matches!(tokens[body.start].norm.as_str(), "we" | "we're"));
    let verb = tokens[body.start..body.end]
        .iter()
        .skip(we)
        .take(2)
        .find_map(|token| token.verb)?;
    let plans = verb.form == Form::Told && verb.lemma.ends_with("ar") && we == 0
        || we == 1 && matches!(verb.form, Form::Base | Form::Progressive);
    (dated && plans && verb.kind == Kind::Milestone).then_some(verb)
}

/// Whether a clause tells something: a finite verb, a past form, a subject.
fn tells(words: Words<'_>, body: Range<usize>) -> bool {
    let Words { tokens, marks, .. } = words;
    let free = body
        .clone()
        .filter(|&at| marks.is_free(at))
        .map(|at| &tokens[at]);
    let finite = free
        .take(9)
        .any(|token| words::is_finite(&token.norm) || token.past)
        || is_being_done(tokens, body.clone());
    let told = (body.start + 1..body.end.min(body.start + 9))
        .any(|at| is_told_past(tokens, body.start, at));
    let first = &tokens[body.start];
    let past = first
        .verb
        .is_some_and(|verb| verb.form == Form::Participle && verb.language == Language::En);
    let after = tokens.get(body.start + 1).map_or("", Token::word);
    let carried = first.norm == "lo" && !matches!(after, "de" | "del" | "que");
    finite
        || told
        || carried
        || past
        || words::is_subject(first.word())
        || is_closing(tokens, body.start)
}

/// "Luis está arreglando la puerta"
fn is_being_done(tokens: &[Token], body: Range<usize>) -> bool {
    let doing = |at: usize| {
        tokens[at]
            .verb
            .is_some_and(|verb| verb.form == Form::Progressive)
    };
    (body.start..body.end.saturating_sub(1))
        .take(9)
        .any(|at| tokens[at].norm == "esta" && doing(at + 1))
}

/// "The plumber finished the rough-in": an English past with a thing before and an object, a
/// day or a place after it. "The menus printed by Friday" is none.
fn is_told_past(tokens: &[Token], start: usize, at: usize) -> bool {
    let subject = words::is_determiner(&tokens[start].norm) || tokens[start].capital;
    let past = tokens[at].norm.len() > 4
        && tokens[at].norm.ends_with("ed")
        && tokens[at]
            .verb
            .is_none_or(|verb| verb.form == Form::Participle);
    let goes_on = tokens.get(at + 1).is_some_and(|next| {
        words::is_determiner(&next.norm)
            || words::is_pronoun(&next.norm)
            || matches!(
                next.norm.as_str(),
                "on" | "at" | "last" | "yesterday" | "this" | "today" | "us" | "me" | "that" | "to"
            )
    });
    subject && past && goes_on
}

/// "La cocina no la muevan": the object comes before the prohibition.
fn forbids_later(tokens: &[Token], body: Range<usize>) -> bool {
    let forbids = |at: &usize| matches!(tokens[*at].norm.as_str(), "no" | "ni");
    let commanded = |at: usize| {
        let verb =
            (at + 1..body.end.min(at + 4)).find(|&next| !command::is_proclitic(&tokens[next].norm));
        let verb = verb.and_then(|verb| tokens[verb].verb);
        verb.is_some_and(|verb| verb.form == Form::Command && verb.sure())
    };
    (body.start + 1..body.end)
        .take_while(|&at| tokens[at].norm != "que")
        .filter(forbids)
        .any(commanded)
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
        .is_some_and(|verb| verb.language == Language::En);
    let object = words::is_determiner(&third.norm);
    let compound = plain && english && object;
    if compound {
        command::read(tokens, body.start + 1, body.end, marks, true)
    } else {
        None
    }
}

phrase_list!(
    NEEDS = "\
    needs to be|need to be|has to be|have to be|must be|should be|needs|need|tiene que ser|\
    tienen que ser|necesita|necesitan|requiere|requieren|debe ser|deben ser|\
    le falta|le faltan|les falta|les faltan|le urge|les urge|le hace falta|le hacen falta|\
    les hace falta|les hacen falta|tiene que quedar|tienen que quedar|debe quedar|deben quedar|tienen que estar|\
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
                "necesita"
                    | "necesitan"
                    | "requiere"
                    | "requieren"
                    | "needs"
                    | "need"
                    | "le"
                    | "les"
            ));
    object.then(|| {
        Role::Request(Matter {
            own: true,
            ..matter(body, done, None, leads)
        })
    })
}

word_set!(
    SMALL_TALK = "\
    lol not both such nice great good happy thanks wow haha enjoy bless sounds regards \
    welcome whose despite amid per that yes congrats congratulations all half and or but"
);

/// A command whose verb is in no list.
#[derive(Debug, Clone, Copy)]
enum Unknown {
    /// It is a slip of a verb that is.
    Misspelt(Verb),
    /// Only its place shows that it is one.
    Word,
}

impl Unknown {
    fn verb(self) -> Option<Verb> {
        match self {
            Self::Misspelt(verb) => Some(verb),
            Self::Word => None,
        }
    }
}

/// "Caulk the tub": a word that nothing knows, with its object after it.
fn unknown_command(tokens: &[Token], body: Range<usize>) -> Option<Unknown> {
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
    if let Some(verb) = misspelt {
        return Some(Unknown::Misspelt(verb));
    }
    let small_talk = SMALL_TALK.contains(first.norm.as_str());
    (object && !small_talk && first.norm.len() > 2).then_some(Unknown::Word)
}

phrase_list!(
    CLOSINGS = "\
    talk soon|talk later|talk then|talk tomorrow|get well|feel better|rest up|sleep well|safe travels|talk to you|take care|have a|keep up|keep me posted|keep it up|speak soon|\
    catch you|thank|thanks|good job|great job|great work|good work|check this out|\
    look forward|send help|make my day|call me|text me|call us|tell me|ping me|\
    email me|write me|guess what|forget it|print that again|mandame saludos|cuidate|\
    cuidense|echale ganas|echenle ganas|saludame|descansa|descansen|pasenla bien|pasala bien|pasenla|diviertanse|diviertete|disfruta|disfruten|enjoy|have fun|relajate|suerte|hablamos|work hard|well done"
);

/// "talk soon", "take care", "see you".
fn is_closing(tokens: &[Token], at: usize) -> bool {
    let for_somebody = tokens[at].norm == "ask"
        && tokens.get(at + 1).is_some_and(|next| next.norm == "for")
        && tokens.get(at + 2).is_some_and(|name| name.capital);
    let greets = tokens[at + 1..].iter().take(2).any(|token| {
        matches!(
            token.norm.as_str(),
            "saludos" | "abrazos" | "abrazo" | "besos" | "regards" | "hugs"
        )
    });
    for_somebody
        || greets
        || CLOSINGS.at(&tokens[at..]).is_some()
        || tokens.len() == at + 1 && tokens[at].norm == "help"
}
