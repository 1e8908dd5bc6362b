//! What stands before the matter of a clause: greetings, politeness, connectives, and the
//! words that turn what follows into a request, a prohibition or a story.

use std::sync::LazyLock;

use crate::{
    mark::{Marks, Meaning},
    phrase::PhraseTable,
    token::{Shape, Token},
};

/// What a lead-in does to the words after it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Lead {
    /// Says nothing about them: "hi", "please", "so", "primero".
    Empty,
    /// Adds them to what was said before: "also", "además".
    Adds,
    /// A verb follows that is asked for: "we need to", "hay que".
    Asks,
    /// A verb follows that may be asked for, or not: "quiero que".
    Wishes,
    /// A thing follows that is wanted: "we need", "necesito".
    Wants,
    /// What follows shall not be done: "don't", "no hay que".
    Forbids,
    /// What follows is told, not asked: "I already", "what they need".
    Tells,
}

static LEADS: LazyLock<PhraseTable<Lead>> = LazyLock::new(|| {
    PhraseTable::new(&[
        (EMPTY_EN, Lead::Empty),
        (EMPTY_ES, Lead::Empty),
        (
            "also|de paso|y de paso|while you're at it|while at it|additionally|besides|plus|in addition|and also|as well as|too|tambien|ademas|aparte|y tambien|asimismo|igual|otra cosa|one more thing|lastly|finally|por ultimo|y por ultimo|luego|despues|y luego|then|and then",
            Lead::Adds,
        ),
        (ASKS_EN, Lead::Asks),
        (ASKS_ES, Lead::Asks),
        (
            "can you|could you|would you|will you|can u|could u|can someone|could someone|can somebody|can we|could we|can you get someone to|could you get someone to|can you have someone|can anyone|can you guys|can you help me|could you help me|can you help us|could you please help me|puedes|pueden|puede|podrias|podrian|podria|podemos|podriamos|se puede|se podria|me puedes|me pueden|nos puedes|nos pueden|me podrias|nos podrian|\
             necesito que|necesitamos que|quiero que|queremos que|quisiera que|quisieramos que|ocupo que|ocupamos que|me urge que|nos urge que|urge que|se necesita que|les pido que|te pido que|le pido que|\
             os pido que|pido que|espero que|hace falta que|hay que ver que|pidio que|nos pidio que|pide que|piden que|quiere que|quieren que|nos pidio|asegurate de que|asegurense de que|dile que|diles que|nos pidieron que|pidieron que|que alguien|que",
            Lead::Wishes,
        ),
        (
            "he wants|she wants|they want|he needs|she needs|the client wants|the client needs|the customer wants|the boss wants|el cliente quiere|la clienta quiere|el cliente necesita|el jefe quiere|la jefa quiere|need|needs|i need|we need|what i need is|what we need is|what we want is|what i want is|lo que necesito es|lo que necesitamos es|lo que queremos es|lo que ocupo es|they need|you need|i want|we want|i would like|i'd like|we'd like|we would like|looking for|need to have|we need to have|i need to have|we are missing|we're missing|requesting|need to get|\
             necesito|necesitamos|necesitan|se necesita|se necesitan|ocupo|ocupamos|se ocupa|quiero|queremos|quisiera|quisieramos|me urge|nos urge|urge|urgen|hace falta|hacen falta|falta|faltan|nos falta|me falta|nos faltan|requiero|requerimos|se requiere|se requieren|solicito",
            Lead::Wants,
        ),
        (
            "don't|do not|dont|don't you|never|please don't|no need to|there's no need to|you don't have to|we don't need to|we don't have to|don't need to|doesn't need|we don't need|don't need|we don't want|don't want|they don't want|he doesn't want|she doesn't want|must not|should not|shouldn't|do n't|leave|avoid|\
             no|ni|nunca|tampoco|no hay que|no hace falta|no es necesario|sin|no necesitamos|no necesito|no quiero|no queremos|no quieren|no quiere|eviten|evita|evitar",
            Lead::Forbids,
        ),
        (
            "already|i already|we already|just finished|what|the one that|everything that|all that|in case|just so you know|fyi|by the way i|remember that|did you|have you|do you|are you|is there|is it|does it|how|why|who|where|when|which|what's|who's|can you tell|could you tell|if|unless|when|whenever|once|after|as|because|cause|cuz|since|while|although|\
             ya|cuando|cuanto|como|quien|donde|si|aunque|porque|xq|pq|ya que|puesto que|mientras|despues de|antes de|antes de que|despues de que|una vez|en cuanto|por si|lo que|los que|las que|el que|la que|que tenemos que|que hay que|que nos|que me|que se|cual|cuales|acuerdate que|recuerda que|me avisan|me avisas|avisame|avisenme|dime|diganme|cuentame|let me know|tell me|see you|call me|text me|ping me|llamame|marcame|marquenme|llamenme|hablame|escribeme|nos vemos|ahi nos vemos",
            Lead::Tells,
        ),
    ])
});

