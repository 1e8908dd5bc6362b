//! The routes of the Messages API.

use std::sync::Arc;

use axum::{
    body::Bytes,
    extract::{ConnectInfo, Path, RawQuery, State},
    http::HeaderMap,
    response::Response,
};
use serde_json::json;

use super::{
    answer::{Answer, authorize},
    fault_play::{around, respond},
    listing, resource, sends,
};
use crate::{
    clock, connection::Connection, fault::twilio::Operation, form::pairs, message::Status,
    signature::Params, simulator::Simulator,
};

/// What every handler here takes.
type App = State<Arc<Simulator>>;

/// `GET /2010-04-01/Accounts/{Sid}.json`: whether the credentials are the account's.
pub async fn account(
    State(simulator): App,
    ConnectInfo(connection): ConnectInfo<Connection>,
    Path(file): Path<String>,
    headers: HeaderMap,
) -> Response {
    let account = file.strip_suffix(".json").unwrap_or(&file);
    let answer = match authorize(&headers, &simulator.settings, account) {
        Ok(()) => Answer::new(200, json!({"sid": account, "status": "active"})),
        Err(refusal) => refusal,
    };
    respond(Some(answer), &connection)
}

/// `POST /2010-04-01/Accounts/{account}/Messages.json`.
pub async fn create(
    State(simulator): App,
    ConnectInfo(connection): ConnectInfo<Connection>,
    Path(account): Path<String>,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let allowed = authorize(&headers, &simulator.settings, &account);
    let send = sends::send(Arc::clone(&simulator), allowed, pairs(&body));
    respond(simulator.spawn(send).await.ok().flatten(), &connection)
}

/// `GET /2010-04-01/Accounts/{account}/Messages.json`.
pub async fn list(
    State(simulator): App,
    ConnectInfo(connection): ConnectInfo<Connection>,
    Path(account): Path<String>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Response {
    if let Err(refusal) = authorize(&headers, &simulator.settings, &account) {
        return respond(Some(refusal), &connection);
    }
    let query = pairs(query.unwrap_or_default().as_bytes());
    let call = move |simulator: &Simulator| listing::list(simulator, &query);
    around(&simulator, &connection, (Operation::List, ""), call).await
}

/// `GET /2010-04-01/Accounts/{account}/Messages/{Sid}.json`.
pub async fn fetch(
    State(simulator): App,
    ConnectInfo(connection): ConnectInfo<Connection>,
    Path((account, file)): Path<(String, String)>,
    headers: HeaderMap,
) -> Response {
    if let Err(refusal) = authorize(&headers, &simulator.settings, &account) {
        return respond(Some(refusal), &connection);
    }
    let call = move |simulator: &Simulator| {
        show(simulator, &file).unwrap_or_else(|| Answer::not_found(&format!("/Messages/{file}")))
    };
    around(&simulator, &connection, (Operation::Fetch, ""), call).await
}

/// `POST` of the same: takes the text away (`Body=`), or cancels (`Status=canceled`).
pub async fn update(
    State(simulator): App,
    ConnectInfo(connection): ConnectInfo<Connection>,
    Path((account, file)): Path<(String, String)>,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    if let Err(refusal) = authorize(&headers, &simulator.settings, &account) {
        return respond(Some(refusal), &connection);
    }
    let form = pairs(&body);
    let call = move |simulator: &Simulator| {
        change(simulator, &file, &form);
        show(simulator, &file).unwrap_or_else(|| Answer::not_found(&format!("/Messages/{file}")))
    };
    around(&simulator, &connection, (Operation::Fetch, ""), call).await
}

/// `GET /2010-04-01/Accounts/{account}/Messages/{Sid}/Media.json`: nothing is ever attached.
pub async fn media(
    State(simulator): App,
    ConnectInfo(connection): ConnectInfo<Connection>,
    Path((account, sid)): Path<(String, String)>,
    headers: HeaderMap,
) -> Response {
    let uri = format!("/2010-04-01/Accounts/{account}/Messages/{sid}/Media.json");
    let answer = authorize(&headers, &simulator.settings, &account).map(|()| {
        let page = json!({
            "media_list": [], "start": 0, "end": 0, "page": 0, "page_size": 50, "uri": uri,
            "first_page_uri": uri, "next_page_uri": null, "previous_page_uri": null,
        });
        Answer::new(200, page)
    });
    respond(Some(answer.unwrap_or_else(|refusal| refusal)), &connection)
}

fn show(simulator: &Simulator, file: &str) -> Option<Answer> {
    let sid = file.strip_suffix(".json")?;
    simulator.look(|world| {
        let message = world.log.get(sid)?;
        Some(Answer::new(
            200,
            resource::message(message, &simulator.settings.account_sid),
        ))
    })
}

fn change(simulator: &Simulator, file: &str, form: &Params) {
    let Some(sid) = file.strip_suffix(".json") else {
        return;
    };
    simulator.change(|world| {
        let Some(message) = world.log.get_mut(sid) else {
            return;
        };
        for (key, value) in form {
            match (key.as_str(), value.as_str()) {
                ("Body", "") => message.body.clear(),
                ("Status", "canceled") => {
                    message.advance(Status::Canceled, None, clock::now());
                }
                _ => {}
            }
        }
    });
}
