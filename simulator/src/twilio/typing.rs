//! Typing indicators: a form in v2, JSON in v3. They show dots on the phone and mark the message that
//! they answer as read.

use std::sync::Arc;

use axum::{
    body::Bytes,
    extract::{ConnectInfo, State},
    http::HeaderMap,
    response::Response,
};
use serde_json::{Value, json};

use super::{
    answer::{Answer, authenticate},
    fault_play::{around, respond},
};
use crate::{
    clock, connection::Connection, fault::twilio::Operation, form::pairs, simulator::Simulator,
    world::TypingCall,
};

/// `POST /v2/Indicators/Typing.json`: form `channel=whatsapp&messageId=SM...`.
pub async fn v2(
    State(simulator): State<Arc<Simulator>>,
    ConnectInfo(connection): ConnectInfo<Connection>,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let form = pairs(&body);
    let value = |name: &str| {
        let found = form.iter().find(|(key, _)| key == name);
        found.map(|(_, value)| value.clone()).unwrap_or_default()
    };
    let asked = (value("channel") == "whatsapp").then(|| value("messageId"));
    show(&simulator, &connection, &headers, "v2", asked).await
}

/// `POST /v3/Indicators/Typing.json`: JSON `{"channel":"WHATSAPP","messageId":"SM..."}`.
pub async fn v3(
    State(simulator): State<Arc<Simulator>>,
    ConnectInfo(connection): ConnectInfo<Connection>,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let json: Value = serde_json::from_slice(&body).unwrap_or_default();
    let sid = json["messageId"].as_str().unwrap_or_default().to_owned();
    let asked = (json["channel"] == "WHATSAPP").then_some(sid);
    show(&simulator, &connection, &headers, "v3", asked).await
}

async fn show(
    simulator: &Arc<Simulator>,
    connection: &Connection,
    headers: &HeaderMap,
    version: &'static str,
    message_sid: Option<String>,
) -> Response {
    if let Err(refusal) = authenticate(headers, &simulator.settings) {
        return respond(Some(refusal), connection);
    }
    let Some(message_sid) = message_sid.filter(|sid| !sid.is_empty()) else {
        let refusal = Answer::refused(20001, "Bad request: a parameter is missing or invalid");
        return respond(Some(refusal), connection);
    };
    let call = move |simulator: &Simulator| {
        let now = clock::now();
        let known = simulator.change(|world| {
            let phone = world.log.get_mut(&message_sid).map(|message| {
                message.read_at.get_or_insert(now);
                message.from.clone()
            });
            let known = phone.is_some();
            world.typing.push(TypingCall {
                at: now,
                version,
                message_sid,
                phone,
            });
            known
        });
        if known {
            Answer::new(200, json!({ "success": true }))
        } else {
            Answer::on_demand(404, None)
        }
    };
    around(simulator, connection, (Operation::Typing, ""), call).await
}
