//! Twilio's webhook: what is genuine and within its sender's limit is stored on the queue, and
//! only then accepted. Everything after that is the workers'.

use std::time::{Duration, Instant};

use axum::{
    Json,
    extract::{Request, State},
    http::HeaderMap,
    response::{IntoResponse as _, Response},
};
use common::{
    identity::Identity,
    kill_point::KillPoint,
    payload::{Callback, InboundMessage, InboundPayload, Refused, StatusPayload, encode},
    queue::{Headers, LARGEST_MESSAGE, Outgoing, PublishError, PublishId, StreamName},
    sender::{Lane, SenderHash},
    settings::WEBHOOK_PATH,
    texts::Language,
    trace,
};
use serde_json::json;
use tracing::{Instrument as _, Span};
use uuid::Uuid;

use crate::{
    app::App,
    problem::{Problem, ProblemBody},
    response_headers::RequestId,
};

mod body;
mod origin;

pub mod form;
pub mod signature;

mod authenticate;
mod signature_diagnosis;

pub mod event;

mod decision_cache;
mod generations;
mod limit;

mod answer;
mod twiml;

pub(crate) use answer::ANSWERS;
use answer::{Answer, Rejection};
use event::Event;
use limit::Verdict;
pub(crate) use {authenticate::Authenticator, limit::Limit};

/// From a webhook's head to its answer.
const DEADLINE: Duration = Duration::from_secs(5);
/// What the headers of a message on the queue may take.
const ROOM_FOR_HEADERS: usize = 4 * 1024;

/// Whether somebody listens at the address that is configured at Twilio. Twilio itself posts: a
/// signed `GET` carries a message that would be lost.
#[utoipa::path(get, path = WEBHOOK_PATH, tag = "webhook",
    operation_id = "webhook_greet", responses((status = 200),
        (status = 405, body = ProblemBody, description = "Twilio calls by GET")))]
pub(crate) async fn greet(State(app): State<App>, headers: HeaderMap) -> Response {
    if headers.contains_key(signature::HEADER) {
        let answer = Answer::Rejected(Rejection::Method);
        answer.count();
        app.authenticator.report_method();
        return answer.into_response();
    }
    Json(json!({"status": "ok", "service": "whatsapp-webhook", "provider": "twilio"}))
        .into_response()
}

/// A message or a status callback, signed by Twilio.
#[utoipa::path(post, path = WEBHOOK_PATH, tag = "webhook",
    operation_id = "webhook_receive",
    request_body(content_type = "application/x-www-form-urlencoded"),
    params(("X-Twilio-Signature" = String, Header, description = "HMAC-SHA1 by the auth token")),
    responses((status = 200, content_type = "text/xml", description = "TwiML, once it is stored"),
        (status = 400, body = ProblemBody), (status = 403, body = ProblemBody),
        (status = 408, body = ProblemBody, description = "The body did not come in time"),
        (status = 413, body = ProblemBody), (status = 415, body = ProblemBody),
        (status = 503, body = ProblemBody, description = "Not stored, or not surely: try again")))]
pub(crate) async fn receive(State(app): State<App>, request: Request) -> Response {
    let began = Instant::now();
    let answer = answer(&app, request, began).await;
    metrics::histogram!("webhook_seconds").record(began.elapsed());
    answer.count();
    answer.into_response()
}

/// What answers at any other address: a signed post there is Twilio's, sent to a wrong one.
pub(crate) async fn elsewhere(State(app): State<App>, request: Request) -> Response {
    if request.headers().contains_key(signature::HEADER) {
        Answer::Rejected(Rejection::Path).count();
        app.authenticator.report_path(request.uri().path());
    }
    Problem::not_found().into_response()
}

async fn answer(app: &App, request: Request, began: Instant) -> Answer {
    let (head, body) = request.into_parts();
    let body = match body::read(&head.headers, body).await {
        Ok(body) => body,
        Err(rejection) => return Answer::Rejected(rejection),
    };
    if !body::is_form(&head.headers) {
        return Answer::Rejected(Rejection::ContentType);
    }
    let event = match app.authenticator.admit(&head, &body, app.clock.now()) {
        Ok(event) => event,
        Err(rejection) => return Answer::Rejected(rejection),
    };
    drop(body);
    // Counted from here, where something is waited for: strangers cannot use up the places.
    let Ok(_place) = app.in_flight.try_acquire() else {
        return Answer::Unavailable("busy");
    };
    let request = head.extensions.get::<RequestId>();
    let span = trace::webhook(
        WEBHOOK_PATH,
        request.map_or(Uuid::nil(), |request| request.0),
    );
    let accepted = async {
        match event {
            Event::Inbound(message) => accept_message(app, message).await,
            Event::Callback(callback, to) => accept_callback(app, callback, &to).await,
        }
    };
    let left = DEADLINE.saturating_sub(began.elapsed());
    let answer = tokio::time::timeout(left, accepted.instrument(span.clone()))
        .await
        .unwrap_or(Answer::Unavailable("late"));
    trace::answered(&span, answer.status().as_u16());
    answer
}

