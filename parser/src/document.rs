//! The document around a message: quoted mail, signatures, footers, blocks of code and boxes. What
//! is not the sender's own, or done already, is blanked before tokens are made. A blank takes as
//! many bytes as what it hides, so that places in the text stay what they are.

mod mail;

use std::{borrow::Cow, ops::Range};

/// A message with its quotations, signatures and blocks of code, without what is ticked.
pub(crate) fn whole(text: &str) -> Cow<'_, str> {
    boxes(Cow::Borrowed(text), &lines(text))
}

/// A message without what is not asked for in it.
pub(crate) fn own(text: &str) -> Cow<'_, str> {
    let lines = lines(text);
    let mut hidden = mail::parts(text, &lines);
    hidden.extend(code(text, &lines));
    // What is nothing but a quotation is forwarded, and meant.
    let blanked = blank(text, &hidden);
    let said = has_words(&blanked);
    let text = if said { blanked } else { Cow::Borrowed(text) };
    boxes(text, &lines)
}

/// The lines of a text, as spans without their ends.
fn lines(text: &str) -> Vec<Range<usize>> {
    let mut start = 0;
    text.split('\n')
        .map(|line| {
            let span = start..start + line.len();
            start = span.end + 1;
            span
        })
        .collect()
}

fn has_words(text: &str) -> bool {
    text.chars().any(char::is_alphabetic)
}

/// The text with spaces in the place of spans; ends of lines stay.
fn blank<'a>(text: &'a str, spans: &[Range<usize>]) -> Cow<'a, str> {
    if spans.is_empty() {
        return Cow::Borrowed(text);
    }
    let hides = |at: usize| spans.iter().any(|span| span.contains(&at));
    let mut shown = String::with_capacity(text.len());
    for (at, c) in text.char_indices() {
        if hides(at) && c != '\n' {
            shown.extend(std::iter::repeat_n(' ', c.len_utf8()));
        } else {
            shown.push(c);
        }
    }
    Cow::Owned(shown)
}

/// Blocks of code: lines between one that begins with three backticks and at most a word, and one
/// that has nothing else. WhatsApp's own monospace, which has its text on the same line, is text.
fn code(text: &str, lines: &[Range<usize>]) -> Vec<Range<usize>> {
    let fence = |line: &Range<usize>| text[line.clone()].trim().strip_prefix("```");
    let (mut blocks, mut open) = (Vec::new(), None);
    for line in lines {
        match (fence(line), open) {
            (Some(behind), None) if !behind.contains(['`', ' ']) => open = Some(line.start),
            (Some(""), Some(start)) => {
                blocks.push(start..line.end);
                open = None;
            }
            _ => {}
        }
    }
    blocks
}

/// Boxes at the start of lines: an entry that is ticked is done, one that is not has a bullet.
fn boxes<'a>(text: Cow<'a, str>, lines: &[Range<usize>]) -> Cow<'a, str> {
    let mut shown = text;
    for line in lines {
        let written = &shown[line.clone()];
        let entry = written.trim_start_matches([' ', '\t', '-', '*', '•', '+']);
        let start = line.end - entry.len();
        let ticked = ["[x]", "[X]", "✅", "☑", "✔"];
        if ticked.iter().any(|tick| entry.starts_with(tick)) {
            shown = Cow::Owned(blank(&shown, std::slice::from_ref(line)).into_owned());
        } else if let Some(length) = ["[ ]", "[]", "☐"]
            .iter()
            .find_map(|open| entry.starts_with(open).then_some(open.len()))
        {
            let bullet = written[..written.len() - entry.len()].trim().is_empty();
            let mark = format!("{:<length$}", if bullet { "-" } else { "" });
            shown.to_mut().replace_range(start..start + length, &mark);
        }
    }
    shown
}

#[cfg(test)]
mod tests {
    use super::own;

