//! Addresses on the web and of e-mail: one token each, whatever they contain.

pub(super) fn length(rest: &str) -> Option<usize> {
    const SCHEMES: [&str; 3] = ["http://", "https://", "www."];
    let web = SCHEMES.iter().any(|scheme| {
        rest.get(..scheme.len())
            .is_some_and(|head| head.eq_ignore_ascii_case(scheme))
    });
    if !web && !is_mail_address(rest) {
        return None;
    }
    let word = rest.split(char::is_whitespace).next().unwrap_or_default();
    Some(
        word.trim_end_matches(['.', ',', ';', ')', '!', '?', '"'])
            .len(),
    )
}

/// Looks no further than the longest name that people have, so that text without spaces
/// stays linear.
fn is_mail_address(rest: &str) -> bool {
    let part = |c: &char| c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '-' | '+');
    let name = rest.chars().take(64).take_while(part).count();
    let host = rest.get(name..).and_then(|tail| tail.strip_prefix('@'));
    host.is_some_and(|host| {
        let host: String = host.chars().take(64).take_while(part).collect();
        host.trim_end_matches('.').contains('.')
    })
}