const EMPTY_EN: &str = "hi|hello|hey|hi there|hey there|hi team|hello team|hey team|hi all|hello all|hi everyone|hey everyone|hello everyone|hey guys|hi guys|good morning|good afternoon|good evening|hey good morning|dear|team|guys|everyone|folks|bro|buddy|amigo|\
    please|pls|plz|kindly|ok|okay|so|well|and|but|or|then|um|uh|uhm|er|hmm|like|basically|actually|anyway|listen|right|quick one|quick|just|only|really|still|maybe|first|second|third|fourth|fifth|1st|2nd|3rd|firstly|secondly|thirdly|next|first of all|first off|the first thing is to|the second is to|the third is to|the first is to|the first thing is|the second thing is to|the second thing is|the third thing is to|the third thing is|the last thing is to|the last is to|the last one is to|last|most importantly|\
    if you can|if possible|when possible|by the way|btw|quick reminder|reminder|fyi team|heads up|hope you're well|thanks|thank you|sorry|you know|i mean|let's do this|let's do it|yeah|yes|yep|oh|sir|madam";
const EMPTY_ES: &str = "hola|holi|buenas|buenos dias|buen dia|buenas tardes|buenas noches|hola a todos|hola equipo|hola team|que tal|que onda|oye|oigan|oiga|equipo|chicos|muchachos|chavos|compas|wey|guey|jefe|jefa|licenciado|licenciada|lic|inge|ingeniero|arqui|arquitecto|doctor|doctora|maestro|profe|senor|senora|amigos|todos|\
    por favor|porfa|porfavor|xfa|xfavor|porfis|favor|bueno|pues|mira|miren|este|esto|eh|o sea|entonces|asi que|y|e|pero|o|a ver|ok|sale|va|listo|mejor|solo|solamente|nomas|nada mas|unicamente|quiza|quizas|primero|segundo|tercero|cuarto|quinto|lo primero es|lo segundo es|lo tercero es|lo cuarto es|lo ultimo es|lo primero|lo segundo|lo tercero|lo ultimo|en primer lugar|en segundo lugar|en tercer lugar|el primero es|el segundo es|el tercero es|la primera es|la segunda es|la tercera es|\
    si puedes|si pueden|si se puede|si es posible|de favor|disculpa|disculpe|disculpen|perdon|una disculpa|gracias|por cierto|pendiente|pendientes|recordatorio|nota|sera que|muchas gracias|yo creo que|creo que|la neta|la verdad";
const ASKS_EN: &str = "wants us to|want us to|wants you to|asked us to|asked me to|asked for us to|wants me to|need to|needs to|i need to|we need to|you need to|they need to|i need you to|i need someone to|we need someone to|need someone to|need somebody to|i want you to|i want to|we want to|i would like to|i'd like to|we'd like to|i would like you to|i'd like you to|we have to|i have to|you have to|have to|has to|we should|we must|you should|we ought to|we got to|we gotta|we've got to|i gotta|gotta|got to|must|should|\
    can you get someone to|could you get someone to|help me|help us|help me to|would you mind|get someone to|have someone|\
    let's|lets|let us|don't forget to|dont forget to|do not forget to|never forget to|remember to|make sure to|make sure you|make sure we|be sure to|please remember to|we are going to|we're going to|time to|it's time to|we are gonna|you guys need to|what we need is to|what i need is to|our next step is to|the plan is to|the idea is to|the goal is to|try to|go ahead and|i'd appreciate if you could|i'd appreciate it if you could|would be great to|it would be great if someone could|it would be great if we could|it'd be great if you could|it'd be great if someone could|it would be nice if you could|it would be nice if someone could|it would be nice to|it would be good to|it would be great if you could|we'd love to|we'll need to|you'll need to|we will need to|we need help to|need help to|make sure|someone needs to|someone has to|someone should|somebody needs to|somebody should";
