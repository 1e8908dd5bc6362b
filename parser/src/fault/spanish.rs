//! What Spanish says about a thing that fails: "no prende", "se trabó", "está tapado",
//! "gotea", "huele a gas".

mod refusing;
mod ruined;

use std::sync::LazyLock;

use refusing::refuses;
use ruined::{ends_broken, is_ruined};

use super::Cursor;
use crate::{lexicon::Class, phrase::PhraseTable, verb::Form};

/// The words that a fault may begin with.
pub(super) fn beginnings() -> impl Iterator<Item = &'static str> {
    [
        Class::FaultSpanishOthers,
        Class::FaultSpanishCopulas,
        Class::FaultSpanishShows,
        Class::FaultSpanishActs,
    ]
    .into_iter()
    .flat_map(Class::words)
    .chain(ruined::participles())
    .chain(FIXED.beginnings())
}

/// Whether a fault is said from this word on.
pub(super) fn says(cursor: Cursor<'_>) -> bool {
    fixed(cursor)
        || refuses(cursor)
        || broke(cursor)
        || is_broken(cursor)
        || ends_broken(cursor)
        || acts(cursor)
        || shows(cursor)
}

static FIXED: LazyLock<PhraseTable<()>> = LazyLock::new(|| {
    PhraseTable::new(&[(
        "tarda mucho en|tardan mucho en|tarda demasiado|tarda una eternidad|se tarda mucho|tarda anos|\
         cobra doble|cobran doble|cobro doble|cobra dos veces|cobran dos veces|se va a cada rato|\
         se va seguido|\
         se cae a cada rato|se corta a cada rato|se va y viene|es un error|es un bug|es una falla|\
         es error|son errores|es un defecto|dejo de funcionar|dejaron de funcionar|dejo de servir|\
         dejo de jalar|dejo de enfriar|\
         dejo de cargar|dejo de prender|dejo de imprimir|dejaron de servir|se mete el agua|\
         se sale el agua|se mete agua|se sale agua|se fue la luz|se fue el agua|se fue el internet|\
         se fue la senal|se va la luz|se va el internet|se va la senal|esta caido|hay goteras|\
         no hay luz|no hay agua|no hay internet|no hay sistema|no hay senal|no hay linea|no hay gas|\
         no hay presion|sin luz|no tiene luz|no tiene agua|no tiene senal|no tiene linea|no tiene internet|\
         no tiene presion|no tienen luz|no tienen senal|no da senal|no da tono|no sale agua|no llega agua|\
         no llega la senal|no sale el agua|no llega el agua|no hace nada|no hacen nada|\
         fuera de servicio|esta dando lata|da lata|\
         dando lata|dando problemas|da problemas|da toques|da error|dan error|da errores|da un error|\
         esta de la fregada|anda mal|anda fallando|andan fallando|quedo mal|quedaron mal|\
         quedo chueco|quedo chueca|quedaron chuecos|quedaron chuecas|sale en blanco|\
         salen en blanco|aparece en blanco|esta en blanco|\
         se queda en blanco|se queda cargando|se queda pasmada|se queda pasmado|se queda trabada|\
         se queda trabado|se queda congelada|se queda pegada|se queda pegado",
        (),
    )])
});

fn fixed(cursor: Cursor<'_>) -> bool {
    FIXED.at(&cursor.tokens[cursor.at..]).is_some()
}

/// "se rompió", "se nos cayó", "se traba", "se apaga sola".
fn broke(cursor: Cursor<'_>) -> bool {
    if cursor.word() != "se" || cursor.back(1) == "no" {
        return false;
    }
    let next = cursor.ahead_past(|word| matches!(word, "me" | "nos" | "le" | "les" | "te"));
    let again = matches!(next.word(), "volvio" | "volvieron" | "vuelve" | "vuelven")
        && next.ahead(1) == "a"
        && next.ahead(2).ends_with('r');
    if again || next.is(Class::FaultSpanishBroke) {
        return true;
    }
    let closes = next.word() == "cierra" || next.word() == "sale" || next.word() == "salen";
    let alone = matches!(
        next.ahead(1),
        "solo" | "sola" | "solos" | "solas" | "el" | "de"
    );
    let estar =
        matches!(next.word(), "esta" | "estan") && Class::FaultSpanishSpoiling.has(next.ahead(1));
    estar || next.is(Class::FaultSpanishBreaks) && (!closes || alone)
}

