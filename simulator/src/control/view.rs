//! What the simulator remembers, as JSON. Every list is in the order in which things happened.

use std::{sync::Arc, time::Duration};

use axum::{
    Json,
    extract::{Query, State},
};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::{clock, message::Message, settings::address, simulator::Simulator, world::World};

/// Longest wait of one request.
const LONGEST_WAIT: u64 = 30_000;

/// Which part is asked for, and how long to wait for it.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Ask {
    /// Only what concerns these phones, separated by commas, with or without `whatsapp:`.
    phone: Option<String>,
    /// Waits until there has been a change after this revision.
    since: Option<u64>,
    /// Milliseconds to wait at most.
    wait_ms: u64,
}

impl Ask {
    /// Waits as asked, and says at which revision the world then is.
    async fn revision(&self, simulator: &Simulator) -> u64 {
        if let Some(since) = self.since {
            let limit = Duration::from_millis(self.wait_ms.min(LONGEST_WAIT));
            simulator.wait_for_change(since, limit).await;
        }
        simulator.revision()
    }

    /// The phones in Twilio's form. A bare plus in a query arrives as a space, and no phone has one.
    fn addresses(&self) -> Option<Vec<String>> {
        let phones = self.phone.as_deref()?.split(',');
        Some(
            phones
                .map(|phone| address(&phone.replace(' ', "+").replace("++", "+")))
                .collect(),
        )
    }

    fn covers(&self, phone: &str) -> bool {
        self.addresses()
            .is_none_or(|wanted| wanted.iter().any(|wanted| wanted == phone))
    }
}

/// `GET /control/messages?phone=&since=&wait_ms=`: what is on a phone.
pub async fn messages(
    State(simulator): State<Arc<Simulator>>,
    Query(ask): Query<Ask>,
) -> Json<Value> {
    let revision = ask.revision(&simulator).await;
    let (messages, typing) = simulator.look(|world| {
        let messages = world
            .log
            .iter()
            .filter(|message| ask.covers(message.phone()));
        let messages: Vec<Message> = messages.cloned().collect();
        let mut typing = world.typing_phones(clock::now());
        typing.retain(|phone| ask.covers(phone));
        (messages, typing)
    });
    Json(json!({ "revision": revision, "typing": typing, "messages": messages }))
}

/// `GET /control/sends?phone=`: calls to the Messages API.
pub async fn sends(State(simulator): State<Arc<Simulator>>, Query(ask): Query<Ask>) -> Json<Value> {
    list(&simulator, &ask, "sends", |world| {
        world
            .sends
            .iter()
            .filter(|call| ask.covers(&call.to))
            .cloned()
            .collect()
    })
    .await
}

/// `GET /control/callbacks`: status callbacks that were posted, with the answers.
pub async fn callbacks(
    State(simulator): State<Arc<Simulator>>,
    Query(ask): Query<Ask>,
) -> Json<Value> {
    list(&simulator, &ask, "callbacks", |world| {
        world.callbacks.clone()
    })
    .await
}

/// `GET /control/webhooks`: inbound messages and raw requests that were posted, with the answers.
pub async fn webhooks(
    State(simulator): State<Arc<Simulator>>,
    Query(ask): Query<Ask>,
) -> Json<Value> {
    list(&simulator, &ask, "webhooks", |world| world.webhooks.clone()).await
}

/// `GET /control/typing`: typing indicators that were asked for.
pub async fn typing(
    State(simulator): State<Arc<Simulator>>,
    Query(ask): Query<Ask>,
) -> Json<Value> {
    list(&simulator, &ask, "typing", |world| {
        let calls = world.typing.iter();
        let covered = calls.filter(|call| ask.covers(call.phone.as_deref().unwrap_or_default()));
        covered.cloned().collect()
    })
    .await
}

/// `GET /control/openai/requests`: completions that were asked for, with the answers.
pub async fn completions(
    State(simulator): State<Arc<Simulator>>,
    Query(ask): Query<Ask>,
) -> Json<Value> {
    list(&simulator, &ask, "requests", |world| {
        world.completions.clone()
    })
    .await
}

async fn list<T: Serialize>(
    simulator: &Simulator,
    ask: &Ask,
    name: &str,
    read: impl FnOnce(&World) -> Vec<T>,
) -> Json<Value> {
    let revision = ask.revision(simulator).await;
    let entries = simulator.look(read);
    Json(json!({ "revision": revision, name: entries }))
}

/// `GET /control/health`.
pub async fn health(State(simulator): State<Arc<Simulator>>) -> Json<Value> {
    let settings = &simulator.settings;
    Json(json!({
        "status": "ok",
        "revision": simulator.revision(),
        "sender": settings.sender(),
        "webhook_url": settings.webhook_url.as_str(),
        "can_link": settings.jwt_secret.is_some(),
        "can_show_proposals": simulator.database.is_some(),
    }))
}
