//! Every kind of webhook, in the forms in which Twilio sends them.

use super::*;
use crate::webhook::{form::RawForm, signature::UnsignedForm};

const SID: &str = "SM0123456789abcdef0123456789abcdef";
const ACCOUNT: &str = "ACffffffffffffffffffffffffffffffff";

fn read_query(pairs: &[(&str, &str)], query: Option<&str>) -> Result<Event, Unacceptable> {
    let body = form_urlencoded::Serializer::new(String::new())
        .extend_pairs(pairs)
        .finish();
    let form = UnsignedForm::trust_in_development(RawForm::parse(body.as_bytes()));
    Event::read(
        &form,
        query,
        &AccountSid::parse(ACCOUNT).unwrap(),
        DateTime::UNIX_EPOCH,
    )
}

fn usual<'a>(more: &[(&'a str, &'a str)]) -> Vec<(&'a str, &'a str)> {
    let mut pairs = vec![
        ("MessageSid", SID),
        ("AccountSid", ACCOUNT),
        ("From", "whatsapp:+5215555550100"),
        ("To", "whatsapp:+14155550100"),
    ];
    pairs.extend(more);
    pairs
}

fn message(more: &[(&str, &str)]) -> InboundMessage {
    match read_query(&usual(more), None) {
        Ok(Event::Inbound(message)) => message,
        other => panic!("no message: {other:?}"),
    }
}

/// Parameters as a form, then what is told from them.
type Row = (&'static str, Content, &'static str);

fn assert_told(rows: &[Row]) {
    for (form, content, text) in rows {
        let more: Vec<_> = form_urlencoded::parse(form.as_bytes()).collect();
        let more: Vec<(&str, &str)> = more
            .iter()
            .map(|(name, value)| (&**name, &**value))
            .collect();
        let message = message(&more);
        assert_eq!(
            (message.content, message.text.reveal()),
            (*content, *text),
            "{form}"
        );
    }
}

#[test]
fn text_is_that_of_the_message_its_button_or_its_list() {
    assert_told(&[
        (
            "Body=hola&NumMedia=0&MessageType=text",
            Content::Text,
            "hola",
        ),
        ("Body=hola", Content::Text, "hola"),
        ("", Content::Text, ""),
        (
            "MessageType=button&Body=&ButtonText=Sí",
            Content::Text,
            "Sí",
        ),
        (
            "MessageType=button&Body=Yes&ButtonText=x",
            Content::Text,
            "Yes",
        ),
        (
            "MessageType=interactive&ListTitle=Mañana",
            Content::Text,
            "Mañana",
        ),
        ("Forwarded=true&Body=mira&New=1", Content::Text, "mira"),
    ]);
}

#[test]
fn media_are_told_by_twilios_word_or_their_content_type() {
    assert_told(&[
        (
            "Body=&NumMedia=1&MediaContentType0=image/jpeg",
            Content::Image,
            "",
        ),
        (
            "Body=pie&NumMedia=1&MessageType=image",
            Content::Image,
            "pie",
        ),
        (
            "NumMedia=1&MediaContentType0=audio/ogg; codecs=opus",
            Content::Audio,
            "",
        ),
        ("NumMedia=1&MessageType=audio", Content::Audio, ""),
        ("NumMedia=1&MediaContentType0=video/mp4", Content::Video, ""),
        (
            "NumMedia=1&MediaContentType0=application/pdf",
            Content::Document,
            "",
        ),
        (
            "NumMedia=1&MediaContentType0=text/vcard",
            Content::Contacts,
            "",
        ),
        (
            "NumMedia=1&MediaContentType0=image/webp",
            Content::Sticker,
            "",
        ),
        (
            "NumMedia=1&MessageType=sticker&MediaContentType0=x/y",
            Content::Sticker,
            "",
        ),
        (
            "NumMedia=1&MediaContentType0=holo/gram",
            Content::Unknown,
            "",
        ),
        ("NumMedia=1", Content::Unknown, ""),
    ]);
}

#[test]
fn everything_else_is_told_or_unknown() {
    assert_told(&[
        (
            "Latitude=19.43&Longitude=-99.13&Body=",
            Content::Location,
            "",
        ),
        ("MessageType=location&Label=Casa", Content::Location, ""),
        ("MessageType=contacts&NumMedia=1", Content::Contacts, ""),
        ("MessageType=Reaction&Body=👍", Content::Reaction, "👍"),
        ("MessageType=hologram&Body=?", Content::Unknown, "?"),
    ]);
}

