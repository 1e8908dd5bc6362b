//! The Message resource as Twilio writes it: every scalar a string, except `error_code`.

use serde_json::{Value, json};

use crate::{
    clock::rfc2822,
    message::{Message, Status},
};

/// A message as the API shows it.
#[must_use]
pub fn message(message: &Message, account: &str) -> Value {
    let uri = format!("/2010-04-01/Accounts/{account}/Messages/{}", message.sid);
    // A messaging service has not chosen a sender yet when it accepts.
    let chosen = message.status != Status::Accepted;
    json!({
        "account_sid": account,
        "api_version": "2010-04-01",
        "body": message.body,
        "date_created": rfc2822(message.created_at),
        "date_sent": message.sent_at.map(rfc2822),
        "date_updated": rfc2822(message.updated_at),
        "direction": message.direction.as_str(),
        "error_code": message.error_code,
        "error_message": null,
        "from": chosen.then_some(&message.from),
        "messaging_service_sid": message.messaging_service_sid,
        "num_media": message.num_media.to_string(),
        "num_segments": if chosen { "1" } else { "0" },
        "price": null,
        "price_unit": null,
        "sid": message.sid,
        "status": message.status.as_str(),
        "subresource_uris": { "media": format!("{uri}/Media.json") },
        "to": message.to,
        "uri": format!("{uri}.json"),
    })
}
