//! Small closed classes of words that several rules ask about, and matching of fixed phrases.

use crate::{
    token::Token,
    verb::{Form, Verb},
};

/// A set of folded words, written as one text: `word_set!(NAME = "one two")`.
macro_rules! word_set {
    ($name:ident = $words:literal) => {
        static $name: std::sync::LazyLock<$crate::table::WordSet> =
            std::sync::LazyLock::new(|| $words.split_whitespace().collect());
    };
}

/// A list of phrases of folded words, written as one text: `phrase_list!(NAME = "one|two")`.
macro_rules! phrase_list {
    ($name:ident = $phrases:literal) => {
        static $name: std::sync::LazyLock<$crate::phrase::Phrases> =
            std::sync::LazyLock::new(|| $crate::phrase::Phrases::new($phrases));
    };
}

/// How many tokens `phrase` takes at the start of `tokens`.
pub(crate) fn starts_with(tokens: &[Token], phrase: &str) -> Option<usize> {
    let mut length = 0;
    for word in phrase.split(' ') {
        if tokens.get(length)?.norm != word {
            return None;
        }
        length += 1;
    }
    Some(length)
}

/// How many tokens `phrase` takes at the end of `tokens`.
pub(crate) fn ends_with(tokens: &[Token], phrase: &str) -> Option<usize> {
    let mut length = 0;
    for word in phrase.rsplit(' ') {
        let at = tokens.len().checked_sub(length + 1)?;
        if tokens[at].norm != word {
            return None;
        }
        length += 1;
    }
    Some(length)
}

word_set!(
    DETERMINERS = "\
    the a an our my your his her their its this these those all some any both another new \
    el la los las un una unos unas mi mis tu tus su sus nuestro nuestra nuestros nuestras \
    este esta estos estas ese esa esos esas al otro otra otros otras cada algun alguna \
    alguien someone somebody"
);

/// Articles, possessives, demonstratives and the like: a noun follows.
pub(crate) fn is_determiner(word: &str) -> bool {
    DETERMINERS.contains(word)
}

/// Definite articles.
pub(crate) fn is_article(word: &str) -> bool {
    matches!(word, "the" | "el" | "la" | "los" | "las")
}

word_set!(
    PRONOUNS = "\
    it them that this these those lo los las la eso esto ellos ellas everything todo him \
    her one both ambos ambas"
);

/// Words that stand for a thing named before.
pub(crate) fn is_pronoun(word: &str) -> bool {
    PRONOUNS.contains(word)
}

word_set!(
    SUBJECTS = "\
    i we you he she they it that this there yo nosotros tu usted ustedes ellos ellas eso \
    esto i'm i've i'll we're we've we'll it's that's they're there's he's she's you're \
    they've what who how when where why which que quien como cuando donde cual cuanto \
    cuantos porque because se me te nos le les"
);

/// Subjects: a sentence that starts with one tells something.
pub(crate) fn is_subject(word: &str) -> bool {
    SUBJECTS.contains(word)
}

word_set!(
    PREPOSITIONS = "\
    of for with to from in on at by about into onto over under between without per via \
    after before during through against near behind inside outside around across de del \
    para con en por a al sobre sin entre desde hasta hacia segun contra tras bajo as that \
    que which who"
);

/// Prepositions of both languages.
pub(crate) fn is_preposition(word: &str) -> bool {
    PREPOSITIONS.contains(word)
}

/// "and" in either language, by its folded word.
pub(crate) fn is_and_word(word: &str) -> bool {
    matches!(word, "and" | "y" | "e" | "&" | "n" | "+" | "plus")
}

/// "and" in either language.
pub(crate) fn is_and(token: &Token) -> bool {
    is_and_word(&token.norm)
}

word_set!(
    EVENTS = "\
    launch lanzamiento \
    shoot shooting photoshoot sesion \
    show wedding party meeting event conference expo fair gala trip audit hearing exam \
    recital concert festival ceremony graduation birthday dinner lunch breakfast workshop \
    webinar presentation demo visit inspection opening anniversary tournament game match \
    race deposition trial appointment sale retreat seminar summit interview interviews \
    hires class boda fiesta junta evento reunion quinceanera posada feria congreso \
    inauguracion graduacion curso visita auditoria audiencia viaje examen concierto cena \
    comida desayuno taller conferencia presentacion aniversario torneo cita partido carrera \
    juicio convencion convention bautizo baptism bazar kermes kermesse cumpleanos clase \
    asamblea ceremonia rally fundraiser banquet showcase"
);

/// Things that happen on a day and are prepared for.
pub(crate) fn is_event(word: &str) -> bool {
    EVENTS.contains(word)
}

