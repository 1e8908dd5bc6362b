//! Texts as a phone shows them: quoted, in bold, and cut into parts that Twilio takes.

/// Twilio takes 1600 characters (error 21617); how it counts is undocumented, so stay below.
const MOST_CHARACTERS: usize = 1500;
/// Characters of a message that are quoted.
const QUOTED: usize = 60;

/// The beginning of a text as it is quoted.
#[must_use]
pub fn quoted(text: Option<&str>) -> String {
    beginning_of(text.unwrap_or_default(), QUOTED)
}

/// The beginning of a text, on one line and without WhatsApp's marks of emphasis, which would
/// change how the rest looks; cut between words where there is a gap.
#[must_use]
pub fn beginning_of(text: &str, most: usize) -> String {
    let plain = without_marks(text);
    let line = plain.split_whitespace().collect::<Vec<_>>().join(" ");
    let Some((end, _)) = line.char_indices().nth(most) else {
        return line;
    };
    let head = &line[..end];
    let gap = head
        .rfind(' ')
        .filter(|&gap| gap > end / 2 && !line[end..].starts_with(' '));
    let kept = head[..gap.unwrap_or(end)].trim_end_matches([' ', ',', ';', ':', '(']);
    format!("{kept}…")
}

/// An underscore within a word marks nothing, and stays.
fn without_marks(text: &str) -> String {
    let mut before = ' ';
    let mut rest = text.chars().peekable();
    let mut plain = String::with_capacity(text.len());
    while let Some(c) = rest.next() {
        let within = before.is_alphanumeric() && rest.peek().is_some_and(|c| c.is_alphanumeric());
        plain.push(match c {
            '*' | '~' | '`' => ' ',
            '_' if !within => ' ',
            c => c,
        });
        before = c;
    }
    plain
}

/// A name in bold, as it is written. One that holds WhatsApp's mark for bold stays plain, since
/// the marks would pair up wrongly.
#[must_use]
pub fn bold(name: &str) -> String {
    let name = name.trim();
    if name.is_empty() || name.contains(['*', '\n']) {
        name.to_owned()
    } else {
        format!("*{name}*")
    }
}

/// Cuts a text at lines, else at words, else anywhere; several parts are numbered.
pub(super) fn split(text: &str) -> Vec<String> {
    let room = MOST_CHARACTERS - " (99/99)".len();
    let mut parts = Vec::new();
    let mut rest = text.trim();
    while length(rest) > MOST_CHARACTERS {
        let head = beginning(rest, room);
        // A line's end far in front would leave a stump.
        let cut = [head.rfind('\n'), head.rfind(' ')]
            .into_iter()
            .flatten()
            .find(|&at| at > head.len() / 2)
            .unwrap_or(head.len());
        parts.push(rest[..cut].trim_end().to_owned());
        rest = rest[cut..].trim_start();
    }
    if parts.is_empty() {
        return vec![rest.to_owned()];
    }
    parts.push(rest.to_owned());
    let total = parts.len();
    (1..)
        .zip(parts)
        .map(|(n, part)| format!("{part} ({n}/{total})"))
        .collect()
}

/// Length as UTF-16 counts, which no other way of counting that Twilio may have exceeds.
fn length(text: &str) -> usize {
    text.chars().map(char::len_utf16).sum()
}

/// The longest beginning of a text of at most so much length.
fn beginning(text: &str, most: usize) -> &str {
    let mut left = most;
    let end = text.char_indices().find(|(_, c)| {
        let fits = c.len_utf16() <= left;
        left = left.saturating_sub(c.len_utf16());
        !fits
    });
    end.map_or(text, |(end, _)| &text[..end])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_message_is_quoted_short_and_plain() {
        assert_eq!(quoted(Some("Fix *login*\n_today_")), "Fix login today");
        assert_eq!(quoted(Some("Fix user_id in `a_b`")), "Fix user_id in a_b");
        let long = quoted(Some(&"palabra ".repeat(20)));
        assert!(
            long.chars().count() <= QUOTED + 1 && long.ends_with(" palabra…"),
            "{long}"
        );
        assert_eq!(quoted(None), "");
    }

    #[test]
    fn a_name_is_bold_unless_its_own_marks_would_pair_up_wrongly() {
        assert_eq!(bold("Bodega_norte"), "*Bodega_norte*");
        assert_eq!(bold("App *beta*"), "App *beta*");
    }

    #[test]
    fn a_short_text_is_one_part() {
        assert_eq!(split("hola\n"), ["hola"]);
    }

    #[test]
    fn a_long_text_is_cut_at_lines_and_numbered() {
        let line = "palabra ".repeat(20);
        let text = vec![line.trim(); 30].join("\n");
        let parts = split(&text);
        assert_eq!(parts.len(), 4);
        for (n, part) in (1..).zip(&parts) {
            assert!(part.chars().count() <= MOST_CHARACTERS, "{n}");
            assert!(part.ends_with(&format!("palabra ({n}/4)")), "{part}");
        }
        let words = |text: &str| text.matches("palabra").count();
        assert_eq!(
            parts.iter().map(|part| words(part)).sum::<usize>(),
            words(&text)
        );
    }

    #[test]
    fn a_long_line_after_a_short_one_is_cut_at_a_word() {
        let text = format!("Sí\n{}", "palabra ".repeat(300));
        let parts = split(&text);
        assert_eq!(parts.len(), 2);
        assert!(parts[0].ends_with("palabra (1/2)") && parts[0].len() > 1400);
    }

    #[test]
    fn emoji_count_as_much_as_they_may_at_twilio() {
        let parts = split(&"🔥 ".repeat(900));
        assert!(parts.iter().all(|part| length(part) <= MOST_CHARACTERS));
        assert_eq!(parts.concat().matches('🔥').count(), 900);
    }

    #[test]
    fn a_text_without_any_space_is_cut_all_the_same() {
        let parts = split(&"ñ".repeat(4000));
        assert!(
            parts
                .iter()
                .all(|part| part.chars().count() <= MOST_CHARACTERS)
        );
        assert_eq!(parts.concat().matches('ñ').count(), 4000);
    }
}
