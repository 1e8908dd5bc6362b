//! Choosing by name: what it equals, else the only one that begins with it, else the only one
//! that contains it. Case and accents do not matter; every character stands for itself.

use unicode_normalization::{UnicodeNormalization, char::is_combining_mark};

/// A text without the spaces and the invisible marks around it that copying leaves there.
pub(super) fn seen(text: &str) -> &str {
    text.trim_matches(|c: char| {
        let invisible = matches!(c, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}'
            | '\u{2060}'..='\u{2069}' | '\u{feff}');
        invisible || c.is_whitespace()
    })
}

/// A text without case and accents.
pub(super) fn fold(text: &str) -> String {
    text.nfd()
        .filter(|c| !is_combining_mark(*c))
        .flat_map(char::to_lowercase)
        .collect()
}

/// What a name found.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Found<'a, T> {
    /// Exactly one.
    One(&'a T),
    /// Several of the same rank.
    Several(Vec<&'a T>),
    /// None.
    Nothing,
}

/// Looks a name up among `all`; where nothing has it, without the quotes, points or emoji around it.
pub(super) fn find<'a, T>(all: &'a [T], name: &str, of: impl Fn(&T) -> &str) -> Found<'a, T> {
    let bare = name.trim_matches(|c: char| !c.is_alphanumeric());
    match find_exactly(all, name, &of) {
        Found::Nothing if !bare.is_empty() && bare != name => find_exactly(all, bare, &of),
        found => found,
    }
}

fn find_exactly<'a, T>(all: &'a [T], name: &str, of: impl Fn(&T) -> &str) -> Found<'a, T> {
    let wanted = fold(name);
    let ranks: [fn(&str, &str) -> bool; 3] = [
        |folded, wanted| folded == wanted,
        |folded, wanted| folded.starts_with(wanted),
        |folded, wanted| folded.contains(wanted),
    ];
    for rank in ranks {
        let mut matching = all.iter().filter(|item| rank(&fold(of(item)), &wanted));
        match (matching.next(), matching.next()) {
            (Some(only), None) => return Found::One(only),
            (Some(first), Some(second)) => {
                return Found::Several([first, second].into_iter().chain(matching).collect());
            }
            (None, _) => {}
        }
    }
    Found::Nothing
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(name: &str) -> Vec<&'static str> {
        let all = [
            "Sitio web",
            "Sitio web 2",
            "App móvil",
            "100% listo",
            "Bodega_norte",
        ];
        match find(&all, name, |item| item) {
            Found::One(one) => vec![one],
            Found::Several(several) => several.into_iter().copied().collect(),
            Found::Nothing => vec![],
        }
    }

    #[test]
    fn the_nearest_name_wins() {
        assert_eq!(found("SITIO WEB"), ["Sitio web"]);
        assert_eq!(found("app movil"), ["App móvil"]);
        assert_eq!(found("bod"), ["Bodega_norte"]);
        assert_eq!(found("norte"), ["Bodega_norte"]);
        assert_eq!(found("sitio"), ["Sitio web", "Sitio web 2"]);
        assert_eq!(found("nada"), [""; 0]);
    }

    #[test]
    fn percent_underscore_and_star_are_plain_characters() {
        assert_eq!(found("%"), ["100% listo"]);
        assert_eq!(found("_"), ["Bodega_norte"]);
        assert_eq!(found("*"), [""; 0]);
    }

    #[test]
    fn what_people_put_around_a_name_does_not_matter() {
        for name in [
            "\"App móvil\"",
            "“app movil”",
            "App móvil 📱",
            "«App móvil».",
            "-App móvil!",
        ] {
            assert_eq!(found(name), ["App móvil"], "{name}");
        }
        assert_eq!(found("“”"), [""; 0]);
    }
}