    /// What is left of each line, without the blanks.
    fn left(text: &str) -> String {
        let shown = own(text);
        assert_eq!(shown.len(), text.len(), "{text}");
        let lines = shown.lines().map(str::trim).filter(|line| !line.is_empty());
        lines.collect::<Vec<_>>().join("|")
    }

    #[test]
    fn quoted_mail_is_not_the_senders() {
        let table = [
            (
                "Fix the door\n\nOn Mon, Mar 2, 2026 at 9:14 AM Ana <a@x.example> wrote:\n> paint it\n> now",
                "Fix the door",
            ),
            (
                "Pinta la sala\n\nEl lun, 2 mar 2026 a las 9:14, Ana escribió:\n> arregla la puerta",
                "Pinta la sala",
            ),
            (
                "Fix it\n-----Original Message-----\nFrom: Ana\nPaint the wall",
                "Fix it",
            ),
            (
                "Ana wrote:\n> paint the wall\nFix the door instead",
                "Fix the door instead",
            ),
            ("Please:\n```\nlet x = 1;\n```\nfix it", "Please:|fix it"),
            (
                "Por favor:\n```Lunes: pintar\ny limpiar```\nbarrer",
                "Por favor:|```Lunes: pintar|y limpiar```|barrer",
            ),
            (
                "Pintar\n✅ barrer\n☑️ lavar\n- ✔ regar\nplanchar",
                "Pintar|planchar",
            ),
            (
                "Textos legales:\nAviso de confidencialidad para empleados\nContrato",
                "Textos legales:|Aviso de confidencialidad para empleados|Contrato",
            ),
            (
                "Buy mice\nGet Outlook for the new hires\nSet up 3 laptops",
                "Buy mice|Get Outlook for the new hires|Set up 3 laptops",
            ),
            ("Buy mice\n\nGet Outlook for Android", "Buy mice"),
            // Lines that nobody is said to have written are a list.
            ("To do:\n> paint\n> clean", "To do:|> paint|> clean"),
            ("She wrote: call me", "She wrote: call me"),
        ];
        for (text, expected) in table {
            assert_eq!(left(text), expected, "{text}");
        }
    }

    #[test]
    fn a_mail_that_is_only_forwarded_is_meant() {
        let text = "---------- Forwarded message ---------\nFrom: Ana\nPaint the wall";
        assert_eq!(own(text), text);
    }

    #[test]
    fn signatures_and_footers_are_no_work() {
        let table = [
            (
                "Fix the door\n-- \nAna Ruiz\nPrint less paper",
                "Fix the door",
            ),
            (
                "Fix the door\n--\npaint the wall",
                "Fix the door|--|paint the wall",
            ),
            ("Fix the door\nSent from my iPhone", "Fix the door"),
            ("Pinta la sala\n\nEnviado desde mi Android", "Pinta la sala"),
            (
                "Fix the door\nThis message is confidential. Delete it if it is not for you.",
                "Fix the door",
            ),
        ];
        for (text, expected) in table {
            assert_eq!(left(text), expected, "{text}");
        }
    }

    #[test]
    fn blocks_of_code_are_no_work() {
        let table = [
            (
                "Fix this:\n```\ndelete old\n```\nby Friday",
                "Fix this:|by Friday",
            ),
            ("rename ```a``` to ```b```", "rename ```a``` to ```b```"),
            ("```\nfix the door\n```", "```|fix the door|```"),
            ("fix a\n```\nfix b", "fix a|```|fix b"),
        ];
        for (text, expected) in table {
            assert_eq!(left(text), expected, "{text}");
        }
    }

    #[test]
    fn ticked_boxes_are_done_and_open_ones_are_bullets() {
        let table = [
            ("- [x] paint\n- [ ] clean", "-     clean"),
            ("[X] paint\n[ ] clean\n☐ sweep", "-   clean|-   sweep"),
            ("* [] clean", "*    clean"),
            ("fix [x] in the table", "fix [x] in the table"),
        ];
        for (text, expected) in table {
            assert_eq!(left(text), expected, "{text}");
        }
    }
}
