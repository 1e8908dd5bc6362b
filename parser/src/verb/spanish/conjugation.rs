//! The forms of a Spanish verb that ask for work, made from its infinitive: commands and
//! subjunctives, the present that asks after "me" and "nos", participles and gerunds. All
//! are folded, so that stress leaves no mark.

use crate::verb::Form;

word_set!(
    E_TO_IE = "\
    advertir apretar arrendar asentar aserrar atender calentar cerrar comenzar convertir \
    defender desenterrar desplegar diferir encender encerrar enmendar enterrar entretener \
    extender fregar gobernar herrar hervir invertir negar pensar plegar preferir quebrar \
    recalentar recomendar referir regar remendar requerir revertir sembrar sentar serrar \
    sugerir tender transferir verter adquirir empezar despertar perder"
);

word_set!(
    O_TO_UE = "\
    acordar almorzar apostar aprobar cocer colar colgar comprobar contar demoler demostrar \
    descolgar descontar desenvolver devolver disolver encontrar ensonar envolver forzar \
    jugar moler mostrar mover poblar probar recontar recordar reforzar remover renovar \
    repoblar reprobar resolver rodar soldar soltar sonar torcer tostar volcar volver"
);

word_set!(
    E_TO_I = "\
    conseguir corregir despedir elegir expedir freir impedir medir pedir perseguir regir \
    rendir repetir revestir seguir servir vestir"
);

/// Endings of verbs with a `g` of their own before `a`, the stem that has it, and the short
/// command.
const WITH_G: &[(&str, &str, &str)] = &[
    ("poner", "pong", "pon"),
    ("tener", "teng", "ten"),
    ("traer", "traig", "trae"),
    ("hacer", "hag", "haz"),
    ("salir", "salg", "sal"),
    ("venir", "veng", "ven"),
    ("decir", "dig", "di"),
    ("caer", "caig", "cae"),
];

/// Forms that follow no rule: the infinitive, and its forms that ask.
const IRREGULAR: &[(&str, &[&str])] = &[
    ("dar", &["da", "de", "den", "demos"]),
    ("ver", &["ve", "vea", "vean", "veas", "veamos"]),
    ("ir", &["vaya", "vayan", "vayas", "vayamos"]),
];

/// Participles that do not end in `-ado` or `-ido`: the ending of the infinitive, and theirs.
const PARTICIPLES: &[(&str, &str)] = &[
    ("hacer", "hech"),
    ("poner", "puest"),
    ("escribir", "escrit"),
    ("abrir", "abiert"),
    ("cubrir", "cubiert"),
    ("imprimir", "impres"),
    ("solver", "suelt"),
    ("volver", "vuelt"),
    ("ver", "vist"),
    ("decir", "dich"),
    ("romper", "rot"),
];

/// Every form of a verb, with how it stands in a text.
pub(super) fn forms(infinitive: &str) -> Vec<(String, Form)> {
    let (root, ending) = infinitive.split_at(infinitive.len() - 2);
    let stems = Stems::of(infinitive, root, ending);
    let mut forms = Vec::with_capacity(24);
    match IRREGULAR.iter().find(|(verb, _)| *verb == infinitive) {
        Some((_, own)) => {
            forms.extend(own.iter().map(|form| ((*form).to_owned(), Form::Command)));
        }
        None => commands(&stems, ending == "ar", &mut forms),
    }
    participles(infinitive, root, ending, &mut forms);
    told(infinitive, &stems, root, ending, &mut forms);
    forms
}

/// The stem of the past, where it is not the root: `hic-ieran`, `pus-ieran`.
const PAST: &[(&str, &str)] = &[
    ("hacer", "hic"),
    ("poner", "pus"),
    ("tener", "tuv"),
    ("venir", "vin"),
    ("dar", "d"),
    ("ver", "v"),
];

