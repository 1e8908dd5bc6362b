//! A source's words and signs. Comments, texts and numbers name nothing that is imported: they are
//! left out.

/// A word or a sign.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Token {
    /// A name or a keyword.
    Word(String),
    /// `::`
    Separator,
    /// Any other sign.
    Sign(char),
}

impl Token {
    /// Whether it is that name or keyword.
    pub(crate) fn is_word(&self, wanted: &str) -> bool {
        matches!(self, Self::Word(word) if word == wanted)
    }

    /// The name or keyword, where it is one.
    pub(crate) fn word(&self) -> Option<&str> {
        match self {
            Self::Word(word) => Some(word),
            _ => None,
        }
    }
}

/// All of a source's, in order.
pub(crate) fn tokens(text: &str) -> Vec<Token> {
    let mut found = Vec::new();
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        if let Some(length) = left_out(rest) {
            rest = &rest[length..];
        } else if is_of_word(first) {
            let word = rest.strip_prefix("r#").unwrap_or(rest);
            let length = word.find(|c| !is_of_word(c)).unwrap_or(word.len());
            if !first.is_ascii_digit() {
                found.push(Token::Word(word[..length].to_owned()));
            }
            rest = &word[length..];
        } else if let Some(after) = rest.strip_prefix("::") {
            found.push(Token::Separator);
            rest = after;
        } else {
            found.push(Token::Sign(first));
            rest = &rest[first.len_utf8()..];
        }
    }
    found
}

fn is_of_word(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

/// How much of what begins here is to be left out, if anything.
fn left_out(text: &str) -> Option<usize> {
    let spaces = text.len() - text.trim_start().len();
    if spaces > 0 {
        return Some(spaces);
    }
    if text.starts_with("//") {
        return Some(text.find('\n').unwrap_or(text.len()));
    }
    if text.starts_with("/*") {
        return Some(block_comment(text));
    }
    let prefix = ["br", "cr", "b", "c", "r", ""].into_iter().find(|prefix| {
        let after = text.strip_prefix(prefix).unwrap_or_default();
        let unmarked = after.trim_start_matches('#');
        let is_raw = prefix.ends_with('r');
        unmarked.starts_with('"') && (is_raw || unmarked.len() == after.len())
    });
    if let Some(prefix) = prefix {
        let after = &text[prefix.len()..];
        let length = if prefix.ends_with('r') {
            raw_text(after)
        } else {
            quoted(after, '"')
        };
        return Some(prefix.len() + length);
    }
    let after = text.strip_prefix('b').unwrap_or(text);
    is_character(after).then(|| text.len() - after.len() + quoted(after, '\''))
}

/// Comments may hold comments.
fn block_comment(text: &str) -> usize {
    let mut depth = 0_usize;
    let mut at = 0;
    while at < text.len() {
        let rest = &text[at..];
        if rest.starts_with("/*") {
            depth += 1;
            at += 2;
        } else if rest.starts_with("*/") {
            depth -= 1;
            at += 2;
            if depth == 0 {
                return at;
            }
        } else {
            at += rest.chars().next().map_or(1, char::len_utf8);
        }
    }
    text.len()
}

/// From the first quote to the one that ends it.
fn quoted(text: &str, quote: char) -> usize {
    let mut is_escaped = false;
    for (at, c) in text.char_indices().skip(1) {
        if is_escaped {
            is_escaped = false;
        } else if c == '\\' {
            is_escaped = true;
        } else if c == quote {
            return at + 1;
        }
    }
    text.len()
}

/// From the marks before the first quote to those behind the last.
fn raw_text(text: &str) -> usize {
    let marks = text.len() - text.trim_start_matches('#').len();
    let end = format!("\"{}", "#".repeat(marks));
    let begin = marks + 1;
    text[begin..]
        .find(&end)
        .map_or(text.len(), |at| begin + at + end.len())
}

/// `'a'` and `'\n'`, and not the lifetime `'a`.
fn is_character(text: &str) -> bool {
    let mut letters = text.chars();
    letters.next() == Some('\'')
        && match letters.next() {
            Some('\\') => true,
            Some(_) => letters.next() == Some('\''),
            None => false,
        }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(text: &str) -> Vec<String> {
        let found = tokens(text).into_iter();
        found
            .filter_map(|token| token.word().map(str::to_owned))
            .collect()
    }

    #[test]
    fn what_is_only_said_names_nothing() {
        let text = r##"
            // use a::b;
            /* c /* d */ e */
            f("g \" h", r"i\", r#"j " k"#, b"l", 'm', '\'', b'n', 12_u8, 1.5e3);
        "##;
        assert_eq!(words(text), ["f"]);
    }

    #[test]
    fn lifetimes_and_escaped_names_are_words() {
        assert_eq!(
            words("fn a<'b>(r#type: &'b c) {}"),
            ["fn", "a", "b", "type", "b", "c"]
        );
        assert_eq!(words("ñ::break_ && b"), ["ñ", "break_", "b"]);
    }
}
