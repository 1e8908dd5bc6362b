//! What mail programs put around a message: the mail that is answered, a signature, a footer.

use std::ops::Range;

use crate::token::fold;

/// Lines over a mail that is answered or forwarded, as they begin.
const DIVIDERS: [&str; 6] = [
    "-----original message",
    "-----mensaje original",
    "---------- forwarded message",
    "---------- mensaje reenviado",
    "begin forwarded message",
    "inicio del mensaje reenviado",
];

/// Lines that mail programs and companies put last, as they begin.
const FOOTERS: [&str; 15] = [
    "sent from my ",
    "sent via ",
    "get outlook for ios",
    "get outlook for android",
    "enviado desde mi ",
    "obtener outlook para ios",
    "obtener outlook para android",
    "this message is confidential",
    "this email is confidential",
    "this e-mail is confidential",
    "this email and any attachments",
    "this e-mail and any attachments",
    "este mensaje es confidencial",
    "este correo es confidencial",
    "aviso de confidencialidad:",
];

/// Lines that a footer may have: what stands further up is the sender's own.
const FOOTER_LINES: usize = 3;

/// Most characters of a line that says who wrote the mail that is quoted.
const MOST_OF_ATTRIBUTION: usize = 200;

/// The parts of a text that are not its sender's own words.
pub(super) fn parts(text: &str, lines: &[Range<usize>]) -> Vec<Range<usize>> {
    let mut parts = Vec::new();
    let mut quoted = false;
    for (at, line) in lines.iter().enumerate() {
        let written = &text[line.clone()];
        let next = lines.get(at + 1).map(|next| &text[next.clone()]);
        let below = lines[at..].iter().map(|line| text[line.clone()].trim());
        let is_last = below.filter(|line| !line.is_empty()).count() <= FOOTER_LINES;
        let ends = begins(written, &DIVIDERS) || is_last && begins(written, &FOOTERS);
        if is_signature(written) || ends {
            parts.push(line.start..text.len());
            break;
        }
        // Only the lines of a quotation that is marked as one: more may be said after it.
        quoted = is_quoted(written) && quoted || attributes(written, next);
        if quoted {
            parts.push(line.clone());
        }
    }
    parts
}

fn is_quoted(line: &str) -> bool {
    line.starts_with('>')
}

/// "-- ": what follows is a signature (RFC 3676, section 4.3).
fn is_signature(line: &str) -> bool {
    line.trim_end_matches('\r') == "-- "
}

fn begins(line: &str, starts: &[&str]) -> bool {
    let most = starts.iter().map(|start| start.len()).max().unwrap_or(0);
    let first: String = line.trim_start().chars().take(most).collect();
    let first = fold(&first);
    starts.iter().any(|start| first.starts_with(start))
}

/// "On Monday Ana wrote:", "El lunes Ana escribió:", over lines that are marked as quoted.
fn attributes(line: &str, next: Option<&str>) -> bool {
    let line = line.trim_end();
    line.len() <= MOST_OF_ATTRIBUTION
        && next.is_some_and(is_quoted)
        && ["wrote:", "escribio:"]
            .iter()
            .any(|end| fold(line).ends_with(end))
}
