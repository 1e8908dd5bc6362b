//! The stems of a Spanish verb: what stress and spelling do to its root.

use crate::lexicon::Class;

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

/// The stems that a verb takes.
pub(super) struct Stems {
    /// Where the stress lies on it: `muev-`, `cierr-`, `construy-`.
    pub(super) stressed: String,
    /// The same before the vowel of the subjunctive: `saqu-`, `recoj-`, `traduzc-`.
    pub(super) wish: String,
    /// The subjunctive's without stress: `mov-`, `saqu-`.
    pub(super) plain_wish: String,
    /// A command of one syllable: `pon`, `haz`.
    pub(super) short: Option<String>,
}

impl Stems {
    /// The stems of an infinitive.
    pub(super) fn of(infinitive: &str, root: &str, ending: &str) -> Self {
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
        let weak = if Class::StemEToI.has(infinitive) {
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
pub(super) fn stressed(infinitive: &str, root: &str, ending: &str) -> String {
    let change = if Class::StemEToIe.has(infinitive) {
        Some(("e", "ie"))
    } else if Class::StemOToUe.has(infinitive) {
        Some(("o", "ue"))
    } else if Class::StemEToI.has(infinitive) {
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

/// Whether stress makes an `i` of the root's `e`: `pedir`, `seguir`.
pub(super) fn closes_vowel(infinitive: &str) -> bool {
    Class::StemEToI.has(infinitive)
}
