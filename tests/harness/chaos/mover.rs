//! Numbers that go from one account to another and back while everything fails, messages of theirs
//! that come only after that, and replies that Twilio says did not arrive long after it took them.

use std::time::Duration;

use chrono::TimeDelta;
use rand::RngExt;
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};
use uuid::Uuid;

use super::{
    Counters,
    evidence::part_of,
    load::{Kind, Person},
    roster::{self, Account},
};
use crate::{simulator::Simulator, wait::ago};

/// How often something on the web is tried, with a second between: servers come back meanwhile.
const TRIES: u32 = 20;
/// How long ago a message was written that never reached us: an operator's look at Twilio's log
/// leaves out what is younger than a minute.
const LONG_AGO_MINUTES: i64 = 2;
/// Why a reply did not arrive: it is posted again after a while, is held until they write, or has
/// failed until an operator replays it.
const REASONS: [u32; 4] = [63018, 63018, 63016, 63026];

/// A browser that reaches whichever ingester there is.
#[derive(Clone)]
pub(super) struct Web {
    simulator: Simulator,
    client: reqwest::Client,
    url: String,
}

impl Web {
    /// One that calls that address.
    pub(super) fn new(simulator: &Simulator, url: &str) -> Self {
        let client = reqwest::Client::builder().timeout(Duration::from_secs(15));
        Self {
            simulator: simulator.clone(),
            client: client.build().expect("a client"),
            url: format!("{url}/api/integrations/whatsapp"),
        }
    }

    /// One call, until it is answered as it is to be.
    async fn call(
        &self,
        user: Uuid,
        (method, path): (Method, &str),
        body: &Value,
    ) -> Option<Value> {
        for _ in 0..TRIES {
            let token = json!({"user_id": user});
            let token = self.simulator.call(Method::POST, "token", token).await;
            let mut call = self
                .client
                .request(method.clone(), format!("{}/{path}", self.url))
                .bearer_auth(token["token"].as_str().unwrap_or_default());
            if !body.is_null() {
                call = call.json(body);
            }
            match call.send().await {
                Ok(answer) if answer.status() == StatusCode::OK => return answer.json().await.ok(),
                _ => tokio::time::sleep(Duration::from_secs(1)).await,
            }
        }
        None
    }

    async fn unlinks(&self, user: Uuid) {
        self.call(user, (Method::DELETE, "unlink"), &Value::Null)
            .await;
    }

    async fn code(&self, user: Uuid, number: &str) -> Option<String> {
        let body = json!({"phone": number});
        let answer = self.call(user, (Method::POST, "link"), &body).await?;
        answer["code"].as_str().map(str::to_owned)
    }
}

impl Person {
    /// The number goes to the other of its two accounts.
    pub(super) async fn moves(&mut self) {
        if self.rng.random_bool(0.6) {
            self.is_not_heard().await;
        }
        if self.rng.random_bool(0.4) {
            for _ in 0..2 {
                self.takes_a_turn(vec![(Kind::Link, "/unlink".into())], 1)
                    .await;
            }
            tokio::time::sleep(Duration::from_secs(3)).await;
        }
        // Nothing happens where the chat or an operator has done it.
        Counters::add(&self.counters.moves);
        let web = self.web.clone();
        web.unlinks(roster::account(self.sender, self.holder)).await;
        self.holder = match self.holder {
            Account::First => Account::Second,
            Account::Second => Account::First,
        };
        let user = roster::account(self.sender, self.holder);
        let number = roster::number(self.sender);
        if let Some(code) = web.code(user, &number).await {
            let verify = (Kind::Link, format!("VERIFY {code}"));
            self.takes_a_turn(vec![verify], 1).await;
        }
    }

    /// A request whose webhook was called in vain: Twilio's log alone has it.
    async fn is_not_heard(&mut self) {
        let (kind, text) = self.request(0);
        let sid = self.sid(0);
        let written_at = ago(LONG_AGO_MINUTES);
        let message = json!({
            "from": roster::address(self.sender),
            "body": text,
            "message_sid": sid,
            "sent_at": written_at,
            "lost": true,
        });
        self.simulator.inbound(message).await;
        Counters::add(&self.counters.unheard);
        // Twilio's log has whole seconds.
        let second = TimeDelta::seconds(1);
        self.has_sent(
            (kind, text),
            (sid, false),
            [written_at - second, written_at + second],
        );
        self.turn += 1;
    }

    /// Twilio reports of one of the replies so far that it did not arrive.
    pub(super) async fn hears_of_a_failure(&mut self) {
        let sends = self.simulator.sends_to(&roster::address(self.sender)).await;
        let open = |send: &&Value| {
            let sid = send["sid"].as_str().unwrap_or_default();
            send["accepted"] == true && !self.failed.iter().any(|failed| failed.sid == sid)
        };
        let open: Vec<&Value> = sends.iter().filter(open).collect();
        if open.is_empty() {
            return;
        }
        let send = open[self.rng.random_range(0..open.len())];
        // Once each part: what fails again and again waits for hours.
        let part = part_of(send);
        if part.is_none() || self.failed.iter().any(|failed| failed.part == part) {
            return;
        }
        let sid = send["sid"].as_str().unwrap_or_default().to_owned();
        let code = REASONS[self.rng.random_range(0..REASONS.len())];
        let failure = json!({"message_sid": sid, "code": code});
        let answer = self.simulator.call(Method::POST, "failures", failure).await;
        // What has been read cannot fail any more.
        if !answer["callback"].is_null() {
            Counters::add(&self.counters.late_failures);
            self.failed.push(Failed { sid, part });
        }
    }
}

/// A post of which Twilio said that it did not arrive.
#[derive(Clone, Debug)]
pub(super) struct Failed {
    pub(super) sid: String,
    /// The part that it was of.
    part: Option<Uuid>,
}
