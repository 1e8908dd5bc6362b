//! What an answer to a webhook says on the phone. TwiML is read as far as messages need it; a plain
//! text is sent to the user as it is, which is why a webhook should never answer "OK":
//! <https://www.twilio.com/docs/messaging/twiml#twilios-request-to-your-application>.

/// The texts that Twilio would send for an answer, or the debugger's code for one it cannot read.
///
/// # Errors
/// 12300 for a content type that is missing or not text or XML, 12100 for XML that does not parse.
pub fn replies(content_type: Option<&str>, body: &str) -> Result<Vec<String>, u32> {
    if body.trim().is_empty() {
        return Ok(Vec::new());
    }
    let kind = content_type
        .unwrap_or_default()
        .split(';')
        .next()
        .unwrap_or_default()
        .trim();
    match kind {
        "text/xml" | "application/xml" | "text/html" => messages(body).ok_or(12100),
        "text/plain" => Ok(vec![body.to_owned()]),
        _ => Err(12300),
    }
}

/// The `<Message>`s of a `<Response>`; nothing for what is not TwiML.
fn messages(xml: &str) -> Option<Vec<String>> {
    let mut found: Vec<String> = Vec::new();
    let mut path: Vec<String> = Vec::new();
    let mut seen_root = false;
    let mut rest = xml.trim();
    while !rest.is_empty() {
        let (token, after) = Token::next(rest)?;
        rest = after;
        match token {
            Token::Skip => {}
            Token::Text(text) => {
                let inside = path.join("/");
                if inside == "Response/Message" || inside == "Response/Message/Body" {
                    found.last_mut()?.push_str(&text);
                } else if path.is_empty() && !text.trim().is_empty() {
                    return None;
                }
            }
            Token::Open { name, closed } => {
                seen_root |= name == "Response";
                path.push(name.to_owned());
                if !seen_root {
                    return None;
                }
                if path.join("/") == "Response/Message" {
                    found.push(String::new());
                }
                if closed {
                    path.pop();
                }
            }
            Token::Close(name) => {
                if path.pop()? != name {
                    return None;
                }
            }
        }
    }
    let texts = found.into_iter().map(|text| text.trim().to_owned());
    (seen_root && path.is_empty()).then(|| texts.filter(|text| !text.is_empty()).collect())
}

enum Token<'a> {
    /// A declaration or a comment.
    Skip,
    Text(String),
    Open {
        name: &'a str,
        closed: bool,
    },
    Close(&'a str),
}

impl<'a> Token<'a> {
    fn next(xml: &'a str) -> Option<(Self, &'a str)> {
        if let Some(rest) = xml.strip_prefix("<?") {
            return Some((Self::Skip, rest.split_once("?>")?.1));
        }
        if let Some(rest) = xml.strip_prefix("<!--") {
            return Some((Self::Skip, rest.split_once("-->")?.1));
        }
        if let Some(rest) = xml.strip_prefix("<![CDATA[") {
            let (text, rest) = rest.split_once("]]>")?;
            return Some((Self::Text(text.to_owned()), rest));
        }
        if let Some(rest) = xml.strip_prefix("</") {
            let (name, rest) = rest.split_once('>')?;
            return Some((Self::Close(name.trim()), rest));
        }
        if let Some(rest) = xml.strip_prefix('<') {
            let end = tag_end(rest)?;
            let tag = &rest[..end];
            let closed = tag.ends_with('/');
            let name = tag.trim_end_matches('/').split_whitespace().next()?;
            return Some((Self::Open { name, closed }, &rest[end + 1..]));
        }
        let end = xml.find('<').unwrap_or(xml.len());
        Some((Self::Text(decode(&xml[..end])?), &xml[end..]))
    }
}

/// Where a tag's `>` is; one inside an attribute's quotes does not count.
fn tag_end(tag: &str) -> Option<usize> {
    let mut quote = None;
    tag.char_indices().find_map(|(index, c)| {
        match quote {
            Some(open) if c == open => quote = None,
            None if c == '"' || c == '\'' => quote = Some(c),
            None if c == '>' => return Some(index),
            _ => {}
        }
        None
    })
}

fn decode(text: &str) -> Option<String> {
    let mut decoded = String::with_capacity(text.len());
    let mut parts = text.split('&');
    decoded.push_str(parts.next()?);
    for part in parts {
        let (entity, rest) = part.split_once(';')?;
        decoded.push(match entity {
            "lt" => '<',
            "gt" => '>',
            "amp" => '&',
            "quot" => '"',
            "apos" => '\'',
            _ => numeric(entity)?,
        });
        decoded.push_str(rest);
    }
    Some(decoded)
}

fn numeric(entity: &str) -> Option<char> {
    let number = entity.strip_prefix('#')?;
    let code = match number.strip_prefix(['x', 'X']) {
        Some(hex) => u32::from_str_radix(hex, 16).ok()?,
        None => number.parse().ok()?,
    };
    char::from_u32(code)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn xml(body: &str) -> Result<Vec<String>, u32> {
        replies(Some("text/xml; charset=utf-8"), body)
    }

    #[test]
    fn an_empty_response_says_nothing() {
        let empty = r#"<?xml version="1.0" encoding="UTF-8"?><Response></Response>"#;
        assert_eq!(xml(empty), Ok(vec![]));
        assert_eq!(xml("<Response/>"), Ok(vec![]));
        assert_eq!(replies(None, ""), Ok(vec![]));
    }

    #[test]
    fn messages_are_read_with_entities_bodies_and_attributes() {
        let body = "<Response><!-- hi --><Message to=\"a>b\">1 &lt; 2 &amp; &#x2705;</Message>\
                    <Message><Body><![CDATA[<b>]]></Body></Message></Response>";
        assert_eq!(
            xml(body),
            Ok(vec!["1 < 2 & ✅".to_owned(), "<b>".to_owned()])
        );
    }

    #[test]
    fn what_is_not_twiml_is_an_error_and_plain_text_reaches_the_user() {
        assert_eq!(xml("<Response><Message>"), Err(12100));
        assert_eq!(xml("<html></html>"), Err(12100));
        assert_eq!(xml("a & b"), Err(12100));
        assert_eq!(replies(Some("application/json"), "{}"), Err(12300));
        assert_eq!(replies(None, "OK"), Err(12300));
        assert_eq!(replies(Some("text/plain"), "OK"), Ok(vec!["OK".to_owned()]));
    }
}
