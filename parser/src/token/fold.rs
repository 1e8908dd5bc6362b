//! Characters: folding to lower case without accents, marks that look alike, numerals.

use unicode_normalization::{UnicodeNormalization, char::is_combining_mark};

pub(super) fn numeral(text: &str) -> Option<f64> {
    let thousands = text
        .split(',')
        .skip(1)
        .all(|group| group.split('.').next().is_some_and(|g| g.len() == 3));
    let plain = if thousands {
        text.replace(',', "")
    } else {
        text.replace(',', ".")
    };
    plain.parse().ok()
}

/// Lower case without accents (`ñ` becomes `n`), apostrophes straightened.
pub(crate) fn fold(text: &str) -> String {
    if text.is_ascii() {
        return text.to_ascii_lowercase();
    }
    text.nfd()
        .filter(|&c| !is_combining_mark(c))
        .flat_map(char::to_lowercase)
        .map(|c| {
            if matches!(c, '’' | '‘' | '´' | '`') {
                '\''
            } else {
                c
            }
        })
        .collect()
}

pub(super) fn is_invisible(c: char) -> bool {
    matches!(c, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}')
        || c.is_control() && c != '\n'
}

pub(super) fn is_typographic(c: char) -> bool {
    matches!(
        c,
        '“' | '”'
            | '‘'
            | '’'
            | '«'
            | '»'
            | '–'
            | '—'
            | '…'
            | '¿'
            | '¡'
            | '•'
            | '·'
            | '▪'
            | '‣'
            | '●'
            | '○'
            | '€'
            | '£'
            | '½'
            | '→'
    )
}

pub(super) fn plain_mark(c: char) -> char {
    match c {
        '“' | '”' | '«' | '»' => '"',
        '‘' | '’' => '\'',
        '–' | '—' => '-',
        '·' | '▪' | '‣' | '●' | '○' | '→' => '•',
        '…' => '.',
        '€' | '£' => '$',
        _ => c,
    }
}