/// "está tapado", "anda fallando", "salieron borrosos", "está tirando agua".
fn is_broken(cursor: Cursor<'_>) -> bool {
    if !cursor.is(Class::FaultSpanishCopulas) {
        return false;
    }
    let next = cursor.ahead_past(|word| Class::FaultSpanishPassed.has(word));
    let doing = match next.word() {
        "tirando" | "sacando" | "echando" | "perdiendo" => {
            Class::FaultSpanishSpilt.has(next.ahead(1))
        }
        "haciendo" => has_noise(next),
        "oliendo" => next.ahead(1) == "a",
        "dando" | "marcando" | "mandando" | "arrojando" => names_fault(next),
        "cobrando" => matches!(next.ahead(1), "doble" | "de" | "dos"),
        _ => false,
    };
    let with = next.word() == "con"
        && (names_fault(next)
            || (1..6).any(|by| {
                next.ahead(by).starts_with("equivocad") || next.ahead(by).starts_with("incorrect")
            }));
    doing
        || with
            && matches!(
                cursor.word(),
                "sale" | "salen" | "llego" | "llegaron" | "esta"
            )
        || (next.is(Class::FaultSpanishBroken) || is_ruined(next.word())) && cursor.back(1) != "no"
}

fn has_noise(cursor: Cursor<'_>) -> bool {
    (1..6).any(|by| {
        matches!(
            cursor.ahead(by),
            "ruido" | "ruidos" | "corto" | "rechinido" | "zumbido" | "chillido" | "golpeteo"
        )
    })
}

/// "gotea", "hace ruido", "huele a gas", "tira agua".
fn acts(cursor: Cursor<'_>) -> bool {
    match cursor.word() {
        // "la báscula marca mal", "la alarma suena sola"
        "mal" | "sola" | "solo" | "solas" | "solos" => {
            cursor.at > 1
                && cursor.tokens[cursor.at - 1].verb.is_some_and(|verb| {
                    verb.is_indicative(cursor.back(1)) || verb.form == Form::Present
                })
        }
        "hace" | "hacen" | "haciendo" => has_noise(cursor),
        "volvio" | "volvieron" | "vuelve" => {
            cursor.ahead(1) == "a" && Class::FaultSpanishFailing.has(cursor.ahead(2))
        }
        "huele" | "huelen" => matches!(cursor.ahead(1), "a" | "mal" | "feo" | "horrible"),
        "deja" | "dejan" => matches!(cursor.ahead(1), "rayas" | "manchas" | "marcas" | "lineas"),
        "tira" | "tiran" | "saca" | "echa" | "echan" | "pierde" | "pierden" => {
            Class::FaultSpanishSpilt.has(cursor.ahead(1)) && cursor.at > 0
        }
        word => {
            Class::FaultSpanishActs.has(word)
                && !Class::Determiners.has(cursor.back(1))
                && (!Class::Prepositions.has(cursor.back(1)) || cursor.back(1) == "que")
        }
    }
}

/// "tiene una fuga", "hay un error", "marca error".
fn shows(cursor: Cursor<'_>) -> bool {
    let imperative = matches!(
        cursor.word(),
        "marca" | "manda" | "tira" | "muestra" | "genera" | "da"
    );
    cursor.is(Class::FaultSpanishShows)
        && names_fault(cursor)
        && (!imperative || cursor.at > 0 || cursor.ahead(1) == "error")
}

fn names_fault(cursor: Cursor<'_>) -> bool {
    (1..5)
        .take_while(|&by| by == 1 || !Class::Prepositions.has(cursor.ahead(by)))
        .any(|by| {
            Class::FaultSpanishWhat.has(cursor.ahead(by)) || is_ruined(cursor.ahead(by)) && by > 1
        })
}

#[cfg(test)]
mod tests {
    use super::super::said_at;
    use crate::token::tokenize;

    #[test]
    fn examples_of_faults_and_of_what_only_looks_like_them() {
        for text in [
            "la impresora ya no jala",
            "el aire acondicionado gotea",
            "no se conecta el escáner",
            "no me deja entrar",
            "la bomba hace un ruido raro",
            "huele a gas en la cocina",
            "se nos cayó el sistema",
            "la puerta se traba",
            "la caja se apaga sola",
            "el drenaje está todo tapado",
            "el boiler está tirando agua",
            "las fotos salieron borrosas",
            "el sitio anda muy lento",
            "hay una fuga en el baño",
            "la caldera tiene fallas",
            "la terminal marca error",
            "no hay internet",
            "el wifi no da señal",
            "la app no está cargando",
            "los clientes no pueden pagar",
            "nadie puede imprimir",
            "impresora descompuesta otra vez",
            "llanta ponchada en la camioneta",
        ] {
            assert!(said_at(&tokenize(text)).is_some(), "{text}");
        }
        for text in [
            "no muevan la cocina",
            "el cliente no quiere cambios",
            "no toques el menú",
            "marca las cajas con error",
            "la tienda cierra a las 8",
            "no es urgente",
            "se puede mañana",
            "cambiar la lámpara rota",
            "la silla rota ya quedó",
        ] {
            assert_eq!(said_at(&tokenize(text)), None, "{text}");
        }
    }
}
