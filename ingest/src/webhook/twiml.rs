//! Answers to Twilio. A body that is not TwiML would be sent to the person as a message
//! (<https://www.twilio.com/docs/messaging/twiml>), so every 200 goes through here.

use axum::{
    http::{StatusCode, header},
    response::{IntoResponse, Response},
};

/// The answer that says nothing.
const EMPTY: &str = r#"<?xml version="1.0" encoding="UTF-8"?><Response></Response>"#;

/// Accepts, and says nothing.
pub(super) fn empty() -> Response {
    (StatusCode::OK, [(header::CONTENT_TYPE, "text/xml")], EMPTY).into_response()
}

/// Accepts, and has Twilio send a text.
pub(super) fn message(text: &str) -> Response {
    let document = format!(
        r#"<?xml version="1.0" encoding="UTF-8"?><Response><Message>{}</Message></Response>"#,
        escape(text)
    );
    (
        StatusCode::OK,
        [(header::CONTENT_TYPE, "text/xml")],
        document,
    )
        .into_response()
}

/// Text as XML character data; characters that XML 1.0 has no form for are left out.
fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '\t'
            | '\n'
            | '\r'
            | '\u{20}'..='\u{d7ff}'
            | '\u{e000}'..='\u{fffd}'
            | '\u{10000}'.. => {
                escaped.push(character);
            }
            _ => {}
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_cannot_leave_its_element() {
        assert_eq!(
            escape("a<b>&\"c\"\u{0}\u{b}\u{ffff}\n✅"),
            "a&lt;b&gt;&amp;\"c\"\n✅"
        );
    }
}
