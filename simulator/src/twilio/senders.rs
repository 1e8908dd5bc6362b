//! `Channels/Senders`: our WhatsApp sender with the webhook that it is configured with. What is
//! configured here takes effect: inbound messages and callbacks go where the sender says.

use std::sync::Arc;

use axum::{
    body::Bytes,
    extract::{ConnectInfo, Path, RawQuery, State},
    http::HeaderMap,
    response::Response,
};
use serde_json::{Map, Value, json};

use super::{
    answer::{Answer, authenticate},
    fault_play::{around, respond},
    sender::{merge, new_sender},
};
use crate::{
    connection::Connection, fault::twilio::Operation, form::pairs, sid, simulator::Simulator,
};

/// What every handler here takes.
type App = State<Arc<Simulator>>;

/// An address of our sender's webhook settings, such as `fallback_url`, where one is set.
#[must_use]
pub fn webhook_setting(simulator: &Simulator, name: &str) -> Option<String> {
    let sid = sid::named("XE", &simulator.settings.sender());
    simulator.look(|world| {
        let url = world.senders.get(&sid)?["webhook"][name].as_str()?;
        (!url.is_empty()).then(|| url.to_owned())
    })
}

/// `GET /v2/Channels/Senders?Channel=whatsapp`.
pub async fn list(
    State(simulator): App,
    ConnectInfo(connection): ConnectInfo<Connection>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Response {
    let query = pairs(query.unwrap_or_default().as_bytes());
    answer(&simulator, &connection, (&headers, b""), move |simulator| {
        let channel = query.iter().find(|(key, _)| key == "Channel");
        if channel.is_none_or(|(_, value)| value != "whatsapp") {
            return Answer::on_demand(400, None);
        }
        Answer::new(200, page(simulator, &query))
    })
    .await
}

/// One page of the senders, by SID; `next_page_url` is null on the last.
fn page(simulator: &Simulator, query: &[(String, String)]) -> Value {
    let number = |name: &str| {
        let found = query.iter().find(|(key, _)| key == name);
        found.and_then(|(_, value)| value.parse::<usize>().ok())
    };
    let size = number("PageSize").unwrap_or(20).clamp(1, 1000);
    let page = number("Page").unwrap_or(0);
    let senders = simulator.look(|world| world.senders.values().cloned().collect::<Vec<_>>());
    let url = |page: usize| {
        format!(
            "https://messaging.twilio.com/v2/Channels/Senders\
             ?PageSize={size}&Page={page}&Channel=whatsapp"
        )
    };
    let first = page.saturating_mul(size);
    let has_more = senders.len() > first.saturating_add(size);
    let shown: Vec<_> = senders.into_iter().skip(first).take(size).collect();
    let meta = json!({
        "page": page, "page_size": size, "key": "senders", "url": url(page),
        "first_page_url": url(0),
        "previous_page_url": page.checked_sub(1).map(&url),
        "next_page_url": has_more.then(|| url(page + 1)),
    });
    json!({ "senders": shown, "meta": meta })
}

/// `POST /v2/Channels/Senders`.
pub async fn create(
    State(simulator): App,
    ConnectInfo(connection): ConnectInfo<Connection>,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    answer(
        &simulator,
        &connection,
        (&headers, &body.clone()),
        move |simulator| {
            let request: Value = serde_json::from_slice(&body).unwrap_or_default();
            let Some(sender_id) = request["sender_id"].as_str() else {
                return Answer::on_demand(400, None);
            };
            let mut sender = new_sender(sender_id);
            merge(&mut sender, &request);
            let sid = sid::named("XE", sender_id);
            simulator.change(|world| world.senders.insert(sid, sender.clone()));
            sender["status"] = json!("CREATING");
            Answer::new(202, sender)
        },
    )
    .await
}

/// `GET /v2/Channels/Senders/{Sid}`.
pub async fn fetch(
    State(simulator): App,
    ConnectInfo(connection): ConnectInfo<Connection>,
    Path(sid): Path<String>,
    headers: HeaderMap,
) -> Response {
    answer(&simulator, &connection, (&headers, b""), move |simulator| {
        let sender = simulator.look(|world| world.senders.get(&sid).cloned());
        sender.map_or_else(
            || Answer::on_demand(404, None),
            |sender| Answer::new(200, sender),
        )
    })
    .await
}

/// `POST /v2/Channels/Senders/{Sid}`.
pub async fn update(
    State(simulator): App,
    ConnectInfo(connection): ConnectInfo<Connection>,
    Path(sid): Path<String>,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    answer(
        &simulator,
        &connection,
        (&headers, &body.clone()),
        move |simulator| {
            let Ok(request) = serde_json::from_slice::<Map<String, Value>>(&body) else {
                return Answer::on_demand(400, None);
            };
            let sender = simulator.change(|world| {
                let sender = world.senders.get_mut(&sid)?;
                merge(sender, &Value::Object(request));
                Some(sender.clone())
            });
            sender.map_or_else(
                || Answer::on_demand(404, None),
                |sender| Answer::new(202, sender),
            )
        },
    )
    .await
}

async fn answer(
    simulator: &Arc<Simulator>,
    connection: &Connection,
    (headers, body): (&HeaderMap, &[u8]),
    call: impl FnOnce(&Simulator) -> Answer + Send + 'static,
) -> Response {
    match authenticate(headers, &simulator.settings) {
        Ok(()) => {
            let body = String::from_utf8_lossy(body);
            around(simulator, connection, (Operation::Senders, &body), call).await
        }
        Err(refusal) => respond(Some(refusal), connection),
    }
}