async fn accept_message(app: &App, message: InboundMessage) -> Answer {
    let identity = message.from.identity();
    let sender = app.settings.process.keys.sender(&identity);
    trace::of_message(&message.message_sid);
    Span::current().record("sender", sender.as_str());
    if let Verdict::Refused { wait, tell } = app.limit.judge(&sender, &message.message_sid).await {
        return refuse(app, &message, &sender, tell.then_some(wait)).await;
    }
    let outgoing = Outgoing {
        subject: app
            .queue
            .topology()
            .inbound_subject(Lane::of(&identity), &sender),
        id: PublishId::message(&message.message_sid),
        headers: Headers::new(),
        payload: encode(&InboundPayload::V1(message)).into(),
    };
    let answer = store(app, outgoing, "message").await;
    if matches!(answer, Answer::Stored(..)) {
        app.settings
            .process
            .kill_switch
            .reach(KillPoint::IngestPublished);
        tracing::debug!("stored");
    }
    answer
}

async fn accept_callback(app: &App, callback: Callback, to: &Identity) -> Answer {
    let sender = app.settings.process.keys.sender(to);
    trace::of_reply(&callback.message_sid);
    Span::current().record("sender", sender.as_str());
    let id = PublishId::callback(&callback);
    let payload = StatusPayload::Callback(callback);
    let outgoing = fact(app, (StreamName::Status, &sender), id, &payload);
    store(app, outgoing, "callback").await
}

/// A refusal is final, so it is stored before it is answered.
async fn refuse(
    app: &App,
    message: &InboundMessage,
    sender: &SenderHash,
    tell: Option<Duration>,
) -> Answer {
    let sid = message.message_sid.clone();
    let id = PublishId::refusal(&sid);
    let refused = Refused {
        message_sid: sid,
        refused_at: message.received_at,
    };
    let payload = StatusPayload::Refused(refused);
    let outgoing = fact(app, (StreamName::Refused, sender), id, &payload);
    let answer = store(app, outgoing, "refusal").await;
    if !matches!(answer, Answer::Stored(..)) {
        return answer;
    }
    tracing::info!("refused: over the limit");
    Answer::Refused(tell.map(|wait| wait_text(app, message, wait)))
}

/// The text that asks a sender to wait, in the language of what they wrote, else in that of their
/// country.
fn wait_text(app: &App, message: &InboundMessage, wait: Duration) -> String {
    let of_country = || {
        if message.from.identity().is_of_spanish_speaker() {
            Language::Es
        } else {
            Language::En
        }
    };
    let language = parser::detect_language(message.text.reveal()).unwrap_or_else(of_country);
    let seconds = wait.as_secs() + u64::from(wait.subsec_nanos() > 0);
    let seconds = usize::try_from(seconds.max(1)).unwrap_or(usize::MAX);
    app.texts
        .say(language, "limit-wait", &[("seconds", seconds.into())])
}

/// What the status stage is to know.
fn fact(
    app: &App,
    (stream, sender): (StreamName, &SenderHash),
    id: PublishId,
    payload: &StatusPayload,
) -> Outgoing {
    Outgoing {
        subject: app.queue.topology().subject(stream, sender),
        id,
        headers: Headers::new(),
        payload: encode(payload).into(),
    }
}

/// Waits until the stream has it: what is not acknowledged is not accepted.
async fn store(app: &App, outgoing: Outgoing, kind: &'static str) -> Answer {
    if outgoing.payload.len() + ROOM_FOR_HEADERS > LARGEST_MESSAGE.unsigned_abs() as usize {
        return Answer::Rejected(Rejection::TooLarge);
    }
    if !app.queue_breaker.may_try(Instant::now()) {
        return Answer::Unavailable("unknown");
    }
    let result = app.queue.publish(outgoing).await;
    if matches!(result, Err(PublishError::Unknown)) {
        if app.queue_breaker.fail(Instant::now()) {
            tracing::error!("NATS acknowledges nothing: webhooks are answered 503 until it does");
        }
    } else if !matches!(result, Err(PublishError::NotConnected)) {
        app.queue_breaker.succeed();
    }
    match result {
        Ok(stored) if stored.duplicate => Answer::Stored(kind, "again"),
        Ok(_) => Answer::Stored(kind, "new"),
        Err(error) => {
            if matches!(error, PublishError::Refused(_)) {
                tracing::error!(%error, kind, "the queue does not take it");
            }
            Answer::Unavailable(error.name())
        }
    }
}