#[test]
fn a_hidden_phone_and_a_reply_to_an_earlier_message_are_kept() {
    let other = "MMffffffffffffffffffffffffffffffff";
    let both = message(&[
        ("ExternalUserId", "whatsapp:MX.1A2B3C"),
        ("OriginalRepliedMessageSid", other),
        ("MessageStatus", "received"),
    ]);
    assert_eq!(both.from.reveal(), "whatsapp:+5215555550100");
    assert_eq!(both.external_user_id.unwrap().reveal(), "MX.1A2B3C");
    assert_eq!(both.replied_to.unwrap().as_str(), other);
    assert!(
        message(&[("OriginalRepliedMessageSid", "odd")])
            .replied_to
            .is_none()
    );
    let mut hidden = usual(&[]);
    hidden[2].1 = "whatsapp:MX.1A2B3C";
    let Ok(Event::Inbound(hidden)) = read_query(&hidden, None) else {
        panic!("no message")
    };
    assert_eq!(
        hidden.from.identity(),
        Identity::BusinessScoped("MX.1A2B3C".to_owned())
    );
}

#[test]
fn a_status_callback_is_told_from_a_message() {
    let part = "0190163d8694739b8c8fd0f3a1b2c3d4";
    let query = format!("job={part}.2");
    let more = [
        ("MessageStatus", "Undelivered"),
        ("ErrorCode", "63016"),
        ("EventType", "X"),
    ];
    let Ok(Event::Callback(callback, to)) = read_query(&usual(&more), Some(&query)) else {
        panic!("no callback")
    };
    assert_eq!(
        (callback.status.as_str(), callback.error_code),
        ("undelivered", Some(63016))
    );
    assert_eq!(String::from(callback.job.unwrap()), format!("{part}.2"));
    assert_eq!(to.reveal(), "+14155550100");
}

#[test]
fn what_has_no_status_of_ours_is_a_message_and_the_older_name_counts_too() {
    for status in [
        [("MessageStatus", "Received"), ("SmsStatus", "received")],
        [("MessageStatus", ""), ("SmsStatus", "received")],
        [("MessageStatus", ""), ("SmsStatus", "")],
    ] {
        let read = read_query(&usual(&status), None);
        assert!(matches!(read, Ok(Event::Inbound(_))), "{status:?}");
    }
    let Ok(Event::Callback(callback, _)) = read_query(&usual(&[("SmsStatus", "Sent")]), None)
    else {
        panic!("no callback")
    };
    assert_eq!(callback.status, "sent");
}

#[test]
fn odd_callbacks_are_taken_as_far_as_they_can_be_read() {
    let mut pairs = usual(&[("MessageStatus", "read"), ("ErrorCode", "x")]);
    pairs[3].1 = "messenger:123";
    let Ok(Event::Callback(callback, to)) = read_query(&pairs, Some("job=odd&x")) else {
        panic!("no callback")
    };
    assert_eq!((callback.error_code, callback.job), (None, None));
    assert_eq!(to, Identity::BusinessScoped("messenger:123".to_owned()));
    let long = "x".repeat(33);
    for status in ["two words", "ñ", &long] {
        let refused = read_query(&usual(&[("MessageStatus", status)]), None).unwrap_err();
        assert_eq!(refused, Unacceptable::Missing("MessageStatus"), "{status}");
    }
}

#[test]
fn what_is_missing_or_there_twice_is_refused() {
    for name in ["MessageSid", "From", "AccountSid"] {
        let without: Vec<_> = usual(&[])
            .into_iter()
            .filter(|pair| pair.0 != name)
            .collect();
        assert_eq!(
            read_query(&without, None).unwrap_err(),
            Unacceptable::Missing(name)
        );
    }
    for name in ["MessageSid", "From", "To", "Body", "AccountSid"] {
        let mut twice = usual(&[("Body", "hola")]);
        let first = *twice.iter().find(|pair| pair.0 == name).unwrap();
        twice.push(first);
        assert_eq!(
            read_query(&twice, None).unwrap_err(),
            Unacceptable::Repeated(name)
        );
    }
    for (name, value) in [
        ("MessageSid", "SM1"),
        ("MessageSid", ""),
        ("From", "+5215555550100"),
        ("From", ""),
    ] {
        let mut odd = usual(&[]);
        odd.iter_mut().find(|pair| pair.0 == name).unwrap().1 = value;
        assert_eq!(
            read_query(&odd, None).unwrap_err(),
            Unacceptable::Missing(name),
            "{value}"
        );
    }
}

#[test]
fn another_account_is_refused_before_anything_else_is_looked_at() {
    let refused = read_query(&[("AccountSid", SID)], None).unwrap_err();
    assert_eq!(refused, Unacceptable::ForeignAccount);
}

#[test]
fn what_twilio_has_answered_itself_is_known() {
    for (word, known) in [
        ("STOP", Some(OptOut::Stop)),
        ("start", Some(OptOut::Start)),
        ("HELP", Some(OptOut::Help)),
        ("", None),
        ("PAUSE", None),
    ] {
        let message = message(&[("Body", "stop"), ("OptOutType", word)]);
        assert_eq!(message.opt_out, known, "{word}");
    }
    assert_eq!(message(&[("Body", "stop")]).opt_out, None);
}
