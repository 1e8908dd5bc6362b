//! Every route, in one list.

use std::sync::Arc;

use axum::{
    Router,
    routing::{get, post, put},
};

use crate::{
    control::{faults, link, story, view, write},
    openai::{completion, models},
    phone, proposals,
    simulator::Simulator,
    twilio::{messages, senders, typing},
};

/// Every route.
pub fn router(simulator: Arc<Simulator>) -> Router {
    Router::new()
        // Twilio's side.
        .route("/2010-04-01/Accounts/{file}", get(messages::account))
        .route(
            "/2010-04-01/Accounts/{account}/Messages.json",
            get(messages::list).post(messages::create),
        )
        .route(
            "/2010-04-01/Accounts/{account}/Messages/{file}",
            get(messages::fetch).post(messages::update),
        )
        .route(
            "/2010-04-01/Accounts/{account}/Messages/{sid}/Media.json",
            get(messages::media),
        )
        .route("/v2/Indicators/Typing.json", post(typing::v2))
        .route("/v3/Indicators/Typing.json", post(typing::v3))
        .route("/v2/Channels/Senders", get(senders::list).post(senders::create))
        .route("/v2/Channels/Senders/{sid}", get(senders::fetch).post(senders::update))
        // OpenAI's side.
        .route("/v1/chat/completions", post(completion::create))
        .route("/v1/models/{model}", get(models::fetch))
        // Control.
        .route("/control/health", get(view::health))
        .route("/control/inbound", post(write::inbound))
        .route("/control/webhook", post(write::webhook))
        .route("/control/failures", post(write::failure))
        .route("/control/messages", get(view::messages))
        .route("/control/sends", get(view::sends))
        .route("/control/callbacks", get(view::callbacks))
        .route("/control/webhooks", get(view::webhooks))
        .route("/control/typing", get(view::typing))
        .route("/control/openai/requests", get(view::completions))
        .route("/control/faults", get(faults::show).delete(faults::clear))
        .route("/control/faults/twilio", put(faults::twilio))
        .route("/control/faults/openai", put(faults::openai))
        .route("/control/faults/callbacks", put(faults::callbacks))
        .route("/control/pages", put(faults::pages))
        .route("/control/token", post(link::token))
        .route("/control/link", post(link::link))
        .route("/control/story/{sid}", get(story::story))
        .route("/control/reset", post(write::reset))
        // The phone.
        .route("/", get(phone::page))
        .route("/phone.css", get(phone::style))
        .route("/script/{name}", get(phone::script))
        .route("/proposals/{id}", get(proposals::page))
        .with_state(simulator)
}
