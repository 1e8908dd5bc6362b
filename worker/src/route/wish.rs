//! Whole texts that are about the bot and not about work: no more messages, and what is this?
//! Twilio's opt-out management answers some of them itself, where it is on (`OptOutType`).

use parser::Language::{self, En, Es};

use super::choice::{fold, seen};

/// How people say that they want no more messages, without courtesies and without accents.
const LEAVING: [(Language, &[&str]); 2] = [
    (
        En,
        &[
            "stop",
            "stopall",
            "stop all",
            "stop messages",
            "stop messaging me",
            "stop texting me",
            "stop writing me",
            "stop writing to me",
            "stop sending me messages",
            "stop sending messages",
            "unsubscribe",
            "unsubscribe me",
            "opt out",
            "optout",
            "opt me out",
            "cancel subscription",
            "cancel my subscription",
            "cancel the subscription",
            "remove me",
            "remove my number",
            "take me off",
            "no more messages",
            "revoke",
            "quit",
        ],
    ),
    (
        Es,
        &[
            "alto",
            "baja",
            "la baja",
            "mi baja",
            "darme de baja",
            "darme de baja de este servicio",
            "darme de baja del servicio",
            "baja de este servicio",
            "baja del servicio",
            "la baja de este servicio",
            "la baja del servicio",
            "dame de baja",
            "deme de baja",
            "denme de baja",
            "me den de baja",
            "me des de baja",
            "que me den de baja",
            "que me des de baja",
            "dar de baja mi numero",
            "desuscribir",
            "desuscribirme",
            "desuscribirse",
            "desuscribanme",
            "cancelar suscripcion",
            "cancelar la suscripcion",
            "cancelar mi suscripcion",
            "cancela mi suscripcion",
            "cancelen mi suscripcion",
            "no mas mensajes",
            "no quiero mas mensajes",
            "no quiero mensajes",
            "no quiero recibir mas mensajes",
            "no quiero recibir mensajes",
            "no recibir mas mensajes",
            "no recibir mensajes",
            "no me manden mas mensajes",
            "no me manden mensajes",
            "no me mandes mas mensajes",
            "no me mandes mensajes",
            "no me envien mas mensajes",
            "no me envien mensajes",
            "no me escriban",
            "no me escriban mas",
            "no me escribas",
            "no me escribas mas",
            "dejen de escribirme",
            "deja de escribirme",
            "dejen de mandarme mensajes",
            "deja de mandarme mensajes",
            "dejen de enviarme mensajes",
            "deja de enviarme mensajes",
            "dejar de recibir mensajes",
            "quitenme de la lista",
            "sacenme de la lista",
            "borrenme de la lista",
        ],
    ),
];

/// What people who do not know the bot ask it, beside the commands for help.
const ASKING: [(Language, &[&str]); 2] = [
    (
        En,
        &[
            "help",
            "support",
            "info",
            "information",
            "more information",
            "more info",
            "what is this",
            "whats this",
            "who is this",
            "who are you",
            "what are you",
            "what do you do",
            "what can you do",
            "how does this work",
            "how does it work",
            "how do i link",
            "how do i start",
            "start",
            "menu",
            "i need help",
            "can you help me",
            "need help",
        ],
    ),
    (
        Es,
        &[
            "ayuda",
            "soporte",
            "ayudame",
            "ayudenme",
            "informacion",
            "informes",
            "mas informacion",
            "mas info",
            "que es esto",
            "quien eres",
            "quien es",
            "que eres",
            "que haces",
            "que puedes hacer",
            "como funciona",
            "como funciona esto",
            "como se usa",
            "como te uso",
            "como me vinculo",
            "como vinculo mi cuenta",
            "como empiezo",
            "inicio",
            "menu",
            "necesito ayuda",
            "me ayudas",
            "me puedes ayudar",
            "me pueden ayudar",
            "empezar",
        ],
    ),
];

