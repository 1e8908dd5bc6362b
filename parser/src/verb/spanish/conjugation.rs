//! The forms of a Spanish verb that ask for work, made from its infinitive: commands and
//! subjunctives, the present that asks after "me" and "nos", participles and gerunds. All
//! are folded, so that stress leaves no mark.

use super::stem::{Stems, closes_vowel, stressed};
use crate::verb::Form;

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
        None if closes_vowel(infinitive) => (stems.stressed.clone(), "ie"),
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
        _ if closes_vowel(infinitive) => {
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

    fn assert_forms(form: Form, table: &[(&str, &str)]) {
        for (infinitive, words) in table {
            let made = forms(infinitive);
            for word in words.split(' ') {
                let is_made = |(made, as_form): &(String, Form)| made == word && *as_form == form;
                assert!(
                    made.iter().any(is_made),
                    "{word} is a form of {infinitive}: {made:?}"
                );
            }
        }
    }

    #[test]
    fn examples_of_commands() {
        assert_forms(
            Form::Command,
            &[
                ("arreglar", "arregla arregle arreglen arregles arreglemos"),
                ("sacar", "saca saque saquen saques saquemos"),
                ("pagar", "paga pague paguen pagues paguemos"),
                ("cotizar", "cotiza cotice coticen cotices coticemos"),
                ("mover", "mueve mueva muevan muevas movamos"),
                ("cerrar", "cierra cierre cierren cierres cerremos"),
                ("pedir", "pide pida pidan pidas pidamos"),
                ("corregir", "corrige corrija corrijan corrijas corrijamos"),
                ("conseguir", "consigue consiga consigan consigas consigamos"),
                ("recoger", "recoge recoja recojan recojas recojamos"),
                (
                    "traducir",
                    "traduce traduzca traduzcan traduzcas traduzcamos",
                ),
                ("construir", "construye construya construyan construyas"),
                ("reponer", "repon reponga repongan repongas repongamos"),
                ("rehacer", "rehaz rehaga rehagan rehagas rehagamos"),
                ("obtener", "obten obtenga obtengan"),
                ("extraer", "extrae extraiga extraigan"),
                ("dar", "da den"),
                ("ver", "ve vea vean"),
                ("leer", "lee lea lean leas leamos"),
                ("mergear", "mergea mergee mergeen"),
            ],
        );
    }

    #[test]
    fn examples_of_other_forms() {
        assert_forms(
            Form::Present,
            &[
                ("mandar", "mandas mandan"),
                ("poner", "pones ponen"),
                ("subir", "subes suben"),
            ],
        );
        assert_forms(
            Form::Participle,
            &[
                ("imprimir", "impreso impresas"),
                ("resolver", "resuelto"),
                ("remover", "removido"),
                ("instalar", "instalado instaladas"),
            ],
        );
        assert_forms(
            Form::Progressive,
            &[("pedir", "pidiendo"), ("construir", "construyendo")],
        );
        assert_forms(Form::Wish, &[("pintar", "pintaran"), ("hacer", "hiciera")]);
        assert_forms(Form::Told, &[("pagar", "pagaron pagamos")]);
    }
}
