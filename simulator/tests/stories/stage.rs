//! A simulator and a webhook, each on a port of its own.

use std::{
    sync::{Arc, Mutex},
    time::{Duration, Instant},
};

use axum::{
    Router,
    body::Bytes,
    extract::State,
    http::{HeaderMap, StatusCode, Uri, header},
    response::IntoResponse,
};
use clap::Parser as _;
use serde_json::Value;
use simulator::{settings::Settings, signature::Params};
use tokio::net::TcpListener;
use tokio_util::{sync::CancellationToken, task::TaskTracker};

/// The phone of most tests.
pub(crate) const PHONE: &str = "whatsapp:+5215555550100";
/// The account.
pub(crate) const ACCOUNT: &str = "ACaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa";
/// Its token.
pub(crate) const TOKEN: &str = "0f7b3c9d1e5a48627b90cd34ef12ab56";

/// A request that the webhook got.
#[derive(Clone, Debug)]
pub(crate) struct Got {
    pub(crate) path: String,
    pub(crate) headers: HeaderMap,
    pub(crate) params: Params,
}

impl Got {
    /// The first value of a parameter.
    pub(crate) fn value(&self, name: &str) -> Option<&str> {
        self.params
            .iter()
            .find(|(key, _)| key == name)
            .map(|(_, value)| value.as_str())
    }
}

/// What the webhook answers: status, content type, body.
type Answer = (u16, &'static str, String);

#[derive(Default)]
struct Webhook {
    got: Mutex<Vec<Got>>,
    answers: Mutex<Vec<Answer>>,
}

/// A simulator and a webhook.
pub(crate) struct Stage {
    pub(crate) url: String,
    pub(crate) hook: String,
    pub(crate) http: reqwest::Client,
    webhook: Arc<Webhook>,
    stop: CancellationToken,
    tracker: TaskTracker,
}

impl Stage {
    /// Starts both; `args` are further arguments of the simulator.
    pub(crate) async fn start(args: &[&str]) -> Self {
        let (tracker, stop) = (TaskTracker::new(), CancellationToken::new());
        let webhook = Arc::new(Webhook::default());
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let hook = format!("http://{}/hook", listener.local_addr().unwrap());
        let app = Router::new()
            .fallback(answer)
            .with_state(Arc::clone(&webhook));
        let ended = stop.clone().cancelled_owned();
        tracker.spawn(async move {
            axum::serve(listener, app)
                .with_graceful_shutdown(ended)
                .await
                .unwrap();
        });
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let base = ["simulator", "--account-sid", ACCOUNT, "--auth-token", TOKEN];
        let quick = [
            "--status-delay-ms",
            "1",
            "--retry-delay-ms",
            "1",
            "--webhook-url",
            &hook,
        ];
        let settings = Settings::parse_from(base.iter().chain(&quick).chain(args).copied());
        tracker.spawn(simulator::run(settings, listener, stop.clone()));
        let _ = rustls::crypto::ring::default_provider().install_default();
        let http = reqwest::Client::builder()
            .timeout(Duration::from_secs(10))
            .no_proxy()
            .build()
            .unwrap();
        Self {
            url,
            hook,
            http,
            webhook,
            stop,
            tracker,
        }
    }

    /// The webhook's next answers; after them, empty TwiML.
    pub(crate) fn will_answer(&self, status: u16, content_type: &'static str, body: &str) {
        let answer = (status, content_type, body.to_owned());
        self.webhook.answers.lock().unwrap().push(answer);
    }

    /// What the webhook got so far.
    pub(crate) fn got(&self) -> Vec<Got> {
        self.webhook.got.lock().unwrap().clone()
    }

    pub(crate) async fn get(&self, path: &str) -> Value {
        let answer = self
            .http
            .get(format!("{}{path}", self.url))
            .send()
            .await
            .unwrap();
        answer.json().await.unwrap()
    }

    pub(crate) async fn post(&self, path: &str, body: Value) -> Value {
        let request = self.http.post(format!("{}{path}", self.url)).json(&body);
        let text = request.send().await.unwrap().text().await.unwrap();
        serde_json::from_str(&text).unwrap_or_else(|_| panic!("{path}: {text}"))
    }

    pub(crate) async fn put(&self, path: &str, body: Value) -> u16 {
        let request = self.http.put(format!("{}{path}", self.url)).json(&body);
        request.send().await.unwrap().status().as_u16()
    }

    /// A send as FocoBot makes it.
    pub(crate) fn send(&self, params: &[(&str, &str)]) -> reqwest::RequestBuilder {
        let url = format!("{}/2010-04-01/Accounts/{ACCOUNT}/Messages.json", self.url);
        self.http
            .post(url)
            .basic_auth(ACCOUNT, Some(TOKEN))
            .form(params)
    }

    /// A plain send to the usual phone.
    pub(crate) fn say(&self, body: &str) -> reqwest::RequestBuilder {
        let callback = format!("{}?job=1.2", self.hook);
        self.send(&[
            ("To", PHONE),
            ("From", "whatsapp:+14155550100"),
            ("Body", body),
            ("StatusCallback", &callback),
        ])
    }

    /// Waits until `path` shows what is wanted.
    pub(crate) async fn eventually(&self, path: &str, wanted: impl Fn(&Value) -> bool) -> Value {
        let deadline = Instant::now() + Duration::from_secs(10);
        let mut since = 0;
        loop {
            let joint = if path.contains('?') { '&' } else { '?' };
            let seen = self
                .get(&format!("{path}{joint}since={since}&wait_ms=200"))
                .await;
            if wanted(&seen) {
                return seen;
            }
            assert!(
                Instant::now() < deadline,
                "{path} never showed it: {seen:#}"
            );
            since = seen["revision"].as_u64().unwrap();
        }
    }

    /// Stops both and waits for them.
    pub(crate) async fn end(self) {
        self.stop.cancel();
        self.tracker.close();
        self.tracker.wait().await;
    }
}

async fn answer(
    State(webhook): State<Arc<Webhook>>,
    uri: Uri,
    headers: HeaderMap,
    body: Bytes,
) -> impl IntoResponse {
    let params = form_urlencoded::parse(&body).into_owned().collect();
    let path = uri
        .path_and_query()
        .map(ToString::to_string)
        .unwrap_or_default();
    webhook.got.lock().unwrap().push(Got {
        path,
        headers,
        params,
    });
    let mut answers = webhook.answers.lock().unwrap();
    let empty = (200, "text/xml", "<Response></Response>".to_owned());
    let (status, kind, body) = if answers.is_empty() {
        empty
    } else {
        answers.remove(0)
    };
    (
        StatusCode::from_u16(status).unwrap(),
        [(header::CONTENT_TYPE, kind)],
        body,
    )
}