/// "arreglaran", "pidieras": what somebody would do; "arreglaron", "pedimos": what was done.
fn told(
    infinitive: &str,
    stems: &Stems,
    root: &str,
    ending: &str,
    forms: &mut Vec<(String, Form)>,
) {
    let past = PAST
        .iter()
        .find(|(verb, _)| infinitive.ends_with(verb) && (verb.len() > 3 || infinitive == *verb));
    let (stem, vowel) = match past {
        Some((verb, past)) => {
            let start = &infinitive[..infinitive.len() - verb.len()];
            (format!("{start}{past}"), "ie")
        }
        None if ending == "ar" => (root.to_owned(), "a"),
        None if E_TO_I.contains(infinitive) => (stems.stressed.clone(), "ie"),
        None => (root.to_owned(), "ie"),
    };
    for person in ["", "n", "s"] {
        forms.push((format!("{stem}{vowel}ra{person}"), Form::Wish));
    }
    forms.push((format!("{stem}{vowel}ron"), Form::Told));
    let told: &[&str] = if ending == "ar" {
        &["aste", "amos"]
    } else {
        &["io", "iste", "imos", "emos"]
    };
    for person in told {
        forms.push((format!("{root}{person}"), Form::Told));
    }
}

/// The stems that a verb takes.
struct Stems {
    /// Where the stress lies on it: `muev-`, `cierr-`, `construy-`.
    stressed: String,
    /// The same before the vowel of the subjunctive: `saqu-`, `recoj-`, `traduzc-`.
    wish: String,
    /// The subjunctive's without stress: `mov-`, `saqu-`.
    plain_wish: String,
    /// A command of one syllable: `pon`, `haz`.
    short: Option<String>,
}

impl Stems {
    fn of(infinitive: &str, root: &str, ending: &str) -> Self {
        let g = WITH_G
            .iter()
            .find(|(verb, ..)| infinitive.ends_with(verb) && !infinitive.ends_with("decaer"));
        if let Some((verb, wish, short)) = g {
            let start = &infinitive[..infinitive.len() - verb.len()];
            return Self {
                stressed: stressed(infinitive, root, ending),
                wish: format!("{start}{wish}"),
                plain_wish: format!("{start}{wish}"),
                short: Some(format!("{start}{short}")),
            };
        }
        let stressed = stressed(infinitive, root, ending);
        let weak = if E_TO_I.contains(infinitive) {
            stressed.clone()
        } else {
            root.to_owned()
        };
        Self {
            wish: respell(&stressed, ending),
            plain_wish: respell(&weak, ending),
            stressed,
            short: None,
        }
    }
}

/// What stress does to a root: `mov` to `muev`, `cerr` to `cierr`, `ped` to `pid`, `constru`
/// to `construy`.
fn stressed(infinitive: &str, root: &str, ending: &str) -> String {
    let change = if E_TO_IE.contains(infinitive) {
        Some(("e", "ie"))
    } else if O_TO_UE.contains(infinitive) {
        Some(("o", "ue"))
    } else if E_TO_I.contains(infinitive) {
        Some(("e", "i"))
    } else {
        None
    };
    if infinitive == "adquirir" {
        return "adquier".to_owned();
    }
    if let Some((plain, strong)) = change
        && let Some(at) = root.rfind(plain)
    {
        return format!("{}{strong}{}", &root[..at], &root[at + 1..]);
    }
    if ending == "ir" && root.ends_with('u') && !root.ends_with("gu") && !root.ends_with("qu") {
        return format!("{root}y");
    }
    root.to_owned()
}

/// Keeps the sound of a stem before the other vowel: `sac` to `saqu`, `recog` to `recoj`,
/// `traduc` to `traduzc`.
fn respell(stem: &str, ending: &str) -> String {
    let last = |count: usize| &stem[..stem.len() - count];
    match ending {
        "ar" if stem.ends_with('c') => format!("{}qu", last(1)),
        "ar" if stem.ends_with('g') => format!("{stem}u"),
        "ar" if stem.ends_with('z') => format!("{}c", last(1)),
        "ar" => stem.to_owned(),
        _ if stem.ends_with("gu") => last(1).to_owned(),
        _ if stem.ends_with('g') => format!("{}j", last(1)),
        _ if stem.ends_with('c') => {
            let after_vowel = last(1).ends_with(['a', 'e', 'i', 'o', 'u']);
            format!("{}{}", last(1), if after_vowel { "zc" } else { "z" })
        }
        _ => stem.to_owned(),
    }
}