const ASKS_ES: &str = "dice que hay que|dijo que hay que|dicen que hay que|dijeron que hay que|hay que|ai que|ay que|hay k|hay q|toca|tenemos que|tengo que|tienes que|tienen que|tiene que|se tiene que|se debe|se deben|debemos|deben|debes|debe|debo|habria que|habra que|me gustaria|nos gustaria|\
    me ayudas a|me ayudan a|me ayuda a|nos ayudas a|nos ayudan a|me ayudas con|me ayudan con|me apoyas a|me apoyan a|me pueden apoyar con|me puedes apoyar con|me pueden ayudar con|me puedes ayudar con|nos pueden ayudar con|me apoyas con|me apoyan con|nos apoyas con|me echas la mano con|me echas la mano para|me echan la mano con|me echas una mano con|ayudame a|ayudenme a|ayudanos a|ayudame con|apoyame con|apoyame a|me puedes ayudar a|me pueden ayudar a|puedes ayudarme a|me podrias ayudar a|\
    favor de|por favor de|le encargo|te encargo|les encargo|encargate de|encarguense de|se encargan de|te toca|le toca|les toca|nos toca|me haces el favor de|me hacen favor de|hazme el favor de|haganme favor de|no olvides|no olviden|no se te olvide|no se les olvide|acuerdate de|acuerdense de|recuerda|recuerden|recordar|\
    vamos a|hay que ponerse a|aseguren|asegurate de|asegurense de|trata de|traten de|a ver si puedes|a ver si pueden|lo que sigue es|la idea es|el plan es|es necesario|es importante|seria bueno|estaria bien|estaria bueno|propongo|sugiero|conviene";

/// Most lead-ins that are read before one clause: more than anybody says.
const MOST_LEADS: usize = 16;

/// The lead-ins at the start of a clause.
#[derive(Debug, Clone, Default)]
pub(crate) struct Leads {
    /// Where the matter begins.
    pub(crate) end: usize,
    /// What they do, in order, the empty ones left out.
    pub(crate) said: Vec<Lead>,
}

impl Leads {
    /// Whether one of them does this.
    pub(crate) fn has(&self, lead: Lead) -> bool {
        self.said.contains(&lead)
    }

    /// What the last of them that says something does; additions left out.
    pub(crate) fn last(&self) -> Option<Lead> {
        self.said.iter().copied().rfind(|&lead| lead != Lead::Adds)
    }
}

/// Reads the lead-ins of a clause. Marks that leave titles (dates, hours, priorities) may
/// stand among them.
pub(crate) fn read(tokens: &[Token], start: usize, end: usize, marks: &Marks) -> Leads {
    let mut leads = Leads {
        end: start,
        said: Vec::new(),
    };
    for _ in 0..MOST_LEADS {
        if leads.end >= end {
            break;
        }
        let at = leads.end;
        if let Some(mark) = marks
            .at(at)
            .filter(|mark| mark.meaning.leaves_title() || mark.meaning == Meaning::Quote)
        {
            leads.end = mark.span.end.max(at + 1);
            if tokens[at].norm.starts_with("urg") {
                leads.said.push(Lead::Wants);
            }
        } else if tokens[at].shape != Shape::Word
            && tokens[at].shape != Shape::Number
            && tokens[at].shape != Shape::Link
            && !tokens[at].is_mark('$')
        {
            leads.end += 1;
        } else if let Some((length, lead)) = LEADS
            .at(&tokens[at..end])
            .filter(|_| !is_matter(tokens, at, end))
        {
            leads.end += length;
            if lead != Lead::Empty {
                leads.said.push(lead);
            }
            if matches!(lead, Lead::Tells | Lead::Forbids) {
                break;
            }
        } else {
            break;
        }
    }
    leads.end = leads.end.min(end);
    leads
}

word_set!(
    AFTER_THE = "\
    second third last plan idea goal one"
);

/// Words that lead in elsewhere and are the matter here: "order the cake", "la barda".
fn is_matter(tokens: &[Token], at: usize, end: usize) -> bool {
    let next = tokens[..end].get(at + 1).map_or("", Token::word);
    match tokens[at].norm.as_str() {
        "the" => !next.starts_with("first") && !AFTER_THE.contains(next),
        "para" | "to" | "no" | "last" | "next" | "man" | "team" | "equipo" | "nota"
        | "reminder" | "right" => at + 1 == end && tokens[at].norm != "para",
        _ => false,
    }
}
