//! What is in streams stays readable.

use super::*;

#[test]
fn an_unknown_version_is_told_from_a_malformed_payload() {
    assert_eq!(
        decode::<OutboundPayload>(br#"{"type":"due/9","x":1}"#),
        Err(Undecodable::UnknownVersion("due/9".to_owned()))
    );
    for bad in [
        "",
        "{",
        "[]",
        r#"{"type":"due/1"}"#,
        r#"{"type":7}"#,
        "\u{1F600}",
    ] {
        let error = decode::<OutboundPayload>(bad.as_bytes()).unwrap_err();
        assert!(
            matches!(error, Undecodable::Malformed { .. }),
            "{bad}: {error}"
        );
    }
}

/// Frozen: such texts are in streams. A release that cannot read them loses messages, and one that
/// writes them otherwise is not understood by the release before it. Each has a field that a later
/// release may add.
const FIRST_RELEASE: [&str; 5] = [
    r#"{"type":"inbound/1","message_sid":"SM0123456789abcdef0123456789abcdef",
        "from":"whatsapp:+5215555550100","text":"hola","content":"text","new_field":1,
        "received_at":"2026-11-22T10:00:00Z"}"#,
    r#"{"type":"parse/1","message_sid":"SM0123456789abcdef0123456789abcdef","generation":1,
        "link_id":"00000000-0000-4000-8000-000000000001",
        "user_id":"00000000-0000-4000-8000-000000000002",
        "workspace_id":"00000000-0000-4000-8000-000000000003",
        "project_id":"00000000-0000-4000-8000-000000000004","timezone":"America/Mexico_City",
        "timezone_guessed":false,"only_project":true,"sent_at":"2026-11-22T10:00:00Z",
        "text":"hola","new_field":1}"#,
    r#"{"type":"due/1","recipient_id":"00000000-0000-4000-8000-000000000001",
        "reply_id":"00000000-0000-4000-8000-000000000002","new_field":1}"#,
    r#"{"type":"callback/1","message_sid":"SM0123456789abcdef0123456789abcdef",
        "status":"failed","error_code":63016,"job":"00000000000040008000000000000001.2",
        "received_at":"2026-11-22T10:00:00Z","new_field":1}"#,
    r#"{"type":"refused/1","message_sid":"SM0123456789abcdef0123456789abcdef",
        "refused_at":"2026-11-22T10:00:00Z","new_field":1}"#,
];

/// What this release makes of a text of the first: every field of it again, and its type.
fn rewritten<P: serde::de::DeserializeOwned + Serialize>(stored: &str) {
    let read: P = serde_json::from_str(stored).unwrap();
    let mut old: serde_json::Value = serde_json::from_str(stored).unwrap();
    old.as_object_mut().unwrap().remove("new_field");
    let written = serde_json::to_value(&read).unwrap();
    for (name, value) in old.as_object().unwrap() {
        assert_eq!(written.get(name), Some(value), "{name} of {stored}");
    }
}

#[test]
fn the_first_release_is_read_and_can_read_what_is_written() {
    let [inbound, parse, due, callback, refused] = FIRST_RELEASE;
    rewritten::<InboundPayload>(inbound);
    rewritten::<ParsePayload>(parse);
    rewritten::<OutboundPayload>(due);
    rewritten::<StatusPayload>(callback);
    rewritten::<StatusPayload>(refused);
}

#[test]
fn a_content_of_tomorrow_is_unknown_not_undecodable() {
    assert_eq!(
        serde_json::from_str::<Content>("\"hologram\"").unwrap(),
        Content::Unknown
    );
}

#[test]
fn a_job_reads_back() {
    let job = Job {
        part_id: Uuid::from_u128(7),
        attempt: 3,
    };
    assert_eq!(Job::parse(&String::from(job)), Some(job));
    assert_eq!(Job::parse("nonsense"), None);
}
