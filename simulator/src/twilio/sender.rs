//! A WhatsApp sender as Twilio shows it.

use serde_json::{Value, json};

use crate::{settings::Settings, sid, webhook::target::configured_url};

/// The sender of the settings, with its SID.
#[must_use]
pub fn configured(settings: &Settings) -> (String, Value) {
    let request = json!({
        "sender_id": settings.sender(),
        "webhook": { "callback_url": configured_url(settings), "callback_method": "POST" },
        "profile": { "name": "FocoBot" },
    });
    let mut sender = new_sender(&settings.sender());
    merge(&mut sender, &request);
    (sid::named("XE", &settings.sender()), sender)
}

/// One that nothing was ever set of.
pub(super) fn new_sender(sender_id: &str) -> Value {
    let sid = sid::named("XE", sender_id);
    json!({
        "sid": sid,
        "status": "ONLINE",
        "sender_id": sender_id,
        "configuration": {
            "waba_id": "100000000000001", "verification_method": null, "verification_code": null,
            "voice_application_sid": null, "account_type": null,
        },
        "webhook": {
            "callback_url": null, "callback_method": null, "fallback_url": null,
            "fallback_method": null, "status_callback_url": null, "status_callback_method": null,
        },
        "profile": {
            "name": null, "about": null, "address": null, "description": null, "emails": [],
            "logo_url": null, "vertical": null, "websites": [], "banner_url": null,
            "privacy_url": null, "terms_of_service_url": null, "accent_color": null,
            "phone_numbers": null,
        },
        "compliance": null,
        "properties": { "quality_rating": "HIGH", "messaging_limit": "10K Customers/24hr" },
        "offline_reasons": null,
        "url": format!("https://messaging.twilio.com/v2/Channels/Senders/{sid}"),
    })
}

/// Takes over the parts of a sender that a request may set.
pub(super) fn merge(sender: &mut Value, request: &Value) {
    for part in ["configuration", "webhook", "profile"] {
        let Some(wanted) = request[part].as_object() else {
            continue;
        };
        for (key, value) in wanted {
            sender[part][key] = value.clone();
        }
    }
}