/// Courtesies before and behind, which change nothing.
const AROUND: [&str; 44] = [
    "hola", "buen", "buenas", "buenos", "dia", "dias", "tardes", "noches", "que", "tal", "por",
    "favor", "porfa", "porfavor", "gracias", "quiero", "quisiera", "deseo", "necesito", "me",
    "gustaria", "solicito", "pido", "ya", "oye", "disculpe", "disculpa", "hi", "hello", "hey",
    "please", "pls", "plz", "thanks", "thank", "you", "i", "want", "to", "would", "like", "just",
    "now", "ok",
];
/// Longer texts say something else too.
const MOST_WORDS: usize = 14;

/// Whether somebody wants no more messages, and in which language they say it: "STOP", "Hola, quiero
/// darme de baja por favor". "Temporada baja", "dar de baja el servidor viejo" and "cancelar
/// suscripción de Adobe" are something else.
pub(super) fn to_leave(text: &str) -> Option<Language> {
    said(text, &LEAVING)
}

/// Whether somebody asks what this is, and in which language.
pub(super) fn to_know(text: &str) -> Option<Language> {
    said(text, &ASKING)
}

/// The language of the table's entry that the text is, without the courtesies around it.
fn said(text: &str, table: &[(Language, &[&str])]) -> Option<Language> {
    let folded = fold(&seen(text).replace(['\'', '’'], ""));
    let words: Vec<&str> = folded
        .split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .collect();
    if words.len() > MOST_WORDS {
        return None;
    }
    let courtesies = |words: &mut dyn Iterator<Item = &&str>| {
        words.take_while(|word| AROUND.contains(word)).count()
    };
    let (before, behind) = (
        courtesies(&mut words.iter()),
        courtesies(&mut words.iter().rev()),
    );
    // A courtesy may also be the beginning of what is said: "me den de baja".
    (0..=before).find_map(|from| {
        (words.len() - behind..=words.len())
            .filter(|to| from < *to)
            .find_map(|to| {
                let core = words[from..to].join(" ");
                table
                    .iter()
                    .find_map(|(language, said)| said.contains(&core.as_str()).then_some(*language))
            })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_wants_no_more_messages_is_understood() {
        for (text, language) in [
            ("STOP", En),
            ("Stop.", En),
            ("please stop texting me", En),
            ("Unsubscribe me please", En),
            ("ALTO", Es),
            ("Baja", Es),
            ("BAJA!!", Es),
            ("Darme de baja", Es),
            ("Hola, quiero darme de baja por favor", Es),
            (
                "Buenas tardes, solicito la baja de este servicio, gracias",
                Es,
            ),
            ("quiero que me den de baja", Es),
            ("cancelar suscripción", Es),
            ("Quiero cancelar mi suscripción", Es),
            ("ya no me manden mensajes", Es),
            ("No quiero recibir más mensajes", Es),
        ] {
            assert_eq!(to_leave(text), Some(language), "{text}");
        }
    }

    #[test]
    fn what_only_sounds_like_it_is_something_else() {
        for text in [
            "temporada baja",
            "Ajustar precios de temporada baja",
            "Dar de baja el servidor viejo",
            "Darme de alta en el SAT y de baja en el IMSS",
            "cancelar suscripción de Adobe, 1 hora",
            "Cancelar la suscripción a Netflix",
            "Bus stop sign by Friday",
            "Stop the pump and clean it",
            "prioridad baja",
            "Necesito dar de baja este servicio",
            "Poner un alto en la esquina",
            "",
        ] {
            assert_eq!(to_leave(text), None, "{text}");
        }
    }

    #[test]
    fn who_asks_what_this_is_is_understood() {
        for (text, language) in [
            ("soporte", Es),
            ("Help!", En),
            ("¿Quién eres?", Es),
            ("¡Hola! Quiero más información.", Es),
            ("Hola, ¿qué es esto?", Es),
            ("what's this?", En),
            ("I want more information please", En),
        ] {
            assert_eq!(to_know(text), Some(language), "{text}");
        }
        for text in [
            "Soporte de la tele, 2 horas",
            "Help Ana with the invoices",
            "Hola",
        ] {
            assert_eq!(to_know(text), None, "{text}");
        }
    }
}