fn commands(stems: &Stems, first: bool, forms: &mut Vec<(String, Form)>) {
    let Stems {
        stressed,
        wish,
        plain_wish,
        short,
    } = stems;
    // (tú, usted, ustedes, tú in a wish, we), and the presents of tú and ustedes.
    let (own, wishes, we, presents) = if first {
        ("a", ["e", "en", "es"], "emos", ["as", "an"])
    } else {
        ("e", ["a", "an", "as"], "amos", ["es", "en"])
    };
    let mut add = |stem: &str, ending: &str, form| forms.push((format!("{stem}{ending}"), form));
    match short {
        Some(short) => add(short, "", Form::Command),
        None => add(stressed, own, Form::Command),
    }
    for ending in wishes {
        add(wish, ending, Form::Command);
    }
    add(plain_wish, we, Form::Command);
    add(stressed, presents[0], Form::Present);
    add(stressed, presents[1], Form::Present);
}

fn participles(infinitive: &str, root: &str, ending: &str, forms: &mut Vec<(String, Form)>) {
    let irregular = PARTICIPLES
        .iter()
        .find(|(verb, _)| infinitive.ends_with(verb))
        .filter(|_| !infinitive.ends_with("mover"));
    let done = match irregular {
        Some((verb, done)) => format!("{}{done}", &infinitive[..infinitive.len() - verb.len()]),
        None if ending == "ar" => format!("{root}ad"),
        None => format!("{root}id"),
    };
    for end in ["o", "a", "os", "as"] {
        forms.push((format!("{done}{end}"), Form::Participle));
    }
    let doing = match ending {
        "ar" => format!("{root}ando"),
        _ if root.ends_with(['a', 'e', 'u']) && !root.ends_with("gu") => format!("{root}yendo"),
        _ if E_TO_I.contains(infinitive) => {
            format!("{}iendo", stressed(infinitive, root, ending))
        }
        _ => format!("{root}iendo"),
    };
    forms.push((doing, Form::Progressive));
}

#[cfg(test)]
mod tests {
    use super::forms;
    use crate::verb::Form;

    #[test]
    fn examples_of_forms_by_infinitive() {
        let table = [
            (
                "arreglar",
                Form::Command,
                "arregla arregle arreglen arregles arreglemos",
            ),
            ("sacar", Form::Command, "saca saque saquen saques saquemos"),
            ("pagar", Form::Command, "paga pague paguen pagues paguemos"),
            (
                "cotizar",
                Form::Command,
                "cotiza cotice coticen cotices coticemos",
            ),
            ("mover", Form::Command, "mueve mueva muevan muevas movamos"),
            (
                "cerrar",
                Form::Command,
                "cierra cierre cierren cierres cerremos",
            ),
            ("pedir", Form::Command, "pide pida pidan pidas pidamos"),
            (
                "corregir",
                Form::Command,
                "corrige corrija corrijan corrijas corrijamos",
            ),
            (
                "conseguir",
                Form::Command,
                "consigue consiga consigan consigas consigamos",
            ),
            (
                "recoger",
                Form::Command,
                "recoge recoja recojan recojas recojamos",
            ),
            (
                "traducir",
                Form::Command,
                "traduce traduzca traduzcan traduzcas traduzcamos",
            ),
            (
                "construir",
                Form::Command,
                "construye construya construyan construyas",
            ),
            (
                "reponer",
                Form::Command,
                "repon reponga repongan repongas repongamos",
            ),
            (
                "rehacer",
                Form::Command,
                "rehaz rehaga rehagan rehagas rehagamos",
            ),
            ("obtener", Form::Command, "obten obtenga obtengan"),
            ("extraer", Form::Command, "extrae extraiga extraigan"),
            ("dar", Form::Command, "da den"),
            ("ver", Form::Command, "ve vea vean"),
            ("leer", Form::Command, "lee lea lean leas leamos"),
            ("mergear", Form::Command, "mergea mergee mergeen"),
            ("mandar", Form::Present, "mandas mandan"),
            ("poner", Form::Present, "pones ponen"),
            ("subir", Form::Present, "subes suben"),
            ("imprimir", Form::Participle, "impreso impresas"),
            ("resolver", Form::Participle, "resuelto"),
            ("remover", Form::Participle, "removido"),
            ("instalar", Form::Participle, "instalado instaladas"),
            ("pedir", Form::Progressive, "pidiendo"),
            ("construir", Form::Progressive, "construyendo"),
        ];
        for (infinitive, form, words) in table {
            let made = forms(infinitive);
            for word in words.split(' ') {
                assert!(
                    made.iter()
                        .any(|(made, as_form)| made == word && *as_form == form),
                    "{word} is a form of {infinitive}: {made:?}"
                );
            }
        }
    }
}