word_set!(
    FINITE = "\
    salgo llego regreso vuelvo entro juego empieza empiezan inicia inician termina terminan \
    comienza comienzan hacen pagan pasan \
    tardan tarda ponen dan sale salen \
    is are was were am has had have did does will would went goes saw said says loved \
    love loves like likes liked wants want wanted comes came gets got gave thinks think \
    thought knows know hope hopes looks looked i'm i've i'll it's we're they're can could \
    paid took charge cost costs works worked met visited saved took's es son \
    estan fue fueron era eran hay va van vamos voy vas tengo tiene tienen tenemos quedo \
    quedaron llevo llevan dijo dice dicen dijeron vi vio vieron estoy estamos estuvo \
    estuvimos estaba estaban soy eres somos seria sera gusto gusta gustan encanto encantan \
    pasa paso pase salio llego llegaron cuesta cuestan quiere quieren puede pueden puedo \
    creo cree espero parece piden pidio entra entran cobra cobran andan anda ando vienen \
    viene sabe sabes saben traigo felicito agradezco fui fuimos tuvimos tuve hicimos hice \
    hizo dio dimos trabajan trabaja deja abren abre usan cierra cierran opens closes can't cannot couldn't didn't haven't hasn't wasn't weren't wouldn't you'll they'll he'll she'll it'll quedamos everything's nothing's something's someone's where's how's here's what's who's"
);

word_set!(
    PARTS = "\
    tracking option options button buttons page screen panel form filter filters history status \
    reminder reminders notification notifications mode support integration flow feature tab \
    widget banner popup modal alert alerts error errors bug bugs issue issues login validation notes"
);

/// Nouns that name parts of programs: "order **tracking**", "update **notifications**".
pub(crate) fn is_part(word: &str) -> bool {
    PARTS.contains(word)
}

word_set!(
    NEEDING = "\
    need needs must should has have necesita necesitan requiere requieren debe deben tiene \
    tienen ocupa ocupan"
);

/// Verbs that say what a thing needs: after its name they begin a request.
pub(crate) fn is_needing(word: &str) -> bool {
    NEEDING.contains(word)
}

/// Words that may be verbs in forms that tell.
pub(crate) fn is_finite(word: &str) -> bool {
    FINITE.contains(word)
}

word_set!(
    NOUNS_AS_WELL = "\
    cost costs charge works work looks likes loves love hopes wants want opens closes paso pase gusto \
    pago era cobra sale son van"
);
word_set!(
    BEFORE_NOUNS = "\
    the a an our my your his her their this these those its el un una unos unas del al mi tu su este \
    ese"
);
word_set!(ENGLISH_NOUNS = "van sale son era dan pase");

/// Takes back what only looks like a verb that tells: "the **cost** breakdown", and in an English
/// message "the lights of **van** 7".
pub(crate) fn take_back_nouns(tokens: &mut [Token], english: bool) {
    for at in 0..tokens.len() {
        let word = tokens[at].norm.as_str();
        let named = at > 0
            && NOUNS_AS_WELL.contains(word)
            && BEFORE_NOUNS.contains(tokens[at - 1].norm.as_str());
        // "conprar focos i areglar la chapa"
        if !english && word == "i" && !tokens[at].capital {
            "y".clone_into(&mut tokens[at].norm);
            continue;
        }
        if named || english && ENGLISH_NOUNS.contains(word) {
            tokens[at].tells.finite = false;
        } else if !english && word == "dice" {
            // "dice 750 litros" says, and cuts nothing.
            tokens[at].verb = None;
        }
    }
}

word_set!(
    IRREGULAR_PASTS = "\
    left met saw took went got came made sent bought wrote spoke told had ran held built kept found \
    lost paid sold brought taught caught drove flew gave began chose forgot heard knew said thought \
    won wore sat stood understood did spent received signed"
);

/// English verbs in the past without "-ed": "met the owner".
pub(crate) fn is_irregular_past(word: &str) -> bool {
    IRREGULAR_PASTS.contains(word)
}

word_set!(
    ACCENTED_NOUNS = "\
    cafe bebe comite puré pure tambien chale bufe buro"
);

word_set!(
    PRETERITES = "\
    hice hizo hicimos puse puso pusimos tuve tuvo tuvimos dio dimos dije dijo dijimos traje trajo \
    trajimos fui fue fuimos vine vino vinimos estuve estuvo estuvimos quise quiso pude pudo supo \
    supe"
);

/// Whether a word is a Spanish verb in the past, seen by its accent or its ending: "terminó",
/// "pagaste". `original` is the word as it was written, `norm` the same folded.
pub(crate) fn is_preterite(original: &str, norm: &str, verb: Option<Verb>) -> bool {
    let accented = original.chars().count() > 3
        && original.ends_with(['ó', 'é', 'Ó', 'É', 'í'])
        && verb.is_none_or(|verb| !verb.asks() || original.ends_with(['ó', 'é', 'Ó', 'É']));
    accented && !ACCENTED_NOUNS.contains(norm)
        || verb.is_some_and(|verb| verb.form == Form::Told)
        || PRETERITES.contains(norm)
        || norm.len() > 5
            && ["aron", "ieron", "aste", "iste", "abamos"]
                .iter()
                .any(|end| norm.ends_with(end))
}
