//! Priorities: the words that say how much something presses, and those that only look so.

use std::sync::LazyLock;

use crate::{
    Priority,
    lexicon::Class,
    mark::{Marks, Meaning},
    phrase::PhraseTable,
    token::{Shape, Token},
    words,
};

/// What a phrase says; nothing for phrases that contain a priority word and say none.
static PHRASES: LazyLock<PhraseTable<Option<Priority>>> = LazyLock::new(|| {
    PhraseTable::new(&[
        (
            "asap|a . s . a . p|as soon as possible|as soon as you can|urgent|urgently|\
            super urgent|very urgent|critical|emergency|immediately|right now|right away|\
             production is down|prod is down|site is down|straight away|this is an emergency|\
             urgente|urgentes|urgentemente|urgentisimo|urgencia|con urgencia|de urgencia|\
             muy urgente|urge|urgen|me urge|nos urge|urje|urjente|lo antes posible|\
             lo mas pronto posible|lo mas rapido posible|tan pronto como sea posible|cuanto antes|\
             de inmediato|inmediatamente|emergencia|es una emergencia|se cayo produccion|\
             se cayo la produccion|produccion esta caida|a la brevedad|a la brevedad posible|\
             ahora mismo|ahorita mismo|ya mismo|de volada|a la voz de ya|lo mas pronto que puedas|lo mas pronto que puedan|lo mas pronto que se pueda|lo antes que puedas|lo antes que puedan|tan pronto como puedas|tan pronto como puedan|es para ayer|at once|drop everything|critico|critica|para ya|para ayer",
            Some(Priority::Urgent),
        ),
        (
            "important|very important|it is important|it's important|soon|high priority|\
            top priority|priority high|high prio|is a priority|sooner rather than later|\
             importante|importantes|muy importante|es importante|pronto|lo pronto|prioritario|\
             prioritaria|prioritarios|prioridad alta|alta prioridad|prioridad : alta|\
             priority : high|es prioridad|con prioridad|maxima prioridad|es lo mas importante|\
             es lo principal|it's the most important|most important|\
             is the most important",
            Some(Priority::High),
        ),
        (
            "nice to have|nice - to - have|whenever|whenever you can|whenever you get a chance|\
            whenever you have time|whenever possible|when you can|when you get a chance|\
            when you have time|\
             no rush|there's no rush|there is no rush|not in a rush|no hurry|no big hurry|\
             eventually|low priority|low prio|priority low|priority : low|not urgent|isn't urgent|\
             not an emergency|not important|not critical|\
             not a priority|no urgency|nothing urgent|not super urgent|not that urgent|\
             not really urgent|not so urgent|not too urgent|not very urgent|if there's time|\
             if there is time|if you have time|someday|some day|one of these days|\
             in your spare time|take your time|at your convenience|at your leisure|no stress|\
             on the back burner|down the road|less important|later is fine|when you get a minute|\
             when you get a moment|when you have a minute|when you have a moment|\
             when you have a chance|if you get a chance|if you have a chance|\
             when things slow down|when it's slow|it can wait|at some point|no immediate rush|\
             can wait|\
             cuando puedas|cuando puedan|cuando pueda|cuando se pueda|cuando tengas tiempo|\
             cuando tengan tiempo|cuando haya tiempo|cuando tengas chance|cuando tengan chance|\
             si hay tiempo|sin prisa|sin prisas|no hay prisa|no corre prisa|sin apuro|no urge|\
             no urgen|\
             no me urge|no nos urge|no es urgente|no son urgentes|no tan urgente|nada urgente|sin urgencia|no es tan urgente|no es muy urgente|no es importante|no es prioridad|no es prioritario|no es critico|no es emergencia|eventualmente|algun dia|prioridad baja|baja prioridad|prioridad : baja|sin presion|puede esperar|pueden esperar|con calma|a tu ritmo|cuando tengas un rato|cuando tengas un ratito|cuando tengan un rato|cuando tengan un ratito|cuando tengas oportunidad|cuando tengan oportunidad|cuando tengas espacio|cuando haya chance|no tengo prisa|no tenemos prisa|no llevo prisa|no lleva prisa|tomate tu tiempo|tomense su tiempo|un dia de estos|cuando gustes|cuando gusten|cuando quieras|cuando quieran|no apura|no me apura|si te da tiempo|si les da tiempo|cuando se desocupen|cuando te desocupes|cuando tengas un espacio|cuando tengas un hueco|cuando tengan un hueco",
            Some(Priority::Low),
        ),
        (
            "as soon as|see you soon|talk soon|speak soon|talk to you soon|get well soon|\
            coming soon|hasta pronto|nos vemos pronto|tan pronto|tan pronto como|de pronto|\
            how soon|recuperate pronto|\
             emergency exit|emergency exits|emergency light|emergency lights|emergency contact|\
             emergency contacts|emergency kit|emergency plan|emergency room|emergency number|\
             emergency system|\
             salida de emergencia|salidas de emergencia|luces de emergencia|luz de emergencia|\
             plan de emergencia|kit de emergencia|contacto de emergencia|contactos de emergencia|\
             de emergencia|numero de emergencia|\
             coming soon page|immediately after|inmediatamente despues|lo importante|lo mas importante|most importantly|critical path|ruta critica|por importante que",
            None,
        ),
    ])
});

/// Marks every priority of the message.
pub(crate) fn scan(tokens: &[Token], marks: &mut Marks) {
    let mut at = 0;
    while at < tokens.len() {
        let free = tokens[at].shape == Shape::Word && marks.is_free(at);
        let found = if free {
            negated(&tokens[at..])
                .map(|length| (length, Some(Priority::Low)))
                .or_else(|| PHRASES.at(&tokens[at..]))
                .or_else(|| alone(tokens, at))
        } else {
            None
        };
        let Some((length, priority)) = found else {
            at += 1;
            continue;
        };
        let end = end_of(tokens, at + length);
        if let Some(priority) = priority {
            marks.add(at..end, Meaning::Priority(priority));
        }
        at = end;
    }
}

/// "not that urgent", "no es muy urgente", "tampoco urge": a pressing word that is denied.
fn negated(tokens: &[Token]) -> Option<usize> {
    if !Class::PriorityNegations.has(tokens.first()?.norm.as_str()) {
        return None;
    }
    let between = tokens[1..]
        .iter()
        .take(4)
        .take_while(|token| token.is(Class::PriorityBetween))
        .count();
    let pressing = tokens.get(1 + between)?;
    pressing.is(Class::PriorityPressing).then_some(between + 2)
}

/// "No rush though", "URGENT!!!": what clings to the words goes with them.
fn end_of(tokens: &[Token], end: usize) -> usize {
    let though = tokens
        .get(end)
        .is_some_and(|token| matches!(token.norm.as_str(), "though" | "tho" | "tanto" | "mucho"));
    end + usize::from(though)
}

/// "now" and "ya" press only where they close a clause or stand beside a command.
fn alone(tokens: &[Token], at: usize) -> Option<(usize, Option<Priority>)> {
    let before = at.checked_sub(1).map(|before| &tokens[before]);
    let after = tokens.get(at + 1);
    let closes = after.is_none_or(|next| {
        next.shape != Shape::Word || words::is_and(next) || next.is(Class::PriorityAfterNow)
    });
    // "Ya mande la factura" is done, "ya manden la factura" is asked for.
    let commands = |token: Option<&Token>| {
        token.is_some_and(|token| {
            !token.tells.past
                && (!token.norm.ends_with('e') || token.verb.is_some_and(|verb| verb.pronoun))
                && token.verb.is_some_and(|verb| verb.asks() && verb.sure())
        })
    };
    // "Arréglenme ya la fuga"
    let hangs_on = |token: Option<&Token>| {
        token.is_some_and(|token| token.verb.is_some_and(|verb| verb.pronoun && verb.asks()))
    };
    let presses = match tokens[at].norm.as_str() {
        "ahora" | "ahorita" => {
            closes
                && before.is_some_and(|token| token.shape == Shape::Word)
                && before.is_none_or(|token| !token.is(Class::PriorityBeforeNow))
        }
        // "Now, three things" only goes on; "Now!" presses.
        "now" if before.is_none_or(|token| token.shape != Shape::Word) => {
            after.is_none_or(|next| next.is_mark('.') || next.is_mark('!'))
        }
        "now" => closes && before.is_none_or(|token| !token.is(Class::PriorityBeforeNow)),
        "ya" => {
            let starts = before.is_none_or(|token| token.shape != Shape::Word);
            (closes && !starts || commands(after) || hangs_on(before))
                && before.is_none_or(|token| {
                    !matches!(token.norm.as_str(), "que" | "como" | "si" | "no")
                })
        }
        _ => false,
    };
    presses.then_some((1, Some(Priority::Urgent)))
}

#[cfg(test)]
mod tests {
    use super::scan;
    use crate::{
        Priority,
        mark::{Marks, Meaning},
        token::tokenize,
    };

    fn highest(text: &str) -> Option<Priority> {
        let tokens = tokenize(text);
        let mut marks = Marks::over(&tokens);
        scan(&tokens, &mut marks);
        let said = marks
            .within(0..tokens.len())
            .filter_map(|mark| match mark.meaning {
                Meaning::Priority(priority) => Some(priority),
                _ => None,
            });
        said.max()
    }

    #[test]
    fn examples_of_priorities() {
        let table = [
            ("fix it asap", Some(Priority::Urgent)),
            ("fix it now", Some(Priority::Urgent)),
            ("now, three things", None),
            ("I need it. NOW!", Some(Priority::Urgent)),
            ("for now leave it", None),
            ("arreglenlo ya", Some(Priority::Urgent)),
            ("arréglenme ya la fuga", Some(Priority::Urgent)),
            ("ya quedó el reporte", None),
            ("ya no funciona", None),
            ("lo necesito ya!", Some(Priority::Urgent)),
            ("lo más pronto posible", Some(Priority::Urgent)),
            ("pronto", Some(Priority::High)),
            ("hasta pronto", None),
            ("no es urgente", Some(Priority::Low)),
            ("not urgent", Some(Priority::Low)),
            ("cuando puedan", Some(Priority::Low)),
            ("no rush", Some(Priority::Low)),
            ("as soon as possible", Some(Priority::Urgent)),
            ("as soon as he calls", None),
            ("revisar la salida de emergencia", None),
            ("it's also important", Some(Priority::High)),
            ("algún día", Some(Priority::Low)),
            ("URGE", Some(Priority::Urgent)),
            ("it's not that urgent", Some(Priority::Low)),
            ("tampoco es tan urgente", Some(Priority::Low)),
            ("no hay mucha prisa", Some(Priority::Low)),
            ("hazlo ahorita", Some(Priority::Urgent)),
            ("por ahora no", None),
            ("ya mandé la factura", None),
            ("ya manden la factura", Some(Priority::Urgent)),
            ("notes can wait", Some(Priority::Low)),
        ];
        for (text, expected) in table {
            assert_eq!(highest(text), expected, "{text}");
        }
    }
}
